# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2
from sklearn.datasets import load_digits


class Digits(Dataset):
    def __init__(self, rows, transform):
        d = load_digits()
        self.images = torch.tensor(d.images[rows] * 15, dtype=torch.uint8).unsqueeze(1)
        self.labels = d.target[rows]
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.transform(self.images[i]), int(self.labels[i])


def main():
    torch.manual_seed(0)
    rows = torch.randperm(1797).numpy()
    scale = [v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.3], [0.35])]
    train = Digits(rows[:800], v2.Compose([v2.RandomAffine(8, translate=(0.08, 0.08)), *scale]))
    test = Digits(rows[800:1100], v2.Compose(scale))
    loader = DataLoader(train, batch_size=50, shuffle=True, num_workers=2, persistent_workers=True, drop_last=True)
    test_loader = DataLoader(test, batch_size=64, num_workers=1)
    model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                          nn.Linear(128, 10))
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(3):
        model.train()
        for x, y in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
        print("epoch", epoch, "last batch", round(loss.item(), 3))
    model.eval()
    hits = 0
    with torch.inference_mode():
        for x, y in test_loader:
            hits += (model(x).argmax(1) == y).sum().item()
    print(f"test: {hits}/{len(test)} = {100 * hits / len(test):.1f} %")


if __name__ == "__main__":
    main()
