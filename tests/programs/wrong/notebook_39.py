# expects: TR160 TR192
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
d = load_digits()
torch.manual_seed(23)
X = torch.tensor(d.data / 16).float(); Y = torch.tensor(d.target)
k = torch.randperm(len(Y)); X, Y = X[k], Y[k]
trainloader = DataLoader(TensorDataset(X[:1400], Y[:1400]), batch_size=64, shuffle=True)
testloader = DataLoader(TensorDataset(X[1400:], Y[1400:]), batch_size=256)
class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32); self.fc2 = nn.Linear(32, 10); self.do = nn.Dropout(.2)
    def forward(self, x):
        return self.fc2(self.do(torch.relu(self.fc1(x))))
def l1_torch(model, lamb):
    return lamb * sum(p.abs().sum() for p in model.parameters())
def train_model(model, reg, epochs=3):
    opt = optim.Adam(model.parameters(), lr=0.003)
    crit = nn.CrossEntropyLoss()
    train_hist, test_hist = [], []
    for e in range(epochs):
        model.train(); tl = 0
        for x, y in trainloader:
            opt.zero_grad()
            loss = crit(model(x), y)
            if reg: loss = loss + l1_torch(model, 1e-4)
            loss.backward(); opt.step(); tl += loss.item()
        model.eval(); acc = 0
        with torch.no_grad():
            for x, y in testloader:
                acc += (model(x).argmax(1) == y).float().mean().item()
        train_hist.append(tl / len(trainloader)); test_hist.append(acc / len(testloader))
        print(f'epoch {e}: train loss {train_hist[-1]:.4f}, test accuracy {test_hist[-1]:.5f}')
    return train_hist, test_hist
model = Classifier()
print('without regularization'); plain = train_model(model, reg=False)
print('with L1'); l1 = train_model(model, reg=True)
