# expects: TR165
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split
torch.manual_seed(11)
d = load_digits()
full = TensorDataset(torch.tensor(d.data, dtype=torch.float) / 16, torch.tensor(d.target))
train_set, val_set, test_set = random_split(full, [1200, 300, 297])
loaders = {'train': DataLoader(train_set, 40, shuffle=True), 'val': DataLoader(val_set, 40), 'test': DataLoader(test_set, 40)}
model = nn.Sequential(nn.Linear(64, 80), nn.ReLU(), nn.Dropout(0.5), nn.Linear(80, 40), nn.ReLU(), nn.Dropout(0.5), nn.Linear(40, 10))
loss_func = nn.CrossEntropyLoss()
optim = torch.optim.Adam(model.parameters(), 1e-3)
history = {'train_loss': [], 'val_loss': [], 'val_acc': []}
model.train()
for epoch in range(1, 6):
    total = 0.0
    for x, y in loaders['train']:
        optim.zero_grad()
        loss = loss_func(model(x), y)
        loss.backward()
        optim.step()
        total += loss.item() * x.size(0)
    history['train_loss'].append(total / len(train_set))
    model.eval()
    vloss, vcorrect = 0.0, 0
    with torch.no_grad():
        for x, y in loaders['val']:
            o = model(x)
            vloss += loss_func(o, y).item() * x.size(0)
            vcorrect += (o.argmax(1) == y).sum().item()
    history['val_loss'].append(vloss / len(val_set))
    history['val_acc'].append(vcorrect / len(val_set))
    print(f"{epoch}: train {history['train_loss'][-1]:.3f} val {history['val_loss'][-1]:.3f} acc {history['val_acc'][-1]:.3f}")
