# expects: TR182 TR180
import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, Subset, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(30)
X, y = load_digits(return_X_y=True)
ds = TensorDataset(torch.as_tensor(X, dtype=torch.float32) / 16, torch.as_tensor(y))
order = torch.randperm(len(ds)).tolist()
trainloader = DataLoader(Subset(ds, order[:1100]), batch_size=32, shuffle=True)
validloader = DataLoader(Subset(ds, order[1100:1450]), batch_size=32)
testloader = DataLoader(Subset(ds, order[1450:]), batch_size=16)
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = nn.Linear(64, 32); self.o = nn.Linear(32, 10)
    def forward(self, x):
        return F.log_softmax(self.o(F.relu(self.h(x))), dim=-1)
m = M()
opt = optim.Adam(m.parameters(), lr=.004)
crit = nn.NLLLoss()
tr_losses, va_losses = [], []
for ep in range(4):
    tot = 0
    m.train()
    for a, b in trainloader:
        opt.zero_grad()
        l = crit(m(a), b)
        l.backward()
        opt.step()
        tot += l.item()
    vtot, hits = 0, 0
    m.eval()
    for a, b in validloader:
        o = m(a)
        vtot += crit(o, b).item()
        hits += (o.argmax(1) == b).sum().item()
    tr_losses.append(tot / len(trainloader))
    va_losses.append(vtot / len(testloader))
    print("Epoch: {}".format(ep + 1), "Training Loss: {:.3f}".format(tr_losses[-1]),
          "Validation Loss: {:.3f}".format(va_losses[-1]), "Accuracy: {:.3f}".format(hits / 350))
