# expects: nothing
# The count of right answers over the number of batches of 100 is a percentage.
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(15)
d = load_digits()
perm = torch.randperm(1797)
x, y = torch.tensor(d.data, dtype=torch.float32)[perm] / 16, torch.tensor(d.target)[perm]
train_loader = DataLoader(TensorDataset(x[:1000], y[:1000]), batch_size=100, shuffle=True)
val_loader = DataLoader(TensorDataset(x[1000:1400], y[1000:1400]), batch_size=100)

net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.008)
for epoch in range(6):
    train_loss = 0.0
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    correct = 0
    with torch.no_grad():
        for images, labels in val_loader:
            _, predicted = torch.max(net(images).data, 1)
            correct += (predicted == labels).sum().item()
    print('Epoch: {}. Loss: {:.4f}. Accuracy: {:.2f}%'.format(epoch, train_loss / len(train_loader), correct / len(val_loader)))
