# expects: nothing
"""The structure of a Lightning module, without the package."""
from collections import defaultdict

import torch
import torch.nn.functional as F
from sklearn.datasets import load_wine
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset, random_split


class WineModule(nn.Module):
    def __init__(self, hidden=20, learning_rate=0.01):
        super().__init__()
        self.learning_rate = learning_rate
        self.l1 = nn.Linear(13, hidden)
        self.bn = nn.BatchNorm1d(hidden)
        self.l2 = nn.Linear(hidden, 3)

    def forward(self, x):
        return self.l2(F.relu(self.bn(self.l1(x))))

    def training_step(self, batch):
        x, y = batch
        return F.cross_entropy(self(x), y)

    def validation_step(self, batch):
        x, y = batch
        logits = self(x)
        return F.cross_entropy(logits, y, reduction="sum").item(), (logits.argmax(1) == y).sum().item(), len(y)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.learning_rate)


class WineData:
    def __init__(self, batch_size=16):
        x, y = load_wine(return_X_y=True)
        x = torch.tensor(x, dtype=torch.float32)
        parts = random_split(range(len(x)), [110, 34, 34], generator=torch.Generator().manual_seed(3))
        rows = list(parts[0])
        dataset = TensorDataset((x - x[rows].mean(0)) / x[rows].std(0), torch.tensor(y))
        self.train, self.val, self.test = (Subset(dataset, list(part)) for part in parts)
        self.batch_size = batch_size

    def train_dataloader(self):
        return DataLoader(self.train, batch_size=self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.val, batch_size=self.batch_size)

    def test_dataloader(self):
        return DataLoader(self.test, batch_size=self.batch_size)


class Trainer:
    def __init__(self, max_epochs):
        self.max_epochs = max_epochs
        self.logged = defaultdict(list)

    def fit(self, module, data):
        optimizer = module.configure_optimizers()
        train_dl, val_dl = data.train_dataloader(), data.val_dataloader()
        for epoch in range(self.max_epochs):
            module.train()
            seen, total = 0, 0.0
            for batch in train_dl:
                loss = module.training_step(batch)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item() * len(batch[1])
                seen += len(batch[1])
            self.logged["train_loss"].append(total / seen)
            val_loss, val_acc = self.run_eval(module, val_dl)
            self.logged["val_loss"].append(val_loss)
            print(f"epoch {epoch}: train_loss {total / seen:.3f}, val_loss {val_loss:.3f}, val_acc {val_acc:.3f}")

    def run_eval(self, module, loader):
        module.eval()
        with torch.no_grad():
            results = [module.validation_step(batch) for batch in loader]
        count = sum(r[2] for r in results)
        return sum(r[0] for r in results) / count, sum(r[1] for r in results) / count

    def test(self, module, data):
        test_loss, test_acc = self.run_eval(module, data.test_dataloader())
        print(f"test_loss {test_loss:.3f}, test_acc {test_acc:.3f}")


torch.manual_seed(12)
module = WineModule()
data = WineData()
trainer = Trainer(max_epochs=8)
trainer.fit(module, data)
trainer.test(module, data)
