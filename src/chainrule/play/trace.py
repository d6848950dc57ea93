"""One record's way through the network and back: the chain rule as it happens, with its numbers.

The engine's own layers do it, in float64 and one at a time. What the running step makes of the same record, which
differs where it is mistaken, is found by letting a copy of it take that step.
"""

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule import nn
from chainrule.experiments.config import ConfigError
from chainrule.play import frames
from chainrule.play.frames import Message
from chainrule.play.lesson import LessonRunner
from chainrule.play.runner import Runner, Weights
from chainrule.play.training import Training

Array = NDArray[Any]

LINES, TERMS = 12, 4  # neurons that are written out, and products in each sum

FORMULAS = {
    "mse": "L = (o − y)²",
    "l1": "L = |o − y|",
    "huber": "L = ½(o − y)² up to a distance of 1, then a straight line",
    "bce": "L = −y·log p − (1 − y)·log(1 − p)",
    "bce_with_logits": "L = −y·log σ(z) − (1 − y)·log(1 − σ(z))",
    "cross_entropy": "L = −log p of the right class, p = softmax(z)",
    "half_squared_error": "L = ½(y − o)²",
}
SLOPES = {
    "mse": "δ = ∂L/∂z = 2(o − y)",
    "bce": "δ = ∂L/∂z = p − y",
    "bce_with_logits": "δ = ∂L/∂z = σ(z) − y",
    "cross_entropy": "δ = ∂L/∂z = softmax(z) − 1 at the right class, softmax(z) elsewhere",
    "half_squared_error": "δ = ∂L/∂z = (o − y)·σ′(z)",
}


class HalfSquaredError(nn.Loss):
    """½(p - t)², lesson 1's error, averaged over the records."""

    def f(self, p: Array, t: Array) -> Array:
        """Return the error of each element."""
        return 0.5 * (p - t) ** 2

    def slope(self, p: Array, t: Array) -> Array:
        """Return p - t."""
        return p - t


class Chain:
    """The forward and backward pass of one record.

    Attributes
    ----------
    outputs, sums, deltas : list of array of shape (neurons,)
        a of each layer, the inputs first; z and δ = ∂L/∂z of each layer but the inputs.
    gradients : list of (array of shape (out, in), array of shape (out,))
    loss : float
    """

    def __init__(
        self, weights: Weights, activations: list[nn.Activation], criterion: nn.Loss, x: Array, y: Any
    ) -> None:
        linears = []
        for w, b in weights:
            linear = nn.Linear(w.shape[1], w.shape[0])
            linear.weight.data, linear.bias.data = w, b  # type: ignore[union-attr]
            linears.append(linear)
        net = nn.Sequential(*[layer for pair in zip(linears, activations, strict=True) for layer in pair], dtype=float)
        results = [x[None].astype(float)]
        for layer in net.layers:
            results.append(layer.forward(results[-1]))
        self.loss = float(criterion(results[-1], y))
        slope: Any = criterion.backward()
        slopes = []
        for layer in reversed(net.layers):
            slope = layer.backward(slope)
            slopes.append(slope)
        self.outputs, self.sums = [r[0] for r in results[::2]], [r[0] for r in results[1::2]]
        self.deltas = [slope[0] for slope in slopes[::2]][::-1]
        self.gradients = [(linear.weight.grad, linear.bias.grad) for linear in linears]  # type: ignore[union-attr]


def trace(training: Training, index: int) -> Message:
    """Return the steps of the training record ``index``: forward, loss, backward, update.

    Raises
    ------
    ConfigError
        If there is no such record, or the network has a layer that is no elementwise function.
    """
    records, runner = training.records, training.runner
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(records.train):
        raise ConfigError(
            f"the record must be a whole number from 0 to {len(records.train) - 1}; got {str(index)[:40]}"
        )
    x, y = records.train.x[index], records.train.y[index : index + 1]
    name, chain = followed(runner, x, y)
    if isinstance(runner, LessonRunner):
        chain.gradients = [(w, np.zeros_like(b)) for w, b in chain.gradients]  # it has no biases
    before, mine = runner.weights(), stepped(runner, x[None], y)
    arrays = {
        "activations": np.concatenate(chain.outputs),
        "sums": np.concatenate(chain.sums),
        "deltas": np.concatenate(chain.deltas),
        "gradients": frames.flat(chain.gradients),
        "taken": frames.flat(mine.gradients()),
        "updated": frames.flat(mine.weights()),
    }
    label = records.classes[int(y[0])] if records.classes else f"{float(y.ravel()[0]):.4g}"
    record = {"index": index, "x": x.tolist(), "y": y.reshape(-1).tolist(), "label": label, "loss": chain.loss}
    names = runner.activations
    layers = range(1, len(chain.outputs))
    steps = [_forward(chain, before, names, layer) for layer in layers]
    steps.append(_step("The loss", FORMULAS.get(name, "L"), 0, "loss", [f"y = {label}", f"L = {_n(chain.loss)}"]))
    steps += [_backward(chain, before, names, layer, SLOPES.get(name, "δ = ∂L/∂z")) for layer in reversed(layers)]
    steps.append(_updated(training, before, chain, mine))
    header = {"type": "trace", "record": record, "shape": list(runner.sizes), "steps": steps}
    return Message(header, arrays)


