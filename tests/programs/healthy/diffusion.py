# expects: nothing
import torch
from torch import nn
torch.manual_seed(0)
angle = torch.rand(1000) * 6.283
points = torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(1000, 2)
T = 20
beta = torch.linspace(1e-3, 0.2, T)
abar = torch.cumprod(1 - beta, 0)
net = nn.Sequential(nn.Linear(3, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 2))
ema = [p.detach().clone() for p in net.parameters()]
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
losses = []
for it in range(150):
    x0 = points[torch.randint(1000, (128,))]
    t = torch.randint(T, (128,))
    noise = torch.randn_like(x0)
    xt = abar[t].sqrt()[:, None] * x0 + (1 - abar[t]).sqrt()[:, None] * noise
    pred = net(torch.cat([xt, t[:, None] / T], 1))
    loss = ((pred - noise) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        for e, p in zip(ema, net.parameters()):
            e.lerp_(p, 0.05)
    losses.append(loss.item())
    if it % 50 == 49:
        print(f"{it + 1}: mean loss of the last 50 iterations {sum(losses[-50:]) / 50:.4f}")
with torch.no_grad():
    x = torch.randn(64, 2)
    for s in reversed(range(T)):
        eps = net(torch.cat([x, torch.full((64, 1), s / T)], 1))
        x = (x - beta[s] / (1 - abar[s]).sqrt() * eps) / (1 - beta[s]).sqrt()
        if s:
            x = x + beta[s].sqrt() * torch.randn_like(x)
print("radius", x.norm(dim=1).mean().item())
