# expects: nothing
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X).float() / 16, torch.tensor(y)
p = torch.randperm(len(y))
train = DataLoader(TensorDataset(X[p[:1400]], y[p[:1400]]), batch_size=64, shuffle=True)
Xt, yt = X[p[1400:]], y[p[1400:]]
teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
student = nn.Sequential(nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))


def accuracy(m):
    m.eval()
    with torch.no_grad():
        return (m(Xt).argmax(1) == yt).float().mean().item()


opt = torch.optim.Adam(teacher.parameters(), lr=3e-3)
for _ in range(4):
    teacher.train()
    for a, b in train:
        opt.zero_grad(); F.cross_entropy(teacher(a), b).backward(); opt.step()
print(f"teacher {accuracy(teacher):.4f}")
for q in teacher.parameters():
    q.requires_grad_(False)
opt = torch.optim.Adam(student.parameters(), lr=5e-3)
T = 3.0
for epoch in range(5):
    student.train()
    for a, b in train:
        with torch.no_grad():
            soft = F.softmax(teacher(a) / T, dim=1)
        out = student(a)
        loss = 0.5 * F.cross_entropy(out, b) + 0.5 * T * T * F.kl_div(F.log_softmax(out / T, 1), soft, reduction="batchmean")
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"epoch {epoch}: student {accuracy(student):.4f}")
