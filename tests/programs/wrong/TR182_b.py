# expects: TR182|TR195
"""Digits with a small fully connected network."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits

torch.manual_seed(1)

digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)
images = (images - 0.3) / 0.38

dataset = TensorDataset(images, labels)
train_set, val_set, test_set = random_split(dataset, [1200, 200, 397])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=64)
test_loader = DataLoader(test_set, batch_size=64)

model = nn.Sequential(
    nn.Linear(64, 48),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(48, 32),
    nn.ReLU(),
    nn.Linear(32, 10),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

epochs = 5
train_losses, val_losses = [], []
for epoch in range(epochs):
    model.train()
    running_loss = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        output = model(x)
        loss = criterion(output, y)
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * x.size(0)
    train_losses.append(running_loss / len(train_set))

    model.eval()
    val_loss = 0.0
    correct = 0
    with torch.no_grad():
        for x, y in val_loader:
            output = model(x)
            val_loss += criterion(output, y).item() * x.size(0)
            correct += (output.argmax(dim=1) == y).sum().item()
    val_losses.append(val_loss / len(val_set))
    print(f"Epoch {epoch + 1}/{epochs}  train loss: {train_losses[-1]:.4f}  "
          f"val loss: {val_losses[-1]:.4f}  val accuracy: {100 * correct / len(val_set):.2f}%")

model.eval()
correct = 0
with torch.no_grad():
    for x, y in test_loader:
        predicted = model(x).argmax(dim=1)
        correct += (predicted == y).sum().item()
print(f"Test accuracy: {100 * correct / len(val_set):.2f}%")
