# expects: TR162 TR101
from collections import defaultdict
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(21)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 16 * 2 - 1
Y = torch.tensor(d.target)
p = torch.randperm(len(Y))
train_data = TensorDataset(X[p[:1400]], Y[p[:1400]])
test_data = TensorDataset(X[p[1400:]], Y[p[1400:]])
train_loader = DataLoader(train_data, batch_size=64, shuffle=True)
test_loader = DataLoader(test_data, batch_size=64)
class FC(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 50)
        self.b = nn.Linear(50, 10)
    def forward(self, x):
        return self.b(torch.relu(self.a(x)))
model = FC()
crit = nn.CrossEntropyLoss()
opt = torch.optim.Adam(model.parameters())
log = defaultdict(list)
best = float('inf')
patience = 0
for epoch in range(6):
    model.train()
    running = 0
    for x, y in train_loader:
        opt.zero_grad()
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
        running += loss.item()
    model.eval()
    test_running = 0
    with torch.no_grad():
        for x, y in test_loader:
            test_running += crit(model(x), y).item()
    log['train'].append(running / len(train_loader.dataset))
    log['valid'].append(test_running / len(test_loader.dataset))
    print('Epoch:', epoch, 'Training Loss:', log['train'][-1], 'Validation Loss:', log['valid'][-1])
    if log['valid'][-1] < best:
        best = log['valid'][-1]
        torch.save(model.state_dict(), 'model.pt')
        patience = 0
    else:
        patience += 1
        if patience > 2:
            break
plt.plot(log['train'], label='train'); plt.plot(log['valid'], label='valid'); plt.legend()
plt.savefig('x.png')
model.load_state_dict(torch.load('model.pt'))
ok = 0
with torch.no_grad():
    for x, y in test_loader:
        ok += (model(x).argmax(1) == y).sum().item()
print(f'Test accuracy {ok / len(test_data):.2%}')