def followed(runner: Any, x: Array, y: Array) -> tuple[str, Chain]:
    """Return the loss's name, and the record's pass through the engine's layers with this runner's weights."""
    name = getattr(runner, "loss_name", "half_squared_error")
    criterion = getattr(runner, "criterion", None) or HalfSquaredError()
    ends: list[nn.Activation] = []
    in_loss = name in ("bce_with_logits", "cross_entropy")
    for i, activation in enumerate(runner.activations):
        last = i + 1 == len(runner.activations)
        if activation not in nn.ACTIVATIONS and not (last and in_loss):
            raise ConfigError(f"layer {i + 1} is {activation}, which can't be followed neuron by neuron")
        ends.append(nn.Identity() if last and in_loss else nn.ACTIVATIONS[activation]())
    return name, Chain(runner.weights(), ends, copy.deepcopy(criterion), x, y)


def stepped(runner: Runner, x: Array, y: Array) -> Runner:
    """Return a copy of the runner that has taken one step on this record alone, with what it is told to do."""
    shared = [getattr(runner, name, None) for name in ("replaced", "do", "records", "settings", "penalty")]
    mine = copy.deepcopy(runner, {id(each): each for each in shared if each is not None})
    with np.errstate(all="ignore"):
        mine.step(x, y)
    return mine


def _forward(chain: Chain, weights: Weights, names: tuple[str, ...], layer: int) -> dict[str, Any]:
    (w, b), a, z = weights[layer - 1], chain.outputs[layer - 1], chain.sums[layer - 1]
    f, out, last = names[layer - 1], chain.outputs[layer], layer == len(names)
    lines = []
    for j in range(len(z)):
        total = _sum([_times(w[j, i], a[i]) for i in range(len(a))] + ([_n(b[j])] if b[j] else []))
        lines.append(f"z{_sub(j)} = {total} = {_n(z[j])}" + ("" if last else f",  a{_sub(j)} = {f}(z) = {_n(out[j])}"))
    formula = "z = Σ w·a + b" + ("" if last else f",  a = {f}(z)")
    return _step(f"Forward, {_name(layer, names)}", formula, layer, "forward", _cut(lines))


def _backward(chain: Chain, weights: Weights, names: tuple[str, ...], layer: int, slope: str) -> dict[str, Any]:
    delta, a = chain.deltas[layer - 1], chain.outputs[layer - 1]
    lines = []
    for j in range(len(delta)):
        if layer == len(names):
            lines.append(f"δ{_sub(j)} = {_n(delta[j])},  ∂L/∂w{_sub(j)}{_sub(0)} = δ·a = {_times(delta[j], a[0])} = "
                         f"{_n(delta[j] * a[0])}")  # fmt: skip
            continue
        w, after = weights[layer][0], chain.deltas[layer]
        total = _sum([_times(w[k, j], after[k]) for k in range(len(after))])
        back = float(w[:, j] @ after)
        rate = delta[j] / back if back else 0.0
        lines.append(f"δ{_sub(j)} = ({total})·f′(z) = {_times(back, rate)} = {_n(delta[j])}")
    formula = slope if layer == len(names) else f"δ = (Σ w·δ of the next layer)·{names[layer - 1]}′(z)"
    return _step(f"Backward, {_name(layer, names)}", f"{formula},  ∂L/∂w = δ·a", layer, "backward", _cut(lines))


def _updated(training: Training, before: Weights, chain: Chain, mine: Runner) -> dict[str, Any]:
    settings = training.settings
    formula = f"w ← w − {settings.lr:g}·∂L/∂w"
    if settings.optimizer != "sgd" or settings.momentum:
        formula = f"w ← w + the step of {settings.optimizer}, at a learning rate of {settings.lr:g}"
    old, new, slope = frames.flat(before), frames.flat(mine.weights()), frames.flat(chain.gradients)
    lines = [f"{_n(w)} → {_n(v)}  (∂L/∂w = {_n(g)})" for w, v, g in zip(old, new, slope, strict=True)]
    return _step("The update", formula, 0, "update", _cut(lines))


def _name(layer: int, names: tuple[str, ...]) -> str:
    return "output layer" if layer == len(names) else f"layer {layer}"


def _step(title: str, formula: str, layer: int, kind: str, numbers: list[str]) -> dict[str, Any]:
    return {"title": title, "formula": formula, "where": {"layer": layer, "kind": kind}, "numbers": numbers}


def _n(value: Any) -> str:
    """Return a number in three digits, with a real minus."""
    return f"{float(value):.3g}".replace("-", "−")


def _times(a: Any, b: Any) -> str:
    return f"{_n(a)}·{_n(b)}" if b >= 0 else f"{_n(a)}·({_n(b)})"


def _sub(j: int) -> str:
    """Return a neuron's number, from 1, as a subscript."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(j + 1))


def _sum(terms: list[str]) -> str:
    shown = terms if len(terms) <= TERMS + 1 else [*terms[:TERMS], f"{len(terms) - TERMS} more"]
    return " + ".join(shown).replace("+ −", "− ")


def _cut(lines: list[str]) -> list[str]:
    return lines if len(lines) <= LINES else [*lines[:LINES], f"and {len(lines) - LINES} more"]
