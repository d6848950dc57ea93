# expects: TR105
import torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits
torch.manual_seed(15)
d = load_digits()
dataset = TensorDataset(torch.tensor(d.data / 16).float(), torch.tensor(d.target))
train_loader = DataLoader(dataset, batch_size=64, shuffle=True)
train_size = int(0.8 * len(dataset))
train_ds, val_ds = random_split(dataset, [train_size, len(dataset) - train_size])
val_loader = DataLoader(val_ds, batch_size=64)
class Clf(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10))
    def forward(self, x): return self.seq(x)
clf = Clf()
opt = torch.optim.AdamW(clf.parameters(), lr=3e-3)
def evaluate(m, dl):
    m.eval(); c = t = 0
    with torch.inference_mode():
        for a, b in dl:
            c += (m(a).argmax(-1) == b).sum().item(); t += b.numel()
    return c / t
for ep in range(5):
    clf.train()
    for a, b in train_loader:
        loss = nn.functional.cross_entropy(clf(a), b)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
    print(f'[{ep}] loss={loss.item():.4f} val_acc={evaluate(clf, val_loader):.4f}')
