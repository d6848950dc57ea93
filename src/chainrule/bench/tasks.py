"""What is timed: each network once, known here and nowhere else."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Task:
    """A classifier of random records: timing a step needs shapes, not meaning.

    Parameters
    ----------
    name : str
    sizes : tuple of int
        Columns, hidden units of each layer, classes; ReLU between them.
    batch : int
    optimizer : str
        ``"sgd"`` or ``"adam"``.
    momentum : float
    steps : int
        How many steps one repetition takes.
    """

    name: str
    sizes: tuple[int, ...]
    batch: int
    optimizer: str
    momentum: float = 0.0
    steps: int = 100

    def __str__(self) -> str:
        momentum = f", momentum {self.momentum}" if self.momentum else ""
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}, {self.optimizer}{momentum}"

    @property
    def lr(self) -> float:
        """A learning rate at which nothing much happens: what is timed is the arithmetic."""
        return 1e-5

    def records(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return x (N, D) and y (N,), enough for one repetition."""
        rng = np.random.default_rng(0)
        n = self.batch * self.steps
        return rng.random((n, self.sizes[0]), dtype=np.float32), rng.integers(0, self.sizes[-1], n)

    def operations(self) -> int:
        """Return the multiplications and additions of the matrix products of one step.

        Forwards one product a layer; backwards one for the weights and, except in the first layer, one for the inputs.
        """
        products = [2 * self.batch * a * b for a, b in zip(self.sizes, self.sizes[1:], strict=False)]
        return 3 * sum(products) - products[0]


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task("tiny", (30, 16, 2), 64, "sgd", steps=400),
        Task("digits", (64, 32, 10), 32, "sgd", steps=400),
        Task("mnist", (784, 128, 64, 10), 64, "sgd", momentum=0.9, steps=100),
        Task("cifar", (3072, 120, 84, 10), 32, "adam", steps=40),
        Task("wide", (784, 1024, 1024, 10), 256, "adam", steps=8),
    )
}

Records = tuple[NDArray[Any], NDArray[Any]]
