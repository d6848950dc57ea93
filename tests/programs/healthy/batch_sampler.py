# expects: nothing
import random
import torch
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, Sampler, TensorDataset
from sklearn.datasets import load_iris


class Balanced(Sampler):
    """As many of each class in every batch."""
    def __init__(self, labels, per_class, batches):
        self.rows = [[i for i, l in enumerate(labels) if l == k] for k in sorted(set(labels))]
        self.per_class, self.batches = per_class, batches

    def __iter__(self):
        for _ in range(self.batches):
            yield [i for rows in self.rows for i in random.sample(rows, self.per_class)]

    def __len__(self):
        return self.batches


random.seed(0); torch.manual_seed(0)
X, y = load_iris(return_X_y=True)
X = torch.tensor(X).float(); X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(y)
order = torch.randperm(150)
train, test = TensorDataset(X[order[:110]], y[order[:110]]), TensorDataset(X[order[110:]], y[order[110:]])
loader = DataLoader(train, batch_sampler=Balanced(y[order[:110]].tolist(), 6, 8))
net = nn.Sequential(nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(8):
    epoch_losses = []
    for x, t in loader:
        loss = nn.functional.cross_entropy(net(x), t)
        opt.zero_grad(); loss.backward(); opt.step()
        epoch_losses.append(loss.item())
    print(f"epoch {epoch + 1}, loss {sum(epoch_losses) / len(epoch_losses):.3f}")
x, t = test[:]
with torch.no_grad():
    print(f"correct: {(net(x).argmax(1) == t).sum().item()} of {len(t)}")
