# expects: nothing
# Sentiment of made-up reviews with an embedding bag
import random

import torch
from torch import nn
from torch.utils.data import DataLoader

random.seed(25)
torch.manual_seed(25)
GOOD = "good great lovely fine superb".split()
BAD = "bad awful boring poor dull".split()
OTHER = "the a film plot actor and was with music very".split()
vocabulary = {w: i for i, w in enumerate(GOOD + BAD + OTHER)}


def review():
    label = random.randint(0, 1)
    words = random.choices(OTHER, k=random.randint(3, 7)) + random.choices(GOOD if label else BAD, k=2)
    random.shuffle(words)
    return " ".join(words), label


def collate(batch):
    ids = [torch.tensor([vocabulary[w] for w in text.split()]) for text, _ in batch]
    offsets = torch.tensor([0] + [len(i) for i in ids[:-1]]).cumsum(0)
    return torch.cat(ids), offsets, torch.tensor([label for _, label in batch])


reviews = list(dict.fromkeys(review() for _ in range(900)))
train_loader = DataLoader(reviews[:600], batch_size=25, shuffle=True, collate_fn=collate)
valid_loader = DataLoader(reviews[600:], batch_size=50, collate_fn=collate)


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.EmbeddingBag(len(vocabulary), 8)
        self.fc = nn.Linear(8, 2)

    def forward(self, text, offsets):
        return self.fc(self.embedding(text, offsets))


model = Bag()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(4):
    model.train()
    loss_sum = seen = 0
    for text, offsets, label in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(text, offsets), label)
        loss.backward()
        optimizer.step()
        loss_sum, seen = loss_sum + loss.item() * len(label), seen + len(label)
    model.eval()
    right = total = 0
    with torch.no_grad():
        for text, offsets, label in valid_loader:
            right += (model(text, offsets).argmax(1) == label).sum().item()
            total += label.size(0)
    print(f"| epoch {epoch:1d} | loss {loss_sum / seen:6.3f} | valid accuracy {right / total:6.3f}")
