# expects: nothing
# torch.compile with the eager backend, so that no C++ compiler is needed
import torch
from sklearn.datasets import load_iris
from torch import nn

torch.manual_seed(11)
X, y = load_iris(return_X_y=True)
order = torch.randperm(150)
X, y = torch.tensor(X, dtype=torch.float32)[order], torch.tensor(y)[order]
X = (X - X[:100].mean(0)) / X[:100].std(0)
net = nn.Sequential(nn.Linear(4, 12), nn.Tanh(), nn.Linear(12, 3))
try:
    fast = torch.compile(net, backend="eager")
    fast(X[:2])
except Exception as error:
    print("no torch.compile here:", type(error).__name__)
    fast = net
opt = torch.optim.Adam(net.parameters(), lr=0.03)
loss_fn = nn.CrossEntropyLoss()
for step in range(60):
    opt.zero_grad()
    loss = loss_fn(fast(X[:100]), y[:100])
    loss.backward()
    opt.step()
    if step % 20 == 19:
        print("step", step + 1, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("test accuracy", ((net(X[100:]).argmax(1) == y[100:]).float().mean() * 100).item(), "%")
