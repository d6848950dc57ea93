# expects: nothing
"""Softmax regression without nn.Module: tensors, a loss and an update by hand."""
import torch
from sklearn.datasets import load_digits

torch.manual_seed(21)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x, dtype=torch.float32) / 16, torch.tensor(y)
perm = torch.randperm(len(x))
x_train, y_train, x_valid, y_valid = x[perm[:1400]], y[perm[:1400]], x[perm[1400:]], y[perm[1400:]]

weights = (torch.randn(64, 10) / 8).requires_grad_()
bias = torch.zeros(10, requires_grad=True)


def log_softmax(z):
    return z - z.logsumexp(-1, keepdim=True)


def model(xb):
    return log_softmax(xb @ weights + bias)


def nll(log_probs, target):
    return -log_probs[range(target.shape[0]), target].mean()


def accuracy(out, yb):
    return (torch.argmax(out, dim=1) == yb).float().mean()


bs, lr = 56, 0.5
for epoch in range(4):
    order = torch.randperm(1400)
    for i in range((1400 - 1) // bs + 1):
        rows = order[i * bs:(i + 1) * bs]
        xb, yb = x_train[rows], y_train[rows]
        loss = nll(model(xb), yb)
        loss.backward()
        with torch.no_grad():
            weights -= weights.grad * lr
            bias -= bias.grad * lr
            weights.grad.zero_()
            bias.grad.zero_()
    with torch.no_grad():
        out = model(x_valid)
        print(epoch, "valid loss", round(nll(out, y_valid).item(), 4), "accuracy", round(accuracy(out, y_valid).item(), 4))
