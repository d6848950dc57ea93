# expects: TR140
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_digits
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32) / 16; y = torch.tensor(y)
torch.manual_seed(6)
ix = torch.randperm(len(y)); X, y = X[ix], y[ix]
net = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=0.003)
print(net)
# let's use more hidden units
net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 10))
losses = []
for epoch in range(4):
    epoch_loss = 0
    for s in range(0, 1400, 100):
        xb, yb = X[s:s+100], y[s:s+100]
        net.zero_grad()
        out = net(xb)
        loss = criterion(out, yb)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    losses.append(epoch_loss / 14)
    print("epoch %d loss %.4f" % (epoch, losses[-1]))
with torch.no_grad():
    pred = net(X[1400:]).argmax(1)
print("accuracy", (pred == y[1400:]).float().mean().item())
