# expects: nothing
"""Spam or not? Binary cross-entropy written by hand."""
import torch
from sklearn.datasets import make_moons
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(2)
points, kind = make_moons(700, noise=0.2, random_state=2)
points = torch.tensor(points, dtype=torch.float32) - torch.tensor([0.5, 0.25])
kind = torch.tensor(kind, dtype=torch.float32)
train_data = DataLoader(TensorDataset(points[:500], kind[:500]), batch_size=25, shuffle=True)

model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)


def cross_entropy(p, t, eps=1e-6):
    p = p.clamp(eps, 1 - eps)
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()


def predict(x):
    return torch.sigmoid(model(x)[:, 0])


for epoch in range(8):
    epoch_loss = 0.0
    for x, t in train_data:
        loss = cross_entropy(predict(x), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(t)
    print(f"epoch {epoch}: loss {epoch_loss / 500:.4f}")

with torch.no_grad():
    right = ((predict(points[500:]) > 0.5) == (kind[500:] == 1)).sum().item()
print(f"{right} of 200 test points are right: {right / 200:.1%}")
