# expects: TR129
import torch, torch.nn as nn, torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(10)
d = load_digits()
X = torch.tensor(d.data / 16).float(); y = torch.tensor(d.target)
tl = DataLoader(TensorDataset(X[:1400], y[:1400]), batch_size=64, shuffle=True)
class Network(nn.Module):
    def __init__(self, sizes, drop_p=0.2):
        super().__init__()
        self.hidden_layers = [nn.Linear(a, b) for a, b in zip(sizes[:-2], sizes[1:-1])]
        self.output = nn.Linear(sizes[-2], sizes[-1])
        self.dropout = nn.Dropout(p=drop_p)
    def forward(self, x):
        for each in self.hidden_layers:
            x = F.relu(each(x))
            x = self.dropout(x)
        return F.log_softmax(self.output(x), dim=1)
model = Network([64, 48, 32, 10])
print(model)
opt = torch.optim.Adam(model.parameters(), lr=0.002)
nll = nn.NLLLoss()
for e in range(4):
    model.train(); s = 0
    for a, b in tl:
        opt.zero_grad(); l = nll(model(a), b); l.backward(); opt.step(); s += l.item()
    model.eval()
    with torch.no_grad():
        acc = (model(X[1400:]).argmax(1) == y[1400:]).float().mean().item()
    print(f'{e} loss {s / len(tl):.3f} accuracy {acc:.3f}')
