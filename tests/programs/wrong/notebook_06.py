# expects: TR161
import torch, torchvision
from torch import nn, optim
from torchvision import transforms
from sklearn.datasets import load_digits
import matplotlib.pyplot as plt
torch.manual_seed(2)
class MyDigits(torch.utils.data.Dataset):
    def __init__(self, train=True, transform=None):
        d = load_digits()
        self.images = d.images[:1500] if train else d.images[1500:]
        self.targets = d.target[:1500] if train else d.target[1500:]
        self.transform = transform
    def __len__(self): return len(self.targets)
    def __getitem__(self, i):
        img = (self.images[i] / 16 * 255).astype('uint8')
        return self.transform(img), int(self.targets[i])
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
trainloader = torch.utils.data.DataLoader(MyDigits(True, transform), batch_size=16, shuffle=True)
testloader = torch.utils.data.DataLoader(MyDigits(False, transform), batch_size=16, shuffle=False)
net = nn.Sequential(nn.Flatten(), nn.Linear(64, 40), nn.ReLU(), nn.Linear(40, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
loss_curve = []
for epoch in range(4):
    running_loss = 0.0
    for i, data in enumerate(trainloader, 0):
        inputs, labels = data
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        if i % 20 == 19:
            print(f'[{epoch + 1}, {i + 1:5d}] loss: {running_loss / 20:.3f}')
            running_loss = 0.0
    loss_curve.append(running_loss / len(trainloader))
print('Finished Training')
plt.plot(loss_curve); plt.title('Training loss'); plt.savefig('curve.png')
correct = total = 0
with torch.no_grad():
    for images, labels in testloader:
        _, predicted = torch.max(net(images).data, 1)
        total += labels.size(0)
        correct += (predicted == labels).sum().item()
print(f'Accuracy: {100 * correct / total:.1f} %')
