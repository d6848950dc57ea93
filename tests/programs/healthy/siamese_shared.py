# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from sklearn.datasets import load_digits
torch.manual_seed(0)
d = load_digits()
X, y = torch.tensor(d.data).float() / 16, torch.tensor(d.target)


class Pairs(Dataset):
    def __init__(self, low, high, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.i, self.j = torch.randint(low, high, (2, n), generator=g)
    def __len__(self):
        return len(self.i)
    def __getitem__(self, k):
        return X[self.i[k]], X[self.j[k]], (y[self.i[k]] == y[self.j[k]]).float()


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Linear(40, 12))
        self.scale = nn.Parameter(torch.tensor(1.0)); self.shift = nn.Parameter(torch.tensor(0.0))
    def forward(self, a, b):
        return self.shift - self.scale * (self.trunk(a) - self.trunk(b)).pow(2).sum(1)


net = Siamese()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
loss_fn = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(9.0))
for epoch in range(3):
    for a, b, t in DataLoader(Pairs(0, 1400, 600, epoch), 50, shuffle=True):
        opt.zero_grad(); loss = loss_fn(net(a, b), t); loss.backward(); opt.step()
    with torch.no_grad():
        hits = total = 0
        for a, b, t in DataLoader(Pairs(1400, 1797, 200, 77), 50):
            hits += ((net(a, b) > 0).float() == t).sum().item(); total += len(t)
    print(f"epoch {epoch}: pair accuracy {hits / total:.3f}")
