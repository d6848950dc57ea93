# expects: TR163 TR166
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
rng = np.random.default_rng(0)
X = rng.normal(size=(900, 12)).astype(np.float32)
w = rng.normal(size=(12, 4))
y = (X @ w + .3 * rng.normal(size=(900, 4))).argmax(1)
ds = TensorDataset(torch.from_numpy(X[:700]), torch.from_numpy(y[:700]))
vs = TensorDataset(torch.from_numpy(X[700:]), torch.from_numpy(y[700:]))
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 4))
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.005)
lossfn = nn.CrossEntropyLoss()
train_losses, val_losses = [], []
for epoch in range(6):
    model.train()
    running_loss = 0
    for inp, lab in DataLoader(ds, batch_size=35, shuffle=True):
        optimizer.zero_grad()
        loss = lossfn(model(inp), lab)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    train_losses.append(running_loss)
    model.eval()
    with torch.no_grad():
        for inp, lab in DataLoader(vs, batch_size=25):
            val_loss = lossfn(model(inp), lab)
    val_losses.append(val_loss.item())
    print(f"Epoch {epoch}: train loss {running_loss:.4f}, val loss {val_loss.item():.4f}")
plt.figure(figsize=(6, 4))
plt.plot(train_losses, label="Training loss")
plt.plot(val_losses, label="Validation loss")
plt.legend(frameon=False)
plt.savefig("loss.png")
