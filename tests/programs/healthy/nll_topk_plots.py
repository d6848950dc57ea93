# expects: nothing
# A digit classifier, with plots of the losses.
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn, optim
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset

torch.manual_seed(7)
np.random.seed(7)

data = load_digits()
X = data.images.astype(np.float32) / 16.0
X = (X - 0.5) / 0.5
full = TensorDataset(torch.from_numpy(X), torch.from_numpy(data.target))

# keep the last 360 images for the test; split the others
num_train = 1437
indices = list(range(num_train))
np.random.shuffle(indices)
split = int(np.floor(0.2 * num_train))
train_idx, valid_idx = indices[split:], indices[:split]

trainloader = DataLoader(full, batch_size=64, sampler=SubsetRandomSampler(train_idx))
validloader = DataLoader(full, batch_size=64, sampler=SubsetRandomSampler(valid_idx))
testset = TensorDataset(torch.from_numpy(X[num_train:]), torch.from_numpy(data.target[num_train:]))
testloader = DataLoader(testset, batch_size=64)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, 10)
        self.dropout = nn.Dropout(p=0.2)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = self.dropout(F.relu(self.fc1(x)))
        x = self.dropout(F.relu(self.fc2(x)))
        x = F.log_softmax(self.fc3(x), dim=1)
        return x


model = Classifier()
criterion = nn.NLLLoss()
optimizer = optim.Adam(model.parameters(), lr=0.003)

epochs = 5
train_losses, valid_losses = [], []
for e in range(epochs):
    tot_train_loss = 0
    model.train()
    for images, labels in trainloader:
        optimizer.zero_grad()
        log_ps = model(images)
        loss = criterion(log_ps, labels)
        loss.backward()
        optimizer.step()
        tot_train_loss += loss.item() * len(labels)
    else:
        tot_valid_loss = 0
        valid_correct = 0
        model.eval()
        with torch.no_grad():
            for images, labels in validloader:
                log_ps = model(images)
                loss = criterion(log_ps, labels)
                tot_valid_loss += loss.item() * len(labels)
                ps = torch.exp(log_ps)
                top_p, top_class = ps.topk(1, dim=1)
                equals = top_class == labels.view(*top_class.shape)
                valid_correct += equals.sum().item()

        train_loss = tot_train_loss / len(train_idx)
        valid_loss = tot_valid_loss / len(valid_idx)
        train_losses.append(train_loss)
        valid_losses.append(valid_loss)
        print("Epoch: {}/{}.. ".format(e + 1, epochs),
              "Training Loss: {:.3f}.. ".format(train_loss),
              "Validation Loss: {:.3f}.. ".format(valid_loss),
              "Validation Accuracy: {:.3f}".format(valid_correct / len(valid_idx)))

plt.plot(train_losses, label="Training loss")
plt.plot(valid_losses, label="Validation loss")
plt.xlabel("epoch")
plt.legend(frameon=False)

model.eval()
test_correct = 0
with torch.no_grad():
    for images, labels in testloader:
        ps = torch.exp(model(images))
        top_p, top_class = ps.topk(1, dim=1)
        equals = top_class == labels.view(*top_class.shape)
        test_correct += equals.sum().item()
print("Test Accuracy: {:.3f}".format(test_correct / len(testset)))
