# expects: TR198
import torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(14)
d = load_digits()
X = torch.tensor(d.data / 16).float(); Y = torch.tensor(d.target)
train = DataLoader(TensorDataset(X[:1400], Y[:1400]), 64, shuffle=True)
test = DataLoader(TensorDataset(X[1400:], Y[1400:]), 64)
net = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss(); optimizer = torch.optim.Adam(net.parameters(), lr=.003)
for e in range(3):
    running = 0
    for images, labels in train:
        optimizer.zero_grad()
        loss = criterion(net(images), labels); loss.backward(); optimizer.step()
        running += loss.item()
    else:
        accuracy = 0
        with torch.no_grad():
            net.eval()
            for images, labels in test:
                ps = torch.exp(net(images))
                top_p, top_class = ps.topk(1, dim=1)
                equals = top_class == labels
                accuracy += equals.sum().item()
        net.train()
        print(f"Epoch {e}: loss {running / len(train):.3f}, accuracy {accuracy / 397:.3f}")
