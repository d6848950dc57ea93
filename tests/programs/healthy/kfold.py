# expects: nothing
# 4-fold cross-validation, with a fresh model for each fold
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold

X, y = load_wine(return_X_y=True)
scores = []
for fold, (train, test) in enumerate(StratifiedKFold(4, shuffle=True, random_state=0).split(X, y)):
    torch.manual_seed(fold)
    mean, std = X[train].mean(0), X[train].std(0)
    x_train = torch.tensor((X[train] - mean) / std, dtype=torch.float32)
    x_test = torch.tensor((X[test] - mean) / std, dtype=torch.float32)
    y_train, y_test = torch.tensor(y[train]), torch.tensor(y[test])
    model = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(25):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x_train), y_train)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        score = (model(x_test).argmax(1) == y_test).float().mean().item()
    scores.append(score)
    print(f"fold {fold}: loss {loss.item():.4f}, accuracy {score:.3f}")
print(f"mean accuracy {np.mean(scores):.3f} +- {np.std(scores):.3f}")
