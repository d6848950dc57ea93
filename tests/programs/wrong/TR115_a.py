# expects: TR115
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(14)
rng = np.random.default_rng(14)

# colour photographs as an image library gives them: (N, height, width, channel)
n = 700
labels = rng.integers(0, 4, n)
photos = rng.uniform(0, 0.4, (n, 12, 12, 3)).astype(np.float32)
for photo, label in zip(photos, labels):
    r, c = rng.integers(1, 7, 2)
    channel = label // 2
    if label % 2:
        photo[r:r + 5, c + 2, channel] += 0.6    # vertical bar
    else:
        photo[r + 2, c:c + 5, channel] += 0.6    # horizontal bar

images = torch.from_numpy(photos).view(n, 3, 12, 12)
images = (images - 0.22) / 0.17
train_ds, val_ds = random_split(TensorDataset(images, torch.from_numpy(labels)), [500, 200])
train_dl = DataLoader(train_ds, batch_size=25, shuffle=True)
val_dl = DataLoader(val_ds, batch_size=50)

model = nn.Sequential(
    nn.Conv2d(3, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3),
    nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(1),
    nn.Flatten(), nn.Linear(16, 4),
)
loss_fn = nn.CrossEntropyLoss()
opt = optim.Adam(model.parameters(), lr=5e-3)

for epoch in range(5):
    model.train()
    total = 0.0
    for xb, yb in train_dl:
        loss = loss_fn(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    model.eval()
    hits = 0
    with torch.no_grad():
        for xb, yb in val_dl:
            hits += (model(xb).argmax(1) == yb).sum().item()
    print("epoch {} loss {:.3f} accuracy {:.1%}".format(epoch, total / len(train_ds), hits / len(val_ds)))

image, label = val_ds[0]
plt.imshow((image * 0.17 + 0.22).clip(0, 1).permute(1, 2, 0))
plt.title(f"label {label}")
