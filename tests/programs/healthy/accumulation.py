# expects: nothing
# Gradient accumulation: a step every 4 small batches, and for the rest of the epoch.
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(1)
x, y = load_digits(return_X_y=True)
data = TensorDataset(torch.tensor(x, dtype=torch.float32) / 16 - 0.3, torch.tensor(y))
train, val = random_split(data, [1440, 357])
train_loader = DataLoader(train, batch_size=12, shuffle=True)
val_loader = DataLoader(val, batch_size=64)
model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.004)
accumulate = 4

for epoch in range(4):
    model.train()
    optimizer.zero_grad()
    epoch_loss = 0.0
    for i, (xb, yb) in enumerate(train_loader):
        loss = F.cross_entropy(model(xb), yb)
        (loss / accumulate).backward()
        epoch_loss += loss.item() * len(yb)
        if (i + 1) % accumulate == 0 or i + 1 == len(train_loader):
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        correct = sum((model(xb).argmax(1) == yb).sum().item() for xb, yb in val_loader)
    print(f"epoch {epoch}: train loss {epoch_loss / len(train):.4f}, val accuracy {correct / len(val):.4f}")
