# expects: TR103
# %% validation with SubsetRandomSampler, udacity style
import numpy as np
import torch
from torch import nn, optim
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.sampler import SubsetRandomSampler
from sklearn.datasets import load_digits
torch.manual_seed(4); np.random.seed(4)
d = load_digits()
X = torch.FloatTensor(d.images / 16.).unsqueeze(1); Y = torch.LongTensor(d.target)
train_data = TensorDataset(X[:1500], Y[:1500])
test_data = TensorDataset(X[1500:], Y[1500:])
num_train = len(train_data)
indices = list(range(num_train))
np.random.shuffle(indices)
split = int(np.floor(0.2 * num_train))
train_idx, valid_idx = indices[split:], indices[:split]
train_sampler = SubsetRandomSampler(train_idx)
valid_sampler = SubsetRandomSampler(valid_idx)
train_loader = DataLoader(train_data, batch_size=20, sampler=train_sampler)
valid_loader = DataLoader(train_data, batch_size=20, sampler=valid_sampler)
test_loader = DataLoader(test_data, batch_size=20)
# %%
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 10)
        self.dropout = nn.Dropout(0.2)
    def forward(self, x):
        x = x.view(-1, 64)
        x = self.dropout(F.relu(self.fc1(x)))
        return self.fc2(x)
model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.05)
valid_loss_min = np.inf
# %%
for epoch in range(4):
    train_loss = valid_loss = 0.0
    model.train()
    for data, target in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(data), target)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * data.size(0)
    model.eval()
    with torch.no_grad():
        for data, target in train_loader:
            loss = criterion(model(data), target)
            valid_loss += loss.item() * data.size(0)
    train_loss = train_loss / len(train_loader.sampler)
    valid_loss = valid_loss / len(train_loader.sampler)
    print('Epoch: {} \tTraining Loss: {:.6f} \tValidation Loss: {:.6f}'.format(epoch + 1, train_loss, valid_loss))
    if valid_loss <= valid_loss_min:
        torch.save(model.state_dict(), 'model.pt')
        valid_loss_min = valid_loss
