# expects: nothing
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

# Which digits have a loop? A yes or no for each image: 0, 6, 8 and 9 have one.
torch.manual_seed(31)
digits = load_digits()
x = torch.FloatTensor(digits.data) / 8 - 1
y = torch.FloatTensor([[float(t in (0, 6, 8, 9))] for t in digits.target])
perm = torch.randperm(len(x))
train, valid = perm[:1300], perm[1300:]
loader = DataLoader(TensorDataset(x[train], y[train]), batch_size=50, shuffle=True)


class LoopNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.layers(x)


model = LoopNet()
loss_function = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(6):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = loss_function(model(xb), yb)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        out = model(x[valid])
        valid_loss = loss_function(out, y[valid]).item()
        correct = ((out > 0).float() == y[valid]).sum().item()
    print("Epoch {}: valid loss {:.4f}, {} of {} correct ({:.1f}%)".format(
        epoch + 1, valid_loss, correct, len(valid), 100 * correct / len(valid)))
