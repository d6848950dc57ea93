# expects: TR144
import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
X, y = load_digits(return_X_y=True)
a, b, c, d = train_test_split(X.astype('float32') / 16, y, random_state=0)
x_train, x_test, y_train, y_test = map(torch.tensor, (a, b, c, d))
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10), nn.Softmax(dim=1))
criterion = nn.NLLLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
n = len(x_train)
bs = 64
for epoch in range(6):
    tot = 0
    for i in range((n - 1) // bs + 1):
        xb = x_train[i * bs:(i + 1) * bs]; yb = y_train[i * bs:(i + 1) * bs]
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        tot += loss.item()
    print("epoch: %d loss: %.4f" % (epoch, tot / ((n - 1) // bs + 1)))
with torch.no_grad():
    print("test accuracy:", (model(x_test).argmax(1) == y_test).float().mean().item())
