# expects: nothing
"""A Lightning module; says so and ends where the package is absent."""
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

try:
    import lightning as L
except ImportError:
    print("lightning is not installed")
    sys.exit()


class LitDigits(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Dropout(0.1), nn.Linear(40, 10))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self.net(x), y)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        out = self.net(x)
        self.log("val_loss", F.cross_entropy(out, y))
        self.log("val_acc", (out.argmax(1) == y).float().mean())

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.005)


L.seed_everything(23)
d = load_digits()
p = torch.randperm(1797)
x, y = torch.tensor(d.data, dtype=torch.float32)[p] / 16, torch.tensor(d.target)[p]
trainer = L.Trainer(max_epochs=3, logger=False, enable_checkpointing=False, enable_progress_bar=False,
                    enable_model_summary=False, accelerator="cpu")
trainer.fit(LitDigits(), DataLoader(TensorDataset(x[:1300], y[:1300]), 50, shuffle=True),
            DataLoader(TensorDataset(x[1300:], y[1300:]), 100))
print({k: round(v.item(), 4) for k, v in trainer.callback_metrics.items()})
