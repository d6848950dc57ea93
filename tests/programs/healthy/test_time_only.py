# expects: nothing
# Train, save, load into a new object, and only then evaluate.
import os
import tempfile

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset


def build():
    return nn.Sequential(nn.Unflatten(1, (1, 8)), nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10))


def data(train):
    d = load_digits()
    order = torch.randperm(1797, generator=torch.Generator().manual_seed(22))
    rows = order[:1350] if train else order[1350:]
    return TensorDataset(torch.tensor(d.images, dtype=torch.float32)[rows] / 16, torch.tensor(d.target)[rows])


def train(path):
    model = build()
    opt = torch.optim.NAdam(model.parameters(), lr=0.004)
    for epoch in range(3):
        for x, y in DataLoader(data(True), batch_size=27, shuffle=True):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
        print("epoch", epoch, "done")
    torch.save({"model": model.state_dict(), "optimizer": opt.state_dict()}, path)


def test(path):
    model = build()
    model.load_state_dict(torch.load(path)["model"])
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for x, y in DataLoader(data(False), batch_size=100):
            correct += model(x).argmax(1).eq(y).sum().item()
            total += y.numel()
    print("Accuracy: {}/{} ({:.0f}%)".format(correct, total, 100. * correct / total))


if __name__ == "__main__":
    torch.manual_seed(22)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "net.pt")
        train(path)
        test(path)
