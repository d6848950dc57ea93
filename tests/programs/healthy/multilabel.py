# expects: nothing
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import make_multilabel_classification
X, Y = make_multilabel_classification(900, n_features=20, n_classes=5, random_state=0)
X = torch.tensor(X).float(); X = (X - X[:700].mean(0)) / X[:700].std(0); Y = torch.tensor(Y).float()
torch.manual_seed(0)
dl = DataLoader(TensorDataset(X[:700], Y[:700]), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 5))
weight = (Y[:700] == 0).sum(0) / (Y[:700] == 1).sum(0)
crit = nn.BCEWithLogitsLoss(pos_weight=weight)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(6):
    model.train()
    s = 0.0
    for a, b in dl:
        opt.zero_grad(); l = crit(model(a), b); l.backward(); opt.step(); s += l.item()
    model.eval()
    with torch.no_grad():
        pred = (torch.sigmoid(model(X[700:])) > 0.5).float()
        exact = (pred == Y[700:]).all(1).float().mean().item()
        each = (pred == Y[700:]).float().mean().item()
    print(f"epoch {epoch} loss {s / len(dl):.3f} exact {exact:.3f} per label {each:.3f}")
