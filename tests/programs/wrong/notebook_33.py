# expects: TR146
import torch, torch.nn as nn
import matplotlib.pyplot as plt
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
x = torch.rand(400, 1) * 6 - 3
y = torch.sin(x[:, 0]) + 0.1 * torch.randn(400)
loader = DataLoader(TensorDataset(x, y), batch_size=40, shuffle=True)
class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.f1 = nn.Linear(1, 32); self.f2 = nn.Linear(32, 1)
    def forward(self, t):
        return self.f2(torch.tanh(self.f1(t)))
reg = Regressor()
mse = nn.MSELoss()
opt = torch.optim.Adam(reg.parameters(), lr=0.01)
hist = []
for epoch in range(15):
    s = 0
    for xb, yb in loader:
        opt.zero_grad()
        out = reg(xb)
        loss = mse(out, yb)
        loss.backward()
        opt.step()
        s += loss.item()
    hist.append(s / len(loader))
    if epoch % 5 == 0: print(epoch, hist[-1])
plt.plot(hist); plt.ylabel('MSE'); plt.savefig('mse.png')
