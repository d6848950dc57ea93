# expects: TR167 TR166
import torch, torch.nn as nn
import matplotlib.pyplot as plt
from sklearn.datasets import load_digits
torch.manual_seed(2)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float() / 16
y = torch.tensor(y)
model = nn.Sequential(nn.Linear(64, 30), nn.Sigmoid(), nn.Linear(30, 10))
opt = torch.optim.Adam(model.parameters(), lr=0.01)
lossf = nn.CrossEntropyLoss()
losses = []
for epoch in range(8):
    idx = torch.randperm(1500)
    for j in range(0, 1500, 75):
        b = idx[j:j + 75]
        opt.zero_grad()
        loss = lossf(model(X[b]), y[b])
        loss.backward()
        opt.step()
    losses.append(loss)
    print('epoch', epoch, 'loss', loss.item())
plt.plot([l.item() for l in losses])
plt.xlabel('epoch'); plt.ylabel('training loss')
plt.savefig('a.png')
with torch.no_grad():
    print('test acc', (model(X[1500:]).argmax(1) == y[1500:]).float().mean().item())
