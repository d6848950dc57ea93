# expects: TR102
# sorted toy data: first all zeros, then all ones, then all twos
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(5)
centers = torch.tensor([[0., 2.], [2., 0.], [-2., -1.]])
X = torch.cat([torch.randn(300, 2) + c for c in centers])
y = torch.cat([torch.full((300,), k) for k in range(3)])
Xt = torch.cat([torch.randn(60, 2) + c for c in centers])
yt = torch.cat([torch.full((60,), k) for k in range(3)])
train_loader = DataLoader(TensorDataset(X, y), batch_size=30)
class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 3))
    def forward(self, x):
        return self.net(x)
model = MLP()
opt = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(8):
    running = 0
    for xb, yb in train_loader:
        opt.zero_grad()
        l = nn.functional.cross_entropy(model(xb), yb)
        l.backward()
        opt.step()
        running += l.item()
    with torch.no_grad():
        acc = (model(Xt).argmax(1) == yt).float().mean()
    print(f'epoch {epoch} loss {running / len(train_loader):.4f} test acc {acc:.4f}')
