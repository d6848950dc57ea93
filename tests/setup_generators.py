"""Inputs for the solutions of the exercises on a network and its loaders, and their mutants, and what is seen of them.

Two right answers need not give the same numbers here: the weights and the split are drawn. So each is compared with
what its own parts should give.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator


def _images(rng: Rng) -> tuple[Any, ...]:
    shape = tuple(rng.integers(1, 9, size=int(rng.integers(1, 4))).tolist())
    return shape, int(rng.integers(2, 12)), int(rng.integers(1, 9)), int(rng.integers(1 << 31))


def _datasets(rng: Rng) -> tuple[Any, ...]:
    per_class = rng.integers(10, 30, size=int(rng.integers(2, 5)))
    labels = rng.permutation(np.repeat(np.arange(len(per_class)), per_class))
    return labels, rng.integers(len(per_class), size=int(rng.integers(1, 99))), *rng.integers(1, 70, size=2).tolist()


INPUTS: dict[str, Callable[[Rng], tuple[Any, ...]]] = {"Net": _images, "make_loaders": _datasets}


def _layer_by_layer(cls: Any, shape: tuple[int, ...], n_classes: int, records: int, seed: int) -> Any:
    """Return how far scores are from those worked out by hand with the network's weights, and what else is asked of it.

    The widths of the hidden layers are free, if there are two of them at least.
    """
    import torch

    torch.default_generator.manual_seed(seed)
    net = cls(shape, n_classes)
    images = torch.randn(records, *shape)
    scores = net(images)
    values = [each.detach().double().numpy() for each in net.parameters()]
    off = []
    for first, last in ((1, 1), (1, -1), (-1, 1), (-1, -1)):  # weights that are learnt have either sign
        by_hand = first * images.double().numpy().reshape(records, -1)
        for weight, bias in zip(values[:-2:2], values[1:-2:2], strict=True):
            by_hand = np.maximum(by_hand @ weight.T + bias, 0)
        by_hand = last * (by_hand @ values[-2].T + values[-1])
        off.append(np.abs(scores.detach().numpy() - by_hand).max() / np.abs(by_hand).max())
    scores.sum().backward()
    reached = all(each.grad is not None for each in net.parameters())
    starts = all(np.ptp(each) > 0 for each in values if each.size > 1)
    sizes = (values[0].shape[1] == math.prod(shape), len(values) // 2 > 2, all(each.size for each in values))
    return np.shape(scores), min(off) < 1e-4, reached, starts, sizes


class Dataset:
    """Records that know their numbers, as PyTorch and scikit-learn take them."""

    def __init__(self, first: int, labels: Any) -> None:
        self.first, self.targets = first, labels

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, i: int) -> tuple[Any, int]:
        if not 0 <= i < len(self.targets):
            raise IndexError(i)
        return self.first + int(i), int(self.targets[i])


def _read(loader: Any) -> tuple[list[int], list[int], list[int]]:
    batches = [(x.tolist(), y.tolist()) for x, y in loader]
    rows, labels = ([each for batch in side for each in batch] for side in zip(*batches, strict=True))
    return rows, labels, [len(y) for _, y in batches]


def _split(make_loaders: Any, labels: Any, test_labels: Any, batch_size: int, seed: int) -> Any:
    """Return what the task promises of the three loaders, each as true or false; which record is where is free."""
    import torch

    data, test = Dataset(0, labels), Dataset(1000, test_labels)
    train, valid, tested = make_loaders(data, test, batch_size, seed)
    (rows, y, sizes), (valid_rows, valid_y, _), (test_rows, test_y, _) = map(_read, (train, valid, tested))
    torch.rand(3)  # nothing else that draws may change the order
    next_epoch = _read(train)[0]
    again = [_read(each)[0] for each in make_loaders(data, test, batch_size, seed)[:2]]
    other = _read(make_loaders(data, test, batch_size, seed + 1)[1])[0]
    share = np.bincount(valid_y, minlength=labels.max() + 1) - 0.2 * np.bincount(labels)
    return (
        sorted(rows + valid_rows) == list(range(len(labels))),
        test_rows == list(range(1000, 1000 + len(test_labels))),
        len(valid_rows) == math.ceil(0.2 * len(labels)),
        bool((np.abs(share) <= 1).all()),
        y == labels[rows].tolist() and valid_y == labels[valid_rows].tolist() and test_y == test_labels.tolist(),
        sizes[:-1] == [batch_size] * (len(rows) // batch_size - (len(rows) % batch_size == 0)),
        len(rows) < 2 or rows != sorted(rows),
        next_epoch != rows and sorted(next_epoch) == sorted(rows),
        again == [rows, valid_rows],
        sorted(other) != sorted(valid_rows),
    )


USE: dict[str, Callable[..., Any]] = {"Net": _layer_by_layer, "make_loaders": _split}
