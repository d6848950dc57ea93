# expects: TR101 TR191
import torch, torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import TensorDataset, DataLoader
torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype('float32')
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=3)
train_ds = TensorDataset(torch.from_numpy(X_train), torch.from_numpy(y_train))
test_ds = TensorDataset(torch.from_numpy(X_test), torch.from_numpy(y_test))
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
valid_dl = DataLoader(test_ds, batch_size=32)
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
best_acc = 0
for epoch in range(5):
    net.train()
    for xb, yb in train_dl:
        loss = loss_fn(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    correct = 0
    with torch.no_grad():
        for xb, yb in valid_dl:
            correct += (net(xb).argmax(1) == yb).sum().item()
    acc = correct / len(valid_dl)
    print('epoch', epoch, 'val acc', acc)
    if acc > best_acc:
        best_acc = acc
        torch.save(net.state_dict(), 'best.pt')
net.load_state_dict(torch.load('best.pt'))
net.eval()
hits = n = 0
with torch.no_grad():
    for xb, yb in DataLoader(test_ds, batch_size=100):
        hits += int((net(xb).argmax(1) == yb).sum()); n += len(yb)
print('test accuracy: %.4f' % (hits / n))
