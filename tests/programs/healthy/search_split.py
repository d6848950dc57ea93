# expects: nothing
import argparse
from dataclasses import dataclass
import torch
from torch import nn, Tensor
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


@dataclass
class Config:
    hidden: int
    lr: float
    epochs: int = 4


def split() -> tuple[Tensor, ...]:
    X, y = load_digits(return_X_y=True)
    X = X.astype("float32") / 16
    X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)
    X_train, X_val, y_train, y_val = train_test_split(X_rest, y_rest, test_size=0.2, random_state=0, stratify=y_rest)
    return tuple(torch.from_numpy(a) for a in (X_train, y_train, X_val, y_val, X_test, y_test))


def fit(cfg: Config, X: Tensor, y: Tensor) -> nn.Module:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(64, cfg.hidden), nn.ReLU(), nn.Linear(cfg.hidden, 10))
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    for _ in range(cfg.epochs):
        for i in torch.randperm(len(X)).split(64):
            opt.zero_grad()
            nn.functional.cross_entropy(net(X[i]), y[i]).backward()
            opt.step()
    return net.eval()


@torch.no_grad()
def accuracy(net: nn.Module, X: Tensor, y: Tensor) -> float:
    return (net(X).argmax(1) == y).float().mean().item()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    X_train, y_train, X_val, y_val, X_test, y_test = split()
    results = {}
    for hidden in (16, 64):
        for lr in (1e-3, 5e-3):
            cfg = Config(hidden, lr, args.epochs)
            net = fit(cfg, X_train, y_train)
            results[hidden, lr] = accuracy(net, X_val, y_val), net
            print(f"{cfg}: validation accuracy {results[hidden, lr][0]:.4f}")
    best = max(results, key=lambda k: results[k][0])
    print(f"best {best}: test accuracy {accuracy(results[best][1], X_test, y_test):.4f}")
