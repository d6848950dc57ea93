# expects: nothing
# A tiny GAN with two optimizers: the generator learns a ring of points.
import math

import torch
from torch import nn

torch.manual_seed(8)


def real_points(n):
    angle = 2 * math.pi * torch.rand(n)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(n, 2)


generator = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(0.2), nn.Linear(32, 2))
discriminator = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
opt_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

for step in range(250):
    # discriminator: real against fake
    fake = generator(torch.randn(64, 4))
    loss_d = bce(discriminator(real_points(64)), ones) + bce(discriminator(fake.detach()), zeros)
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    # generator: fool the discriminator
    loss_g = bce(discriminator(fake), ones)
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 50 == 0:
        print(f"step {step}: D {loss_d.item():.3f}  G {loss_g.item():.3f}")

with torch.no_grad():
    radius = generator(torch.randn(500, 4)).norm(dim=1)
print(f"radius of the generated points: {radius.mean():.2f} +- {radius.std():.2f}")
