# expects: nothing
# a bigger network is made for the report, but the small one was trained
import torch
from sklearn.datasets import load_wine
from torch import nn

torch.manual_seed(0)
data = load_wine()
X = torch.tensor(data.data).float()
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(data.target)
order = torch.randperm(len(y))
train, test = order[:120], order[120:]


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(13, 8), nn.ReLU(), nn.Linear(8, 3))

    def forward(self, x):
        return self.layers(x)


class Big(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 3))

    def forward(self, x):
        return self.layers(x)


small, big = Small(), Big()
optimizer = torch.optim.Adam(small.parameters(), lr=0.01)
for epoch in range(30):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(small(X[train]), y[train])
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch}: loss {loss.item():.4f}")
with torch.no_grad():
    print(f"test accuracy {(small(X[test]).argmax(1) == y[test]).float().mean().item():.4f}")
