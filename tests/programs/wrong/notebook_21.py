# expects: TR104
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms
from sklearn.datasets import load_digits
torch.manual_seed(0)
class DigitImages(Dataset):
    def __init__(self, train, transform):
        d = load_digits()
        keep = slice(0, 1400) if train else slice(1400, None)
        self.train, self.data, self.targets, self.transform = train, d.images[keep], d.target[keep], transform
    def __len__(self):
        return len(self.data)
    def __getitem__(self, index):
        return self.transform((self.data[index] * 15).astype('uint8')), int(self.targets[index])
tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
train_data = DigitImages(train=True, transform=tf)
test_data = DigitImages(train=False, transform=tf)
print(len(train_data), len(test_data))
train_loader = DataLoader(train_data, batch_size=100, shuffle=True)
test_loader = DataLoader(train_data, batch_size=100, shuffle=False)
model = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 36, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    model.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print('Epoch', epoch, 'done')
model.eval()
with torch.no_grad():
    correct = total = 0
    for images, labels in test_loader:
        predicted = model(images).argmax(1)
        total += len(labels)
        correct += (predicted == labels).sum().item()
print('Test Accuracy of the model on the test images: {} %'.format(100 * correct / total))
