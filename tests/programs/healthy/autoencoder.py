# expects: nothing
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader

torch.manual_seed(9)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
train_x, val_x = x[:1500], x[1500:]
loader = DataLoader(train_x, batch_size=50, shuffle=True)


class Autoencoder(nn.Module):
    def __init__(self, code=8):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, code))
        self.decoder = nn.Sequential(nn.Linear(code, 32), nn.ReLU(), nn.Linear(32, 64), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


net = Autoencoder()
mse = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
train_curve, val_curve = [], []
for epoch in range(6):
    total = 0.0
    for batch in loader:
        optimizer.zero_grad()
        loss = mse(net(batch), batch)
        loss.backward()
        optimizer.step()
        total += loss.item() * batch.shape[0]
    train_curve.append(total / len(train_x))
    with torch.no_grad():
        val_curve.append(mse(net(val_x), val_x).item())
    print("epoch", epoch, "train %.5f val %.5f" % (train_curve[-1], val_curve[-1]))

plt.plot(train_curve, label="train")
plt.plot(val_curve, label="validation")
plt.xlabel("epoch"); plt.ylabel("mean squared error"); plt.legend()
