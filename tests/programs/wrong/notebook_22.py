# expects: TR107 TR108
# also: TR101
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms
from PIL import Image
from sklearn.datasets import load_digits
torch.manual_seed(1)
class Digits(Dataset):
    def __init__(self, train=True, transform=None):
        d = load_digits()
        a, b = (0, 700) if train else (700, 1000)
        self.images, self.labels, self.transform, self.train = d.images[a:b], d.target[a:b], transform, train
    def __len__(self): return len(self.labels)
    def __getitem__(self, i):
        return self.transform(Image.fromarray((self.images[i] * 15).astype('uint8'))), int(self.labels[i])
transform = transforms.Compose([
    transforms.RandomHorizontalFlip(),
    transforms.RandomRotation(30),
    transforms.ToTensor(),
    transforms.Normalize((0.5,), (0.5,)),
])
trainset = Digits(True, transform)
valset = Digits(False, transform)
trainloader = DataLoader(trainset, batch_size=50, shuffle=True)
valloader = DataLoader(valset, batch_size=50)
net = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
crit = nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for epoch in range(4):
    net.train()
    for x, y in trainloader:
        opt.zero_grad(); loss = crit(net(x), y); loss.backward(); opt.step()
    net.eval()
    correct = 0
    with torch.no_grad():
        for x, y in valloader:
            correct += (net(x).argmax(1) == y).sum().item()
    print(f'epoch {epoch + 1}: validation accuracy {100 * correct / len(valset):.2f}%')
