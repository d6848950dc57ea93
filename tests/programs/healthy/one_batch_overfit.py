# expects: nothing
"""Sanity check before the real training: can a network learn one batch by heart? Then the run itself."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def new_model():
    torch.manual_seed(26)
    return nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


d = load_digits()
perm = torch.randperm(1797, generator=torch.Generator().manual_seed(26))
x, y = torch.tensor(d.data, dtype=torch.float32)[perm] / 16, torch.tensor(d.target)[perm]
train_loader = DataLoader(TensorDataset(x[:1200], y[:1200]), batch_size=40, shuffle=True)
loss_fn = nn.CrossEntropyLoss()

model = new_model()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
xb, yb = next(iter(train_loader))
for step in range(40):
    loss = loss_fn(model(xb), yb)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print("one batch: loss after 40 steps", round(loss.item(), 4))

model = new_model()
optimizer = torch.optim.Adam(model.parameters(), lr=0.004)
for epoch in range(4):
    for xb, yb in train_loader:
        loss = loss_fn(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    correct = (model(x[1200:]).argmax(1) == y[1200:]).sum().item()
print("test: %d/%d correct, %.1f%%" % (correct, 597, 100 * correct / 597))
