# expects: nothing
"""The same model is trained on purpose in two phases: first quickly, then gently, with a new optimizer."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(16)
d = load_digits()
x = (torch.tensor(d.data, dtype=torch.float32) - 4.9) / 6
y = torch.tensor(d.target)
rows = torch.randperm(len(x))
train_loader = DataLoader(TensorDataset(x[rows[:1200]], y[rows[:1200]]), batch_size=48, shuffle=True)
val_x, val_y = x[rows[1200:]], y[rows[1200:]]
model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
criterion = nn.CrossEntropyLoss()


def train_phase(optimizer, epochs):
    for epoch in range(epochs):
        total = 0.0
        for xb, yb in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(yb)
        with torch.no_grad():
            val_acc = (model(val_x).argmax(1) == val_y).float().mean().item()
        print(f"  loss {total / 1200:.4f}  validation accuracy {val_acc:.3f}")


print("phase 1: Adam")
train_phase(torch.optim.Adam(model.parameters(), lr=0.005), 3)
print("phase 2: fine-tuning of the same weights with slow SGD")
train_phase(torch.optim.SGD(model.parameters(), lr=0.01), 2)
