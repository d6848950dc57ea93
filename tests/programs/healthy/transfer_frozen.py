# expects: nothing
"""Transfer learning: a network learns the digits 0-4; its frozen features then serve for 5-9."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(2)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
labels = torch.tensor(digits.target)


def loaders(mask, offset):
    x, y = images[mask], labels[mask] - offset
    order = torch.randperm(len(x))
    x, y = x[order], y[order]
    return (DataLoader(TensorDataset(x[:700], y[:700]), batch_size=32, shuffle=True),
            DataLoader(TensorDataset(x[700:], y[700:]), batch_size=64))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(1, 10, 3), nn.BatchNorm2d(10), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Linear(90, 5)

    def forward(self, x):
        return self.head(self.backbone(x))


def fit(model, train_loader, val_loader, optimizer, epochs, frozen=False):
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        model.train()
        if frozen:
            model.backbone.eval()  # keep the statistics of the batch norm
        for x, y in train_loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        model.eval()
        right = 0
        with torch.no_grad():
            for x, y in val_loader:
                right += (model(x).argmax(1) == y).sum().item()
        print(f"  epoch {epoch + 1}: validation accuracy {100 * right / len(val_loader.dataset):.1f}%")


model = Net()
print("digits 0-4")
fit(model, *loaders(labels < 5, 0), torch.optim.Adam(model.parameters(), lr=0.005), epochs=3)

for p in model.backbone.parameters():
    p.requires_grad = False
model.head = nn.Linear(90, 5)
print("digits 5-9, only the head is trained")
fit(model, *loaders(labels >= 5, 5), torch.optim.Adam(model.head.parameters(), lr=0.01), epochs=3, frozen=True)
