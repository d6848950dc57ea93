# expects: nothing
"""Several right ways to write the L2 penalty, the L1 penalty and the elastic net."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32) / 16
y = torch.tensor(digits.target)
rows = torch.randperm(len(x), generator=torch.Generator().manual_seed(18))
train = DataLoader(TensorDataset(x[rows[:1000]], y[rows[:1000]]), batch_size=50, shuffle=True)
vx, vy = x[rows[1000:]], y[rows[1000:]]


def l2_half(net):
    return 0.5 * 2e-3 * sum(p.pow(2.0).sum() for p in net.parameters())


def l2_weights_only(net):
    return 1e-3 * sum(torch.norm(p) ** 2 for n, p in net.named_parameters() if "weight" in n)


def l2_square(net):
    return 1e-3 * sum(torch.square(p).sum() for p in net.parameters())


def l1(net):
    return 2e-4 * sum(torch.norm(p, 1) for p in net.parameters())


def elastic(net):
    total = torch.zeros(())
    for p in net.parameters():
        total = total + 1e-4 * p.abs().sum() + 5e-4 * (p * p).sum()
    return total


for penalty in (l2_half, l2_weights_only, l2_square, l1, elastic):
    torch.manual_seed(18)
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for epoch in range(3):
        data_loss = 0.0
        for xb, yb in train:
            ce = nn.functional.cross_entropy(net(xb), yb)
            optimizer.zero_grad()
            (ce + penalty(net)).backward()
            optimizer.step()
            data_loss += ce.item() * len(yb) / 1000
    with torch.no_grad():
        out = net(vx)
        val_loss = nn.functional.cross_entropy(out, vy).item()
        val_acc = (out.argmax(1) == vy).float().mean().item()
    print(f"{penalty.__name__:16s} train loss {data_loss:.3f}  val loss {val_loss:.3f}  val acc {val_acc:.1%}")
