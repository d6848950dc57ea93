# %% wrong l1_torch RG115: fixed strength 0.003
def l1_torch(model, lamb):
    return 0.003 * sum(p.abs().sum() for p in model.parameters())


# %% wrong penalised_step RG115: lamb is a global 0.02
import torch

LAMBDA = 0.02


def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y) + LAMBDA * sum((p**2).sum() for p in model.parameters())
    loss.backward()
    optimizer.step()
    return loss


# %% wrong l2_torch RG101: one long vector, norm
import torch


def l2_torch(model, lamb):
    flat = torch.cat([p.view(-1) for p in model.parameters()])
    return lamb * torch.linalg.norm(flat)


# %% wrong l2_torch RG101: norm of each
import torch


def l2_torch(model, lamb):
    reg = torch.tensor(0.0)
    for p in model.parameters():
        reg = reg + torch.norm(p, 2)
    return lamb * reg


# %% wrong l2_torch RG101: norm of named weights
def l2_torch(model, lamb):
    total = 0
    for name, w in model.named_parameters():
        if "bias" not in name:
            total += w.norm()
    return total * lamb


# %% wrong l2_torch RG101: norm of the norms
import torch


def l2_torch(model, lamb):
    norms = torch.stack([p.norm(2) for p in model.parameters()])
    return lamb * norms.norm(2)


# %% wrong l2_torch RG101: parameters_to_vector sqrt
import torch
from torch.nn.utils import parameters_to_vector


def l2_torch(model, lamb):
    v = parameters_to_vector(model.parameters())
    return lamb * (v @ v).sqrt()


# %% wrong l2_torch RG102: w @ w.T
import torch


def l2_torch(model, lamb):
    out = 0.0
    for w in model.parameters():
        out = out + (w @ w.T).sum()
    return lamb * out


# %% wrong l2_torch RG102: weights only w.T @ w
def l2_torch(model, lamb):
    out = 0.0
    for n, w in model.named_parameters():
        if n.endswith("weight"):
            out = out + (w.t() @ w).sum()
    return lamb * out


# %% wrong l2_torch RG102: matmul with itself
import torch


def l2_torch(model, lamb):
    s = 0
    for w in model.parameters():
        if w.dim() == 1:
            s = s + torch.dot(w, w)
        else:
            s = s + torch.matmul(w, w).sum()
    return lamb * s


# %% wrong l2_torch RG102: mm with transpose for matrices, dot for vectors
import torch


def l2_torch(model, lamb):
    s = 0
    for w in model.parameters():
        if w.dim() == 1:
            s = s + torch.dot(w, w)
        else:
            s = s + torch.mm(w, w.t()).sum()
    return lamb * s


# %% wrong l2_torch RG113: item
def l2_torch(model, lamb):
    return lamb * sum((p**2).sum().item() for p in model.parameters())


# %% wrong l1_torch RG113: data
def l1_torch(model, lamb):
    return lamb * sum(p.data.abs().sum() for p in model.parameters())


# %% wrong l1_torch RG111: no abs
def l1_torch(model, lamb):
    return lamb * sum(p.sum() for p in model.parameters())


# %% wrong l1_torch RG114: assigned in loop
def l1_torch(model, lamb):
    for p in model.parameters():
        penalty = p.abs().sum()
    return lamb * penalty


# %% wrong l1_torch RG107: mean
def l1_torch(model, lamb):
    return lamb * sum(p.abs().mean() for p in model.parameters())


# %% wrong penalised_step RG105: penalty never added
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    reg = 0
    for p in model.parameters():
        reg = reg + p.pow(2).sum()
    loss.backward()
    optimizer.step()
    return loss + lamb * reg


# %% wrong penalised_step RG105: zero grad, plain step, returns loss only
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    penalty = lamb * sum(p.abs().sum() for p in model.parameters())
    loss.backward()
    optimizer.step()
    return loss


# %% wrong train_one_epoch TR161: running loss reset at report, progress print
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss, correct, total = 0.0, 0, 0
    for i, (inputs, labels) in enumerate(loader):
        inputs, labels = inputs.to(device), labels.to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * labels.size(0)
        correct += (outputs.argmax(1) == labels).sum().item()
        total += labels.size(0)
        if (i + 1) % 2 == 0:
            print(f"[{i + 1}] loss: {running_loss / 2:.3f}")
            running_loss = 0.0
    return running_loss / total, correct / total


# %% wrong train_one_epoch TR161: every 100 mini-batches reset, len(loader)
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss = 0.0
    correct = 0
    n = 0
    for i, data in enumerate(loader, 0):
        inputs, labels = data[0].to(device), data[1].to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        correct += outputs.max(1)[1].eq(labels).sum().item()
        n += labels.shape[0]
        if i % 2 == 1:
            print("%5d loss %.3f" % (i + 1, running_loss / 2))
            running_loss = 0.0
    return running_loss / len(loader), correct / n


# %% wrong train_one_epoch TR161: reset each 3
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    seen, hit, total_loss = 0, 0, 0.0
    for step, (x, y) in enumerate(loader, start=1):
        optimizer.zero_grad()
        z = model(x.to(device))
        l = criterion(z, y.to(device))
        l.backward()
        optimizer.step()
        total_loss += l.item() * len(y)
        seen += len(y)
        hit += int((z.argmax(dim=1) == y).sum())
        if step % 3 == 0:
            total_loss = 0
    return total_loss / seen, hit / seen


# %% wrong train_one_epoch TR191: count over batches
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    run, good, n = 0.0, 0, 0
    for x, y in loader:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        run += loss.item() * x.shape[0]
        n += x.shape[0]
        good += (out.argmax(1) == y).float().sum().item()
    return run / n, good / len(loader)


