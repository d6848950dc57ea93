# expects: TR184
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(41)
X, Y = load_digits(return_X_y=True)
X = torch.tensor(X / 16, dtype=torch.float32); Y = torch.tensor(Y)
train_iter = DataLoader(TensorDataset(X[:1400], Y[:1400]), 50, shuffle=True)
test_iter = DataLoader(TensorDataset(X[1400:], Y[1400:]), 50)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optim = torch.optim.Adam(model.parameters(), lr=0.005)
crit = nn.CrossEntropyLoss()
epochs = 4
for e in range(epochs):
    t = 0
    for x, y in train_iter:
        optim.zero_grad()
        l = crit(model(x), y)
        l.backward()
        optim.step()
        t += l.item()
    print('train', e, t / len(train_iter))
model.eval()
for e in range(epochs):
    loss, hits = 0, 0
    with torch.no_grad():
        for x, y in test_iter:
            o = model(x)
            loss += crit(o, y).item()
            hits += (o.argmax(1) == y).sum().item()
    print(f'Epoch {e}: test loss {loss / len(test_iter):.4f}, accuracy {hits / 397:.4f}')
