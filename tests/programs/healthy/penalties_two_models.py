# expects: nothing
"""Regularisation: the same network with an L1 and with an L2 penalty."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

DIGITS = load_digits()


def make_loaders():
    x = torch.tensor(DIGITS.data / 16, dtype=torch.float32)
    y = torch.tensor(DIGITS.target)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(6))
    x, y = x[order], y[order]
    return (DataLoader(TensorDataset(x[:900], y[:900]), batch_size=45, shuffle=True),
            DataLoader(TensorDataset(x[900:1300], y[900:1300]), batch_size=100))


def make_model():
    return nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Linear(40, 10))


def l1_penalty(model, lamb):
    total = 0.0
    for p in model.parameters():
        total = total + p.abs().sum()
    return lamb * total


def l2_penalty(model, lamb):
    total = 0.0
    for p in model.parameters():
        total = total + (p ** 2).sum()
    return lamb * total


def train_model(penalty, lamb, epochs=5):
    torch.manual_seed(6)
    train_loader, val_loader = make_loaders()
    model = make_model()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    for epoch in range(epochs):
        model.train()
        train_loss = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            data_loss = criterion(model(x), y)
            loss = data_loss + penalty(model, lamb)
            loss.backward()
            optimizer.step()
            train_loss += data_loss.item() * len(x)
        train_loss /= len(train_loader.dataset)
        model.eval()
        val_loss, val_hits = 0.0, 0
        with torch.no_grad():
            for x, y in val_loader:
                out = model(x)
                val_loss += criterion(out, y).item() * len(x)
                val_hits += (out.argmax(1) == y).sum().item()
        val_loss /= len(val_loader.dataset)
    print(f"{penalty.__name__:11s} lambda={lamb}: train loss {train_loss:.4f}  val loss {val_loss:.4f}  "
          f"val accuracy {val_hits / len(val_loader.dataset):.1%}")
    return model


for penalty, lamb in [(l1_penalty, 0.0005), (l2_penalty, 0.001)]:
    trained = train_model(penalty, lamb)
