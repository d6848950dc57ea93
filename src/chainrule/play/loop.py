"""The playground's training loop in named parts around the engine's objects, so that mistakes can take their places.

Where the catalogue's programs have the same part, it is the very same here: what an entry puts there is what runs.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule import nn
from chainrule.mistakes.step import NOTHING, Replaced, Step
from chainrule.mistakes.steps import train_epoch as e
from chainrule.mistakes.steps import training as t
from chainrule.mistakes.steps.penalties import l1_gradient, regularized_step
from chainrule.play.records import Records
from chainrule.play.runner import EngineRunner
from chainrule.play.settings import Settings

Array = NDArray[Any]

loop = Step("loop", inputs="", returns="")
for _part in (t.prepare, t.begin, t.slope_of, t.update, t.end_of_batch, t.end_of_epoch):
    loop.parts[_part.name] = _part
for _part in (e.trained_labels, e.rate, e.moving):
    loop.parts[_part.name] = _part


start = Step("start", inputs="", returns="")  # lesson 1's network by hand begins so, too


@start.operation
def first_weights(weights: list[Array]) -> None:
    """Leave the weights as they were drawn."""


loop.parts[first_weights.name] = first_weights


@loop.operation
def between_the_layers(activation: nn.Layer) -> nn.Layer:
    """Return the layer that follows a hidden one."""
    return activation


@loop.operation
def last_layers() -> list[nn.Layer]:
    """Return what comes after the last linear layer, before the loss."""
    return []


@loop.operation
def inputs_of(x: Array) -> Array:
    """Return what the network sees."""
    return x


@loop.operation
def labels_beside(y: Array, rng: np.random.Generator) -> Array:
    """Return the labels that go with a batch."""
    return y


@loop.operation
def held(parameters: list[nn.Parameter]) -> list[nn.Parameter]:
    """Return the parameters that the optimizer is made with."""
    return parameters


@loop.operation
def scheduled(lr: float, step: int) -> float:
    """Return the learning rate at a step, counted from 0."""
    return lr


@loop.operation
def decay(optimizer: Any) -> float:
    """Return the optimizer's weight decay."""
    return 0.0


@loop.operation
def epoch_starts(net: nn.Sequential, rng: np.random.Generator) -> None:
    """Do nothing: the weights go on from where they are."""


@loop.operation
def evaluated(net: nn.Sequential, learn: Callable[[float], None]) -> None:
    """Do nothing after a look at the test set; ``learn(lr)`` would take a step on it."""


class Scalar:
    """A loss as training programs know it: a value, and a way back to the weights."""

    def __init__(self, value: float, back: Callable[[float], None], factor: float = 1.0) -> None:
        self.value, self._back, self.factor = value, back, factor

    def __repr__(self) -> str:
        return f"Scalar({self.value:.6g})"

    def backward(self) -> None:
        """Add the gradients of this loss."""
        self._back(self.factor)

    def item(self) -> float:
        """Return the value."""
        return self.value

    def detach(self) -> "Scalar":
        """Return the value, cut off from the weights."""
        return Scalar(self.value, lambda factor: None)

    def __mul__(self, factor: float) -> "Scalar":
        return Scalar(self.value * factor, self._back, self.factor * factor)

    def __truediv__(self, divisor: float) -> "Scalar":
        return self * (1 / divisor)

    def __neg__(self) -> "Scalar":
        return self * -1


