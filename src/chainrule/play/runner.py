"""What a session drives: something that takes steps and shows its insides. Here, the engine's own training step."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule import nn
from chainrule.experiments.build import OneHot
from chainrule.experiments.config import ConfigError
from chainrule.experiments.parts import FOR_CLASSES
from chainrule.optim import OPTIMIZERS, Optimizer
from chainrule.play.records import Records
from chainrule.play.settings import Settings, takes

Array = NDArray[Any]
Weights = list[tuple[Array, Array]]


class Runner(Protocol):
    """A network that learns: the engine's, a mistaken one, or a learner's functions."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, the inputs first."""

    @property
    def activations(self) -> tuple[str, ...]:
        """The function after each layer but the first, by its name."""

    def step(self, x: Array, y: Array) -> float:
        """Learn from one batch: forward, backward, update; return the loss before the update."""

    def forward(self, x: Array) -> list[Array]:
        """Return each layer's output after its activation; the last is the prediction, of classes probabilities."""

    def weights(self) -> Weights:
        """Return (W of shape (out, in), b of shape (out,)) of each layer: views, not to be changed."""

    def gradients(self) -> Weights:
        """Return the gradients of the last step, in the weights' shapes."""

    def loss(self, x: Array, y: Array) -> float:
        """Return the mean loss over the records."""

    def go_on_from(self, other: Any) -> None:
        """Take over the weights of another runner of this kind, and what its optimizer remembers."""


class EngineRunner:
    """The lessons' engine: ``loss = criterion(net(x), y)``, backward, penalty, step.

    Attributes
    ----------
    net : nn.Sequential
    criterion : nn.Loss
    optimizer : Optimizer
    penalty : nn.ElasticNet, or None
    """

    def __init__(self, settings: Settings, records: Records) -> None:
        self.loss_name = loss_name(settings, records)
        self.outputs = outputs(self.loss_name, records)
        self.net = network(settings, records, self.outputs, self.loss_name)
        self.criterion = criterion(self.loss_name, self.outputs)
        self.optimizer = optimizer(settings, self.net)
        self.penalty = nn.ElasticNet(settings.l1, settings.l2) if settings.l1 or settings.l2 else None
        self._linear = [layer for layer in self.net.layers if isinstance(layer, nn.Linear)]
        self._ends = [i for i, layer in enumerate(self.net.layers) if isinstance(layer, nn.Activation)]
        self.sizes = (self._linear[0].in_features, *(layer.out_features for layer in self._linear))

    def __repr__(self) -> str:
        return f"EngineRunner({'-'.join(map(str, self.sizes))}, {self.criterion!r}, {self.optimizer!r})"

    @property
    def activations(self) -> tuple[str, ...]:
        """The names of what follows each linear layer, as the network has it; the last may be part of the loss."""
        names: dict[type[nn.Layer], str] = {kind: name for name, kind in nn.ACTIVATIONS.items()}
        kinds = [type(self.net.layers[i]) for i in self._ends[: len(self._linear) - 1]]
        last = {"bce": "sigmoid", "bce_with_logits": "sigmoid", "cross_entropy": "softmax"}.get(self.loss_name)
        return (*(names.get(kind, kind.__name__.strip("_").lower()) for kind in kinds), last or "identity")

    def step(self, x: Array, y: Array) -> float:
        """Learn from one batch, as `fit` does."""
        loss = self.criterion(self.net(x), y)
        self.optimizer.zero_grad()
        self.net.backward(self.criterion.backward())
        if self.penalty is not None:
            self.penalty.add_gradient(self.optimizer.parameters)
        self.optimizer.step()
        return float(loss)

    def forward(self, x: Array) -> list[Array]:
        """Go through the layers, nothing dropped, and keep what each activation gives."""
        found = []
        self.net.eval()
        for i, layer in enumerate(self.net.layers):
            x = layer.forward(x)
            if i in self._ends:
                found.append(x)
        self.net.train()
        return [*found[: len(self.sizes) - 2], self.prediction(x)]

    def prediction(self, output: Array) -> Array:
        """Return what the network's output says: probabilities, where its loss is made for them."""
        if self.loss_name == "cross_entropy":
            return nn.softmax(output)
        return nn.sigmoid(output) if self.loss_name == "bce_with_logits" else output

    def weights(self) -> Weights:
        """Return the linear layers' weights and biases."""
        return [(layer.weight.data, bias(layer).data) for layer in self._linear]

    def gradients(self) -> Weights:
        """Return the linear layers' gradients, the penalty's among them."""
        return [(layer.weight.grad, bias(layer).grad) for layer in self._linear]

    def go_on_from(self, other: "EngineRunner") -> None:
        """Take over weights and gradients; of an optimizer of the same kind, also what it remembers."""
        for mine, theirs in zip(self.net.parameters(), other.net.parameters(), strict=True):
            mine.data, mine.grad = theirs.data, theirs.grad
        alike = len(self.optimizer.parameters) == len(other.optimizer.parameters)
        if type(self.optimizer) is type(other.optimizer) and alike:
            rate = self.optimizer.lr
            self.optimizer.load_state(other.optimizer.state())
            self.optimizer.lr = rate

    def loss(self, x: Array, y: Array) -> float:
        """Return the loss, without the penalty, nothing dropped."""
        self.net.eval()
        loss = self.criterion(self.net(x), y)
        self.net.train()
        return float(loss)


