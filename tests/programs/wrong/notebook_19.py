# expects: TR142
import torch, torch.nn as nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(13)
X, y = load_digits(return_X_y=True)
ds = TensorDataset(torch.tensor(X / 16.0).float(), torch.tensor(y))
train, test = torch.utils.data.random_split(ds, [1500, 297])
tl = DataLoader(train, batch_size=30, shuffle=True); el = DataLoader(test, batch_size=297)
model = nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Linear(40, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
scheduler = StepLR(optimizer, step_size=5, gamma=0.5)   # halve every 5 epochs
num_epochs = 10
for epoch in range(num_epochs):
    model.train()
    run = 0.
    for x, t in tl:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        scheduler.step()
        run += loss.item()
    model.eval()
    with torch.no_grad():
        x, t = next(iter(el))
        a = (model(x).argmax(1) == t).float().mean().item()
    print(f'{epoch:3d} loss {run / len(tl):.4f} acc {a:.4f}')
