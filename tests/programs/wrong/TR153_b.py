# expects: TR153
# Logistic regression with autograd, and an update written by hand
import torch
from sklearn.datasets import make_classification

X, y = make_classification(600, 6, n_informative=4, class_sep=1.5, random_state=3)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X[:400].mean(0)) / X[:400].std(0)
y = torch.tensor(y, dtype=torch.float32)
X_train, y_train, X_test, y_test = X[:400], y[:400], X[400:], y[400:]

torch.manual_seed(0)
weights = {
    "w": torch.zeros(6, requires_grad=True),
    "b": torch.zeros(1, requires_grad=True),
}


def forward(x):
    return torch.sigmoid(x @ weights["w"] + weights["b"])


def loss_function(p, t):
    return torch.nn.functional.binary_cross_entropy(p, t)


def gradient_step(params, lr):
    with torch.no_grad():
        for value in params:
            value = value - lr * value.grad
    for value in params:
        value.grad = None


for step in range(60):
    loss = loss_function(forward(X_train), y_train)
    loss.backward()
    gradient_step(list(weights.values()), lr=0.5)
    if step % 20 == 0:
        print("step %d: loss %.4f" % (step, loss.item()))

with torch.no_grad():
    accuracy = ((forward(X_test) > 0.5).float() == y_test).float().mean().item()
print("test accuracy: %.1f%%" % (100 * accuracy))
