# expects: TR120 TR190
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
import numpy as np
from sklearn.datasets import load_digits
np.random.seed(0); torch.manual_seed(0)
ds = load_digits()
idx = np.random.permutation(len(ds.data))
X, Y = ds.data[idx] / 16., ds.target[idx]
tr = TensorDataset(torch.Tensor(X[:1400]), torch.LongTensor(Y[:1400]))
te = TensorDataset(torch.Tensor(X[1400:]), torch.LongTensor(Y[1400:]))

class Net(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes):
        super().__init__()
        self.l1 = nn.Linear(input_size, hidden_size)
        self.relu = nn.ReLU()
        self.l2 = nn.Linear(hidden_size, num_classes)
    def forward(self, x):
        out = self.relu(self.l1(x))
        return F.softmax(self.l2(out), dim=1)

net = Net(64, 100, 10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
for epoch in range(6):
    for i, (a, b) in enumerate(DataLoader(tr, batch_size=100, shuffle=True)):
        outputs = net(a)
        loss = criterion(outputs, b)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (i + 1) % 7 == 0:
            print('Epoch [%d/%d], Step [%d/%d], Loss: %.4f' % (epoch + 1, 6, i + 1, 14, loss.item()))
with torch.no_grad():
    good = 0
    for a, b in DataLoader(te, batch_size=100):
        good += (net(a).max(1)[1] == b).sum().item()
print('Test accuracy: {} %'.format(good / len(te)))