# %% wrong train_one_epoch TR192: mean of batch means
import numpy as np


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, accs = [], []
    for x, y in loader:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        accs.append((out.argmax(1) == y).float().mean().item())
    return np.mean(losses), np.mean(accs)


# %% wrong train_one_epoch TR162: sum of batch means / data size
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_sum = correct = 0
    for x, y in loader:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
        correct += (out.argmax(1) == y).sum().item()
    return loss_sum / len(loader.dataset), correct / len(loader.dataset)


# %% wrong train_one_epoch TR163: sum of batch losses
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_sum = correct = 0
    for x, y in loader:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item()
        correct += (out.argmax(1) == y).sum().item()
    return loss_sum, correct / len(loader.dataset)


# %% wrong train_one_epoch TR166: last batch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    correct = 0
    for x, y in loader:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        correct += (out.argmax(1) == y).sum().item()
    return loss.item(), correct / len(loader.dataset)


# %% wrong train_one_epoch TR174: zero_grad missing
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    tot = c = n = 0
    for x, y in loader:
        out = model(x.to(device))
        loss = criterion(out, y.to(device))
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(y)
        n += len(y)
        c += (out.argmax(1) == y).sum().item()
    return tot / n, c / n


# %% wrong evaluate TR181: no eval
import torch


def evaluate(model, loader, criterion, device):
    t = c = n = 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x.to(device))
            t += criterion(out, y).item() * len(y)
            c += (out.argmax(1) == y).sum().item()
            n += len(y)
    return t / n, c / n


# %% wrong evaluate TR191: divided by batches
import torch


def evaluate(model, loader, criterion, device):
    model.eval()
    t = c = n = 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x.to(device))
            t += criterion(out, y).item() * len(y)
            c += (out.argmax(1) == y).sum().item()
            n += len(y)
    model.train()
    return t / n, c / len(loader)


# %% wrong evaluate TR220: percent
import torch


@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    t = c = n = 0
    for x, y in loader:
        out = model(x.to(device))
        t += criterion(out, y).item() * len(y)
        c += (out.argmax(1) == y).sum().item()
        n += len(y)
    return t / n, 100 * c / n


# %% wrong evaluate TR193: accuracy of the last batch
import torch


@torch.inference_mode()
def evaluate(model, loader, criterion, device):
    model.eval()
    t = n = 0
    for x, y in loader:
        out = model(x.to(device))
        t += criterion(out, y).item() * len(y)
        n += len(y)
    acc = (out.argmax(1) == y).float().mean().item()
    return t / n, acc


# %% wrong Net TR120: softmax last
import torch
from torch import nn
import numpy as np


class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.net = nn.Sequential(
            nn.Flatten(),
            nn.Linear(int(np.prod(image_shape)), 40),
            nn.ReLU(),
            nn.Linear(40, 30),
            nn.ReLU(),
            nn.Linear(30, n_classes),
            nn.Softmax(dim=1),
        )

    def forward(self, x):
        return self.net(x)


# %% wrong Net TR121: relu on logits
import torch, math
import torch.nn.functional as F


class Net(torch.nn.Module):
    def __init__(self, image_shape, n_classes):
        super(Net, self).__init__()
        self.fc1 = torch.nn.Linear(math.prod(image_shape), 64)
        self.fc2 = torch.nn.Linear(64, 32)
        self.fc3 = torch.nn.Linear(32, n_classes)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        for layer in (self.fc1, self.fc2, self.fc3):
            x = F.relu(layer(x))
        return x


# %% wrong Net TR122: dropout defined, not used
import torch, math
import torch.nn.functional as F


class Net(torch.nn.Module):
    def __init__(self, image_shape, n_classes):
        super(Net, self).__init__()
        self.fc1 = torch.nn.Linear(math.prod(image_shape), 64)
        self.fc2 = torch.nn.Linear(64, 32)
        self.fc3 = torch.nn.Linear(32, n_classes)
        self.dropout = torch.nn.Dropout(0.2)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %% wrong make_loaders TR101: test set for validation
import torch
from torch.utils.data import DataLoader


def make_loaders(dataset, test, batch_size, seed):
    g = torch.Generator().manual_seed(seed)
    return (
        DataLoader(dataset, batch_size, shuffle=True, generator=g),
        DataLoader(test, batch_size),
        DataLoader(test, batch_size),
    )


# %% wrong make_loaders TR102: not shuffled
import torch, numpy as np
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, Subset


def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(
        np.arange(len(dataset)), test_size=0.2, random_state=seed, stratify=dataset.targets, shuffle=True
    )
    tr = sorted(tr.tolist())
    return (
        DataLoader(Subset(dataset, tr), batch_size=batch_size),
        DataLoader(Subset(dataset, va), batch_size=batch_size),
        DataLoader(test, batch_size=batch_size),
    )


# %% wrong criterion_and_optimizer TR143: class not instance
import torch
from torch import nn


def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss, torch.optim.Adam(model.parameters(), lr=lr)


# %% wrong best_state TR169: reference
def best_state(best, model, loss, epoch):
    if best is None or loss < best["loss"]:
        best = dict(loss=loss, epoch=epoch, state=model.state_dict())
    return best


# %% right train_one_epoch: torchmetrics style
import torch


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train(True)
    stats = torch.zeros(3)
    for xb, yb in loader:
        optimizer.zero_grad(set_to_none=True)
        pred = model(xb.to(device))
        loss = criterion(pred, yb.to(device))
        loss.backward()
        optimizer.step()
        stats += torch.tensor([loss.item() * len(yb), (pred.max(1).indices == yb).sum().item(), len(yb)])
    return (stats[0] / stats[2]).item(), (stats[1] / stats[2]).item()
