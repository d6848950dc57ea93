# expects: TR180 TR190
# In[1]:
import numpy as np
import matplotlib.pyplot as plt
import torch
from torch import nn, optim
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import TensorDataset, DataLoader, random_split
torch.manual_seed(1)
# In[2]:
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
images = (images - 0.5) / 0.5
labels = torch.tensor(digits.target)
trainset, testset = random_split(TensorDataset(images, labels), [1400, 397])
trainloader = DataLoader(trainset, batch_size=64, shuffle=True)
testloader = DataLoader(testset, batch_size=64)
# In[3]:
dataiter = iter(trainloader)
ims, labs = next(dataiter)
plt.imshow(ims[0].numpy().squeeze(), cmap='Greys_r')
print(ims.shape, labs.shape)
# In[4]:
class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 48)
        self.fc2 = nn.Linear(48, 32)
        self.fc3 = nn.Linear(32, 10)
    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return F.log_softmax(self.fc3(x), dim=1)
model = Classifier()
criterion = nn.NLLLoss()
optimizer = optim.Adam(model.parameters(), lr=0.003)
# In[5]:
epochs = 4
for e in range(epochs):
    running_loss = 0
    for images, labels in trainloader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"Training loss: {running_loss/len(trainloader)}")
# In[6]:
correct = 0
total = 0
for images, labels in testloader:
    out = model(images)
    _, predicted = torch.max(out, 1)
    total += labels.size(0)
    correct += (predicted == labels).sum().item()
print(f'Accuracy of the network on the test images: {correct/total:.3f}%')
