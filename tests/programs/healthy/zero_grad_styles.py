# expects: nothing
"""Places for zero_grad that all work: at the end of the step, through the network, p.grad = None."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 16
Y = torch.tensor(d.target)
P = torch.randperm(len(X), generator=torch.Generator().manual_seed(14))
train, val = P[:1200], P[1200:]


def at_the_end(net, opt, loss):
    loss.backward()
    opt.step()
    opt.zero_grad()


def through_the_net(net, opt, loss):
    net.zero_grad()
    loss.backward()
    opt.step()


def by_hand(net, opt, loss):
    for p in net.parameters():
        p.grad = None
    loss.backward()
    opt.step()


for step in (at_the_end, through_the_net, by_hand):
    torch.manual_seed(14)
    net = torch.nn.Sequential(torch.nn.Linear(64, 30), torch.nn.ReLU(), torch.nn.Linear(30, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.3)
    for epoch in range(3):
        for rows in train[torch.randperm(1200)].split(30):
            step(net, opt, F.cross_entropy(net(X[rows]), Y[rows]))
    with torch.no_grad():
        print(step.__name__, "accuracy", (net(X[val]).argmax(1) == Y[val]).float().mean().item())
