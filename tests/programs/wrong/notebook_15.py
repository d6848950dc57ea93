# expects: TR164
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(12)
dd = load_digits()
XX, yy = torch.tensor(dd.data / 16, dtype=torch.float32), torch.tensor(dd.target)
perm = torch.randperm(1797)
train_loader = DataLoader(TensorDataset(XX[perm[:1400]], yy[perm[:1400]]), batch_size=50, shuffle=True)
test_loader = DataLoader(TensorDataset(XX[perm[1400:]], yy[perm[1400:]]), batch_size=50)
model = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.002)
def run_epoch(loader):
    total, correct, n = 0.0, 0, 0
    for xb, yb in loader:
        optimizer.zero_grad()
        out = model(xb)
        loss = criterion(out, yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(yb)
        correct += (out.argmax(1) == yb).sum().item()
        n += len(yb)
    return total / n, correct / n
for epoch in range(5):
    model.train()
    tl, ta = run_epoch(train_loader)
    model.eval()
    vl, va = run_epoch(test_loader)
    print(f'Epoch {epoch}: train loss {tl:.3f} acc {ta:.3f} | test loss {vl:.3f} acc {va:.3f}')
