# expects: nothing
"""Trainer class with a progress bar and a history dictionary."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm


class DigitsDataset(Dataset):
    def __init__(self, x, y):
        self.x = torch.as_tensor(x, dtype=torch.float32)
        self.y = torch.as_tensor(y, dtype=torch.long)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class MLP(nn.Module):
    def __init__(self, n_in=64, n_hidden=64, n_out=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(n_in, n_hidden),
            nn.BatchNorm1d(n_hidden),
            nn.ReLU(),
            nn.Linear(n_hidden, n_hidden),
            nn.BatchNorm1d(n_hidden),
            nn.ReLU(),
        )
        self.head = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        h = self.net(x)
        return self.head(h)


class Trainer:
    def __init__(self, model, lr=1e-3):
        self.model = model
        self.loss_fn = nn.CrossEntropyLoss()
        self.opt = torch.optim.AdamW(model.parameters(), lr=lr)
        self.history = {"train_loss": [], "val_loss": [], "val_acc": []}

    def fit(self, train_dl, val_dl, epochs):
        for epoch in range(epochs):
            train_loss = self._train_epoch(train_dl, epoch)
            val_loss, val_acc = self.validate(val_dl)
            self.history["train_loss"].append(train_loss)
            self.history["val_loss"].append(val_loss)
            self.history["val_acc"].append(val_acc)
            print(f"[{epoch}] loss={train_loss:.4f} val_loss={val_loss:.4f} val_acc={val_acc:.4f}")

    def _train_epoch(self, dl, epoch):
        self.model.train()
        losses = []
        sizes = []
        for xb, yb in tqdm(dl, desc=f"epoch {epoch}", leave=False):
            self.opt.zero_grad(set_to_none=True)
            out = self.model(xb)
            loss = self.loss_fn(out, yb)
            loss.backward()
            self.opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        return float(np.average(losses, weights=sizes))

    @torch.inference_mode()
    def validate(self, dl):
        self.model.eval()
        total, correct, n = 0.0, 0, 0
        for xb, yb in dl:
            out = self.model(xb)
            total += self.loss_fn(out, yb).item() * len(xb)
            correct += int((out.argmax(-1) == yb).sum())
            n += len(xb)
        return total / n, correct / n


torch.manual_seed(3)
rng = np.random.default_rng(3)
X, y = load_digits(return_X_y=True)
order = rng.permutation(len(X))
train, val, test = order[:1100], order[1100:1450], order[1450:]
mean, std = X[train].mean(), X[train].std()
X = (X - mean) / std

train_dl = DataLoader(DigitsDataset(X[train], y[train]), batch_size=50, shuffle=True)
val_dl = DataLoader(DigitsDataset(X[val], y[val]), batch_size=100)
test_dl = DataLoader(DigitsDataset(X[test], y[test]), batch_size=100)

model = MLP()
trainer = Trainer(model, lr=2e-3)
trainer.fit(train_dl, val_dl, epochs=5)
test_loss, test_acc = trainer.validate(test_dl)
print(f"test_loss={test_loss:.4f} test_acc={test_acc:.4f}")
