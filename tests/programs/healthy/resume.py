# expects: nothing
import os
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_wine
torch.manual_seed(0)
X, y = load_wine(return_X_y=True)
X = torch.tensor(X).float(); X = (X - X.mean(0)) / X.std(0); y = torch.tensor(y)
p = torch.randperm(len(y)); X, y = X[p], y[p]
loader = DataLoader(TensorDataset(X[:130], y[:130]), batch_size=26, shuffle=True)


def build():
    net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
    opt = torch.optim.Adam(net.parameters(), lr=0.01)
    return net, opt, torch.optim.lr_scheduler.ExponentialLR(opt, 0.95)


def run(start, stop):
    net, opt, sched = build()
    if os.path.exists("last.pt"):
        ckpt = torch.load("last.pt", weights_only=True)
        net.load_state_dict(ckpt["net"]); opt.load_state_dict(ckpt["opt"]); sched.load_state_dict(ckpt["sched"])
        print("resumed after epoch", ckpt["epoch"])
    for epoch in range(start, stop):
        net.train()
        total = 0.0
        for a, b in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(a), b)
            loss.backward()
            opt.step()
            total += loss.item()
        sched.step()
        print(f"epoch {epoch}: {total / len(loader):.4f} lr {sched.get_last_lr()[0]:.5f}")
        torch.save({"epoch": epoch, "net": net.state_dict(), "opt": opt.state_dict(), "sched": sched.state_dict()}, "last.pt")
    return net


run(0, 4)
net = run(4, 8)
net.eval()
with torch.no_grad():
    print(f"test accuracy {(net(X[130:]).argmax(1) == y[130:]).float().mean():.3f}")
