# expects: TR183
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
import matplotlib.pyplot as plt
torch.manual_seed(77)
D = load_digits()
imgs = torch.from_numpy(D.images).float() / 8 - 1
lbl = torch.from_numpy(D.target)
batch_size = 64
trainloader = DataLoader(TensorDataset(imgs[:1397], lbl[:1397]), batch_size=batch_size, shuffle=True)
testloader = DataLoader(TensorDataset(imgs[1397:], lbl[1397:]), batch_size=batch_size, shuffle=True)
net = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=.1)
ce = nn.CrossEntropyLoss()
for e in range(4):
    for i, (im, la) in enumerate(trainloader):
        opt.zero_grad()
        z = net(im)
        err = ce(z, la)
        err.backward()
        opt.step()
    print('epoch', e, 'last batch loss', err.item())
correct = 0
net.eval()
with torch.no_grad():
    for im, la in testloader:
        correct += (net(im).argmax(1) == la).sum().item()
accuracy = 100 * correct / (len(testloader) * 64)
print('Test accuracy: %.2f%%' % accuracy)
