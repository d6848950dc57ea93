# expects: TR122 TR123
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(9)
data = load_digits()
dataset = TensorDataset(torch.tensor(data.data, dtype=torch.float32) / 16, torch.tensor(data.target))
trainset, testset = torch.utils.data.random_split(dataset, [1437, 360])
class Model(nn.Module):
    def __init__(self):
        super(Model, self).__init__()
        self.fc1 = nn.Linear(64, 60)
        self.fc2 = nn.Linear(60, 30)
        self.fc3 = nn.Linear(30, 10)
        self.bn = nn.BatchNorm1d(60)
        self.dropout = nn.Dropout(p=0.3)
    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.dropout(self.fc3(x))
        return x
model = Model()
opt = torch.optim.Adam(model.parameters(), lr=0.005)
crit = nn.CrossEntropyLoss()
for epoch in range(4):
    model.train()
    s = 0
    for xb, yb in DataLoader(trainset, batch_size=64, shuffle=True):
        opt.zero_grad()
        loss = crit(model(xb), yb)
        loss.backward(); opt.step()
        s += loss.item() * len(xb)
    model.eval()
    right = 0
    with torch.no_grad():
        for xb, yb in DataLoader(testset, batch_size=64):
            right += (model(xb).argmax(1) == yb).sum().item()
    print(epoch, s / len(trainset), right / len(testset))
