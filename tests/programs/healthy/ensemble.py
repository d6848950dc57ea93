# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
d = load_digits()
g = torch.Generator().manual_seed(0)
perm = torch.randperm(len(d.target), generator=g)
X, y = (torch.tensor(d.data).float() / 16)[perm], torch.tensor(d.target)[perm]
members = []
for seed in range(3):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 10))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    for epoch in range(3):
        net.train()
        for a, b in DataLoader(TensorDataset(X[:1300], y[:1300]), batch_size=50, shuffle=True):
            opt.zero_grad()
            nn.functional.cross_entropy(net(a), b).backward()
            opt.step()
    net.eval()
    members.append(net)
    with torch.no_grad():
        print(f"member {seed}: {(net(X[1300:]).argmax(1) == y[1300:]).float().mean():.4f}")
with torch.no_grad():
    probs = torch.stack([m(X[1300:]).softmax(-1) for m in members]).mean(0)
print(f"ensemble: {(probs.argmax(1) == y[1300:]).float().mean():.4f}")
