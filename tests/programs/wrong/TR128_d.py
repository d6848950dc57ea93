# expects: TR128
# "best" weights that were taken before the first epoch
import copy

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
digits = load_digits()
X, y = torch.tensor(digits.data).float() / 16, torch.tensor(digits.target)
train_loader = DataLoader(TensorDataset(X[:1300], y[:1300]), batch_size=50, shuffle=True)
test_loader = DataLoader(TensorDataset(X[1300:], y[1300:]), batch_size=71)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
best_weights = copy.deepcopy(model.state_dict())
for epoch in range(3):
    model.train()
    total = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: training loss {total / len(train_loader):.4f}")

model.load_state_dict(best_weights)
model.eval()
correct = 0
with torch.no_grad():
    for xb, yb in test_loader:
        correct += (model(xb).argmax(1) == yb).sum().item()
print(f"test accuracy: {correct / 497:.4f}")
