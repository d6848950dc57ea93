# expects: nothing
import copy
import random
from collections import deque
import torch
from torch import nn
random.seed(0); torch.manual_seed(0)
q = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 2))
target = copy.deepcopy(q)
opt = torch.optim.RMSprop(q.parameters(), lr=2e-3)
memory = deque(maxlen=500)
state = torch.randn(4)
loss_fn = nn.SmoothL1Loss()
rewards = 0.0
for t in range(300):
    eps = max(0.05, 1 - t / 150)
    with torch.no_grad():
        action = random.randrange(2) if random.random() < eps else int(q(state).argmax())
    reward = float((state[0] > 0) == (action == 1))
    rewards += reward
    nxt = torch.randn(4)
    memory.append((state, action, reward, nxt))
    state = nxt
    if len(memory) >= 64:
        s, a, r, n = zip(*random.sample(memory, 32))
        s, n = torch.stack(s), torch.stack(n)
        a, r = torch.tensor(a), torch.tensor(r)
        value = q(s).gather(1, a[:, None]).squeeze(1)
        with torch.no_grad():
            goal = r + 0.5 * target(n).max(1).values
        loss = loss_fn(value, goal)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if t % 50 == 49:
        target.load_state_dict(q.state_dict())
        print(f"step {t + 1} reward of the last 50 steps {rewards:.0f}")
        rewards = 0.0
