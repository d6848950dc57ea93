# expects: TR205 TR101
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(31)
d = load_digits()
X, Y = torch.tensor(d.data).float() / 16, torch.tensor(d.target)
r = torch.randperm(1797)
train_loader = DataLoader(TensorDataset(X[r[:1300]], Y[r[:1300]]), batch_size=65, shuffle=True)
test_loader = DataLoader(TensorDataset(X[r[1300:]], Y[r[1300:]]), batch_size=71)
def build(h):
    return nn.Sequential(nn.Linear(64, h), nn.ReLU(), nn.Linear(h, 10))
best_acc, best_h = 0, None
for h in (4, 16, 64):
    torch.manual_seed(0)
    model = build(h)
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(3):
        for x, y in train_loader:
            opt.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            opt.step()
    model.eval()
    with torch.no_grad():
        correct = sum((model(x).argmax(1) == y).sum().item() for x, y in test_loader)
    acc = correct / 497
    print(f'hidden={h}: test accuracy {acc:.4f}')
    if acc > best_acc:
        best_acc, best_h = acc, h
best_model = build(best_h)
torch.save(best_model.state_dict(), 'best_model.pt')
print(f'best: {best_h} units with {best_acc:.4f}')
