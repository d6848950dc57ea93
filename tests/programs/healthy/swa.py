# expects: nothing
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, SWALR, update_bn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X).float() / 16, torch.tensor(y)
p = torch.randperm(len(y))
train = DataLoader(TensorDataset(X[p[:1400]], y[p[:1400]]), batch_size=70, shuffle=True)
Xt, yt = X[p[1400:]], y[p[1400:]]
net = nn.Sequential(nn.Linear(64, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=6)
swa_net, swa_sched = AveragedModel(net), SWALR(opt, swa_lr=0.02)
for epoch in range(8):
    net.train()
    for a, b in train:
        opt.zero_grad()
        nn.functional.cross_entropy(net(a), b).backward()
        opt.step()
    if epoch >= 5:
        swa_net.update_parameters(net)
        swa_sched.step()
    else:
        sched.step()
update_bn(train, swa_net)
for name, m in (("plain", net), ("averaged", swa_net)):
    m.eval()
    with torch.no_grad():
        print(name, f"{(m(Xt).argmax(1) == yt).float().mean():.4f}")
