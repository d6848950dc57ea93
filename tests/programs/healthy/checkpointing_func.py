# expects: nothing
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.utils.checkpoint import checkpoint
torch.manual_seed(0)
x = torch.randn(256, 8)
y = torch.stack([x[:, 0] * x[:, 1], x[:, 2].sin()], 1)


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(8, 8), nn.Tanh()) for _ in range(4))
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        for b in self.blocks:
            x = x + checkpoint(b, x, use_reentrant=False)
        return self.out(x)


net = Deep()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(40):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    opt.step()
    if step % 10 == 0:
        print(step, f"{loss.item():.4f}")
small = nn.Linear(8, 2)
params = {k: v.detach() for k, v in small.named_parameters()}
per_sample = vmap(grad(lambda p, a, b: ((functional_call(small, p, (a,)) - b) ** 2).mean()), (None, 0, 0))(params, x, y)
print({k: tuple(v.shape) for k, v in per_sample.items()})
