# expects: nothing
"""log_softmax in the network and CrossEntropyLoss: the second one changes nothing."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset

torch.manual_seed(7)
d = load_digits()
ds = TensorDataset(torch.tensor(d.data / 16, dtype=torch.float32), torch.tensor(d.target))
perm = torch.randperm(len(ds)).tolist()
train_loader = DataLoader(ds, batch_size=30, sampler=SubsetRandomSampler(perm[:1350]))
valid_loader = DataLoader(ds, batch_size=149, sampler=SubsetRandomSampler(perm[1350:]))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 60)
        self.b = nn.Linear(60, 10)

    def forward(self, x):
        return F.log_softmax(self.b(torch.relu(self.a(x))), dim=1)


model = Model()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.002)
for epoch in range(1, 6):
    train_loss = valid_loss = valid_hits = 0.0
    for x, y in train_loader:
        loss = criterion(model.forward(x), y)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    with torch.no_grad():
        for x, y in valid_loader:
            out = model.forward(x)
            valid_loss += criterion(out, y).item()
            valid_hits += (out.argmax(1) == y).sum().item()
    print("%d: train %.4f valid %.4f accuracy %.2f %%" % (
        epoch, train_loss / len(train_loader), valid_loss / len(valid_loader), 100 * valid_hits / 447))
