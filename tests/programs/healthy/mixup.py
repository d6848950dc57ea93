# expects: nothing
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits
torch.manual_seed(0); rng = np.random.default_rng(0)
d = load_digits()
ds = TensorDataset(torch.tensor(d.data).float() / 16, torch.tensor(d.target))
train_ds, val_ds = random_split(ds, [1437, 360])
train_dl, val_dl = DataLoader(train_ds, 64, shuffle=True), DataLoader(val_ds, 120)
net = nn.Sequential(nn.Linear(64, 100), nn.GELU(), nn.Linear(100, 10))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.01)
crit = nn.CrossEntropyLoss()
for epoch in range(5):
    for x, y in train_dl:
        lam = float(rng.beta(0.3, 0.3))
        perm = torch.randperm(len(x))
        out = net(lam * x + (1 - lam) * x[perm])
        loss = lam * crit(out, y) + (1 - lam) * crit(out, y[perm])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        preds = torch.cat([net(x).argmax(1) for x, _ in val_dl])
        truth = torch.cat([y for _, y in val_dl])
    print(f"epoch {epoch}: val acc {(preds == truth).float().mean():.4f}")
