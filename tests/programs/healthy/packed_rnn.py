# expects: nothing
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader
torch.manual_seed(0)
sequences = []
for _ in range(400):
    n = int(torch.randint(4, 15, ()))
    s = torch.randint(1, 6, (n,))
    sequences.append((s, int((s == 3).sum() > (s == 4).sum())))


def collate(batch):
    batch.sort(key=lambda item: -len(item[0]))
    lengths = torch.tensor([len(s) for s, _ in batch])
    return pad_sequence([s for s, _ in batch], batch_first=True), lengths, torch.tensor([t for _, t in batch])


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 8, padding_idx=0)
        self.rnn = nn.LSTM(8, 16, batch_first=True)
        self.out = nn.Linear(16, 2)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embed(x), lengths, batch_first=True)
        _, (h, _) = self.rnn(packed)
        return self.out(h[-1])


model = Counter()
opt = torch.optim.Adam(model.parameters(), lr=0.02)
train = DataLoader(sequences[:300], batch_size=30, shuffle=True, collate_fn=collate)
valid = DataLoader(sequences[300:], batch_size=50, collate_fn=collate)
for epoch in range(6):
    model.train()
    total = 0.0
    for x, n, t in train:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x, n), t)
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.5)
        opt.step()
        total += loss.item() * len(t)
    model.eval()
    with torch.no_grad():
        right = sum((model(x, n).argmax(1) == t).sum().item() for x, n, t in valid)
    print(f"epoch {epoch}  loss {total / 300:.3f}  accuracy {right / 100:.2f}")
