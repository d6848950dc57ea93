# expects: TR174
import torch
from torch import nn
from sklearn.datasets import load_digits
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16).float(); y = torch.tensor(y)
torch.manual_seed(3)
p = torch.randperm(len(y)); X, y = X[p], y[p]
model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(4):
    total = 0
    for i in range(0, 1400, 40):
        pred = model(X[i:i+40])
        loss = loss_fn(pred, y[i:i+40])
        loss.backward()
        optimizer.step()
        total += loss.item()
    print('epoch', epoch + 1, 'mean loss', total / 35)
with torch.no_grad():
    print('accuracy', (model(X[1400:]).argmax(1) == y[1400:]).float().mean().item())
