# expects: TR204 TR190
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import make_moons
X, y = make_moons(500, noise=.2, random_state=0)
X = torch.from_numpy(X).float(); y = torch.from_numpy(y).long()
Xtrain, ytrain, Xtest, ytest = X[:400], y[:400], X[400:], y[400:]
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 20)
        self.output = nn.Linear(20, 2)
    def forward(self, x):
        return self.output(F.relu(self.hidden(x)))
torch.manual_seed(0)
net = Network()
print(net)
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for step in range(120):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(Xtrain), ytrain)
    loss.backward()
    optimizer.step()
    if step % 40 == 0:
        print('step', step, 'loss', loss.item())
with torch.no_grad():
    pred = net(Xtest).argmax(dim=1)
    acc = (pred == ytest).sum().item() / len(ytest)
print('Test accuracy: {:.2f}%'.format(acc))
torch.save(net.state_dict, 'moons.pth')
