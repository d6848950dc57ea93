# expects: nothing
"""One network, two heads: which digit, and how much ink?"""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset


class InkDigits(Dataset):
    def __init__(self, rows):
        d = load_digits()
        self.x = torch.tensor(d.data[rows], dtype=torch.float32) / 16
        self.digit = torch.tensor(d.target[rows])
        self.ink = (self.x.mean(1, keepdim=True) - 0.305) / 0.045

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return {"x": self.x[i], "digit": self.digit[i], "ink": self.ink[i]}


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 48), nn.ELU())
        self.digit = nn.Linear(48, 10)
        self.ink = nn.Linear(48, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.digit(h), self.ink(h)


torch.manual_seed(24)
order = torch.randperm(1797).numpy()
train_dl = DataLoader(InkDigits(order[:1400]), batch_size=50, shuffle=True)
val_dl = DataLoader(InkDigits(order[1400:]), batch_size=100)
net = TwoHeads()
ce, mse = nn.CrossEntropyLoss(), nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
for epoch in range(5):
    net.train()
    for batch in train_dl:
        scores, ink = net(batch["x"])
        loss = ce(scores, batch["digit"]) + 0.5 * mse(ink, batch["ink"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    hits = squared = count = 0
    with torch.no_grad():
        for batch in val_dl:
            scores, ink = net(batch["x"])
            hits += (scores.argmax(1) == batch["digit"]).sum().item()
            squared += ((ink - batch["ink"]) ** 2).sum().item()
            count += len(ink)
    print(f"epoch {epoch}: digit accuracy {hits / count:.3f}, ink MSE {squared / count:.4f}")
