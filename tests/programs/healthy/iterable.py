# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __init__(self, n, seed):
        self.n, self.seed = n, seed

    def __iter__(self):
        g = torch.Generator().manual_seed(self.seed)
        for _ in range(self.n):
            x = torch.randn(5, generator=g)
            yield x, (x.sum() + 0.1 * torch.randn((), generator=g)).unsqueeze(0)


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(4):
    seen, total = 0, 0.0
    for x, y in DataLoader(Stream(300, epoch), batch_size=25):
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += len(x)
        total += loss.item() * len(x)
    with torch.no_grad():
        errors = [((net(x) - y) ** 2).mean().item() for x, y in DataLoader(Stream(100, 99), batch_size=50)]
    print(f"epoch {epoch}: train mse {total / seen:.4f}, fresh mse {sum(errors) / len(errors):.4f}")
