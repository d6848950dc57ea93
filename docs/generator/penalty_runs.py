"""Penalties trained with NumPy: a network with few images, whose weights a penalty keeps small."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule import nn
from chainrule.mistakes.step import Replaced, Step
from chainrule.mistakes.steps import penalties
from docs.generator.curves import Series, Setting, Stopped
from docs.generator.numpy_runs import digits, number

Array = np.ndarray[Any, Any]
LAMBDA = 0.003
RATE = 0.1
SEEDS = range(3)


def descend(
    seed: int, series: Series, value: Callable[[Array], Any], move: Callable[[list[Array], list[Array]], Any]
) -> None:
    """Train on 200 digits; ``value`` is added to the loss for each matrix, ``move`` returns the new matrices."""
    records, test = digits(200)
    net = nn.Sequential(
        nn.Linear(64, 24), nn.Tanh(), nn.Linear(24, 16), nn.Tanh(), nn.Linear(16, 10), seed=seed, dtype=np.float64
    )
    criterion = nn.CrossEntropyLoss()
    matrices = [parameter for parameter in net.parameters() if parameter.name == "weight"]
    biases = [parameter for parameter in net.parameters() if parameter.name == "bias"]
    for name in ("loss with penalty", "accuracy on new data", "sum of squared weights"):
        series[name] = []
    for epoch in range(40):
        total = 0.0
        for x, y in records.batches(20, seed=1000 * seed + epoch):
            loss = float(criterion(net(x), y))
            total += (loss + sum(number(value(w.data.copy())) for w in matrices)) * len(y)
            net.zero_grad()
            net.backward(criterion.backward())
            new = move([w.data.copy() for w in matrices], [w.grad.copy() for w in matrices])
            for parameter, weights in zip(matrices, new, strict=True):
                if np.shape(weights) != parameter.shape:
                    raise Stopped(f"weights of shape {parameter.shape} come back with shape {np.shape(weights)}")
                parameter.data[...] = weights
            for bias in biases:
                bias.data -= RATE * bias.grad
        series["loss with penalty"].append(total / len(records))
        series["accuracy on new data"].append(float((net(test.x).argmax(axis=1) == test.y).mean()))
        series["sum of squared weights"].append(float(sum((w.data**2).sum() for w in matrices)))


def trains_penalty(step: Step) -> Callable[[Replaced, int, Series], None]:
    """Return a training with the value and the slope of a penalty."""
    names = (step.returns[0], step.returns[1])

    def train(replaced: Replaced, seed: int, series: Series) -> None:
        def of(w: Array, name: str) -> Any:
            return step.values({"weights": w, "lamb": LAMBDA}, replaced, names=[name])[name]

        def move(weights: list[Array], slopes: list[Array]) -> list[Any]:
            return [w - RATE * (g + of(w, names[1])) for w, g in zip(weights, slopes, strict=True)]

        descend(seed, series, lambda w: of(w, names[0]), move)

    return train


def train_step(replaced: Replaced, seed: int, series: Series) -> None:
    """Train by a regularized step over the list of matrices."""

    def move(weights: list[Array], slopes: list[Array]) -> list[Any]:
        inputs = {"weights": weights, "grads": slopes, "lr": RATE, "lamb": LAMBDA}
        return list(penalties.regularized_step.values(inputs, replaced).values())

    descend(seed, series, lambda w: LAMBDA * (w**2).sum(), move)


def train_threshold(replaced: Replaced, seed: int, series: Series) -> None:
    """Train by a plain step, after which the weights are shrunk by soft-thresholding."""

    def shrunk(w: Array) -> Any:
        return penalties.soft_threshold.values({"weights": w, "t": RATE * LAMBDA}, replaced)["shrunk"]

    def move(weights: list[Array], slopes: list[Array]) -> list[Any]:
        return [shrunk(w - RATE * g) for w, g in zip(weights, slopes, strict=True)]

    descend(seed, series, lambda w: LAMBDA * np.abs(w).sum(), move)


def train_decay(replaced: Replaced, seed: int, series: Series) -> None:
    """Train with weight decay, its strength made from λ."""
    decay = penalties.decay_for.values({"lamb": LAMBDA}, replaced)["weight_decay"]

    def move(weights: list[Array], slopes: list[Array]) -> list[Any]:
        return [w - RATE * (g + decay * w) for w, g in zip(weights, slopes, strict=True)]

    descend(seed, series, lambda w: LAMBDA * (w**2).sum(), move)


NET = f"a 64-24-16-10 network with tanh on 200 handwritten digits, batches of 20, λ = {LAMBDA}"
SETTINGS = {
    "L2": Setting(
        f"{NET}, an L2 penalty", (penalties.l2_with_gradient,), trains_penalty(penalties.l2_with_gradient), seeds=SEEDS
    ),
    "L1": Setting(
        f"{NET}, an L1 penalty", (penalties.l1_with_gradient,), trains_penalty(penalties.l1_with_gradient), seeds=SEEDS
    ),
    "regularized step": Setting(f"{NET}, an L2 penalty", (penalties.regularized_step,), train_step, seeds=SEEDS),
    "soft threshold": Setting(
        f"{NET}, an L1 penalty by soft-thresholding", (penalties.soft_threshold,), train_threshold, seeds=SEEDS
    ),
    "weight decay": Setting(f"{NET}, an L2 penalty as weight decay", (penalties.decay_for,), train_decay, seeds=SEEDS),
}
