# expects: nothing
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

# Validates every 15 batches and goes back to training mode
torch.manual_seed(17)
d = load_digits()
x, y = torch.tensor(d.images, dtype=torch.float32) / 16, torch.tensor(d.target)
perm = torch.randperm(len(x))
trainloader = DataLoader(TensorDataset(x[perm[:1350]], y[perm[:1350]]), batch_size=45, shuffle=True)
validloader = DataLoader(TensorDataset(x[perm[1350:]], y[perm[1350:]]), batch_size=64, shuffle=True)

model = nn.Sequential(nn.Linear(64, 60), nn.ReLU(), nn.Dropout(0.25), nn.Linear(60, 10), nn.LogSoftmax(dim=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.004)
steps, running_loss, print_every = 0, 0.0, 15
for e in range(3):
    for images, labels in trainloader:
        steps += 1
        images = images.flatten(1)
        optimizer.zero_grad()
        loss = F.nll_loss(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        if steps % print_every == 0:
            model.eval()
            hits, loss_sum = 0, 0.0
            with torch.no_grad():
                for images, labels in validloader:
                    optimizer.zero_grad()
                    log_ps = model(images.flatten(1))
                    loss_sum += F.nll_loss(log_ps, labels, reduction="sum").item()
                    hits += (log_ps.argmax(1) == labels).sum().item()
            print(f"Epoch: {e + 1}/3..  Training Loss: {running_loss / print_every:.3f}..  "
                  f"Validation Loss: {loss_sum / 447:.3f}..  Validation Accuracy: {hits / 447:.3f}")
            running_loss = 0.0
            model.train()
