"""Inputs for the solutions of the PyTorch exercises and their mutants, and how each of them is used there.

PyTorch is imported where it is needed, so that the rest can be mutated without it.
"""

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator


def names() -> dict[str, Any]:
    """Return what the lessons import."""
    import torch
    from sklearn.model_selection import train_test_split
    from torch import nn
    from torch.utils.data import DataLoader, Subset
    from torchvision import transforms

    known = {"np": np, "math": math, "torch": torch, "nn": nn, "copy": copy, "transforms": transforms}
    return known | {"DataLoader": DataLoader, "Subset": Subset, "train_test_split": train_test_split}


def _seed(rng: Rng) -> tuple[int]:
    return (int(rng.integers(1 << 31)),)


INPUTS: dict[str, Callable[[Rng], tuple[Any, ...]]] = dict.fromkeys(
    (
        "train_one_epoch",
        "evaluate",
        "initial_loss",
        "overfit_one_batch",
        "best_state",
        "make_transform",
        "criterion_and_optimizer",
        "l1_torch",
        "l2_torch",
        "penalised_step",
    ),
    _seed,
)


def _network(rng: Rng) -> tuple[Any, Any, Any]:
    """Return a network with a dropout, in either mode, records, and gradient descent."""
    import torch
    from torch import nn

    torch.default_generator.manual_seed(int(rng.integers(1000)))  # torch.manual_seed asks for graphics cards, slowly
    n, features, hidden, n_classes = rng.integers(2, 12, size=4).tolist()
    net = nn.Sequential(nn.Linear(features, hidden), nn.Tanh(), nn.Dropout(0.5), nn.Linear(hidden, n_classes))
    net.train(bool(rng.integers(2)))
    records = torch.randn(n, features), torch.randint(n_classes, (n,))
    return net, records, torch.optim.SGD(net.parameters(), lr=float(rng.uniform(0.01, 1)), momentum=0.5)


def _loader(rng: Rng, records: Any) -> Any:
    size = int(rng.integers(1, len(records[0]) + 1))
    return [*zip(*(side.split(size) for side in records), strict=True)]


def _weights(net: Any) -> list[Any]:
    return [parameter.detach().numpy().copy() for parameter in net.parameters()]


def _epoch(train_one_epoch: Any, seed: int) -> Any:
    from torch import nn

    rng = np.random.default_rng(seed)
    net, records, optimizer = _network(rng)
    told = train_one_epoch(net, _loader(rng, records), nn.CrossEntropyLoss(), optimizer, "cpu")
    return [*told, *_weights(net)]


def _evaluation(evaluate: Any, seed: int) -> Any:
    from torch import nn

    rng = np.random.default_rng(seed)
    net, records, _ = _network(rng)
    return [*evaluate(net, _loader(rng, records), nn.CrossEntropyLoss(), "cpu"), *_weights(net)]


def _first_loss(initial_loss: Any, seed: int) -> Any:
    from torch import nn

    rng = np.random.default_rng(seed)
    net, records, _ = _network(rng)
    return initial_loss(net.eval(), _loader(rng, records), nn.CrossEntropyLoss(), "cpu")


def _overfitted(overfit_one_batch: Any, seed: int) -> Any:
    from torch import nn

    rng = np.random.default_rng(seed)
    net, records, optimizer = _network(rng)
    steps = int(rng.integers(1, 9))
    return overfit_one_batch(net, _loader(rng, records), nn.CrossEntropyLoss(), optimizer, "cpu", steps)


def _best(best_state: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    (net, *_), best, digits = _network(rng), None, int(rng.integers(1, 9))
    for epoch in range(int(rng.integers(1, 9))):
        for parameter in net.parameters():
            parameter.data += 1
        best = best_state(best, net, round(float(rng.uniform()), digits), epoch)
    return [best["loss"], best["epoch"], *(each.numpy() for each in best["state"].values())]


def _transformed(make_transform: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    height, width, channels = rng.integers(1, 9, size=3).tolist()
    mean, std = rng.uniform(0.1, 0.9, size=(2, channels)).tolist()
    pixels = rng.integers(0, 256, size=(height, width, channels), dtype=np.uint8)
    return make_transform(mean, std)(pixels).numpy()


def _two_steps(criterion_and_optimizer: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    net, (x, y), _ = _network(rng)
    criterion, optimizer = criterion_and_optimizer(net.eval(), float(10 ** rng.uniform(-4, -1)))
    for _ in range(2):
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
    return [loss.item(), *_weights(net)]


def _penalty(function: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    net, *_ = _network(rng)
    value = function(net, float(rng.uniform(0, 2)))
    value.backward()
    return [value.item(), *(parameter.grad.numpy() for parameter in net.parameters())]


def _penalised(penalised_step: Any, seed: int) -> Any:
    from torch import nn

    rng = np.random.default_rng(seed)
    net, (x, y), optimizer = _network(rng)
    told = [penalised_step(net.eval(), x, y, nn.CrossEntropyLoss(), optimizer, float(rng.uniform(0, 1))) for _ in "12"]
    return [*told, *_weights(net)]


USE: dict[str, Callable[..., Any]] = {
    "train_one_epoch": _epoch,
    "evaluate": _evaluation,
    "initial_loss": _first_loss,
    "overfit_one_batch": _overfitted,
    "best_state": _best,
    "make_transform": _transformed,
    "criterion_and_optimizer": _two_steps,
    "l1_torch": _penalty,
    "l2_torch": _penalty,
    "penalised_step": _penalised,
}
# Right as well: of two epochs that are equally good the later one.
CONVENTIONS = {"best_state": (("<= loss", "< loss"),)}
