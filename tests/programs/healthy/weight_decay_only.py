# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

torch.manual_seed(19)
data = load_breast_cancer()
ids_train, ids_val = train_test_split(range(len(data.data)), test_size=150, random_state=19, stratify=data.target)
X = torch.tensor(data.data, dtype=torch.float32)
X = (X - X[ids_train].mean(0)) / X[ids_train].std(0)
y = torch.tensor(data.target, dtype=torch.float32).unsqueeze(1)
ds = TensorDataset(X, y)
train_dl = DataLoader(Subset(ds, ids_train), batch_size=32, shuffle=True)
val_dl = DataLoader(Subset(ds, ids_val), batch_size=64)

model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
loss_fn = nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
for epoch in range(8):
    for xb, yb in train_dl:
        loss = loss_fn(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        val_loss, val_hits = 0.0, 0
        for xb, yb in val_dl:
            p = model(xb)
            val_loss += loss_fn(p, yb).item() * len(yb)
            val_hits += ((p > 0.5) == (yb > 0.5)).sum().item()
    scheduler.step(val_loss / len(ids_val))
    print("epoch %d  val loss %.4f  val acc %.1f%%" % (epoch, val_loss / len(ids_val), 100 * val_hits / len(ids_val)))
