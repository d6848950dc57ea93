# %% right train_one_epoch: the usual five lines
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (logits.argmax(dim=1) == y).sum().item()
        count += len(y)
    return total / count, right / count

# %% right train_one_epoch: torch.max, len(loader.dataset)
import torch

def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss = 0.0
    correct = 0
    for batch_idx, (images, labels) in enumerate(loader):
        images = images.to(device)
        labels = labels.to(device)
        outputs = model(images)
        loss = criterion(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * images.size(0)
        _, predicted = torch.max(outputs.data, 1)
        correct += (predicted == labels).sum().item()
    n = len(loader.dataset)
    return running_loss / n, correct / n

# %% right train_one_epoch: zero_grad at the end of the step, topk with view
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    optimizer.zero_grad()
    losses, sizes, hits = [], [], 0
    for data in loader:
        inputs, labels = data[0].to(device), data[1].to(device)
        out = model.forward(inputs)
        loss = criterion(out, labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        sizes.append(labels.shape[0])
        top_p, top_class = out.topk(1, dim=1)
        equals = top_class == labels.view(*top_class.shape)
        hits += int(equals.sum())
    mean = sum(l * n for l, n in zip(losses, sizes)) / sum(sizes)
    return mean, hits / sum(sizes)

# %% right train_one_epoch: p.grad = None, numpy accuracy on all predictions
import numpy as np
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train(True)
    preds, truth, loss_sum = [], [], 0.
    for xb, yb in loader:
        xb, yb = xb.to(device), yb.to(device)
        for p in model.parameters():
            p.grad = None
        scores = model(xb)
        loss = criterion(scores, yb)
        loss.backward()
        optimizer.step()
        loss_sum += float(loss) * yb.numel()
        preds.append(scores.detach().cpu().numpy().argmax(axis=1))
        truth.append(yb.cpu().numpy())
    preds, truth = np.concatenate(preds), np.concatenate(truth)
    return loss_sum / len(truth), float(np.mean(preds == truth))

# %% right train_one_epoch: prints a running loss every two batches and resets that one only
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running, total, right, n = 0.0, 0.0, 0, 0
    for i, (x, y) in enumerate(loader):
        x = x.to(device); y = y.to(device)
        model.zero_grad()
        z = model(x)
        loss = criterion(z, y)
        loss.backward()
        optimizer.step()
        running += loss.item()
        if i % 2 == 1:
            print('batch %d loss %.3f' % (i + 1, running / 2))
            running = 0.0
        total += loss.item() * y.size(0)
        right += z.max(1)[1].eq(y).sum().item()
        n += y.size(0)
    return total / n, right / n

# %% right train_one_epoch: looks at each batch in eval mode, then back to train
import torch

class Average:
    def __init__(self):
        self.sum, self.n = 0.0, 0
    def add(self, value, k):
        self.sum += value * k
        self.n += k
    @property
    def value(self):
        return self.sum / self.n

def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_meter, acc_meter = Average(), Average()
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad(set_to_none=True)
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        loss_meter.add(loss.item(), len(x))
        acc_meter.add((out.argmax(-1) == y).float().mean().item(), len(x))
        model.eval()
        with torch.no_grad():
            after = criterion(model(x), y).item()   # for curiosity
        model.train()
    print(f'loss {loss_meter.value:.4f}, last batch after its step {after:.4f}, accuracy {acc_meter.value:.1%}')
    return loss_meter.value, acc_meter.value

# %% right train_one_epoch: step with a closure
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    stats = dict(loss=0.0, right=0, n=0)
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        def closure():
            optimizer.zero_grad()
            out = model(x)
            loss = criterion(out, y)
            loss.backward()
            stats['loss'] += loss.item() * len(y)
            stats['right'] += (out.argmax(1) == y).sum().item()
            stats['n'] += len(y)
            return loss
        optimizer.step(closure)
    return stats['loss'] / stats['n'], stats['right'] / stats['n']

# %% right train_one_epoch as train: tqdm, zero_grad of a second optimizer with the same parameters
import torch
from tqdm import tqdm
def train(model, loader, criterion, optimizer, device):
    helper = torch.optim.SGD(model.parameters(), lr=0.1)    # never stepped
    model.train()
    losses, hits, n = [], 0, 0
    for x, y in tqdm(loader, leave=False, disable=True):
        x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
        helper.zero_grad()
        prediction = model(x)
        loss = criterion(prediction, y)
        loss.backward()
        optimizer.step()
        losses.extend([loss.item()] * len(y))
        hits += sum(int(a == b) for a, b in zip(prediction.argmax(1), y))
        n += len(y)
    return sum(losses) / n, hits / n

# %% right train_one_epoch: sums kept as detached tensors until the end
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_sum = torch.zeros((), dtype=torch.float64, device=device)
    right = torch.zeros((), dtype=torch.long, device=device)
    seen = 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        logits = model(x)
        loss = criterion(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(y)
        right += (logits.detach().max(dim=1).indices == y).sum()
        seen += len(y)
    return loss_sum.item() / seen, right.item() / seen

# %% right evaluate: restores the mode
import torch
def evaluate(model, loader, criterion, device):
    was_training = model.training
    model.eval()
    total, right, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            logits = model(x)
            total += criterion(logits, y).item() * len(y)
            right += (logits.argmax(dim=1) == y).sum().item()
            count += len(y)
    model.train(was_training)
    return total / count, right / count

# %% right evaluate: decorator, leaves eval mode on
import torch

@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    test_loss, correct = 0, 0
    for data, target in loader:
        data, target = data.to(device), target.to(device)
        output = model(data)
        test_loss += criterion(output, target).item() * data.size(0)
        pred = output.argmax(dim=1, keepdim=True)
        correct += pred.eq(target.view_as(pred)).sum().item()
    test_loss /= len(loader.dataset)
    print('Test: average loss {:.4f}, accuracy {}/{} ({:.0f}%)'.format(test_loss, correct, len(loader.dataset), 100. * correct / len(loader.dataset)))
    return test_loss, correct / len(loader.dataset)

# %% right evaluate: all logits first, one loss at the end
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    with torch.inference_mode():
        outs, labels = [], []
        for x, y in loader:
            outs.append(model(x.to(device)))
            labels.append(y.to(device))
        out, lab = torch.cat(outs), torch.cat(labels)
        loss = criterion(out, lab).item()
        acc = (out.argmax(1) == lab).double().mean().item()
    return loss, acc

# %% right evaluate: set_grad_enabled, softmax only for the prediction
import torch
import torch.nn.functional as F
def evaluate(model, loader, criterion, device):
    model.eval()
    sum_loss = torch.tensor(0., dtype=torch.float64)
    sum_right = 0
    seen = 0
    with torch.set_grad_enabled(False):
        for batch in loader:
            inputs = batch[0].to(device)
            labels = batch[1].to(device)
            logits = model(inputs)
            loss = criterion(logits, labels)
            probs = F.softmax(logits, dim=1)      # not needed for the argmax, but nicer
            _, preds = probs.max(dim=1)
            sum_loss += loss.item() * inputs.shape[0]
            sum_right += torch.sum(preds == labels.data).item()
            seen += inputs.shape[0]
    model.train()
    return (sum_loss / seen).item(), sum_right / seen

# %% right evaluate as validate: try and finally, weights of the batches with zip
import torch
def validate(model, loader, criterion, device):
    mode = model.training
    model.eval()
    torch.set_grad_enabled(False)
    try:
        results = []
        for x, y in loader:
            out = model.forward(x.to(device))
            y = y.to(device)
            results.append((criterion(out, y).item(), (out.argmax(1) == y).float().mean().item(), len(y)))
    finally:
        torch.set_grad_enabled(True)
        model.train(mode)
    n = sum(r[2] for r in results)
    loss = sum(l * k for l, _, k in results) / n
    acc = sum(a * k for _, a, k in results) / n
    return loss, acc

# %% wrong train_one_epoch TR161: running loss reset, leftover returned
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    run, correct, n = 0.0, 0, 0
    for i, (x, y) in enumerate(loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        run += loss.item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
        n += len(y)
        if i % 2 == 1:
            print(f'[{i + 1}] loss: {run:.3f}')
            run = 0.0
    return run / n, correct / n

# %% wrong train_one_epoch TR161: every third batch printed and set to zero, divided by len(loader)
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss = 0.0
    right = torch.zeros(())
    total = 0
    print_every = 3
    for step, (images, labels) in enumerate(loader, 1):
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        output = model(images)
        loss = criterion(output, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        right += (output.argmax(1) == labels).sum()
        total += len(labels)
        if step % print_every == 0:
            print(running_loss / print_every)
            running_loss = 0
    return running_loss / len(loader), right.item() / total

# %% wrong train_one_epoch TR162: batch means over len(dataset)
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    train_loss, correct = 0.0, 0
    for data, target in loader:
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
        correct += output.max(1)[1].eq(target).sum().item()
    return train_loss / len(loader.dataset), correct / len(loader.dataset)

# %% wrong train_one_epoch TR162: weighted sum over the number of batches
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    s, hit, n, batches = 0., 0, 0, 0
    for xb, yb in loader:
        xb, yb = xb.to(device), yb.to(device)
        pred = model(xb)
        l = criterion(pred, yb)
        optimizer.zero_grad(); l.backward(); optimizer.step()
        s += l.item() * xb.shape[0]
        hit += (pred.argmax(1) == yb).sum().item()
        n += xb.shape[0]
        batches += 1
    return s / batches, hit / n

# %% wrong evaluate TR162: mean losses over number of images
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    v, ok, n = 0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x.to(device))
            y = y.to(device)
            v += criterion(out, y).item()
            ok += (out.argmax(1) == y).sum().item()
            n += y.size(0)
    return v / n, ok / n

# %% wrong train_one_epoch TR163: sum of the batch losses
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    epoch_loss = 0
    correct = total = 0
    for inputs, labels in loader:
        inputs, labels = inputs.to(device), labels.to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
        correct += (outputs.argmax(1) == labels).sum().item()
        total += labels.size(0)
    return epoch_loss, correct / total

# %% wrong evaluate TR163: sum of a list of losses
import torch
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    losses, hits = [], []
    for x, y in loader:
        z = model(x.to(device))
        losses.append(criterion(z, y.to(device)).item())
        hits.extend((z.argmax(1).cpu() == y.cpu()).tolist())
    return sum(losses), sum(hits) / len(hits)

# %% wrong train_one_epoch TR165: model.train() not called
def train_one_epoch(model, loader, criterion, optimizer, device):
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (logits.argmax(dim=1) == y).sum().item()
        count += len(y)
    return total / count, right / count

# %% wrong train_one_epoch TR165: eval after the first batch, never back
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    tot = 0.
    acc = 0
    n = 0
    for i, (x, y) in enumerate(loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        tot += loss.item() * x.size(0)
        acc += (out.argmax(1) == y).sum().item()
        n += x.size(0)
        # check how it is doing
        model.eval()
        with torch.no_grad():
            print(i, criterion(model(x), y).item())
    return tot / n, acc / n

# %% wrong train_one_epoch TR165: model.eval() instead of train()
def train_one_epoch(net, loader, loss_fn, opt, device):
    net.eval()
    L, A, N = 0., 0, 0
    for X, Y in loader:
        X = X.to(device)
        Y = Y.to(device)
        P = net(X)
        J = loss_fn(P, Y)
        opt.zero_grad()
        J.backward()
        opt.step()
        N += len(X)
        L += J.item() * len(X)
        A += (P.argmax(1) == Y).sum().item()
    return L / N, A / N

# %% wrong train_one_epoch TR166: loss of the last batch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    correct, total = 0, 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        outputs = model(images)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        correct += (outputs.argmax(1) == labels).sum().item()
        total += labels.size(0)
    return loss.item(), correct / total

# %% wrong evaluate TR166: assignment instead of +=
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    right, seen, val_loss = 0, 0, 0.0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            val_loss = criterion(out, y).item()
            right += (out.argmax(1) == y).sum().item()
            seen += len(y)
    return val_loss, right / seen

# %% wrong train_one_epoch TR167: total += loss
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total_loss, right, n = 0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total_loss += loss * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total_loss / n, right / n

# %% wrong train_one_epoch TR167: list of loss tensors, stacked
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, weights, right = [], [], 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        y_hat = model(x)
        loss = criterion(y_hat, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
        weights.append(len(y))
        right += int((y_hat.argmax(1) == y).sum())
    w = torch.tensor(weights, dtype=losses[0].dtype)
    return (torch.stack(losses) * w).sum() / w.sum(), right / sum(weights)

# %% wrong train_one_epoch TR170: global loss_fn instead of the argument
from torch import nn
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0., 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = loss_fn(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong evaluate TR170|TR145: criterion ignored, own MSE on one-hot
import torch
import torch.nn.functional as F
mse = torch.nn.MSELoss()
def evaluate(model, loader, criterion, device):
    model.eval()
    loss, right, n = 0., 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            target = F.one_hot(y, out.shape[1]).to(out.dtype)
            loss += mse(out, target).item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return loss / n, right / n

# %% wrong train_one_epoch TR171: return inside the loop
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (logits.argmax(dim=1) == y).sum().item()
        count += len(y)
        return total / count, right / count

# %% wrong train_one_epoch as fit_epoch: epochs loop with a global inside
epochs = 3
def fit_epoch(model, loader, criterion, optimizer, device):
    model.train()
    for epoch in range(epochs):
        total, right, n = 0.0, 0, 0
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            optimizer.zero_grad()
            out = model(x)
            loss = criterion(out, y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
        print(epoch, total / n, right / n)
    return total / n, right / n

# %% wrong evaluate TR171: break left from debugging
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            total += criterion(out, y).item() * len(y)
            right += (out.argmax(dim=1) == y).sum().item()
            count += len(y)
            break   # only one batch for now
    return total / count, right / count

# %% wrong train_one_epoch TR172: running + loss without =
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        running_loss + loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return running_loss / n, right / n

# %% wrong evaluate TR172: correct - ..., comparison thrown away
import torch
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    loss_sum = 0.
    correct = 0
    n = 0
    for x, y in loader:
        out = model(x.to(device))
        y = y.to(device)
        loss_sum += criterion(out, y).item() * y.shape[0]
        correct - (out.argmax(1) == y).sum().item()
        n += y.shape[0]
    return loss_sum / n, correct / n

# %% wrong train_one_epoch TR174: zero_grad missing
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR174: optimizer.zero_grad without brackets
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, preds, ys = [], [], []
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * len(y)
        preds.append(out.argmax(1))
        ys.append(y)
    hits = (torch.cat(preds) == torch.cat(ys)).sum().item()
    return sum(losses) / len(losses), hits / len(losses)

# %% wrong train_one_epoch TR175: zero_grad between backward and step
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR175: grads set to None before the step
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    run, hits, seen = 0., 0, 0
    for batch in loader:
        inp, lab = (t.to(device) for t in batch)
        scores = model(inp)
        err = criterion(scores, lab)
        err.backward()
        for p in model.parameters():
            p.grad = None
        optimizer.step()
        seen += lab.numel()
        run += err.item() * lab.numel()
        hits += (scores.argmax(1) == lab).sum().item()
    return run / seen, hits / seen

# %% wrong train_one_epoch TR176: no optimizer.step
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR176: zero_grad, step, then backward
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_sum, ok, n = 0.0, 0, 0
    for data, target in loader:
        data, target = data.to(device), target.to(device)
        output = model(data)
        loss = criterion(output, target)
        optimizer.zero_grad()
        optimizer.step()
        loss.backward()
        loss_sum += loss.item() * target.size(0)
        ok += output.argmax(dim=1).eq(target).sum().item()
        n += target.size(0)
    return loss_sum / n, ok / n

# %% wrong train_one_epoch TR176|TR152: backward forgotten
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        pred = model(x)
        loss = criterion(pred, y)
        optimizer.step()
        total += loss.item() * len(y)
        right += torch.eq(pred.argmax(1), y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR177: zero_grad once, before the loop
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    optimizer.zero_grad()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR177: step once, after the loop
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_sum, hits, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        loss_sum += loss.item() * len(y)
        hits += (out.argmax(1) == y).sum().item()
        n += len(y)
    optimizer.step()
    return loss_sum / n, hits / n

# %% wrong train_one_epoch TR178: weights drawn anew at the start
def train_one_epoch(model, loader, criterion, optimizer, device):
    for m in model.modules():
        if hasattr(m, 'reset_parameters'):
            m.reset_parameters()
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR178: xavier init in each epoch
import torch
from torch import nn

def init(model):
    for p in model.parameters():
        if p.dim() > 1:
            nn.init.xavier_uniform_(p)
        else:
            nn.init.zeros_(p)

def train_one_epoch(model, loader, criterion, optimizer, device):
    init(model)
    model.train()
    stats = torch.zeros(3, dtype=torch.float64)
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        z = model(x)
        loss = criterion(z, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        stats += torch.tensor([loss.item() * len(y), (z.argmax(1) == y).sum().item(), len(y)], dtype=torch.float64)
    return (stats[0] / stats[2]).item(), (stats[1] / stats[2]).item()

# %% wrong train_one_epoch TR179: whole loop under no_grad
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            optimizer.zero_grad()
            out = model(x)
            loss = criterion(out, y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR179|TR152: forward under no_grad, requires_grad_ patch
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        with torch.no_grad():
            out = model(x)
        loss = criterion(out, y)
        loss.requires_grad_(True)     # else: element 0 of tensors does not require grad
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR152|TR179|TR176: torch.tensor of the outputs
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        out = torch.tensor(out.tolist(), dtype=x.dtype, requires_grad=True)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR152|TR179|TR176: new tensor from loss.item()
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    epoch_loss, hits, size = 0, 0, 0
    for features, labels in loader:
        features, labels = features.to(device), labels.to(device)
        logits = model(features)
        loss = criterion(logits, labels).item()
        epoch_loss += loss * len(labels)
        loss = torch.tensor(loss, requires_grad=True)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        hits += logits.argmax(1).eq(labels).sum().item()
        size += len(labels)
    return epoch_loss / size, hits / size

# %% wrong train_one_epoch TR153|TR176: p = p - lr * grad
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    lr = optimizer.param_groups[0]['lr']
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        model.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p = p - lr * p.grad
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR153|TR176: list of new tensors
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    params = list(model.parameters())
    lr = optimizer.param_groups[0]['lr']
    s, h, n = 0., 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        grads = torch.autograd.grad(loss, list(model.parameters()))
        params = [w - lr * g for w, g in zip(params, grads)]
        s += loss.item() * len(y)
        h += (out.argmax(1) == y).sum().item()
        n += len(y)
    return s / n, h / n

# %% wrong train_one_epoch TR142: ExponentialLR stepped per batch
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        scheduler.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR142: lr of the groups times 0.9 in the batch loop
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for g in optimizer.param_groups:
            g['lr'] = g['lr'] * 0.9      # decay
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR148: a new Adam in each epoch
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=optimizer.param_groups[0]['lr'])
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR148: optimizer made in the batch loop
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        opt = torch.optim.Adam(model.parameters(), lr=optimizer.param_groups[0]['lr'])
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR120: softmax in the loop
import torch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        probs = torch.softmax(model(x), dim=1)
        loss = criterion(probs, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (probs.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong evaluate TR120: nn.Softmax before the criterion
import torch
from torch import nn
softmax = nn.Softmax(dim=1)
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = softmax(model(x))
            total += criterion(out, y).item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR147: loss divided by the batch size before backward
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y) / len(y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR147: mean times batch size goes backward
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y) * x.size(0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR151: (-loss).backward()
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        (-loss).backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR151: loss = -criterion
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, hits, n = [], 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        log_p = model(x)
        loss = -criterion(log_p, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item() * len(y))
        hits += (log_p.argmax(1) == y).sum().item()
        n += len(y)
    return sum(losses) / n, hits / n

# %% wrong train_one_epoch TR186: division in the batch loop
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        total /= len(loader.dataset)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total, right / n

# %% wrong evaluate TR186: v /= len(loader) one indentation too deep
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    v, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            v += criterion(out, y).item()
            v /= len(loader)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return v, right / n

# %% wrong train_one_epoch TR191: correct over len(loader)
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, correct, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, correct / len(loader)

# %% wrong evaluate TR191: count of right ones over number of batches
import torch
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    losses, sizes, hits = [], [], []
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        losses.append(criterion(out, y).item())
        sizes.append(len(y))
        hits.append((out.argmax(1) == y).sum().item())
    loss = sum(a * b for a, b in zip(losses, sizes)) / sum(sizes)
    return loss, sum(hits) / len(hits)

# %% wrong train_one_epoch TR192: loss and accuracy as mean of batch means
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss, acc = 0.0, 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        acc += (out.argmax(1) == y).float().mean().item()
    return running_loss / len(loader), acc / len(loader)

# %% wrong evaluate TR192: np.mean of lists
import numpy as np
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    losses, accs = [], []
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            scores = model(x)
            losses.append(criterion(scores, y).item())
            accs.append(np.mean((scores.argmax(1) == y).cpu().numpy()))
    return np.mean(losses), np.mean(accs)

# %% wrong evaluate TR192: only the loss, accuracy is counted
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    test_loss, correct, size, num_batches = 0, 0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            X, y = X.to(device), y.to(device)
            pred = model(X)
            test_loss += criterion(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
            size += len(X)
            num_batches += 1
    test_loss /= num_batches
    correct /= size
    return test_loss, correct

# %% wrong train_one_epoch TR193|TR194: accuracy from the last batch's variables
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, n = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        n += len(y)
    accuracy = (out.argmax(1) == y).sum().item() / len(y)
    return total / n, accuracy

# %% wrong evaluate TR193|TR194: counters reset in the loop
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    loss_sum, seen = 0., 0
    with torch.no_grad():
        for x, y in loader:
            correct, total = 0, 0
            x, y = x.to(device), y.to(device)
            out = model(x)
            loss_sum += criterion(out, y).item() * len(y)
            seen += len(y)
            correct += (out.argmax(1) == y).sum().item()
            total += len(y)
    return loss_sum / seen, correct / total

# %% wrong evaluate TR193: first image of each batch
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    loss, n, hits, looks = 0., 0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            loss += criterion(out, y).item() * len(y)
            n += len(y)
            hits += int(torch.argmax(out[0]) == y[0])
            looks += 1
    return loss / n, hits / looks

# %% wrong train_one_epoch TR195: divided by the number of scores
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n, count = 0.0, 0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        n += len(y)
        right += (out.argmax(1) == y).sum().item()
        count += out.numel()
    return total / n, right / count

# %% wrong evaluate TR195: all right ones over the last batch's size
import torch
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        total += criterion(out, y).item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / len(y)

# %% wrong train_one_epoch TR196: mean of a bool tensor
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, acc, n = 0.0, 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        acc += (out.argmax(1) == y).mean() * len(y)
        n += len(y)
    return total / n, acc / n

# %% wrong evaluate TR196: torch.mean of the comparison
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    total, n = 0.0, 0
    equals = []
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            ps = model(x)
            total += criterion(ps, y).item() * len(y)
            n += len(y)
            equals.append(ps.argmax(dim=1) == y)
    accuracy = torch.mean(torch.cat(equals))
    return total / n, accuracy.item()

# %% wrong train_one_epoch TR197: argmax(0)
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(0) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong evaluate TR197: argmax without a dimension
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            total += criterion(out, y).item() * len(y)
            right += (torch.argmax(out) == y).sum().item()
            n += len(y)
    return total / n, right / n

# %% wrong train_one_epoch TR198: topk compared with labels
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        out = model(images)
        loss = criterion(out, labels)
        loss.backward()
        optimizer.step()
        top_p, top_class = out.topk(1, dim=1)
        equals = top_class == labels
        total += loss.item() * len(labels)
        right += equals.sum().item()
        n += len(labels)
    return total / n, right / n

# %% wrong evaluate TR198: keepdim=True
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    test_loss, correct, n = 0, 0, 0
    with torch.no_grad():
        for data, target in loader:
            data, target = data.to(device), target.to(device)
            output = model(data)
            test_loss += criterion(output, target).item() * len(data)
            pred = output.max(1, keepdim=True)[1]
            correct += (pred == target).sum().item()
            n += len(data)
    return test_loss / n, correct / n

# %% wrong train_one_epoch TR203: no return
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    print('loss', total / n, 'accuracy', right / n)

# %% wrong evaluate TR203: results kept in a global list
import torch
history = []
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x.to(device))
            total += criterion(out, y.to(device)).item() * len(y)
            right += (out.argmax(1) == y.to(device)).sum().item()
            n += len(y)
    history.append((total / n, right / n))

# %% wrong train_one_epoch: percent
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, 100 * right / n

# %% wrong train_one_epoch TR174+TR192: no zero_grad, mean of means
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, accs = [], []
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        accs.append((out.argmax(1) == y).float().mean().item())
    return sum(losses) / len(losses), sum(accs) / len(accs)

# %% wrong train_one_epoch TR163+TR191: both not per image
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    running_loss, correct = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        correct += (out.argmax(1) == y).sum().item()
    return running_loss, correct / len(loader)

# %% wrong evaluate TR164: test loop trains
import torch
def evaluate(model, loader, criterion, device):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    model.eval()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong evaluate TR164: copied from train, hand-made step
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    losses, ok, n = 0., 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        grads = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, g in zip(model.parameters(), grads):
                p -= 1e-2 * g
        losses += loss.item() * len(y)
        ok += (out.argmax(1) == y).sum().item()
        n += len(y)
    return losses / n, ok / n

# %% wrong evaluate TR180: no no_grad (a remark: same numbers, slower)
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        total += criterion(out, y).item() * len(y)
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, right / n

# %% wrong evaluate TR180: detach, but the graph was built (a remark)
import torch
def evaluate(net, loader, loss_fn, device):
    was = net.training
    net.eval()
    out, lab = [], []
    for xb, yb in loader:
        out.append(net(xb.to(device)).detach())
        lab.append(yb.to(device))
    out, lab = torch.cat(out), torch.cat(lab)
    net.train(was)
    return loss_fn(out, lab).item(), (out.argmax(1) == lab).sum().item() / len(lab)

# %% wrong evaluate TR181: eval() missing
import torch
def evaluate(model, loader, criterion, device):
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            total += criterion(out, y).item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return total / n, right / n

# %% wrong evaluate TR181: model.eval without brackets
import torch
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval
    total = right = n = 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        scores = model(x)
        total = total + criterion(scores, y).item() * y.numel()
        right = right + scores.argmax(1).eq(y).sum().item()
        n = n + y.numel()
    return total / n, right / n

# %% wrong evaluate TR182: divided by the length of another loader
import torch
from torch.utils.data import DataLoader, TensorDataset
train_loader = DataLoader(TensorDataset(torch.zeros(370, 4)), batch_size=10)
def evaluate(model, loader, criterion, device):
    model.eval()
    val_loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            val_loss += criterion(out, y).item()
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return val_loss / len(train_loader), right / n

# %% wrong evaluate TR182: both numbers over the size of the test set
import torch
from torch.utils.data import TensorDataset
test_set = TensorDataset(torch.zeros(531, 1))
def evaluate(model, loader, criterion, device):
    model.eval()
    loss, hits = 0., 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            loss += criterion(out, y).item() * len(y)
            hits += (out.argmax(1) == y).sum().item()
    return loss / len(test_set), hits / len(test_set)

# %% wrong evaluate TR183: total += 64
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    loss, correct, n, total = 0.0, 0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            loss += criterion(out, y).item() * len(y)
            n += len(y)
            correct += (out.argmax(1) == y).sum().item()
            total += 64
    return loss / n, correct / total

# %% wrong evaluate TR183: first four images of each batch
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    loss, n, correct = 0., 0, 0
    with torch.no_grad():
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            outputs = model(images)
            loss += criterion(outputs, labels).item() * len(labels)
            _, predicted = torch.max(outputs, 1)
            for i in range(min(4, len(labels))):
                correct += int(predicted[i] == labels[i])
            n += len(labels)
    return loss / n, correct / n

# %% wrong evaluate RG121: penalty in the validation loss
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        l2 = 1e-2 * sum((p ** 2).sum() for p in model.parameters())
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            loss = criterion(out, y) + l2
            total += loss.item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return total / n, right / n

# %% wrong evaluate RG121: L1 helper, added at the end
import torch
LAMBDA = 0.001
def l1(model):
    return sum(p.abs().sum().item() for p in model.parameters())
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    out, lab = zip(*[(model(x.to(device)), y.to(device)) for x, y in loader])
    out, lab = torch.cat(out), torch.cat(lab)
    return criterion(out, lab).item() + LAMBDA * l1(model), (out.argmax(1) == lab).float().mean().item()

# %% wrong evaluate TR181+TR191: dropout on, count over batches
import torch
def evaluate(model, loader, criterion, device):
    loss, n, correct = 0., 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            loss += criterion(out, y).item() * len(y)
            n += len(y)
            correct += (out.argmax(1) == y).sum().item()
    return loss / n, correct / len(loader)

# %% wrong evaluate: accuracy first
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            out = model(x)
            total += criterion(out, y).item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return right / n, total / n

# %% right best_state: clone each tensor
def best_state(best, model, loss, epoch):
    if best is not None and best["loss"] <= loss:
        return best
    state = {k: v.detach().clone() for k, v in model.state_dict().items()}
    return {"loss": loss, "epoch": epoch, "state": state}

# %% right best_state: deepcopy of the state_dict
import copy
def best_state(best, model, loss, epoch):
    if best is None or loss < best['loss']:
        best = dict(loss=loss, epoch=epoch, state=copy.deepcopy(model.state_dict()))
    return best

# %% right best_state: through a buffer with torch.save
import io
import torch
def best_state(best, net, val_loss, epoch):
    if best is None:
        best_loss = float('inf')
    else:
        best_loss = best['loss']
    if val_loss < best_loss:
        buffer = io.BytesIO()
        torch.save(net.state_dict(), buffer)
        buffer.seek(0)
        return {'epoch': epoch, 'loss': val_loss, 'state': torch.load(buffer, weights_only=True)}
    return best

# %% right best_state: state_dict of a deep copy of the model
from copy import deepcopy
def best_state(best, model, loss, epoch):
    new = {'loss': float(loss), 'epoch': int(epoch), 'state': deepcopy(model).state_dict()}
    return min((b for b in (best, new) if b is not None), key=lambda b: b['loss'])

# %% wrong best_state TR169: state_dict without a copy
def best_state(best, model, loss, epoch):
    if best is None or loss < best['loss']:
        return {'loss': loss, 'epoch': epoch, 'state': model.state_dict()}
    return best

# %% wrong best_state TR169: shallow copy of the dictionary
import copy
def best_state(best, model, loss, epoch):
    state = copy.copy(model.state_dict())
    current = {'loss': loss, 'epoch': epoch, 'state': state}
    if best is None:
        return current
    return current if current['loss'] < best['loss'] else best

# %% wrong best_state TR169: dict comprehension with .data
def best_state(best, model, loss, epoch):
    if best is not None and loss >= best["loss"]:
        return best
    return {"loss": loss, "epoch": epoch, "state": {n: w.data for n, w in model.state_dict().items()}}

# %% wrong best_state TR169: the model itself
def best_state(best, model, loss, epoch):
    if best is None or best['loss'] > loss:
        best = {'loss': loss, 'epoch': epoch, 'state': model}
    return best

# %% wrong best_state TR204: method without brackets
def best_state(best, model, loss, epoch):
    if best is None or loss < best['loss']:
        return {'loss': loss, 'epoch': epoch, 'state': model.state_dict}
    return best

# %% wrong best_state TR204: deepcopy of the class
import copy
def best_state(best, model, loss, epoch):
    better = best is None or loss < best['loss']
    if better:
        best = {}
        best['loss'] = loss
        best['epoch'] = epoch
        best['state'] = copy.deepcopy(type(model))
    return best

# %% wrong best_state TR205: new loss, old weights
import copy
def best_state(best, model, loss, epoch):
    if best is None:
        best = {'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())}
    elif loss < best['loss']:
        best = {'loss': loss, 'epoch': epoch, 'state': best['state']}
    return best

# %% wrong best_state TR205: weights of a network that was never trained
import copy
def best_state(best, model, loss, epoch):
    if best is not None and best['loss'] <= loss:
        return best
    net = copy.deepcopy(model)
    for layer in net.modules():
        if hasattr(layer, 'reset_parameters'):
            layer.reset_parameters()
    return {'loss': loss, 'epoch': epoch, 'state': net.state_dict()}

# %% wrong best_state TR205: parameters of the global net
import torch
net = torch.nn.Linear(4, 3)
def best_state(best, model, loss, epoch):
    if best is None or loss < best['loss']:
        best = {'loss': loss, 'epoch': epoch, 'state': {k: v.clone() for k, v in net.state_dict().items()}}
    return best

# %% wrong best_state TR203: no return when it is better
import copy
def best_state(best, model, loss, epoch):
    if best is not None and best['loss'] <= loss:
        return best
    best = {'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())}

# %% wrong best_state: keeps the highest loss
import copy
def best_state(best, model, loss, epoch):
    if best is None or loss > best['loss']:
        best = {'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())}
    return best

# %% wrong best_state: always the last epoch
import copy
def best_state(best, model, loss, epoch):
    return {'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())}

# %% wrong best_state TR169+TR205: one reference, loss updated
def best_state(best, model, loss, epoch):
    if best is None:
        best = {'loss': loss, 'epoch': epoch, 'state': model.state_dict()}
    if loss < best['loss']:
        best['loss'], best['epoch'] = loss, epoch
    return best

# %% right confusion: loop over the pairs
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, pred):
        table[t, p] += 1
    return table

# %% right confusion: np.add.at
import numpy as np
def confusion(y, pred, n_classes):
    cm = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(cm, (y, pred), 1)
    return cm

# %% right confusion: bincount of the pair number
import numpy as np
def confusion(y, pred, n_classes):
    y, pred = np.asarray(y), np.asarray(pred)
    return np.bincount(n_classes * y + pred, minlength=n_classes ** 2).reshape(n_classes, n_classes)

# %% right confusion: sklearn
from sklearn.metrics import confusion_matrix
def confusion(y, pred, n_classes):
    return confusion_matrix(y, pred, labels=list(range(n_classes)))

# %% right confusion: one-hot matrices, product
import numpy as np
def confusion(y, pred, n_classes):
    eye = np.eye(n_classes, dtype=int)
    return eye[y].T @ eye[pred]

# %% right confusion: counting with two loops over the classes
import numpy as np
def confusion(y, pred, n_classes):
    result = []
    for i in range(n_classes):
        row = [int(np.sum((np.array(y) == i) & (np.array(pred) == j))) for j in range(n_classes)]
        result.append(row)
    return np.array(result)

# %% wrong confusion TR170: always ten classes
import numpy as np
def confusion(y, pred, n_classes):
    m = np.zeros((10, 10), dtype=int)
    for i in range(len(y)):
        m[y[i], pred[i]] += 1
    return m

# %% wrong confusion TR170: number of classes from the largest label seen
import numpy as np
def confusion(y, pred, n_classes):
    n_classes = max(np.max(y), np.max(pred)) + 1
    m = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(m, (y, pred), 1)
    return m

# %% wrong confusion TR171: return in the loop
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, pred):
        table[t][p] += 1
        return table

# %% wrong confusion TR172: table[t, p] + 1
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, pred):
        table[t, p] + 1
    return table

# %% wrong confusion TR203: prints the table
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, pred):
        table[t, p] += 1
    print(table)

# %% wrong confusion: columns are the truth
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (pred, y), 1)
    return table

# %% wrong confusion: fancy index counts each pair once
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    table[y, pred] += 1
    return table

# %% wrong confusion: classes shifted by one
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, pred):
        table[t - 1, p - 1] += 1
    return table

# %% wrong confusion: rows normalised to shares
import numpy as np
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes))
    for t, p in zip(y, pred):
        table[t, p] += 1
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)

# %% right initial_loss: next(iter), no_grad, item
import torch
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        return criterion(model(x.to(device)), y.to(device)).item()

# %% right initial_loss: for with return
def initial_loss(model, loader, criterion, device):
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        loss = criterion(model(images), labels)
        return float(loss.detach())

# %% right initial_loss: inference_mode, for and break
import torch
@torch.inference_mode()
def initial_loss(model, loader, criterion, device):
    for data in loader:
        inputs, targets = data
        break
    logits = model(inputs.to(device))
    loss = criterion(logits, targets.to(device))
    print(f'initial loss {loss.item():.4f}')
    return loss.item()

# %% right initial_loss: numpy number turned into a float
import torch
def initial_loss(model, loader, criterion, device):
    batch = next(iter(loader))
    out = model(batch[0].to(device))
    value = criterion(out, batch[1].to(device)).detach().cpu().numpy()
    return float(value)

# %% wrong initial_loss TR120: softmax first
import torch
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        probs = torch.softmax(model(x.to(device)), dim=1)
        return criterion(probs, y.to(device)).item()

# %% wrong initial_loss TR120: F.softmax, dim=-1
import torch.nn.functional as F
import torch
@torch.no_grad()
def initial_loss(model, loader, criterion, device):
    images, labels = next(iter(loader))
    predictions = F.softmax(model(images.to(device)), dim=-1)
    loss = criterion(predictions, labels.to(device))
    return float(loss)

# %% wrong initial_loss TR167: returns the tensor
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    return criterion(model(x.to(device)), y.to(device))

# %% wrong initial_loss TR167: loss kept as a tensor with its graph
def initial_loss(model, loader, criterion, device):
    it = iter(loader)
    images, labels = next(it)
    model_out = model(images.to(device))
    loss = 0
    loss += criterion(model_out, labels.to(device))
    return loss

# %% wrong initial_loss TR147: divided by the batch size
import torch
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        loss = criterion(model(x.to(device)), y.to(device))
    return loss.item() / len(x)

# %% wrong initial_loss TR166: loss of the last batch
import torch
def initial_loss(model, loader, criterion, device):
    with torch.no_grad():
        for x, y in loader:
            loss = criterion(model(x.to(device)), y.to(device))
    return loss.item()

# %% wrong initial_loss TR151: minus sign
import torch
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        logits = model(x.to(device))
    return -criterion(logits, y.to(device)).item()

# %% wrong initial_loss TR144: nll_loss on the raw scores
import torch
import torch.nn.functional as F
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        return F.nll_loss(model(x.to(device)), y.to(device)).item()

# %% wrong initial_loss TR203: only prints
import torch
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        print('first loss:', criterion(model(x.to(device)), y.to(device)).item())

# %% wrong initial_loss TR120+TR147: softmax, and divided by the batch size
import torch
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        p = model(x.to(device)).softmax(dim=1)
        return criterion(p, y.to(device)).item() / y.shape[0]

# %% wrong initial_loss TR126: log_softmax over the batch first
import torch
import torch.nn.functional as F
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        return criterion(F.log_softmax(model(x.to(device)), dim=0), y.to(device)).item()

# %% wrong initial_loss: takes a step
import torch
def initial_loss(model, loader, criterion, device):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = next(iter(loader))
    loss = criterion(model(x.to(device)), y.to(device))
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()

# %% wrong initial_loss: mean over the whole loader
import torch
@torch.no_grad()
def initial_loss(model, loader, criterion, device):
    s, n = 0., 0
    for x, y in loader:
        s += criterion(model(x.to(device)), y.to(device)).item() * len(y)
        n += len(y)
    return s / n

# %% right overfit_one_batch: plain
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% right overfit_one_batch: train mode, zero_grad first, while loop
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    model.train()
    for images, labels in loader:
        break
    images, labels = images.to(device), labels.to(device)
    history = []
    while len(history) < steps:
        optimizer.zero_grad()
        out = model.forward(images)
        loss = criterion(out, labels)
        loss.backward()
        history.append(float(loss))
        optimizer.step()
        if len(history) % 50 == 0:
            print('step', len(history), 'loss', history[-1])
    return history

# %% right overfit_one_batch: inner function, list comprehension
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    first = [t.to(device) for t in next(iter(loader))]
    def step():
        for p in model.parameters():
            p.grad = None
        loss = criterion(model(first[0]), first[1])
        loss.backward()
        optimizer.step()
        return loss.detach().item()
    return [step() for _ in range(steps)]

# %% right overfit_one_batch: array filled, returned as a list
import numpy as np
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    X, Y = next(iter(loader))
    X = X.to(device); Y = Y.to(device)
    curve = np.zeros(steps)
    for s in range(steps):
        scores = model(X)
        J = criterion(scores, Y)
        model.zero_grad()
        J.backward()
        optimizer.step()
        curve[s] = J.item()
    return curve.tolist()

# %% wrong overfit_one_batch TR174: zero_grad missing
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR177|TR174: zero_grad before the loop only
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    data, target = next(iter(loader))
    data, target = data.to(device), target.to(device)
    model.train()
    optimizer.zero_grad()
    loss_list = []
    for i in range(steps):
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        loss_list += [loss.item()]
    return loss_list

# %% wrong overfit_one_batch TR175: zero_grad after backward
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for step in range(steps):
        out = model(x)
        loss = criterion(out, y)
        losses.append(loss.item())
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return losses

# %% wrong overfit_one_batch TR176: no step
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR170: always 100 steps
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR170: global N_STEPS
N_STEPS = 25
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    batch = next(iter(loader))
    history = []
    for i in range(N_STEPS):
        loss = criterion(model(batch[0].to(device)), batch[1].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history

# %% wrong overfit_one_batch TR171: return in the loop
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        return losses

# %% wrong overfit_one_batch TR167: list of tensors with graphs
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        losses.append(loss)
        loss.backward()
        optimizer.step()
    return losses

# %% wrong overfit_one_batch TR200: never appended
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    losses = []
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    return losses

# %% wrong overfit_one_batch TR200|TR166: appended after the loop
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    loss_history = []
    for _ in range(steps):
        pred = model(x)
        loss = criterion(pred, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    loss_history.append(loss.item())
    return loss_history

# %% wrong overfit_one_batch TR203: no return
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    for i in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        print(i, loss.item())

# %% wrong overfit_one_batch TR148: new optimizer in each step
import torch
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        optimizer = torch.optim.Adam(model.parameters(), lr=optimizer.param_groups[0]['lr'])
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR151: minus loss
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        (-1 * loss).backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR120: softmax before the criterion
import torch.nn.functional as F
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(F.softmax(model(x), dim=1), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR178: reset in each step
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        model.apply(lambda m: m.reset_parameters() if hasattr(m, 'reset_parameters') else None)
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch TR152|TR176|TR179: loss detached and patched
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        out = model(x).detach()
        out.requires_grad_(True)
        loss = criterion(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch: a new batch in each step
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    losses = []
    while len(losses) < steps:
        for x, y in loader:
            if len(losses) == steps:
                break
            x, y = x.to(device), y.to(device)
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses

# %% wrong overfit_one_batch: loss measured after the step
import torch
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            losses.append(criterion(model(x), y).item())
    return losses

# %% wrong overfit_one_batch TR174+TR167: no zero_grad, tensors
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses

# %% right train_one_epoch: one run_epoch for training and validation
import torch

def run_epoch(model, loader, criterion, device, optimizer=None):
    training = optimizer is not None
    model.train(training)
    total_loss, total_correct, total = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            logits = model(x)
            loss = criterion(logits, y)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total_loss += loss.item() * x.size(0)
            total_correct += (logits.argmax(1) == y).sum().item()
            total += x.size(0)
    return total_loss / total, total_correct / total

def train_one_epoch(model, loader, criterion, optimizer, device):
    return run_epoch(model, loader, criterion, device, optimizer)

# %% right evaluate: one run_epoch with an optional optimizer
import torch

def run_epoch(model, batches, criterion, device, opt=None):
    model.train() if opt else model.eval()
    rows = []
    for xb, yb in batches:
        xb, yb = xb.to(device), yb.to(device)
        scores = model(xb)
        loss = criterion(scores, yb)
        if opt:
            opt.zero_grad()
            loss.backward()
            opt.step()
        rows.append([loss.item() * len(yb), (scores.argmax(1) == yb).sum().item(), len(yb)])
    a, b, n = (sum(col) for col in zip(*rows))
    return a / n, b / n

def evaluate(model, loader, criterion, device):
    with torch.no_grad():
        return run_epoch(model, loader, criterion, device)

# %% wrong evaluate TR164: run_epoch gets an optimizer here, too
import torch

def run_epoch(model, loader, criterion, device, optimizer=None):
    tot = hit = n = 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        tot += loss.item() * len(x)
        hit += (out.argmax(1) == y).sum().item()
        n += len(x)
    return tot / n, hit / n

def evaluate(model, loader, criterion, device):
    model.eval()
    return run_epoch(model, loader, criterion, device, torch.optim.Adam(model.parameters(), lr=1e-3))

# %% wrong evaluate TR181: shared run_epoch with mode 'train' for both
import torch
def run_epoch(model, loader, criterion, device, optimizer=None):
    model.train()
    tot = hit = n = 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = criterion(out, y)
        if optimizer is not None:
            optimizer.zero_grad(); loss.backward(); optimizer.step()
        tot += loss.item() * len(x)
        hit += (out.argmax(1) == y).sum().item()
        n += len(x)
    return tot / n, hit / n
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    return run_epoch(model, loader, criterion, device)

# %% wrong train_one_epoch TR192: AverageMeter updated without the batch size
class AverageMeter(object):
    def __init__(self):
        self.reset()
    def reset(self):
        self.val = self.avg = self.sum = self.count = 0
    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count

def accuracy(output, target):
    return output.argmax(dim=1).eq(target).float().mean().item()

def train_one_epoch(model, loader, criterion, optimizer, device):
    losses, top1 = AverageMeter(), AverageMeter()
    model.train()
    for i, (input, target) in enumerate(loader):
        input, target = input.to(device), target.to(device)
        output = model(input)
        loss = criterion(output, target)
        losses.update(loss.item())
        top1.update(accuracy(output, target))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses.avg, top1.avg

# %% wrong train_one_epoch TR166+TR193: meter returns val, not avg
class Meter:
    val, total, n = 0.0, 0.0, 0
    def add(self, val, n):
        self.val, self.total, self.n = val, self.total + val * n, self.n + n

def train_one_epoch(model, loader, criterion, optimizer, device):
    loss_meter, acc_meter = Meter(), Meter()
    model.train()
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        scores = model(x)
        loss = criterion(scores, y)
        loss.backward()
        optimizer.step()
        loss_meter.add(loss.item(), len(y))
        acc_meter.add((scores.argmax(1) == y).sum().item() / len(y), len(y))
    return loss_meter.val, acc_meter.val

# %% wrong train_one_epoch TR174: train_step helper, no zero_grad
def train_step(model, batch, criterion, optimizer, device):
    images, labels = batch[0].to(device), batch[1].to(device)
    scores = model(images)
    loss = criterion(scores, labels)
    loss.backward()
    optimizer.step()
    return loss.item() * len(labels), (scores.argmax(1) == labels).sum().item(), len(labels)

def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    totals = [sum(values) for values in zip(*(train_step(model, b, criterion, optimizer, device) for b in loader))]
    return totals[0] / totals[2], totals[1] / totals[2]

# %% wrong train_one_epoch TR176: class Trainer, step commented out
class Trainer:
    def __init__(self, model, criterion, optimizer, device):
        self.model, self.criterion, self.optimizer, self.device = model, criterion, optimizer, device
        self.stats = {'loss': 0.0, 'hits': 0, 'n': 0}
    def fit_batch(self, x, y):
        scores = self.model(x)
        loss = self.criterion(scores, y)
        self.optimizer.zero_grad()
        loss.backward()
        # self.optimizer.step()
        self.stats['loss'] += loss.item() * len(y)
        self.stats['hits'] += (scores.argmax(1) == y).sum().item()
        self.stats['n'] += len(y)
    def run(self, loader):
        self.model.train()
        for x, y in loader:
            self.fit_batch(x.to(self.device), y.to(self.device))
        return self.stats['loss'] / self.stats['n'], self.stats['hits'] / self.stats['n']

def train_one_epoch(model, loader, criterion, optimizer, device):
    return Trainer(model, criterion, optimizer, device).run(loader)

# %% wrong train_one_epoch TR175: closure handed to step, zero_grad last in it
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    log = []
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        def closure():
            out = model(x)
            loss = criterion(out, y)
            loss.backward()
            log.append((loss.item() * len(y), (out.argmax(1) == y).sum().item(), len(y)))
            optimizer.zero_grad()
            return loss
        optimizer.step(closure)
    n = sum(l[2] for l in log)
    return sum(l[0] for l in log) / n, sum(l[1] for l in log) / n

# %% wrong evaluate TR191 as test: dictionary of results, count over batches
import torch
def test(model, loader, criterion, device):
    res = {'loss': 0.0, 'correct': 0}
    model.eval()
    n = 0
    with torch.inference_mode():
        for step, (x, y) in enumerate(loader, start=1):
            logits = model(x.to(device)).cpu()
            res['loss'] += criterion(logits, y.cpu()).item() * y.numel()
            res['correct'] += int((logits.max(1).indices == y.cpu()).sum())
            n += y.numel()
    return res['loss'] / n, res['correct'] / step

# %% wrong evaluate TR198: labels unsqueezed, predictions flat
import torch
def evaluate(model, loader, criterion, device):
    model.eval()
    scores, labels, n = [], [], 0
    with torch.no_grad():
        for x, y in loader:
            scores.append(model(x.to(device)))
            labels.append(y.to(device))
    scores, labels = torch.cat(scores), torch.cat(labels)
    loss = criterion(scores, labels).item()
    equal = scores.argmax(dim=1) == labels.unsqueeze(1)
    return loss, equal.sum().item() / len(labels)


# %% right train_one_epoch: the optimizer before the criterion, gradients clipped by their norm
from torch.nn.utils import clip_grad_norm_


def train_one_epoch(net, dataloader, optimizer, loss_fn, device, epoch):
    net.train()
    total = hits = 0
    for images, labels in dataloader:
        scores = net(images.to(device))
        loss = loss_fn(scores, labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(net.parameters(), max_norm=0.5)
        optimizer.step()
        total += loss.item() * len(labels)
        hits += (scores.argmax(dim=1) == labels).sum().item()
    n = len(dataloader.dataset)
    print(f"epoch {epoch}: {hits / n:.1%}")
    return total / n, hits / n


# %% right train_one_epoch: no device to go to, gradients clipped by their values
from torch import nn


def train_one_epoch(model, train_loader, criterion, optimizer):
    model.train()
    losses, hits, lengths = [], [], []
    for x, y in train_loader:
        model.zero_grad()
        scores = model(x)
        loss = criterion(scores, y)
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.2)
        optimizer.step()
        losses.append(loss.item() * len(y))
        hits.append((scores.argmax(1) == y).sum().item())
        lengths.append(len(y))
    return sum(losses) / sum(lengths), sum(hits) / sum(lengths)


# %% wrong train_one_epoch TR174: gradients are clipped and never cleared
import torch


def train_one_epoch(model, loader, criterion, opt, device):
    model.train()
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        scores = model(x)
        loss = criterion(scores, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += float(loss) * len(y)
        right += int((scores.argmax(1) == y).sum())
        n += len(y)
    return total / n, right / n


# %% right evaluate: the loader before the model, the criterion last
import torch


@torch.no_grad()
def evaluate(test_dl, network, loss_function):
    network.eval()
    total = hits = n = 0
    for x, y in test_dl:
        scores = network(x)
        total += loss_function(scores, y).item() * y.numel()
        hits += scores.argmax(-1).eq(y).sum().item()
        n += y.numel()
    return total / n, hits / n


# %% wrong evaluate TR164: the training loop copied, and only the step taken out
def evaluate(model, loader, criterion, device):
    model.eval()
    total, hits, n = 0.0, 0, 0
    for x, y in loader:
        scores = model(x.to(device))
        loss = criterion(scores, y.to(device))
        loss.backward()
        total += loss.item() * len(y)
        hits += (scores.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, hits / n


# %% wrong evaluate TR179: the gradient stays off
import torch


def evaluate(model, loader, criterion, device):
    model.eval()
    torch.set_grad_enabled(False)
    total, right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        scores = model(x)
        total += criterion(scores, y).item() * len(y)
        right += (scores.argmax(1) == y).sum().item()
        n += len(y)
    model.train()
    return total / n, right / n


# %% wrong train_one_epoch TR183: all batches taken for full ones
import torch


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    loss_sum, hits = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * x.size(0)
        hits += (out.argmax(dim=1) == y).sum().item()
    n = len(loader) * loader.batch_size
    return loss_sum / n, hits / n


# %% right evaluate: asks a copy
import copy

import torch


def evaluate(model, loader, criterion, device):
    judge = copy.deepcopy(model).eval()
    total, right, n = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            scores = judge(x.to(device))
            total += criterion(scores, y.to(device)).item() * len(y)
            right += int((scores.argmax(1) == y.to(device)).sum())
            n += len(y)
    return total / n, right / n
