"""Mistakes of the catalogue as the playground's own parts have them: what an entry puts in the place of which part.

Beside these, whatever the catalogue itself puts in the place of a part that runs here can be switched on, too.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule import nn, optim
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import training as t
from chainrule.play import loop as p
from chainrule.play.lesson import update_results

Array = NDArray[Any]
Made = Callable[[], Replaced]  # makes a variation for one run: it may remember something from step to step

MORE: dict[str, list[Made]] = {}


def may_be(code: str) -> Callable[[Made], Made]:
    """Register a function that makes a variation of the mistake with this code."""

    def enter(make: Made) -> Made:
        MORE.setdefault(code, []).append(make)
        return make

    return enter


class _Softmax(nn.Layer):
    """Shares that add up to 1: over each row's values, or with ``axis`` 0 over the batch."""

    def __init__(self, axis: int = 1) -> None:
        self.axis = axis

    def forward(self, x: Array, out: Array | None = None) -> Array:
        shares = nn.softmax(x if self.axis == 1 else x.T)
        shares = shares if self.axis == 1 else np.ascontiguousarray(shares.T)
        return self.keep(shares, shares)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array:
        (shares,) = self.recall(grad)
        return shares * (grad - (grad * shares).sum(axis=self.axis, keepdims=True))


def _simply(code: str, part: Any, function: Callable[..., Any]) -> None:
    may_be(code)(lambda: {part: function})


# The network ------------------------------------------------------------------------------------------------------


for _code in ("TR124", "GD129"):
    _simply(_code, p.between_the_layers, lambda activation: nn.Identity())
_simply("TR125", p.between_the_layers, lambda activation: _Softmax())
_simply("TR120", p.last_layers, lambda: [_Softmax()])
_simply("TR126", p.last_layers, lambda: [_Softmax(axis=0)])
_simply("TR121", p.last_layers, lambda: [nn.Sigmoid()])
_simply("GD115", p.last_layers, lambda: [nn.ReLU()])
_simply("TR123", p.last_layers, lambda: [nn.Dropout(0.5)])


def _all_alike(weights: list[Array]) -> None:
    for weight in weights:
        weight.fill(0.1)


def _zeros(weights: list[Array]) -> None:
    for weight in weights:
        weight.fill(0)


def _huge(weights: list[Array]) -> None:
    for weight in weights:
        weight *= 50


_simply("TR133", p.first_weights, _zeros)
_simply("GD157", p.first_weights, _all_alike)
_simply("GD158", p.first_weights, _huge)

# The records ------------------------------------------------------------------------------------------------------

_simply("TR111", p.inputs_of, lambda x: x * 255)
_simply("TR114", p.labels_beside, lambda y, rng: rng.permutation(y))

# The optimizer ----------------------------------------------------------------------------------------------------

_simply("TR149", p.held, lambda parameters: parameters[-2:])
_simply("TR140", p.held, lambda parameters: [nn.Parameter(each.shape, nn.INITIALIZERS["default"], each.name)
                                             for each in parameters if len(each.shape) > 1])  # fmt: skip
_simply("TR141", p.scheduled, lambda lr, step: lr * 1000)
_simply("TR142", p.scheduled, lambda lr, step: lr * 0.9**step)
_simply("TR150", p.decay, lambda optimizer: 1.0)


@may_be("TR226")
def _another_optimizer() -> Replaced:
    made: list[Any] = []

    def begin(model: Any, optimizer: Any) -> Any:
        if not made:
            kind = optim.Adam if isinstance(optimizer, optim.SGD) else optim.SGD
            made.append(kind(model.parameters(), lr=optimizer.lr))
        return made[0]

    return {t.begin: begin}


def _redraw(net: nn.Sequential, rng: np.random.Generator) -> None:
    for parameter in net.parameters():
        parameter.data = rng.normal(size=parameter.shape)


_simply("TR178", p.epoch_starts, _redraw)
_simply("TR164", p.evaluated, lambda net, learn: learn(0.1))

# Lesson 1's network ----------------------------------------------------------------------------------------------


def _record_by_record(
    weights_input_to_hidden: Any, weights_hidden_to_output: Any, features: Any, targets: Any, learnrate: Any,
    sigmoid: Any, average: Any,
) -> Any:  # fmt: skip
    i_h, h_o = weights_input_to_hidden, weights_hidden_to_output
    for x, target in zip(features, targets, strict=True):
        hidden = sigmoid(x @ i_h)
        output = sigmoid(hidden @ h_o)
        error_term = (target - output) * output * (1 - output)
        hidden_error_term = error_term * h_o * hidden * (1 - hidden)
        i_h = i_h + average(learnrate * x[:, None] * hidden_error_term, features)
        h_o = h_o + average(learnrate * error_term * hidden, features)
    return i_h, h_o


may_be("GD152")(
    lambda: {
        update_results: _record_by_record,
        b.updated_i_h: lambda update_results: update_results[0],
        b.updated_h_o: lambda update_results: update_results[1],
    }
)

# What the catalogue leaves open, since it comes of earlier calls or of chance -----------------------------------


@may_be("GD153")
def _never_reset() -> Replaced:
    kept = {"i_h": 0.0, "h_o": 0.0}

    def total(name: str) -> Callable[[Any, Any], Any]:
        def add(delta: Any, accumulate: Any) -> Any:
            kept[name] = kept[name] + accumulate(delta)
            return kept[name]

        return add

    i_h, h_o = total("i_h"), total("h_o")
    return {
        b.total_i_h: lambda delta_w_i_h, accumulate: i_h(delta_w_i_h, accumulate),
        b.total_h_o: lambda delta_w_h_o, accumulate: h_o(delta_w_h_o, accumulate),
    }


@may_be("GD141")
def _dropped_weights() -> Replaced:
    rng = np.random.default_rng(0)
    return {
        b.new_weights_input_to_hidden: lambda updated_i_h: updated_i_h * (rng.random(updated_i_h.shape) > 0.01),
    }
