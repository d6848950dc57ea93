# expects: nothing
# An unbalanced problem, once with class weights in the loss, once with a weighted sampler.
import numpy as np
import torch
from sklearn.datasets import make_classification
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

X, y = make_classification(1000, 12, n_informative=6, weights=[0.9], class_sep=1.5, flip_y=0.01, random_state=5)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X[:700].mean(0)) / X[:700].std(0)
y = torch.tensor(y)
train = TensorDataset(X[:700], y[:700])
counts = np.bincount(y[:700])
print("training records per class:", counts)


def fit(criterion, loader):
    torch.manual_seed(5)
    net = nn.Sequential(nn.Linear(12, 20), nn.ReLU(), nn.Linear(20, 2))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(6):
        for xb, yb in loader:
            optimizer.zero_grad()
            criterion(net(xb), yb).backward()
            optimizer.step()
    with torch.no_grad():
        predicted = net(X[700:]).argmax(1)
    recalls = [(predicted[y[700:] == c] == c).float().mean().item() for c in (0, 1)]
    print("recall of class 0: %.1f%%, of class 1: %.1f%%" % (100 * recalls[0], 100 * recalls[1]))


weights = torch.tensor(counts.sum() / (2.0 * counts), dtype=torch.float32)
fit(nn.CrossEntropyLoss(weight=weights), DataLoader(train, batch_size=35, shuffle=True))
sampler = WeightedRandomSampler((1.0 / counts)[y[:700].numpy()], num_samples=700)
fit(nn.CrossEntropyLoss(), DataLoader(train, batch_size=35, sampler=sampler))
