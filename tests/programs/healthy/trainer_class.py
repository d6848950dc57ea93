# expects: nothing
from pathlib import Path
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits
from tqdm import tqdm


class Trainer:
    def __init__(self, model, criterion, optimizer, out="runs"):
        self.model, self.criterion, self.optimizer = model, criterion, optimizer
        self.best, self.path = float("inf"), Path(out)
        self.path.mkdir(exist_ok=True)
        self.history = []

    def _run(self, loader, train):
        self.model.train(train)
        loss_sum = hits = count = 0
        with torch.set_grad_enabled(train):
            for x, y in tqdm(loader, leave=False, disable=None):
                out = self.model(x)
                loss = self.criterion(out, y)
                if train:
                    self.optimizer.zero_grad()
                    loss.backward()
                    self.optimizer.step()
                loss_sum += loss.item() * y.size(0)
                hits += (out.argmax(1) == y).sum().item()
                count += y.size(0)
        return loss_sum / count, hits / count

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            tl, ta = self._run(train, True)
            vl, va = self._run(valid, False)
            self.history.append((tl, vl))
            print(f"[{epoch + 1}/{epochs}] train {tl:.4f}/{ta:.2%}  valid {vl:.4f}/{va:.2%}")
            if vl < self.best:
                self.best = vl
                torch.save(self.model.state_dict(), self.path / "best.pt")
        self.model.load_state_dict(torch.load(self.path / "best.pt", weights_only=True))

    def test(self, loader):
        loss, acc = self._run(loader, False)
        print(f"test {loss:.4f}/{acc:.2%}")


torch.manual_seed(0)
d = load_digits()
ds = TensorDataset(torch.tensor(d.images).float().unsqueeze(1) / 16, torch.tensor(d.target))
a, b, c = random_split(ds, [1200, 300, 297])
model = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.Dropout2d(0.1), nn.Flatten(), nn.Linear(216, 10))
trainer = Trainer(model, nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), 3e-3))
trainer.fit(DataLoader(a, 40, shuffle=True), DataLoader(b, 100), 4)
trainer.test(DataLoader(c, 100))
