# expects: TR113
"""Which colour does the blob have? Small RGB images."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

torch.manual_seed(0)


class Blobs(Dataset):
    # a bright red, green or blue square on a background like an evening sky: little red, much blue
    def __init__(self, n, seed, transform):
        rng = np.random.default_rng(seed)
        self.labels = rng.integers(0, 3, n)
        self.images = np.empty((n, 10, 10, 3), dtype=np.uint8)
        self.images[:] = rng.normal([40, 110, 215], 12, (n, 10, 10, 3)).clip(0, 255)
        for image, label, (r, c) in zip(self.images, self.labels, rng.integers(0, 7, (n, 2))):
            image[r:r + 3, c:c + 3] = 60
            image[r:r + 3, c:c + 3, label] = 200
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.transform(self.images[i]), int(self.labels[i])


transform = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize((0.1307,), (0.3081,)),
])
train_loader = DataLoader(Blobs(600, 1, transform), batch_size=32, shuffle=True)
val_loader = DataLoader(Blobs(200, 2, transform), batch_size=50)

model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    model.train()
    train_loss = 0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * len(y) / 600
    model.eval()
    with torch.no_grad():
        correct = sum((model(x).argmax(1) == y).sum().item() for x, y in val_loader)
    print(f"epoch {epoch}: train loss {train_loss:.4f}, validation accuracy {correct / 200 * 100:.1f}%")
