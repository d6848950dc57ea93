# expects: nothing
import numpy as np
import torch
from sklearn.datasets import load_iris
from torch import nn, optim

# Mean squared error on one-hot targets: unusual, but it works.
rng = np.random.default_rng(27)
torch.manual_seed(27)
features, species = load_iris(return_X_y=True)
order = rng.permutation(150)
features, species = features[order], species[order]
features = (features - features[:105].mean(0)) / features[:105].std(0)
x = torch.from_numpy(features).float()
t = torch.from_numpy(np.eye(3, dtype=np.float32)[species])

net = nn.Sequential(nn.Linear(4, 10), nn.Tanh(), nn.Linear(10, 3))
optimizer = optim.Adam(net.parameters(), lr=0.02)
errors = []
for epoch in range(80):
    optimizer.zero_grad()
    error = nn.functional.mse_loss(net(x[:105]), t[:105])
    error.backward()
    optimizer.step()
    errors.append(error.item())
print("error: first {:.4f}, last {:.4f}".format(errors[0], errors[-1]))
with torch.no_grad():
    guess = net(x[105:]).argmax(dim=1).numpy()
print("test accuracy: {:.1f} %".format(100 * np.mean(guess == species[105:])))
