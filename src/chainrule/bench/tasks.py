"""What is timed: each network once, known here and nowhere else."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALL = ("chainrule", "torch", "torch-fused", "torch.compile", "jax", "scikit-learn")


@dataclass(frozen=True)
class Task:
    """A classifier of random records: timing a step needs shapes, not meaning.

    Parameters
    ----------
    name : str
    sizes : tuple of int
        Columns, hidden units of each layer, classes.
    batch : int
    optimizer : str
        ``"sgd"`` or ``"adam"``.
    momentum : float
    steps : int
        How many steps one repetition takes.
    activation : str
        The name of the hidden layers' class.
    channels : tuple of int
        Output channels of 3×3 convolutions, each followed by the activation and 2×2 pooling, before the linear layers.
    peers : tuple of str
        Who takes part.
    """

    name: str
    sizes: tuple[int, ...]
    batch: int
    optimizer: str = "sgd"
    momentum: float = 0.0
    steps: int = 100
    activation: str = "ReLU"
    channels: tuple[int, ...] = ()
    peers: tuple[str, ...] = ALL

    def __str__(self) -> str:
        momentum = f", momentum {self.momentum}" if self.momentum else ""
        convolutions = f"convolutions {'-'.join(map(str, self.channels))}, " if self.channels else ""
        network = "-".join(map(str, self.sizes))
        return f"{convolutions}{network} {self.activation}, batch {self.batch}, {self.optimizer}{momentum}"

    @property
    def lr(self) -> float:
        """A learning rate at which nothing much happens: what is timed is the arithmetic."""
        return 1e-5

    def records(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return x (N, D) and y (N,), enough for one repetition."""
        rng = np.random.default_rng(0)
        n, columns = self.batch * self.steps, 784 if self.channels else self.sizes[0]
        return rng.random((n, columns), dtype=np.float32), rng.integers(0, self.sizes[-1], n)

    def layers(self, nn: Any) -> list[Any]:
        """Return the network's layers from ``nn``: chainrule's or torch's, whose names are the same."""
        built: list[Any] = []
        if self.channels:
            built.append(nn.Unflatten(1, (1, 28, 28)))
            for a, b in zip((1, *self.channels), self.channels, strict=False):
                built += [nn.Conv2d(a, b, 3), getattr(nn, self.activation)(), nn.MaxPool2d(2)]
            built.append(nn.Flatten())
        for i, (a, b) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            built += [getattr(nn, self.activation)()] * bool(i) + [nn.Linear(a, b)]
        return built

    def operations(self) -> int | None:
        """Return the multiplications and additions of the matrix products of one step; None with convolutions.

        Forwards one product a layer; backwards one for the weights and, except in the first layer, one for the inputs.
        """
        if self.channels:
            return None
        products = [2 * self.batch * a * b for a, b in zip(self.sizes, self.sizes[1:], strict=False)]
        return 3 * sum(products) - products[0]


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task("tiny", (30, 16, 2), 64, steps=400),
        Task("digits", (64, 32, 10), 32, steps=400),
        Task("mnist", (784, 128, 64, 10), 64, momentum=0.9),
        Task("cifar", (3072, 120, 84, 10), 32, "adam", steps=40),
        Task("wide", (784, 1024, 1024, 10), 256, "adam", steps=8),
        Task("textbook", (784, 100, 10), 10, steps=300, activation="Sigmoid", peers=("chainrule", "per-record")),
        Task("cnn", (800, 10), 64, steps=10, channels=(16, 32), peers=("chainrule", "torch", "torch-fused")),
    )
}

Records = tuple[NDArray[Any], NDArray[Any]]
