# expects: nothing
import torch
import torch.nn.functional as F
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X).float() / 16, torch.tensor(y)
perm = torch.randperm(len(y)); X, y = X[perm], y[perm]
by_class = [torch.nonzero(y[:1400] == k).flatten() for k in range(10)]
embed = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
opt = torch.optim.Adam(embed.parameters(), lr=3e-3)
for step in range(80):
    classes = torch.randint(10, (48,))
    others = (classes + torch.randint(1, 10, (48,))) % 10
    pick = lambda ks: torch.stack([by_class[k][torch.randint(len(by_class[k]), ())] for k in ks])
    a, pos, neg = (F.normalize(embed(X[pick(k)])) for k in (classes, classes, others))
    loss = F.triplet_margin_loss(a, pos, neg, margin=0.3)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    base, query = F.normalize(embed(X[:1400])), F.normalize(embed(X[1400:]))
    nearest = y[:1400][(query @ base.T).argmax(1)]
print(f"1-NN accuracy {(nearest == y[1400:]).float().mean():.4f}")