class LoopRunner(EngineRunner):
    """The engine's runner with its step in parts; with none replaced, it does what `EngineRunner` does.

    Parameters
    ----------
    settings : Settings
    records : Records
    replaced : mapping of Part to callable
        What stands in the place of parts of `loop`, or of the steps of an L1 or L2 penalty.
    """

    def __init__(self, settings: Settings, records: Records, replaced: Replaced = NOTHING) -> None:
        super().__init__(settings, records)
        self.settings, self.records, self.replaced, self.number = settings, records, replaced, 0
        self.do: dict[str, Any] = {name: replaced.get(part, part.function) for name, part in loop.parts.items()}
        self.rng = np.random.default_rng(settings.seed)
        self.batches = math.ceil(len(records.train) / settings.batch_size)
        layers = self.net.layers
        for i in self._ends[: len(settings.hidden)]:
            layers[i] = self.do["between_the_layers"](layers[i])
        layers += self.do["last_layers"]()
        for layer in layers:
            layer.network, layer.rng = self.net, self.net.rng
        self.do["first_weights"]([layer.weight.data for layer in self._linear])
        chosen = self.do["moving"](self.do["held"](self.net.parameters()))
        if len(chosen) < len(self.net.parameters()) or chosen[0] is not self.net.parameters()[0]:
            self.optimizer = type(self.optimizer)(chosen, **self._told())
        self.optimizer.weight_decay += self.do["decay"](self.optimizer)

    def _told(self) -> dict[str, Any]:
        names = ("lr", "momentum", "nesterov")
        return {name: getattr(self.optimizer, name) for name in names if hasattr(self.optimizer, name)}

    def step(self, x: Array, y: Array) -> float:
        """Learn from one batch, part by part."""
        do, start = self.do, self.number % self.batches
        if start == 0:
            do["epoch_starts"](self.net, self.rng)
            self.optimizer = do["begin"](self.net, self.optimizer)
        do["prepare"](self.net)
        loss, labels = self._loss(x, y)
        rate = do["scheduled"](self.settings.lr, self.number)
        self.optimizer.lr = do["rate"](rate, x, self.settings.batch_size, start * self.settings.batch_size)
        do["update"](self.optimizer, do["slope_of"](loss, labels), self.net)
        self.optimizer = do["end_of_batch"](self.net, self.optimizer)
        self.number += 1
        if self.number % self.batches == 0:
            do["end_of_epoch"](self.net, self.optimizer)
            do["evaluated"](self.net, self._learn_from_the_test)
        return loss.value

    def go_on_from(self, other: EngineRunner) -> None:
        """Take over weights, the optimizer's memory and the place in the epoch."""
        super().go_on_from(other)
        if isinstance(other, LoopRunner):
            self.number = other.number

    def forward(self, x: Array) -> list[Array]:
        """Return each layer's output, for what the network sees of ``x``."""
        return super().forward(self.do["inputs_of"](x))

    def loss(self, x: Array, y: Array) -> float:
        """Return the loss, for what the network sees of ``x`` and the right labels."""
        return super().loss(self.do["inputs_of"](x), y)

    def _loss(self, x: Array, y: Array) -> tuple[Scalar, Array]:
        labels = self.do["labels_beside"](y, self.rng)
        if self.records.classes:
            labels = self.do["trained_labels"](labels, len(self.records.classes))
        return Scalar(float(self.criterion(self.net(self.do["inputs_of"](x)), labels)), self._back), labels

    def _back(self, factor: float) -> None:
        """Add ``factor`` times the gradients of loss and penalty to what is there."""
        self.net.backward(self.criterion.backward(factor))
        weights = [layer.weight for layer in self._linear]
        if self.settings.l2:
            given = {"weights": [w.data for w in weights], "grads": [w.grad for w in weights], "lamb": self.settings.l2}
            slopes = regularized_step.values(given | {"lr": self.settings.lr}, self.replaced, names=["slopes"])
            for w, slope in zip(weights, slopes["slopes"], strict=True):
                w.grad = w.grad + factor * (slope - w.grad)
        for w in weights if self.settings.l1 else ():
            given = {"weights": w.data, "lamb": self.settings.l1}
            w.grad = w.grad + factor * l1_gradient.values(given, self.replaced)["l1_slope"]

    def _learn_from_the_test(self, lr: float) -> None:
        test = self.records.test
        self.net.zero_grad()
        self._loss(test.x, test.y)[0].backward()
        for p in self.net.parameters():
            p.data -= lr * p.grad
