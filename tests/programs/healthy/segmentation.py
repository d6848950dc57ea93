# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
n = 160
yy, xx = torch.meshgrid(torch.arange(16), torch.arange(16), indexing="ij")
c = torch.randint(4, 12, (n, 2))
mask = ((yy - c[:, 0, None, None]) ** 2 + (xx - c[:, 1, None, None]) ** 2 < 12).long()
images = mask.unsqueeze(1).float() + 0.5 * torch.randn(n, 1, 16, 16)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())
        self.deep = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2))
        self.head = nn.Conv2d(24, 2, 1)

    def forward(self, x):
        a = self.down(x)
        return self.head(torch.cat([a, self.deep(a)], 1))


net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for epoch in range(4):
    net.train()
    for x, t in DataLoader(TensorDataset(images[:120], mask[:120]), batch_size=20, shuffle=True):
        loss = nn.functional.cross_entropy(net(x), t)
        opt.zero_grad(); loss.backward(); opt.step()
    net.eval()
    with torch.no_grad():
        p = net(images[120:]).argmax(1)
        inter, union = ((p == 1) & (mask[120:] == 1)).sum(), ((p == 1) | (mask[120:] == 1)).sum()
    print(f"epoch {epoch}: pixel accuracy {(p == mask[120:]).float().mean():.4f}, IoU {inter / union:.4f}")
