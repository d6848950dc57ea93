# expects: nothing
"""Regression: disease progression of diabetes patients."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
X, y = load_diabetes(return_X_y=True)
rng = np.random.RandomState(4)
idx = rng.permutation(len(X))
tr, va, te = idx[:300], idx[300:370], idx[370:]
x_mean, x_std = X[tr].mean(0), X[tr].std(0)
y_mean, y_std = y[tr].mean(), y[tr].std()
X = torch.tensor((X - x_mean) / x_std, dtype=torch.float32)
y = torch.tensor((y - y_mean) / y_std, dtype=torch.float32)

train_dl = DataLoader(TensorDataset(X[tr], y[tr]), batch_size=30, shuffle=True)

net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 1))
mse = nn.MSELoss()
opt = torch.optim.Adam(net.parameters(), lr=0.01)


def eval_mse(part):
    net.eval()
    with torch.no_grad():
        return mse(net(X[part]).squeeze(1), y[part]).item()


history = []
for epoch in range(15):
    net.train()
    total = 0.0
    for xb, yb in train_dl:
        pred = net(xb).squeeze(1)
        loss = mse(pred, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    history.append((total / len(tr), eval_mse(va)))
    if (epoch + 1) % 5 == 0:
        print("epoch %d: train MSE %.4f, validation MSE %.4f" % (epoch + 1, *history[-1]))

test_mse = eval_mse(te)
with torch.no_grad():
    r2 = 1 - test_mse / torch.var(y[te], unbiased=False).item()
print("test MSE %.4f, R2 %.3f" % (test_mse, r2))
