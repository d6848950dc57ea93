# expects: nothing
import logging
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("train")
torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
p = torch.randperm(len(y))
X, y = (torch.tensor(X).float() / 16)[p], torch.tensor(y)[p]
train = DataLoader(TensorDataset(X[:1200], y[:1200]), batch_size=60, shuffle=True)
val = DataLoader(TensorDataset(X[1200:1500], y[1200:1500]), batch_size=100)
test = DataLoader(TensorDataset(X[1500:], y[1500:]), batch_size=100)
net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.SiLU(), nn.Linear(64, 10))
decay = [q for q in net.parameters() if q.ndim > 1]
rest = [q for q in net.parameters() if q.ndim <= 1]
opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=3e-3)
steps = 5 * len(train)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / 10) * max(0.05, 1 - s / steps))


def evaluate(loader):
    net.eval()
    loss = right = count = 0
    with torch.no_grad():
        for a, b in loader:
            out = net(a)
            loss += nn.functional.cross_entropy(out, b, reduction="sum").item()
            right += out.argmax(1).eq(b).sum().item()
            count += len(b)
    return loss / count, right / count


for epoch in range(5):
    net.train()
    for a, b in train:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(a), b, label_smoothing=0.1)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        sched.step()
    log.info("epoch %d: val loss %.4f, val accuracy %.4f", epoch, *evaluate(val))
log.info("test loss %.4f, test accuracy %.4f", *evaluate(test))
