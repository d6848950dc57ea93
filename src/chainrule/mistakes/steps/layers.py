"""Layers with their backward pass, and an optimizer with momentum, in named parts."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

# A linear layer as a class. Inside these parts weight is (in, out) and bias (out,), however a layer keeps them;
# grad is dL/dout, one row for each record.
linear = Step("Linear", inputs="", returns="Linear")


@linear.operation
def first_weight(n_in: int, n_out: int, rng: Any) -> Any:
    return rng.uniform(-1, 1, (n_in, n_out)) / np.sqrt(n_in)


@linear.operation
def kept_weight(weight: Any) -> Any:
    """Return the weight in the shape in which the layer keeps it, (out, in)."""
    return weight.T.copy()


@linear.operation
def weight_in_use(weight: Any) -> Any:
    """Return the weight after a forward pass: the same as before."""
    return weight


@linear.operation
def affine(x: Any, weight: Any, bias: Any) -> Any:
    return x @ weight + bias


@linear.operation
def passed_on(grad: Any, weight: Any, out: Any) -> Any:
    """Return the slope that goes through the layer's output; out is what forward gave."""
    return grad


@linear.operation
def weight_slope(x: Any, grad: Any, weight: Any) -> Any:
    return x.T @ grad


@linear.operation
def bias_slope(x: Any, grad: Any) -> Any:
    return grad.sum(axis=0)


@linear.operation
def input_slope(grad: Any, weight: Any) -> Any:
    return grad @ weight.T


@linear.operation
def gathered(before: Any, slope: Any) -> Any:
    """Return what .grad holds after one more backward pass."""
    return before + slope


@linear.operation
def known_parameters(weight: Any, bias: Any) -> Any:
    return [weight, bias]


@linear.part
def Linear(
    first_weight: Any,
    kept_weight: Any,
    weight_in_use: Any,
    affine: Any,
    passed_on: Any,
    weight_slope: Any,
    bias_slope: Any,
    input_slope: Any,
    gathered: Any,
    known_parameters: Any,
) -> Any:
    """Return the class that these operations make."""

    class Linear:
        def __init__(self, n_in: int, n_out: int, rng: Any = None) -> None:
            weight = first_weight(n_in, n_out, rng or np.random.default_rng(0))
            self.shape = weight.shape
            self.weight = _parameter(kept_weight(weight))
            self.bias = _parameter(np.zeros(n_out))

        def matrix(self, array: Any) -> Any:
            """Return an array of the kept weight's shape as (in, out)."""
            return array if array.shape == self.shape else array.T

        def forward(self, x: Any) -> Any:
            self.x = x
            self.weight.data[...] = weight_in_use(self.weight.data)
            self.out = affine(x, self.matrix(self.weight.data), self.bias.data)
            return self.out

        def backward(self, grad: Any) -> Any:
            weight = self.matrix(self.weight.data)
            grad = passed_on(grad, weight, self.out)
            slope = weight_slope(self.x, grad, weight)
            if self.weight.data.shape != self.shape and np.ndim(slope) > 1:
                slope = slope.swapaxes(-1, -2)
            self.weight.grad = gathered(self.weight.grad, slope)
            self.bias.grad = gathered(self.bias.grad, bias_slope(self.x, grad))
            return input_slope(grad, weight)

        def parameters(self) -> Any:
            return known_parameters(self.weight, self.bias)

    return Linear


def _parameter(data: Any) -> Any:
    return SimpleNamespace(data=data, grad=np.zeros_like(data))


# An activation is a curve and its slope: the slope that arrives is multiplied by it.
relu = Step("ReLU", inputs="x grad", returns="rectified relu_dx")
sigmoid = Step("Sigmoid", inputs="x grad", returns="squashed sigmoid_dx")


@relu.part
def rectified(x: Any) -> Any:
    return np.maximum(x, 0)


@relu.part
def mask(x: Any) -> Any:
    return x > 0


@relu.part
def relu_dx(grad: Any, mask: Any) -> Any:
    return grad * mask


@sigmoid.part
def squashed(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


@sigmoid.part
def steepness(squashed: Any) -> Any:
    return squashed * (1 - squashed)


@sigmoid.part
def sigmoid_dx(grad: Any, steepness: Any) -> Any:
    return grad * steepness


# An optimizer as a class, seen through what it makes of three gradients in a row.
momentum_sgd = Step(
    "MomentumSGD", inputs="w gradients learning_rate momentum", returns="first second third first_of_another"
)


@momentum_sgd.operation
def velocity_at_first(w: Any, gradient: Any, momentum: Any) -> Any:
    return np.zeros_like(w)


@momentum_sgd.part
def rate(learning_rate: Any) -> Any:
    return learning_rate


@momentum_sgd.operation
def next_velocity(before: Any, gradient: Any, rate: Any, momentum: Any) -> Any:
    return momentum * before - rate * gradient


@momentum_sgd.operation
def remembered(velocity: Any, at_first: Any) -> Any:
    """Return the velocity that the next call begins with."""
    return velocity


@momentum_sgd.operation
def move(velocity: Any, gradient: Any, w: Any, rate: Any) -> Any:
    return velocity


@momentum_sgd.part
def moves(
    w: Any,
    gradients: Any,
    rate: Any,
    momentum: Any,
    velocity_at_first: Any,
    next_velocity: Any,
    remembered: Any,
    move: Any,
) -> Any:
    """Return how far each of the gradients moves the weights."""
    at_first = before = velocity_at_first(w, gradients[0], momentum)
    found = []
    for gradient in gradients:
        velocity = next_velocity(before, gradient, rate, momentum)
        found.append(move(velocity, gradient, w, rate))
        w = w + found[-1]
        before = remembered(velocity, at_first)
    return found


@momentum_sgd.part
def first(moves: Any) -> Any:
    return moves[0]


@momentum_sgd.part
def second(moves: Any) -> Any:
    return moves[1]


@momentum_sgd.part
def third(moves: Any) -> Any:
    return moves[2]


@momentum_sgd.part
def first_of_another(first: Any) -> Any:
    """Return the first move of a second optimizer, which knows nothing of this one."""
    return first
