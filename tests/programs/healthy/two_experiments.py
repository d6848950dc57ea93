# expects: nothing
# Which learning rate is best? Two experiments, compared on the validation set.
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(21)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32) / 8 - 1
y = torch.tensor(y)
p = torch.randperm(len(X))
train_ds = TensorDataset(X[p[:1200]], y[p[:1200]])
valid_ds = TensorDataset(X[p[1200:]], y[p[1200:]])
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=128)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 40)
        self.hidden2 = nn.Linear(40, 40)
        self.output = nn.Linear(40, 10)

    def forward(self, x):
        x = F.relu(self.hidden(x))
        x = F.relu(self.hidden2(x))
        return self.output(x)


criterion = nn.CrossEntropyLoss()


def train(net, optimizer, epochs=3):
    losses = []
    for epoch in range(epochs):
        net.train()
        total = 0
        for images, labels in train_dl:
            optimizer.zero_grad()
            loss = criterion(net(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        losses.append(total / len(train_ds))
        print("  epoch", epoch + 1, "loss", round(losses[-1], 4))
    return losses


def validate(net):
    net.eval()
    right = 0
    with torch.no_grad():
        for images, labels in valid_dl:
            right += (net(images).argmax(1) == labels).sum().item()
    return right / len(valid_ds)


print("Experiment 1: learning rate 0.01")
net = Network()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
losses_1 = train(net, optimizer)
acc_1 = validate(net)
print("  validation accuracy:", round(acc_1, 4))

print("Experiment 2: learning rate 0.1")
net = Network()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.5)
losses_2 = train(net, optimizer)
acc_2 = validate(net)
print("  validation accuracy:", round(acc_2, 4))

print("Better:", "0.01" if acc_1 > acc_2 else "0.1")
