"""Layers as classes, activations with their slopes, and momentum, trained with NumPy."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule import nn
from chainrule.mistakes.step import Replaced, Step
from chainrule.mistakes.steps import layers
from docs.generator.curves import Series, Setting
from docs.generator.numpy_runs import digits

Array = np.ndarray[Any, Any]
Backward = Callable[[Array], Any]


def descend(
    forward: Callable[[Array], Array], backward: Backward, step: Callable[[], None], seed: int, to: Series
) -> None:
    """Train whatever has a forward and a backward pass on digits, with the right loss and slope."""
    records, test = digits()
    criterion = nn.CrossEntropyLoss()
    to["loss"], to["accuracy on new data"] = [], []
    for epoch in range(12):
        total = 0.0
        for x, y in records.batches(40, seed=1000 * seed + epoch):
            total += float(criterion(forward(x), y)) * len(y)
            backward(criterion.backward())
            step()
        to["loss"].append(total / len(records))
        to["accuracy on new data"].append(float((forward(test.x).argmax(axis=1) == test.y).mean()))


def train_linear(replaced: Replaced, seed: int, series: Series) -> None:
    """Train two layers of the class that the operations make, with tanh between them."""
    Linear = layers.linear.values({}, replaced)["Linear"]
    rng = np.random.default_rng(seed)
    first, second = Linear(64, 24, rng), Linear(24, 10, rng)
    hidden: list[Array] = []

    def forward(x: Array) -> Array:
        hidden[:] = [np.tanh(first.forward(x))]
        return np.asarray(second.forward(hidden[0]))

    def backward(grad: Array) -> None:
        first.backward(second.backward(grad) * (1 - hidden[0] ** 2))

    def step() -> None:
        for parameter in (*first.parameters(), *second.parameters()):
            parameter.data -= 0.2 * parameter.grad
            parameter.grad = np.zeros_like(parameter.data)

    descend(forward, backward, step, seed, series)


def trains_activation(step: Step) -> Callable[[Replaced, int, Series], None]:
    """Return a training of two right linear layers with the activation of a step between them."""
    value, slope = step.returns

    def train(replaced: Replaced, seed: int, series: Series) -> None:
        net = nn.Sequential(nn.Linear(64, 24), seed=seed, dtype=np.float64)
        last = nn.Sequential(nn.Linear(24, 10), seed=100 + seed, dtype=np.float64)
        parameters = [*net.parameters(), *last.parameters()]
        sums: list[Array] = []

        def forward(x: Array) -> Array:
            sums[:] = [net(x)]
            return last(step.values({"x": sums[0], "grad": None}, replaced, names=[value])[value])

        def backward(grad: Array) -> None:
            back = last.backward(grad, inputs=True)
            net.backward(step.values({"x": sums[0], "grad": back}, replaced, names=[slope])[slope])

        def move() -> None:
            for parameter in parameters:
                parameter.data -= 0.2 * parameter.grad
                parameter.grad[...] = 0

        descend(forward, backward, move, seed, series)

    return train


def train_with_momentum(replaced: Replaced, seed: int, series: Series) -> None:
    """Train by the operations of an optimizer with momentum, one after the other in each step."""
    net = nn.Sequential(nn.Linear(64, 24), nn.Tanh(), nn.Linear(24, 10), seed=seed, dtype=np.float64)
    names = ("velocity_at_first", "next_velocity", "remembered", "move", "rate")
    parts = layers.momentum_sgd.values({"learning_rate": 0.05, "momentum": 0.8}, replaced, names=names)
    begin, advance, remembered, move, rate = (parts[name] for name in names)
    kept: dict[int, tuple[Any, Any]] = {}

    def step() -> None:
        for number, parameter in enumerate(net.parameters()):
            w, gradient = parameter.data, parameter.grad
            if number not in kept:
                kept[number] = (begin(w, gradient, 0.8),) * 2
            at_first, before = kept[number]
            velocity = advance(before, gradient, rate, 0.8)
            parameter.data += move(velocity, gradient, w, rate)
            kept[number] = at_first, remembered(velocity, at_first)
        net.zero_grad()

    descend(net, net.backward, step, seed, series)


NET = "a 64-24-10 network on handwritten digits, batches of 40, trained with"
SETTINGS = {
    "Linear": Setting(f"{NET} the layer class that has the mistake and tanh", (layers.linear,), train_linear),
    "ReLU": Setting(f"{NET} the ReLU that has the mistake", (layers.relu,), trains_activation(layers.relu)),
    "Sigmoid": Setting(f"{NET} the sigmoid that has the mistake", (layers.sigmoid,), trains_activation(layers.sigmoid)),
    "momentum": Setting(f"{NET} tanh, momentum 0.8, learning rate 0.05", (layers.momentum_sgd,), train_with_momentum),
}
