# expects: TR201 TR200
import matplotlib.pyplot as plt
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(17)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 16; y = torch.tensor(d.target)
tl = DataLoader(TensorDataset(x[:1300], y[:1300]), batch_size=26, shuffle=True)
vl = DataLoader(TensorDataset(x[1300:], y[1300:]), batch_size=71)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
lf = nn.CrossEntropyLoss()
train_losses, val_losses, val_accs = [], [], []
for epoch in range(5):
    model.train()
    run = 0
    for xb, yb in tl:
        opt.zero_grad()
        loss = lf(model(xb), yb)
        loss.backward()
        opt.step()
        run += loss.item()
        train_losses.append(loss.item())
    model.eval()
    vrun = ok = 0
    with torch.no_grad():
        for xb, yb in vl:
            out = model(xb)
            vrun += lf(out, yb).item() * len(yb)
            ok += (out.argmax(1) == yb).sum().item()
    val_losses.append(vrun / 497)
    val_accs.append(ok)
    print(f"{epoch} {run / len(tl):.3f} {vrun / 497:.3f} {ok / 497:.3f}")
plt.plot(train_losses, label='train loss')
plt.plot(val_losses, label='val loss')
plt.legend(); plt.xlabel('epoch'); plt.savefig('1.png'); plt.clf()
plt.plot(val_accs, label='val loss')
plt.ylabel('loss'); plt.legend(); plt.savefig('2.png')
