# expects: TR186 TR181
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(18)
d = load_digits()
x, y = torch.tensor(d.data / 16.).float(), torch.tensor(d.target)
train_loader = DataLoader(TensorDataset(x[:1400], y[:1400]), batch_size=50, shuffle=True)
valid_loader = DataLoader(TensorDataset(x[1400:], y[1400:]), batch_size=50)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(4):
    model.train()
    train_loss = 0.0
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    valid_loss = 0.0
    with torch.no_grad():
        for images, labels in valid_loader:
            valid_loss += criterion(model(images), labels).item()
            valid_loss /= len(valid_loader)
    print('Epoch: %d, train loss: %.4f, valid loss: %.6f' % (epoch, train_loss / len(train_loader), valid_loss))
