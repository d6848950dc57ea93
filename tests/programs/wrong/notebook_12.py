# expects: TR127
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(torch.tensor(X / 16).float(), torch.tensor(y), random_state=1)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 20)
        self.fc2 = nn.Linear(20, 10)
    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))

def fit(net, lr=0.01, epochs=4):
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for ep in range(epochs):
        perm = torch.randperm(len(Xtr))
        for k in range(0, len(Xtr), 64):
            b = perm[k:k + 64]
            opt.zero_grad()
            loss = F.cross_entropy(net(Xtr[b]), ytr[b])
            loss.backward()
            opt.step()
    net.eval()
    with torch.no_grad():
        return (net(Xte).argmax(1) == yte).float().mean().item()

torch.manual_seed(0)
net = Net()
print('baseline accuracy: %.3f' % fit(net))

# a deeper network with dropout should be better
class Net2(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, 10)
        self.drop = nn.Dropout(0.2)
    def forward(self, x):
        x = self.drop(F.relu(self.fc1(x)))
        x = self.drop(F.relu(self.fc2(x)))
        return self.fc3(x)

net2 = Net()
print('with dropout: %.3f' % fit(net2))
