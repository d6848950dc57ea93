"""From options to objects: the network, what it is to make small, how, and the schedule. All from the registries."""

import inspect
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule import nn, optim
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import FOR_CLASSES, Inputs, Parts

Array = NDArray[Any]


class OneHot(nn.Loss):
    """A loss of numbers, made one of classes: it sees each label as a row of zeros with a one at its place."""

    def __init__(self, criterion: nn.Loss, classes: int) -> None:
        super().__init__(criterion.reduction)
        self.criterion, self.rows = criterion, np.eye(classes)

    def __repr__(self) -> str:
        return f"OneHot({self.criterion!r}, {len(self.rows)})"

    def forward(self, prediction: Array, target: ArrayLike) -> Any:
        """Return the loss of a prediction of shape (N, C) for labels of shape (N,)."""
        return self.criterion(prediction, self.rows[np.asarray(target)])

    def backward(self, grad: ArrayLike | None = None) -> Array:
        """Return dL/dprediction."""
        return self.criterion.backward(grad)


def criterion(config: Config, inputs: Inputs) -> nn.Loss:
    """Return the loss.

    Raises
    ------
    ConfigError
        If it is one for classes, and the targets are quantities.
    """
    loss = nn.LOSSES[config.loss or ("cross_entropy" if inputs.classes else "mse")]()
    if not inputs.classes and isinstance(loss, FOR_CLASSES):
        good = [name for name, kind in nn.LOSSES.items() if not issubclass(kind, FOR_CLASSES)]
        raise ConfigError(
            f"loss {config.loss!r} is for classes, but {inputs.name} has quantities to predict: the nearest is 'mse'. "
            f"Known for quantities: {', '.join(sorted(good))}"
        )
    if inputs.classes and not isinstance(loss, nn.CrossEntropyLoss):
        return OneHot(loss, len(inputs.classes))
    return loss


def network(config: Config, columns: int, outputs: int) -> nn.Sequential:
    """Return Linear, activation and dropout for each hidden layer, then a last Linear (and what its loss needs)."""
    layers: list[nn.Layer] = []
    for width in config.hidden:
        layers += [nn.Linear(columns, width, init=config.init), nn.ACTIVATIONS[config.activation]()]
        layers += [nn.Dropout(config.dropout)] if config.dropout else []
        columns = width
    layers.append(nn.Linear(columns, outputs, init=config.init))
    if config.loss and issubclass(nn.LOSSES[config.loss], nn.BCELoss):
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers, seed=config.seed)


def network_for(config: Config, parts: Parts) -> nn.Sequential:
    """Return the network that fits these records."""
    outputs = len(parts.inputs.classes) or parts.train.y.shape[1]
    return network(config, parts.train.x.shape[1], outputs)


def penalty(config: Config) -> nn.ElasticNet | None:
    """Return l1·Σ|w| + l2·Σw², or None if both are 0."""
    return nn.ElasticNet(config.l1, config.l2) if config.l1 or config.l2 else None


def schedule(config: Config, optimizer: Any) -> optim.Schedule | None:
    """Return the schedule; what it has to be told is derived from the number of epochs."""
    if not config.schedule:
        return None
    kind = optim.SCHEDULES[config.schedule]
    told = {"T_max": config.epochs, "step_size": math.ceil(config.epochs / 3), "gamma": 0.01 ** (1 / config.epochs)}
    required = [p.name for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
    return kind(optimizer, **{name: told[name] for name in required if name != "optimizer"})
