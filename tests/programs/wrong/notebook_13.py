# expects: TR128
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(8)
d = load_digits()
x = torch.tensor(d.data).float().div(16); y = torch.tensor(d.target)
g = torch.randperm(len(y))
train_dl = DataLoader(TensorDataset(x[g[:1400]], y[g[:1400]]), 32, True)
test_dl = DataLoader(TensorDataset(x[g[1400:]], y[g[1400:]]), 128)

class NeuralNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    def forward(self, x):
        return self.linear_relu_stack(self.flatten(x))

def train_loop(dataloader, loss_fn, epochs):
    model = NeuralNetwork()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-1)
    for t in range(epochs):
        for batch, (X, y) in enumerate(dataloader):
            loss = loss_fn(model(X), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            if batch % 20 == 0:
                print(f"loss: {loss.item():>7f}  [{batch * 32:>5d}/{len(dataloader.dataset):>5d}]")

def test_loop(dataloader, model, loss_fn):
    size = len(dataloader.dataset)
    num_batches = len(dataloader)
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            pred = model(X)
            test_loss += loss_fn(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    test_loss /= num_batches
    correct /= size
    print(f"Test Error: \n Accuracy: {(100 * correct):>0.1f}%, Avg loss: {test_loss:>8f} \n")

model = NeuralNetwork()
loss_fn = nn.CrossEntropyLoss()
train_loop(train_dl, loss_fn, 4)
test_loop(test_dl, model, loss_fn)
