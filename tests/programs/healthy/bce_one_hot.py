# expects: nothing
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

# Ten yes-or-no questions: binary cross-entropy on one-hot targets
torch.manual_seed(6)
d = load_digits()
X = torch.as_tensor(d.data, dtype=torch.float32) / 16
t = torch.as_tensor(d.target)
shuffle = torch.randperm(len(X))
X, t = X[shuffle], t[shuffle]
T = F.one_hot(t, 10).float()

net = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
bce = torch.nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters(), lr=0.005)
for epoch in range(8):
    for rows in torch.randperm(1300).split(50):
        opt.zero_grad()
        loss = bce(net(X[rows]), T[rows])
        loss.backward()
        opt.step()
    with torch.no_grad():
        scores = net(X[1300:])
        val_loss = bce(scores, T[1300:]).item()
        right = (scores.argmax(1) == t[1300:]).sum().item()
    print(f"epoch {epoch}: val loss {val_loss:.4f}, {right} of {len(X) - 1300} right ({right / (len(X) - 1300):.1%})")
