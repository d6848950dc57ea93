# expects: nothing
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X).float().reshape(-1, 1, 8, 8) / 16, torch.tensor(y)
p = torch.randperm(len(y)); X, y = X[p], y[p]


class ResBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv1 = weight_norm(nn.Conv2d(c, c, 3, padding=1))
        self.conv2 = spectral_norm(nn.Conv2d(c, c, 3, padding=1))
        self.gn = nn.GroupNorm(2, c)

    def forward(self, x):
        return torch.relu(x + self.conv2(torch.relu(self.gn(self.conv1(x)))))


net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), ResBlock(8), ResBlock(8), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 10))
for m in net.modules():
    if isinstance(m, nn.Linear):
        nn.init.kaiming_normal_(m.weight)
        nn.init.zeros_(m.bias)
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(2):
    net.train()
    for a, b in DataLoader(TensorDataset(X[:600], y[:600]), batch_size=60, shuffle=True):
        opt.zero_grad(); loss = nn.functional.cross_entropy(net(a), b); loss.backward(); opt.step()
    net.eval()
    with torch.no_grad():
        print(f"epoch {epoch} accuracy {(net(X[1400:]).argmax(1) == y[1400:]).float().mean().item():.2%}")
