# expects: TR160
"""Which optimizer is best? (homework 3)"""
import matplotlib.pyplot as plt
import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(7)
data = load_digits()
x = torch.tensor(data.data / 16, dtype=torch.float32)
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
x_train, y_train, x_test, y_test = x[:1300], y[:1300], x[1300:], y[1300:]

model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()

def train(optimizer, epochs=5):
    history = []
    for epoch in range(epochs):
        total = 0.0
        for i in range(0, 1300, 50):
            xb, yb = x_train[i:i+50], y_train[i:i+50]
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item()
        history.append(total / 26)
    return history

def test():
    with torch.no_grad():
        return (model(x_test).argmax(dim=1) == y_test).float().mean().item()

sgd_history = train(torch.optim.SGD(model.parameters(), lr=0.1))
print('SGD test accuracy', round(test(), 4))
adam_history = train(torch.optim.Adam(model.parameters(), lr=0.001))
print('Adam test accuracy', round(test(), 4))
plt.plot(sgd_history, label='SGD')
plt.plot(adam_history, label='Adam')
plt.xlabel('epoch'); plt.ylabel('loss'); plt.legend()
plt.savefig('optimizers.png')
