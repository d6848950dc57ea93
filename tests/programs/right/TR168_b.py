# expects: nothing
"""Early stopping as a class of its own."""
import copy

import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class EarlyStopping:
    def __init__(self, patience=3):
        self.patience = patience
        self.counter = 0
        self.best = None
        self.weights = None

    def __call__(self, loss, model):
        if self.best is None or loss < self.best:
            self.best = loss
            self.weights = copy.deepcopy(model.state_dict())
            self.counter = 0
        else:
            self.counter += 1
        return self.counter >= self.patience


torch.manual_seed(17)
x, y = load_breast_cancer(return_X_y=True)
p = torch.randperm(len(x))
x, y = torch.tensor(x)[p].float(), torch.tensor(y)[p]
x = (x - x[:350].mean(0)) / x[:350].std(0)
train_loader = DataLoader(TensorDataset(x[:350], y[:350]), batch_size=16, shuffle=True)
val_x, val_y, test_x, test_y = x[350:450], y[350:450], x[450:], y[450:]

net = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.15, momentum=0.8)
stopping = EarlyStopping(patience=3)

for epoch in range(25):
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        criterion(net(inputs), labels).backward()
        optimizer.step()
    with torch.no_grad():
        val_loss = criterion(net(val_x), val_y).item()
    print("epoch", epoch, "validation loss", format(val_loss, ".4f"))
    if stopping(val_loss, net):
        print("stopped after epoch", epoch)
        break

net.load_state_dict(stopping.weights)
with torch.no_grad():
    test_accuracy = (net(test_x).argmax(1) == test_y).float().mean().item()
print("test accuracy", format(test_accuracy, ".3f"))
