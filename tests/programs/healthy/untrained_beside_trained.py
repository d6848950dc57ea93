# expects: nothing
# an untrained network beside the trained one, to show what training is worth
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
digits = load_digits()
X, y = torch.tensor(digits.data).float() / 16, torch.tensor(digits.target)
p = torch.randperm(len(y))
train_loader = DataLoader(TensorDataset(X[p[:1300]], y[p[:1300]]), batch_size=50, shuffle=True)
test_loader = DataLoader(TensorDataset(X[p[1300:]], y[p[1300:]]), batch_size=71)


def network():
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


def accuracy(net):
    net.eval()
    with torch.no_grad():
        return sum((net(a).argmax(1) == b).sum().item() for a, b in test_loader) / 497


trained, random = network(), network()
optimizer = torch.optim.Adam(trained.parameters(), lr=0.003)
start = {name: value.clone() for name, value in trained.state_dict().items()}
for epoch in range(3):
    trained.train()
    for a, b in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(trained(a), b).backward()
        optimizer.step()
print(f"random weights: {accuracy(random):.4f}")
print(f"trained: {accuracy(trained):.4f}")
trained.load_state_dict(start)
optimizer = torch.optim.SGD(trained.parameters(), lr=0.1)
for epoch in range(3):
    trained.train()
    for a, b in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(trained(a), b).backward()
        optimizer.step()
print(f"from the same start with SGD: {accuracy(trained):.4f}")
