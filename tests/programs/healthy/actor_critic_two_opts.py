# expects: nothing
import torch
from torch import nn
torch.manual_seed(0)
actor = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 2))
critic = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
opt_a = torch.optim.Adam(actor.parameters(), lr=1e-2)
opt_c = torch.optim.Adam(critic.parameters(), lr=2e-2)
for update in range(30):
    states = torch.randn(64, 3)
    dist = torch.distributions.Categorical(logits=actor(states))
    actions = dist.sample()
    rewards = ((states[:, 0] > 0).long() == actions).float()
    values = critic(states).squeeze(-1)
    advantage = (rewards - values).detach()
    critic_loss = nn.functional.mse_loss(values, rewards)
    actor_loss = -(dist.log_prob(actions) * advantage).mean() - 0.01 * dist.entropy().mean()
    opt_c.zero_grad(); critic_loss.backward(); opt_c.step()
    opt_a.zero_grad(); actor_loss.backward(); opt_a.step()
    if update % 10 == 9:
        print(f"update {update + 1}: mean reward {rewards.mean().item():.3f}, critic loss {critic_loss.item():.3f}")
