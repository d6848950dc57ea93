# expects: nothing
import copy
import math
import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 1))
for task in range(25):
    phase, amp = 3.14 * torch.rand(1), 0.5 + torch.rand(1)
    x = 6 * torch.rand(20, 1) - 3
    y = amp * torch.sin(x + phase)
    fast = copy.deepcopy(net)
    opt = torch.optim.SGD(fast.parameters(), lr=0.02)
    for _ in range(6):
        opt.zero_grad()
        loss = nn.functional.mse_loss(fast(x), y)
        loss.backward()
        opt.step()
    with torch.no_grad():
        for p, q in zip(net.parameters(), fast.parameters()):
            p += 0.3 * (q - p)
    if task % 8 == 0:
        print(f"task {task}: loss after adaptation {loss.item():.3f}")
