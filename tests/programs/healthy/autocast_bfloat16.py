# expects: nothing
"""Mixed precision on the CPU, with clipping, and torch.compile where it is asked for."""
import os

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(10)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
order = torch.randperm(len(x))
train = TensorDataset(x[order[:1300]], y[order[:1300]])
val = TensorDataset(x[order[1300:]], y[order[1300:]])
train_loader, val_loader = DataLoader(train, 65, shuffle=True), DataLoader(val, 100)

model = nn.Sequential(nn.Linear(64, 96), nn.GELU(), nn.Linear(96, 10))
if os.environ.get("COMPILE") == "1":
    model = torch.compile(model)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
criterion = nn.CrossEntropyLoss()

for epoch in range(4):
    model.train()
    losses = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = criterion(model(xb), yb)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses += loss.item() * len(xb)
    model.eval()
    n_correct = 0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for xb, yb in val_loader:
            n_correct += (model(xb).argmax(dim=1) == yb).sum().item()
    print(f"epoch {epoch + 1} loss {losses / len(train):.4f} accuracy {100 * n_correct / len(val):.2f}%")
