# expects: nothing
# In[1]: look at the data, then the network's pictures
import matplotlib.pyplot as plt
import torch
from torch import nn, optim
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(0)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 16
y = torch.tensor(d.target)
train_x, val_x, test_x = X[:1200], X[1200:1500], X[1500:]
train_y, val_y, test_y = y[:1200], y[1200:1500], y[1500:]
trainloader = DataLoader(TensorDataset((train_x - .5) / .5, train_y), batch_size=64, shuffle=True)
valloader = DataLoader(TensorDataset((val_x - .5) / .5, val_y), batch_size=64)
testloader = DataLoader(TensorDataset((test_x - .5) / .5, test_y), batch_size=64)
# In[2]:
images, labels = next(iter(trainloader))
fig, axes = plt.subplots(1, 4)
for ax, im, la in zip(axes, images, labels):
    ax.imshow(im[0], cmap='gray'); ax.set_title(la.item())
plt.savefig('samples.png'); plt.close()
# In[3]:
class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 10)
        self.dropout = nn.Dropout(p=0.2)
    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = self.dropout(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)
model = Classifier()
probs = torch.exp(model(images[:1]))
print('before training:', probs.sum().item())
# In[4]:
criterion, optimizer = nn.NLLLoss(), optim.Adam(model.parameters(), lr=0.003)
train_losses, val_losses = [], []
for e in range(5):
    running_loss = 0
    for images, labels in trainloader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    else:
        val_loss, correct = 0, 0
        with torch.no_grad():
            model.eval()
            for images, labels in valloader:
                log_ps = model(images)
                val_loss += criterion(log_ps, labels) * len(labels)
                correct += (log_ps.argmax(1) == labels).sum().item()
        model.train()
        train_losses.append(running_loss / len(trainloader))
        val_losses.append((val_loss / len(val_y)).item())
        print("Epoch: {}/{}.. ".format(e + 1, 5), "Training Loss: {:.3f}.. ".format(train_losses[-1]),
              "Validation Loss: {:.3f}.. ".format(val_losses[-1]), "Validation Accuracy: {:.3f}".format(correct / len(val_y)))
plt.plot(train_losses, label='Training loss'); plt.plot(val_losses, label='Validation loss'); plt.legend(); plt.savefig('l.png')
# In[5]:
model.eval()
with torch.no_grad():
    correct = sum((model(x).argmax(1) == t).sum().item() for x, t in testloader)
    ps = torch.exp(model(((test_x[:1] - .5) / .5)))
print(f'test accuracy: {100 * correct / len(test_y):.1f}%')
plt.barh(range(10), ps.numpy().squeeze()); plt.savefig('bar.png')
