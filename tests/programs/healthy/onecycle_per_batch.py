# expects: nothing
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split
from tqdm.auto import trange

torch.manual_seed(3)
X, y = load_digits(return_X_y=True)
dataset = TensorDataset(torch.tensor((X - 4.9) / 6.0, dtype=torch.float32), torch.tensor(y))
train_ds, val_ds = random_split(dataset, [1400, 397])
train_dl = DataLoader(train_ds, 50, shuffle=True, drop_last=True)
val_dl = DataLoader(val_ds, 100)

model = nn.Sequential(nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 10))
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)
epochs = 5
opt = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.2, epochs=epochs, steps_per_epoch=len(train_dl))

history = {"lr": [], "loss": [], "val_acc": []}
for epoch in trange(epochs):
    model.train()
    loss_sum = 0.0
    for xb, yb in train_dl:
        opt.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        opt.step()
        sched.step()
        loss_sum += loss.item()
    history["lr"].append(sched.get_last_lr()[0])
    history["loss"].append(loss_sum / len(train_dl))
    model.eval()
    hits = 0
    with torch.inference_mode():
        for xb, yb in val_dl:
            hits += (model(xb).argmax(1) == yb).sum().item()
    history["val_acc"].append(hits / len(val_ds))
for key, values in history.items():
    print(key, [round(v, 4) for v in values])
