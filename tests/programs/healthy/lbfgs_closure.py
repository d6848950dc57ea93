# expects: nothing
import torch
from sklearn.datasets import load_wine
from torch import nn

torch.manual_seed(12)
X, y = load_wine(return_X_y=True)
p = torch.randperm(len(X))
X, y = torch.tensor(X, dtype=torch.float32)[p], torch.tensor(y)[p]
X = (X - X[:120].mean(0)) / X[:120].std(0)

model = nn.Sequential(nn.Linear(13, 8), nn.Tanh(), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=10)


def closure():
    optimizer.zero_grad()
    loss = criterion(model(X[:120]), y[:120]) + 1e-3 * sum((p ** 2).sum() for p in model.parameters())
    loss.backward()
    return loss


for i in range(3):
    loss = optimizer.step(closure)
    print(f"round {i}: loss with penalty {loss.item():.5f}")
with torch.no_grad():
    accuracy = (model(X[120:]).argmax(1) == y[120:]).float().mean().item()
print(f"test accuracy {accuracy:.2%}")
