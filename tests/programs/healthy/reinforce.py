# expects: nothing
"""REINFORCE on a corridor: walk right to the goal."""
import torch
from torch import nn
torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 2))
opt = torch.optim.Adam(policy.parameters(), lr=0.02)
eye = torch.eye(6)
baseline = 0.0
returns = []
for episode in range(60):
    state, logs, reward = 0, [], 0.0
    for step in range(20):
        dist = torch.distributions.Categorical(logits=policy(eye[state]))
        action = dist.sample()
        logs.append(dist.log_prob(action))
        state = max(0, state + (1 if action == 1 else -1))
        reward -= 0.1
        if state == 5:
            reward += 2.0
            break
    advantage = reward - baseline
    baseline += 0.1 * (reward - baseline)
    loss = -torch.stack(logs).sum() * advantage
    opt.zero_grad()
    loss.backward()
    opt.step()
    returns.append(reward)
    if episode % 20 == 19:
        print(f"episode {episode + 1}: mean return {sum(returns[-20:]) / 20:.3f}")
