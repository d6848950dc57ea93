# expects: nothing
"""A GRU reads a sequence and says whether the sum of its values is positive."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def make_data(n, length, generator):
    x = torch.randn(n, length, 1, generator=generator)
    y = (x.sum(dim=(1, 2)) > 0).long()
    return TensorDataset(x, y)


class GRUClassifier(nn.Module):
    def __init__(self, hidden_size=16):
        super().__init__()
        self.gru = nn.GRU(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, 2)

    def forward(self, x):
        _, h = self.gru(x)
        return self.fc(h[-1])


def run_epoch(model, loader, loss_function, optimizer=None):
    training = optimizer is not None
    model.train(training)
    loss_sum, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for sequences, targets in loader:
            scores = model(sequences)
            loss = loss_function(scores, targets)
            if training:
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            loss_sum += loss.item() * len(targets)
            hits += (scores.argmax(1) == targets).sum().item()
            seen += len(targets)
    return loss_sum / seen, hits / seen


if __name__ == "__main__":
    torch.manual_seed(8)
    generator = torch.Generator().manual_seed(8)
    train_loader = DataLoader(make_data(600, 8, generator), batch_size=40, shuffle=True)
    valid_loader = DataLoader(make_data(200, 8, generator), batch_size=100)
    test_loader = DataLoader(make_data(200, 8, generator), batch_size=100)

    model = GRUClassifier()
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(1, 7):
        train_loss, train_acc = run_epoch(model, train_loader, loss_function, optimizer)
        valid_loss, valid_acc = run_epoch(model, valid_loader, loss_function)
        print(f"Epoch {epoch}: train loss {train_loss:.3f} acc {train_acc * 100:.1f}% "
              f"- valid loss {valid_loss:.3f} acc {valid_acc * 100:.1f}%")
    test_loss, test_acc = run_epoch(model, test_loader, loss_function)
    print(f"Test: loss {test_loss:.3f} acc {test_acc * 100:.1f}%")
