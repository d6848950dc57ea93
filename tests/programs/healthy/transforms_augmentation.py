# expects: nothing
# Data augmentation with torchvision transforms.
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split
from torchvision import transforms

torch.manual_seed(13)

train_transform = transforms.Compose([
    transforms.ToTensor(),
    transforms.RandomAffine(degrees=10, translate=(0.1, 0.1)),
    transforms.Normalize((0.3,), (0.37,)),
])
test_transform = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize((0.3,), (0.37,)),
])


class DigitImages(Dataset):
    """The digits in the manner of torchvision.datasets.MNIST."""

    def __init__(self, train=True, transform=None):
        digits = load_digits()
        rows = slice(0, 1400) if train else slice(1400, None)
        self.data = (digits.images[rows] * 15.9375).round().astype(np.uint8)
        self.targets = digits.target[rows]
        self.transform = transform

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        image = self.data[index][:, :, None]
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.targets[index])


train_ids, val_ids = random_split(range(1400), [1100, 300], generator=torch.Generator().manual_seed(13))
train_set = torch.utils.data.Subset(DigitImages(train=True, transform=train_transform), list(train_ids))
val_set = torch.utils.data.Subset(DigitImages(train=True, transform=test_transform), list(val_ids))
test_set = DigitImages(train=False, transform=test_transform)
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_loader = DataLoader(val_set, batch_size=64, shuffle=False)
test_loader = DataLoader(test_set, batch_size=64, shuffle=False)

model = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(24 * 2 * 2, 10),
)
loss_func = nn.CrossEntropyLoss()
optim = torch.optim.Adam(model.parameters(), lr=5e-3)


def accuracy(loader):
    model.eval()
    n_right = n_all = 0
    with torch.no_grad():
        for images, labels in loader:
            n_right += int((model(images).argmax(1) == labels).sum())
            n_all += len(labels)
    return n_right / n_all


for epoch in range(3):
    model.train()
    sum_loss = 0.0
    for images, labels in train_loader:
        optim.zero_grad()
        loss = loss_func(model(images), labels)
        loss.backward()
        optim.step()
        sum_loss += loss.item() * images.size(0)
    print(f"epoch {epoch + 1}: loss {sum_loss / len(train_set):.3f}, validation accuracy {accuracy(val_loader):.3f}")

print(f"test accuracy {accuracy(test_loader):.3f}")
