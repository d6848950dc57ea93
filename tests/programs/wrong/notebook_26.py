# expects: TR193
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(5)
d = load_digits()
X = torch.from_numpy(d.data).float() / 16; T = torch.from_numpy(d.target).long()
train = DataLoader(TensorDataset(X[:1300], T[:1300]), batch_size=32, shuffle=True)
test = DataLoader(TensorDataset(X[1300:], T[1300:]), batch_size=32)
class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 50), nn.Linear(50, 10)])
    def forward(self, x):
        x = torch.tanh(self.layers[0](x))
        return self.layers[1](x)
mlp = Perceptron()
o = torch.optim.Adam(mlp.parameters(), lr=0.004)
for ep in range(4):
    for x, t in train:
        o.zero_grad()
        e = nn.functional.cross_entropy(mlp(x), t)
        e.backward()
        o.step()
with torch.no_grad():
    for x, t in test:
        correct = 0
        total = 0
        p = mlp(x).argmax(1)
        correct += (p == t).sum().item()
        total += t.size(0)
print('Accuracy on the test set: %.2f %%' % (100 * correct / total))
