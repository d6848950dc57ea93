# expects: TR205
import copy
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(19)
d = load_digits()
x, y = torch.tensor(d.data / 16.).float(), torch.tensor(d.target)
loader = DataLoader(TensorDataset(x[:1400], y[:1400]), batch_size=70, shuffle=True)
class Net(nn.Module):
    def __init__(self, h=40):
        super().__init__()
        self.h = h
        self.body = nn.Sequential(nn.Linear(64, h), nn.ReLU())
        self.head = nn.Linear(h, 10)
    def forward(self, z):
        return self.head(self.body(z))
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
checkpoint = {'hidden': 40, 'state_dict': model.state_dict(), 'optimizer': model.state_dict(), 'epochs': 5}
for epoch in range(5):
    s = 0.0
    for a, b in loader:
        optimizer.zero_grad()
        l = nn.functional.cross_entropy(model(a), b)
        l.backward()
        optimizer.step()
        s += l.item()
    print('epoch {} loss {:.3f}'.format(epoch, s / len(loader)))
torch.save(checkpoint, 'checkpoint.pth')
with torch.no_grad():
    print('acc {:.3f}'.format((model(x[1400:]).argmax(1) == y[1400:]).float().mean().item()))
