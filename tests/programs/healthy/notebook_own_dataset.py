# expects: nothing
#!/usr/bin/env python
# coding: utf-8

# In[1]:


import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, Dataset, Subset

torch.manual_seed(42)


# In[2]:


class Digits(Dataset):
    def __init__(self, transform=None):
        d = load_digits()
        self.images = d.images.astype(np.float32)
        self.labels = d.target
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, idx):
        image = torch.from_numpy(self.images[idx]).unsqueeze(0)
        if self.transform:
            image = self.transform(image)
        return image, int(self.labels[idx])


def normalize(image):
    return (image / 16 - 0.5) / 0.5


# In[3]:


data = Digits(transform=normalize)
perm = torch.randperm(len(data)).tolist()
train_data = Subset(data, perm[:1280])
valid_data = Subset(data, perm[1280:1536])
test_data = Subset(data, perm[1536:])

batch_size = 64
train_loader = DataLoader(train_data, batch_size=batch_size, shuffle=True)
valid_loader = DataLoader(valid_data, batch_size=batch_size, shuffle=False)
test_loader = DataLoader(test_data, batch_size=batch_size, shuffle=False)


# In[4]:


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 12, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.dropout = nn.Dropout(0.3)
        self.classifier = nn.Sequential(
            nn.Linear(12 * 3 * 3, 40),
            nn.ReLU(),
            nn.Linear(40, 10),
        )

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), -1)
        x = self.dropout(x)
        x = self.classifier(x)
        return x


net = CNN()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=0.004)


# In[5]:


n_epochs = 4
for epoch in range(n_epochs):
    train_loss = 0.0
    valid_loss = 0.0

    net.train()
    for data_, target in train_loader:
        optimizer.zero_grad()
        output = net(data_)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * data_.size(0)

    net.eval()
    with torch.no_grad():
        for data_, target in valid_loader:
            output = net(data_)
            loss = criterion(output, target)
            valid_loss += loss.item() * data_.size(0)

    train_loss = train_loss / len(train_loader.dataset)
    valid_loss = valid_loss / len(valid_loader.dataset)
    print('Epoch: %d \tTraining Loss: %.6f \tValidation Loss: %.6f' % (epoch + 1, train_loss, valid_loss))


# In[6]:


class_correct = [0] * 10
class_total = [0] * 10
net.eval()
with torch.no_grad():
    for data_, target in test_loader:
        output = net(data_)
        _, pred = torch.max(output, 1)
        for p, t in zip(pred.tolist(), target.tolist()):
            class_correct[t] += int(p == t)
            class_total[t] += 1

for i in range(10):
    print('Test Accuracy of %d: %d%% (%d/%d)' % (i, round(100 * class_correct[i] / class_total[i]),
                                                 class_correct[i], class_total[i]))
print('Test Accuracy (Overall): %.2f%%' % (100 * sum(class_correct) / sum(class_total)))
