# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(0)
d = load_digits()
X, y = torch.tensor(d.data).float() / 16, torch.tensor(d.target)
p = torch.randperm(len(y)); X, y = X[p], y[p]
low, high = y < 5, y >= 5
body = nn.Sequential(nn.Linear(64, 48), nn.BatchNorm1d(48), nn.ReLU())
net = nn.Sequential(body, nn.Linear(48, 5))


def epoch(model, opt, X, y):
    model.train()
    total = 0.0
    for a, b in DataLoader(TensorDataset(X, y), batch_size=32, shuffle=True, drop_last=True):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(a), b)
        loss.backward()
        opt.step()
        total += loss.item()
    return total / (len(X) // 32)


opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for e in range(3):
    print("pretraining", e, f"{epoch(net, opt, X[low], y[low]):.3f}")
# stage 2: a new head on the old body, which is frozen at first and then trained gently
Xh, yh = X[high], y[high] - 5
head = nn.Linear(48, 5)
net = nn.Sequential(body, head)
for q in body.parameters():
    q.requires_grad = False
opt = torch.optim.Adam(head.parameters(), lr=1e-2)
print("head only", f"{epoch(net, opt, Xh[:600], yh[:600]):.3f}")
for q in body.parameters():
    q.requires_grad = True
opt = torch.optim.Adam([{"params": body.parameters(), "lr": 5e-4}, {"params": head.parameters(), "lr": 5e-3}])
for e in range(3):
    print("fine-tuning", e, f"{epoch(net, opt, Xh[:600], yh[:600]):.3f}")
net.eval()
with torch.no_grad():
    print(f"accuracy {(net(Xh[600:]).argmax(1) == yh[600:]).float().mean().item():.4f}")
