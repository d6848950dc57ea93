# expects: TR101 TR180 TR191
# kaggle-style: FashionMNIST-like synthetic pictures
import numpy as np, torch
import torch.nn as nn, torch.nn.functional as F, torch.optim as optim
from torch.utils.data import Dataset, DataLoader
rng = np.random.RandomState(0)
prototypes = rng.rand(5, 1, 12, 12)
def make(n, seed):
    r = np.random.RandomState(seed)
    t = r.randint(0, 5, n)
    return (prototypes[t] + 0.6 * r.randn(n, 1, 12, 12)).astype('float32'), t
class Pictures(Dataset):
    def __init__(self, train):
        self.train = train
        self.x, self.y = make(900 if train else 330, 1 if train else 2)
    def __len__(self): return len(self.y)
    def __getitem__(self, i): return torch.from_numpy(self.x[i]), int(self.y[i])
train_set, test_set = Pictures(True), Pictures(False)
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
test_loader = DataLoader(test_set, batch_size=32, shuffle=True)
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 4, 3); self.c2 = nn.Conv2d(4, 8, 3); self.f = nn.Linear(8 * 2 * 2, 5)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(F.pad(x, (0, 1, 0, 1)))), 2)
        return self.f(torch.flatten(x, 1))
torch.manual_seed(0)
model = ConvNet(); opt = optim.Adam(model.parameters(), lr=0.005); lf = nn.CrossEntropyLoss()
epochs, best = 5, 0
train_l, val_l = [], []
for epoch in range(epochs):
    tot = 0
    for x, y in train_loader:
        opt.zero_grad(); l = lf(model(x), y); l.backward(); opt.step(); tot += l.item()
    correct, vt = 0, 0
    model.eval()
    for x, y in test_loader:
        out = model(x)
        vt += lf(out, y).item()
        correct += out.argmax(1).eq(y).sum().item()
    model.train()
    train_l.append(tot / len(train_loader)); val_l.append(vt / len(test_loader))
    print('Epoch %d train %.3f val %.3f val accuracy %.2f' % (epoch, train_l[-1], val_l[-1], correct / len(test_loader)))
    if correct > best:
        best = correct
        torch.save(model.state_dict(), 'best_model.pth')
        print('saved')
