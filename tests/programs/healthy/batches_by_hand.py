# expects: nothing
# No DataLoader: batches are cut by hand from a random permutation.
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(11)

X, Y = load_digits(return_X_y=True)
X = torch.tensor(X).float()
Y = torch.tensor(Y).long()
perm = torch.randperm(X.shape[0])
X, Y = X[perm], Y[perm]
n_train, n_dev = 1200, 1500
Xtr, Ytr = X[:n_train], Y[:n_train]
Xdev, Ydev = X[n_train:n_dev], Y[n_train:n_dev]
Xte, Yte = X[n_dev:], Y[n_dev:]

mu, sigma = Xtr.mean(), Xtr.std()
Xtr = (Xtr - mu) / sigma
Xdev = (Xdev - mu) / sigma
Xte = (Xte - mu) / sigma

model = torch.nn.Sequential(
    torch.nn.Linear(64, 60), torch.nn.Tanh(),
    torch.nn.Linear(60, 10),
)
opt = torch.optim.SGD(model.parameters(), lr=0.2)

batch_size = 40
lossi = []
for epoch in range(6):
    idx = torch.randperm(n_train)
    epoch_loss = 0.0
    for i in range(0, n_train, batch_size):
        ix = idx[i:i + batch_size]
        xb, yb = Xtr[ix], Ytr[ix]
        logits = model(xb)
        loss = F.cross_entropy(logits, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        epoch_loss += loss.item() * len(ix)
    lossi.append(epoch_loss / n_train)
    with torch.no_grad():
        dev_logits = model(Xdev)
        dev_loss = F.cross_entropy(dev_logits, Ydev).item()
        dev_acc = (dev_logits.argmax(1) == Ydev).float().mean().item()
    print(f"{epoch:3d}: loss {lossi[-1]:.4f}, dev loss {dev_loss:.4f}, dev acc {dev_acc:.3f}")

with torch.no_grad():
    test_acc = (model(Xte).argmax(1) == Yte).float().mean().item()
print(f"test acc {test_acc:.3f}")
