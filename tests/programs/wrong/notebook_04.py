# expects: TR181 TR180 TR192
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from sklearn.datasets import load_digits
torch.manual_seed(3)
class DigitsDataset(Dataset):
    def __init__(self, start, stop):
        d = load_digits()
        order = torch.randperm(len(d.target), generator=torch.Generator().manual_seed(0))[start:stop]
        self.x = torch.tensor(d.images, dtype=torch.float32)[order]
        self.y = torch.tensor(d.target)[order]
    def __len__(self):
        return len(self.y)
    def __getitem__(self, i):
        return (self.x[i].unsqueeze(0) / 16 - 0.3) / 0.37, self.y[i]
class CNN(nn.Module):
    def __init__(self):
        super(CNN, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout(0.4)
        self.fc1 = nn.Linear(8 * 4 * 4, 32)
        self.fc2 = nn.Linear(32, 10)
    def forward(self, x):
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        x = x.view(-1, 8 * 4 * 4)
        x = self.drop(F.relu(self.fc1(x)))
        return self.fc2(x)
train_loader = DataLoader(DigitsDataset(0, 1200), batch_size=50, shuffle=True)
val_loader = DataLoader(DigitsDataset(1200, 1500), batch_size=64)
model = CNN()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(3):
    train_loss = 0
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    accuracy = 0
    val_loss = 0
    for inputs, targets in val_loader:
        outputs = model(inputs)
        val_loss += criterion(outputs, targets).item()
        top_p, top_class = outputs.topk(1, dim=1)
        equals = top_class == targets.view(*top_class.shape)
        accuracy += torch.mean(equals.type(torch.FloatTensor)).item()
    print("Epoch {}/3.. Train loss: {:.3f}.. Val loss: {:.3f}.. Val accuracy: {:.4f}".format(
        epoch + 1, train_loss / len(train_loader), val_loss / len(val_loader), accuracy / len(val_loader)))
