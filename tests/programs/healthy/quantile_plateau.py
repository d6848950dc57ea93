# expects: nothing
import matplotlib.pyplot as plt
import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
torch.manual_seed(0)
X, y = load_diabetes(return_X_y=True)
Xtr, Xva, ytr, yva = train_test_split(X, y, random_state=0)
sx, sy = StandardScaler().fit(Xtr), StandardScaler().fit(ytr[:, None])
t = lambda a: torch.tensor(a, dtype=torch.float32)
Xtr, Xva, ytr, yva = t(sx.transform(Xtr)), t(sx.transform(Xva)), t(sy.transform(ytr[:, None])), t(sy.transform(yva[:, None]))
q = torch.tensor([0.1, 0.5, 0.9])
net = nn.Sequential(nn.Linear(10, 32), nn.ELU(), nn.Linear(32, 3))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=3)


def pinball(pred, target):
    e = target - pred
    return torch.maximum(q * e, (q - 1) * e).mean()


curve = {"train": [], "valid": []}
for epoch in range(20):
    net.train()
    total = 0.0
    for b in torch.randperm(len(Xtr)).split(32):
        opt.zero_grad()
        loss = pinball(net(Xtr[b]), ytr[b])
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    net.eval()
    with torch.no_grad():
        valid = pinball(net(Xva), yva).item()
    plateau.step(valid)
    curve["train"].append(total / len(Xtr)); curve["valid"].append(valid)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1}: train {curve['train'][-1]:.4f} valid {valid:.4f}")
for name, values in curve.items():
    plt.plot(values, label=name)
plt.xlabel("epoch"); plt.ylabel("pinball loss"); plt.legend(); plt.savefig("q.png")
