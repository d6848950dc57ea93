# expects: nothing
# Early stopping on the validation loss, checkpoint on disk, test at the very end.
import os
import tempfile

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(9)
digits = load_digits()
inputs = torch.tensor(digits.data, dtype=torch.float) / 16
targets = torch.tensor(digits.target)
order = torch.randperm(len(inputs))
inputs, targets = inputs[order], targets[order]


def part(a, b, **kw):
    return DataLoader(TensorDataset(inputs[a:b], targets[a:b]), batch_size=50, **kw)


train_loader, val_loader, test_loader = part(0, 1000, shuffle=True), part(1000, 1400), part(1400, 1797)


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 80)
        self.act = nn.ReLU()
        self.dropout = nn.Dropout(0.25)
        self.fc2 = nn.Linear(80, 10)

    def forward(self, x):
        return self.fc2(self.dropout(self.act(self.fc1(x))))


def evaluate(model, loader):
    model.eval()
    loss_sum, correct = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            out = model(xb)
            loss_sum += criterion(out, yb).item() * xb.shape[0]
            correct += (out.argmax(dim=1) == yb).sum().item()
    n = len(loader.dataset)
    return loss_sum / n, 100.0 * correct / n


model = DigitNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
checkpoint = os.path.join(tempfile.mkdtemp(), "best.pt")

best_loss = float("inf")
patience, bad_epochs = 2, 0
for epoch in range(12):
    model.train()
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    val_loss, val_acc = evaluate(model, val_loader)
    print("epoch %2d  val loss %.4f  val acc %.2f %%" % (epoch, val_loss, val_acc))
    if val_loss < best_loss:
        best_loss = val_loss
        bad_epochs = 0
        torch.save(model.state_dict(), checkpoint)
    else:
        bad_epochs += 1
        if bad_epochs >= patience:
            print("early stopping")
            break

model.load_state_dict(torch.load(checkpoint))
test_loss, test_acc = evaluate(model, test_loader)
print("test loss %.4f  test acc %.2f %%" % (test_loss, test_acc))
