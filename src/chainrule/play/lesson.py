"""Lesson 1's network in the playground: one hidden layer of sigmoids by hand, in parts that can be replaced."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule.experiments.config import ConfigError
from chainrule.mistakes.step import NOTHING, Replaced, Step, needs
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps.penalties import l1_gradient, l2_gradient
from chainrule.nn import INITIALIZERS
from chainrule.play.loop import first_weights
from chainrule.play.records import Records
from chainrule.play.settings import Settings
from chainrule.training import DivergenceError

Array = NDArray[Any]
Penalty = Callable[[Array], Array]  # from weights to the slope of a penalty on them

LARGEST = 1e15  # a weight; its products still fit into the float32 that is drawn
# The operations by name, and the other parts in order, each with its function and what that needs.
Plan = tuple[dict[str, Any], list[tuple[str, Callable[..., Any], tuple[str, ...]]]]

# The parts of an epoch, and of it three more that are there to be replaced: what a learner's own function returns.
played = Step("played", inputs=" ".join(b.epoch.inputs), returns="", include=[b.update_weights])


@played.part
def forward_results(hidden: Any, output: Any) -> Any:
    """Return what a forward pass returns."""
    return hidden, output


@played.part
def backward_results(change_h_o: Any, change_i_h: Any) -> Any:
    """Return what a backward pass returns, for all records."""
    return change_h_o, change_i_h


@played.part
def update_results(updated_i_h: Any, updated_h_o: Any) -> Any:
    """Return what an epoch returns."""
    return updated_i_h, updated_h_o


class LessonRunner:
    """A network D-H-1 of sigmoids without biases, trained on ½(target − output)² by the parts of lesson 1.

    Parameters
    ----------
    inputs, hidden : int
        D and H.
    lr : float
        The learning rate.
    seed : int
        Seed of the first weights.
    init : str
        Their initializer.
    replaced : mapping of Part to callable
        What stands in the place of parts of `played`: a mistake of the catalogue, or a learner's own functions.
    penalty : callable, optional
        From a weight array to the slope of a penalty on it, of the same shape.

    Attributes
    ----------
    weights_input_to_hidden : float64 array of shape (D, H)
    weights_hidden_to_output : float64 array of shape (H,)
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        lr: float,
        *,
        seed: int = 0,
        init: str = "default",
        replaced: Replaced = NOTHING,
        penalty: Penalty | None = None,
    ) -> None:
        self.sizes, self.activations = (inputs, hidden, 1), ("sigmoid", "sigmoid")
        self.lr, self.replaced, self.penalty, self.steps = lr, replaced, penalty, 0
        rng = np.random.default_rng(seed)
        self.weights_input_to_hidden: Array = INITIALIZERS[init](rng, (hidden, inputs)).T.copy()
        self.weights_hidden_to_output: Array = INITIALIZERS[init](rng, (1, hidden))[0]
        self._gradients = np.zeros((inputs, hidden)), np.zeros(hidden)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def __repr__(self) -> str:
        return f"LessonRunner({'-'.join(map(str, self.sizes))}, lr={self.lr:g})"

    def step(self, x: ArrayLike, y: ArrayLike) -> float:
        """Take one step of gradient descent on a batch, and return its loss before the step.

        Parameters
        ----------
        x : array of shape (N, D)
        y : array of shape (N,), or (N, 1)
            Targets in [0, 1].

        Raises
        ------
        DivergenceError
            If a weight becomes NaN, infinite or larger than 1e15.
        ValueError
            If the new weights are of other sizes than the old ones.
        """
        self.steps += 1
        names = ("output", "new_weights_input_to_hidden", "new_weights_hidden_to_output")
        with np.errstate(all="ignore"):  # what overflows is reported below
            output, *new = self._values(x, y, names)
            old = self.weights_input_to_hidden, self.weights_hidden_to_output
            if self.penalty is not None:
                new = [after - self.lr * self.penalty(before) for after, before in zip(new, old, strict=True)]
            i_h, h_o = (_fitting(after, before) for after, before in zip(new, old, strict=True))
            self._gradients = (old[0] - i_h) / self.lr, (old[1] - h_o) / self.lr
            loss = _half_squared_error(output, _column(y))
        for array, name in ((i_h, "from the inputs to the hidden units"), (h_o, "from the hidden units to the output")):
            if not (np.abs(array) < LARGEST).all():  # nor if it is NaN
                raise DivergenceError(
                    f"training diverged at step {self.steps}: the weights {name} have grown beyond all bounds. "
                    f"Try a smaller learning rate (it is {self.lr:g})"
                )
        self.weights_input_to_hidden, self.weights_hidden_to_output = i_h, h_o
        return loss

    def forward(self, x: ArrayLike) -> list[Array]:
        """Return the hidden values, (N, H), and the output, (N, 1), for inputs of shape (N, D)."""
        with np.errstate(all="ignore"):
            hidden, output = self._values(x, np.zeros(len(np.asarray(x))), ("hidden", "output"))
        return [hidden, np.reshape(output, (-1, 1))]

    def weights(self) -> list[tuple[Array, Array]]:
        """Return weight (out, in) and bias (out,) of both layers; the biases are zeros, for there are none."""
        return _by_layer(self.weights_input_to_hidden, self.weights_hidden_to_output)

    def gradients(self) -> list[tuple[Array, Array]]:
        """Return what the last step went against, in the shapes of `weights`: the change, over minus the rate."""
        return _by_layer(*self._gradients)

    def go_on_from(self, other: "LessonRunner") -> None:
        """Take over the weights."""
        self.weights_input_to_hidden = other.weights_input_to_hidden.copy()
        self.weights_hidden_to_output = other.weights_hidden_to_output.copy()
        self.steps = other.steps

    def loss(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean of ½(target − output)² over the records."""
        return _half_squared_error(self.forward(x)[1][:, 0], _column(y))

    def _values(self, x: ArrayLike, y: ArrayLike, names: tuple[str, ...]) -> list[Any]:
        given = (
            self.weights_input_to_hidden,
            self.weights_hidden_to_output,
            np.asarray(x, dtype=np.float64),
            _column(y),
            self.lr,
        )
        if names not in self._plans:
            self._plans[names] = _plan(self.replaced, names)
        operations, parts = self._plans[names]
        values = dict(zip(played.inputs, given, strict=True)) | operations
        for name, function, needed in parts:
            values[name] = function(*[values[need] for need in needed])
        return [values[name] for name in names]


def _plan(replaced: Replaced, names: tuple[str, ...]) -> Plan:
    """Return what `Step.values` would do for these parts, found out once: it is done hundreds of times a second."""
    operations: dict[str, Any] = {}
    parts: dict[str, tuple[str, Callable[..., Any], tuple[str, ...]]] = {}

    def visit(name: str) -> None:
        if name in played.inputs or name in operations or name in parts:
            return
        part = played.parts[name]
        function = replaced.get(part, part.function)
        if part.operation:
            operations[name] = function
            return
        for need in needs(function):
            visit(need)
        parts[name] = name, function, needs(function)

    for name in names:
        visit(name)
    return operations, list(parts.values())


def lesson_runner(
    settings: Settings, records: Records, replaced: Replaced = NOTHING, penalty: Penalty | None = None
) -> LessonRunner:
    """Return lesson 1's network for these settings; its penalties are in parts as well, unless one is given.

    Raises
    ------
    ConfigError
        If there are not two classes, or not one hidden layer.
    """
    if len(records.classes) != 2:
        what = f"{len(records.classes)} classes" if records.classes else "quantities"
        raise ConfigError(f"lesson 1's network says one thing, yes or no: take data with two classes; got {what}")
    if len(settings.hidden) != 1:
        raise ConfigError(
            f"lesson 1's network has one hidden layer; got {len(settings.hidden)}: take {settings.hidden[:1] or (4,)}"
        )
    if penalty is None and (settings.l1 or settings.l2):
        penalty = penalty_slope(settings.l1, settings.l2, replaced)
    runner = LessonRunner(
        records.train.x.shape[1],
        settings.hidden[0],
        settings.lr,
        seed=settings.seed,
        init=settings.init,
        replaced=replaced,
        penalty=penalty,
    )
    begin = replaced.get(first_weights, first_weights.function)
    begin([runner.weights_input_to_hidden.T, runner.weights_hidden_to_output[None]])
    return runner


def penalty_slope(l1: float, l2: float, replaced: Replaced) -> Penalty:
    """Return the slope of l1·Σ|w| + l2·Σw² in parts, those of its two exercises."""

    def slope(weights: Array) -> Array:
        total = np.zeros_like(weights)
        for lamb, step, name in ((l1, l1_gradient, "l1_slope"), (l2, l2_gradient, "l2_slope")):
            if lamb:
                total = total + step.values({"weights": weights, "lamb": lamb}, replaced)[name]
        return total

    return slope


def _column(y: ArrayLike) -> Array:
    return np.asarray(y, dtype=np.float64).reshape(-1)


def _half_squared_error(output: Any, target: Array) -> float:
    return float(0.5 * np.mean((target - output) ** 2))


def _by_layer(i_h: Array, h_o: Array) -> list[tuple[Array, Array]]:
    return [(i_h.T.copy(), np.zeros(i_h.shape[1])), (h_o[None].copy(), np.zeros(1))]


def _fitting(new: Any, old: Array) -> Array:
    """Return new weights as an array of the old ones' shape, which they may have as a column.

    Raises
    ------
    ValueError
        If they are of other sizes.
    """
    array = np.asarray(new, dtype=np.float64)
    if [size for size in array.shape if size != 1] != [size for size in old.shape if size != 1]:
        raise ValueError(f"the new weights must have the old ones' shape {old.shape}; got {array.shape}")
    return array.reshape(old.shape)
