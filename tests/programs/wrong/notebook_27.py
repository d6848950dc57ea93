# expects: TR194 TR180
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits
torch.manual_seed(6)
d = load_digits()
full = TensorDataset(torch.tensor(d.data / 16).float(), torch.tensor(d.target))
a, b, c = random_split(full, [1200, 300, 297])
trainloader, valloader, testloader = DataLoader(a, 64, shuffle=True), DataLoader(b, 64), DataLoader(c, 64)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 32); self.fc2 = nn.Linear(32, 10)
    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=.003)
crit = nn.CrossEntropyLoss()
for epoch in range(3):
    for x, y in trainloader:
        opt.zero_grad()
        loss = crit(net(x), y)
        loss.backward()
        opt.step()
    val_correct = 0
    for x, y in valloader:
        val_correct += (net(x).argmax(1) == y).sum().item()
    print(f'epoch {epoch}: validation accuracy {val_correct / len(b):.4f}')
test_correct = 0
for x, y in testloader:
    test_correct += (net(x).argmax(1) == y).sum().item()
print(f'test accuracy: {val_correct / len(b):.4f}')
