# expects: TR177
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
torch.manual_seed(16)
X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X)).float()
y = torch.tensor(y).float()
loader = DataLoader(TensorDataset(X[:400], y[:400]), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
bce = nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
for epoch in range(10):
    optimizer.zero_grad()
    epoch_loss = 0
    for xb, yb in loader:
        p = model(xb).squeeze(1)
        loss = bce(p, yb)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    print(f'epoch {epoch} loss {epoch_loss / len(loader):.4f}')
with torch.no_grad():
    acc = ((model(X[400:]).squeeze(1) > 0.5).float() == y[400:]).float().mean()
print(f'accuracy {acc.item() * 100:.2f}%')
