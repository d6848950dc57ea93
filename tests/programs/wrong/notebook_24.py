# expects: TR168
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(4)
x = torch.randn(600, 10)
y = (x[:, :3].sum(1) + 1.5 * torch.randn(600) > 0).long()
tr = DataLoader(TensorDataset(x[:300], y[:300]), batch_size=20, shuffle=True)
va = DataLoader(TensorDataset(x[300:450], y[300:450]), batch_size=50)
net = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss()
best_loss = 1e9
counter = 0
patience = 5
for epoch in range(60):
    net.train()
    for a, b in tr:
        opt.zero_grad()
        ce(net(a), b).backward()
        opt.step()
    net.eval()
    v = 0.0
    with torch.no_grad():
        for a, b in va:
            v += ce(net(a), b).item() * len(a)
    v /= 150
    print(f'epoch {epoch}: val loss {v:.4f}')
    if v < best_loss:
        best_loss = v
        torch.save(net.state_dict(), 'checkpoint.pt')
    else:
        counter += 1
        print(f'EarlyStopping counter: {counter} out of {patience}')
    if counter >= patience:
        print('Early stopping')
        break