def bias(layer: nn.Linear) -> nn.Parameter:
    """Return a linear layer's bias, which all have here."""
    assert layer.bias is not None
    return layer.bias


def loss_name(settings: Settings, records: Records) -> str:
    """Return the loss's name in the registry; for ``auto``, the one that goes with the targets.

    Raises
    ------
    ConfigError
        If it is one for classes, and the targets are quantities.
    """
    if settings.loss == "auto":
        several = len(records.classes) > 2
        return ("cross_entropy" if several else "bce_with_logits") if records.classes else "mse"
    if not records.classes and issubclass(nn.LOSSES[settings.loss], FOR_CLASSES):
        good = [name for name, kind in nn.LOSSES.items() if not issubclass(kind, FOR_CLASSES)]
        raise ConfigError(
            f"loss {settings.loss!r} is for classes, but {records.name} has quantities to predict; take auto or one of "
            f"{', '.join(good)}"
        )
    return settings.loss


def outputs(loss: str, records: Records) -> int:
    """Return the number of output neurons: one for a quantity or two classes, else one for each class."""
    if not records.classes:
        return 1
    return 1 if len(records.classes) == 2 and loss != "cross_entropy" else len(records.classes)


def network(settings: Settings, records: Records, outputs: int, loss: str) -> nn.Sequential:
    """Return Linear, activation and dropout for each hidden layer, then a last Linear."""
    layers: list[nn.Layer] = []
    columns = records.train.x.shape[1]
    for width, activation in zip(settings.hidden, settings.activation, strict=True):
        layers += [nn.Linear(columns, width, init=settings.init), nn.ACTIVATIONS[activation]()]
        layers += [nn.Dropout(settings.dropout)] if settings.dropout else []
        columns = width
    layers.append(nn.Linear(columns, outputs, init=settings.init))
    if issubclass(nn.LOSSES[loss], nn.BCELoss):
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers, seed=settings.seed)


def criterion(loss: str, outputs: int) -> nn.Loss:
    """Return the loss; one of numbers sees a class as a row with a one at its place."""
    found = nn.LOSSES[loss]()
    return found if outputs == 1 or isinstance(found, nn.CrossEntropyLoss) else OneHot(found, outputs)


def optimizer(settings: Settings, net: nn.Sequential) -> Optimizer:
    """Return the optimizer, told what it takes of the settings."""
    kind: Callable[..., Optimizer] = OPTIMIZERS[settings.optimizer]
    told = {name: getattr(settings, name) for name in ("momentum", "nesterov") if takes(settings.optimizer, name)}
    return kind(net.parameters(), lr=settings.lr, **told)


def correct(prediction: Array, y: Array) -> Array:
    """Return the predicted class numbers' agreement with ``y``, bool of shape (N,)."""
    return classes_of(prediction) == y


def classes_of(prediction: Array) -> Array:
    """Return the class numbers, of shape (N,), that a prediction of shape (N, 1) or (N, K) says."""
    if prediction.shape[1] > 1:
        return np.argmax(prediction, axis=1)
    return (prediction[:, 0] > 0.5).astype(np.int64)
