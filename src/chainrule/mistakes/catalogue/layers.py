"""Mistakes in layers with a backward pass, and in an optimizer with momentum."""

from typing import Any

import numpy as np

from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.steps import layers as steps
from chainrule.mistakes.steps import penalties

memory_lost = Mistake(
    code="GD110",
    title="the velocity is a local variable, and is lost after each call",
    symptom="None: it trains as plain gradient descent does, a bit slower.",
    explanation="Momentum is memory. A local name ends with the call, and the next one begins at 0 again.",
    fix="Keep it in self, and write it back in every call.",
    wrong="velocity = momentum * 0 - lr * g",
    right="self.velocity = momentum * self.velocity - lr * g",
    seen=5,
)

no_upstream = Mistake(
    code="GD131",
    title="backward returns the layer's own slope, without the one that arrives",
    symptom="The loss falls slowly or not at all.",
    explanation="By the chain rule, slopes along a path are multiplied: what arrives times the layer's own.",
    fix="Multiply by what backward was given.",
    wrong="return (x > 0) * 1.0",
    right="return (x > 0) * d_out",
    seen=1,
)

for_one_batch_size = Mistake(
    code="GD132",
    title="the bias gradient is right for one batch size only",
    symptom="None; a test with that batch size passes.",
    explanation="Every record moves the bias, so its slope is the sum over the records. A mean, or twice the mean, is "
    "that sum for one or two records only.",
    fix="Sum over the batch: d_out.sum(axis=0).",
    wrong="dB = 2 * d_out.mean(axis=0)",
    right="dB = d_out.sum(axis=0)",
    seen=1,
)

other_shape = Mistake(
    code="GD133",
    title="the bias gradient has another shape than the bias",
    symptom="Often none, since NumPy stretches the one to fit the other; or the bias grows to a matrix.",
    explanation="Each entry of the gradient belongs to one entry of the bias: the shapes are the same.",
    fix="Sum over the records, with keepdims=True exactly if the bias is a row (1, n).",
    wrong="dB = d_out.sum(axis=0, keepdims=True)  # B is (n,)",
    right="dB = d_out.sum(axis=0)",
    seen=1,
)

not_handed_over = Mistake(
    code="GD135",
    title="the parameters don't all reach the optimizer",
    symptom="The loss stays where it is; or falls, but not as far as it could.",
    explanation="The optimizer moves what it is told of, and nothing else.",
    fix="Return weight and bias.",
    wrong="def params(self): return {}",
    right="def params(self): return {'W': self.W, 'B': self.B}",
    seen=1,
)

reset_of_wrapper = Mistake(
    code="GD136",
    title="the gradient is reset in the shape of the wrapper, not of its values",
    symptom="An error about shapes, or a gradient of one single number.",
    explanation="p is an object that holds an array; np.zeros_like(p) makes one single zero.",
    fix="np.zeros_like(p.value)",
    wrong="p.grad = np.zeros_like(p)",
    right="p.grad = np.zeros_like(p.value)",
    seen=1,
)

pushed_at_start = Mistake(
    code="GD146",
    title="the velocity begins at some other value than 0",
    symptom="The first steps go wrong. Small, nothing shows later; a large one saturates the units for good.",
    explanation="Before the first gradient nothing has moved yet.",
    fix="Begin with 0.",
    wrong="self.velocity = 0.9",
    right="self.velocity = 0",
    seen=1,
)

one_number = Mistake(
    code="GD173",
    title="np.max where np.maximum is meant",
    symptom="The result has fewer entries than it should; where NumPy stretches it again, no error at all.",
    explanation="np.maximum(x, 0) compares each entry with 0. np.max(x, 0) is the largest entry along axis 0: the 0 is "
    "taken for an axis.",
    fix="Use np.maximum(x, 0).",
    wrong="np.max(x, 0)",
    right="np.maximum(x, 0)",
)

no_bias = Mistake(
    code="GD180",
    title="the bias isn't added",
    symptom="A weaker network, if its bias matters; the bias moves, and nothing comes of it.",
    explanation="The layer computes x W + b. A bias that forward leaves out shifts nothing.",
    fix="Add it in forward: x @ weight + bias.",
    wrong="return x @ self.weight.data.T",
    right="return x @ self.weight.data.T + self.bias.data",
)

shared_by_all = Mistake(
    code="GD181",
    title="what forward keeps is shared by all layers of the class",
    symptom="One layer alone is right; with two of them the first goes back with the inputs of the second.",
    explanation="An attribute of the class, or a global, exists once. Each layer needs its own memory of its own "
    "inputs.",
    fix="Keep it in self: self.mask = x > 0.",
    wrong="ReLU.mask = x > 0",
    right="self.mask = x > 0",
)

all_alike, too_large = CATALOGUE["GD157"], CATALOGUE["GD158"]


# Linear -----------------------------------------------------------------------------------------------------------

all_alike.instead_of(steps.first_weight)(lambda n_in, n_out, rng: np.full((n_in, n_out), 0.1))
too_large.instead_of(steps.first_weight)(lambda n_in, n_out, rng: 10 * rng.normal(size=(n_in, n_out)))
for _listed in (lambda weight, bias: [], lambda weight, bias: [weight], lambda weight, bias: [bias]):
    not_handed_over.instead_of(steps.known_parameters)(_listed)
CATALOGUE["GD141"].instead_of(steps.weight_in_use)(lambda weight: weight * (np.arange(weight.shape[-1]) % 2))

transposed = CATALOGUE["GD127"]
transposed.instead_of(steps.kept_weight)(lambda weight: weight.copy())
transposed.instead_of(steps.affine)(lambda x, weight, bias: x @ weight.T + bias)
transposed.instead_of(steps.input_slope)(lambda grad, weight: grad @ weight)
transposed.instead_of(steps.weight_slope)(lambda x, grad, weight: grad.T @ x)

no_bias.instead_of(steps.affine)(lambda x, weight, bias: x @ weight)
shared_by_all.instead_of(steps.weight_slope)(lambda x, grad, weight: x[::-1].T @ grad)

in_layer = CATALOGUE["GD130"]
in_layer.instead_of(steps.affine)(lambda x, weight, bias: np.maximum(x @ weight + bias, 0))
in_layer.replaces(
    {
        steps.affine: lambda x, weight, bias: np.maximum(x @ weight + bias, 0),
        steps.passed_on: lambda grad, weight, out: grad * (out > 0),
    }
)

for _bias in (
    lambda x, grad: grad.mean(axis=0),
    lambda x, grad: 2 * grad.mean(axis=0),
    lambda x, grad: grad[0] + grad[-1],
    lambda x, grad: grad[:2].sum(axis=0),
):
    for_one_batch_size.instead_of(steps.bias_slope)(_bias)

for _bias in (
    lambda x, grad: grad.sum(axis=0, keepdims=True),
    lambda x, grad: grad.sum(axis=0)[:, None],
    lambda x, grad: grad,
    lambda x, grad: grad.sum(),
    lambda x, grad: grad.sum(axis=1),
):
    other_shape.instead_of(steps.bias_slope)(_bias)


def _both_slopes(
    mistake: Mistake, weight_slope: Any, bias_slope: Any, *, also_alone: tuple[bool, bool] = (True, True)
) -> None:
    """Enter a mistake in the weight's slope, in the bias's, and in both."""
    mistake.replaces({steps.weight_slope: weight_slope, steps.bias_slope: bias_slope})
    for part, slope, alone in zip(
        (steps.weight_slope, steps.bias_slope), (weight_slope, bias_slope), also_alone, strict=True
    ):
        if alone:
            mistake.instead_of(part)(slope)


_both_slopes(CATALOGUE["GD121"], lambda x, grad, weight: -x.T @ grad, lambda x, grad: -grad.sum(axis=0))
_both_slopes(CATALOGUE["GD105"], lambda x, grad, weight: np.outer(x[-1], grad[-1]), lambda x, grad: grad[-1])
_both_slopes(CATALOGUE["GD142"], lambda x, grad, weight: np.zeros_like(weight), lambda x, grad: np.zeros(grad.shape[1]))
for _mistake in (CATALOGUE["GD125"], CATALOGUE["GD138"]):
    _both_slopes(
        _mistake,
        lambda x, grad, weight: x.T @ grad / len(x),
        lambda x, grad: grad.mean(axis=0),
        also_alone=(True, False),
    )
CATALOGUE["GD125"].replaces(
    {
        steps.weight_slope: lambda x, grad, weight: x.T @ grad / len(x),
        steps.bias_slope: lambda x, grad: grad.mean(axis=0),
        steps.input_slope: lambda grad, weight: grad @ weight.T / len(grad),
    }
)


_both_slopes(
    CATALOGUE["GD138"],
    lambda x, grad, weight: x.T @ grad / x.shape[1],
    lambda x, grad: grad.sum(axis=0) / x.shape[1],
)
CATALOGUE["GD138"].instead_of(steps.weight_slope)(lambda x, grad, weight: x.T @ grad / grad.shape[1])

CATALOGUE["GD121"].instead_of(steps.input_slope)(lambda grad, weight: -grad @ weight.T)
CATALOGUE["GD105"].instead_of(steps.gathered)(lambda before, slope: slope)

for _operand in (
    lambda x, grad, weight: np.ones_like(weight) * grad.sum(axis=0) * x.shape[1],
    lambda x, grad, weight: np.ones_like(weight) * grad.sum(axis=0) * grad.shape[1],
    lambda x, grad, weight: np.ones_like(weight) * grad.sum(axis=0) * len(x),
    lambda x, grad, weight: np.ones_like(weight) * grad.sum(axis=0),
    lambda x, grad, weight: x.T @ grad * x.shape[1],
):
    CATALOGUE["GD114"].instead_of(steps.weight_slope)(_operand)

for _input in (
    lambda grad, weight: grad,
    lambda grad, weight: np.ones((len(grad), len(weight))) * grad.sum(axis=1, keepdims=True),
    lambda grad, weight: np.ones((len(grad), len(weight))) * grad.mean(axis=1, keepdims=True),
):
    CATALOGUE["GD118"].instead_of(steps.input_slope)(_input)

for _input in (
    lambda grad, weight: grad @ (1 / weight).T,
    lambda grad, weight: grad @ np.linalg.pinv(weight),
):
    CATALOGUE["GD128"].instead_of(steps.input_slope)(_input)

CATALOGUE["GD137"].instead_of(steps.weight_slope)(lambda x, grad, weight: x.T @ grad + weight)
CATALOGUE["GD137"].instead_of(steps.weight_slope)(lambda x, grad, weight: x.T @ grad + len(x) * weight)

for _mixed in (
    lambda x, grad, weight: np.outer(x[-1], grad.sum(axis=0)),
    lambda x, grad, weight: np.outer(x.sum(axis=0), grad.sum(axis=0)),
    lambda x, grad, weight: np.outer(x[0], grad.sum(axis=0)),
    lambda x, grad, weight: np.outer(x.sum(axis=0), grad[-1]),
    lambda x, grad, weight: np.outer(x.mean(axis=0), grad.sum(axis=0)),
):
    CATALOGUE["GD140"].instead_of(steps.weight_slope)(_mixed)

CATALOGUE["GD148"].instead_of(steps.weight_slope)(lambda x, grad, weight: x[:, :, None] * grad[:, None, :])


@reset_of_wrapper.instead_of(steps.gathered)
def _(before: Any, slope: Any) -> Any:
    total = np.zeros(())
    total += slope
    return total


@reset_of_wrapper.instead_of(steps.gathered)
def _(before: Any, slope: Any) -> Any:
    total = np.zeros_like(object())
    total += slope
    return total


# Activations ------------------------------------------------------------------------------------------------------

no_upstream.instead_of(steps.relu_dx)(lambda mask: mask * 1.0)
no_upstream.instead_of(steps.sigmoid_dx)(lambda steepness: steepness)

sign = CATALOGUE["GD121"]
sign.instead_of(steps.relu_dx)(lambda grad, mask: -grad * mask)
sign.instead_of(steps.steepness)(lambda squashed: squashed * (squashed - 1))
sign.instead_of(steps.squashed)(lambda x: 1 / (1 + np.exp(x)))

other_slope = CATALOGUE["GD113"]
for _slope in (
    lambda x: 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x))),
    lambda rectified: rectified * (1 - rectified),
    lambda x: x * (1 - x),
    lambda x: 1 - np.tanh(x) ** 2,
    lambda rectified: rectified,
    lambda x: x,
    lambda x: x < 0,
    lambda x: np.sign(x),
):
    other_slope.instead_of(steps.mask)(_slope)
other_slope.instead_of(steps.relu_dx)(lambda grad: grad * (grad > 0))
for _slope in (
    lambda x: x > 0,
    lambda squashed: squashed > 0,
    lambda x: x * (1 - x),
    lambda x: 1 - np.tanh(x) ** 2,
    lambda squashed: 1 - squashed**2,
    lambda squashed: squashed,
    lambda squashed: 1 - squashed,
    lambda x: np.exp(-x),
):
    other_slope.instead_of(steps.steepness)(_slope)


for _mistake in (CATALOGUE["GD111"], CATALOGUE["GD119"]):
    _mistake.instead_of(steps.relu_dx)(lambda grad: grad)
    _mistake.instead_of(steps.sigmoid_dx)(lambda grad: grad)
skipped = CATALOGUE["GD111"]
skipped.instead_of(steps.rectified)(lambda x: x)
skipped.replaces({steps.rectified: lambda x: x, steps.relu_dx: lambda grad: grad})
skipped.replaces(
    {steps.squashed: lambda x: x, steps.steepness: lambda x: 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x)))}
)
skipped.replaces({steps.squashed: lambda x: x, steps.sigmoid_dx: lambda grad: grad})
skipped.instead_of(steps.squashed)(lambda x: x)


@CATALOGUE["GD122"].instead_of(steps.steepness)
def _(squashed: Any) -> Any:
    again = 1 / (1 + np.exp(-squashed))
    return again * (1 - again)


def slope_at(x: Any) -> Any:
    """Return the sigmoid's slope."""
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


shared_by_all.instead_of(steps.mask)(lambda x: x[:, ::-1] > 0)
shared_by_all.instead_of(steps.steepness)(lambda x: slope_at(x[:, ::-1]))

for _largest in (lambda x: x.max(axis=0), lambda x: x.max(), lambda x: np.max(x, axis=1, keepdims=True)):
    one_number.instead_of(steps.rectified)(_largest)
    one_number.replaces({steps.rectified: _largest, steps.mask: lambda rectified: rectified > 0})

for _by_the_largest in (
    lambda weights, distance: np.sign(weights) * np.max(np.abs(weights) - distance, axis=0),
    lambda weights, distance: np.sign(weights) * np.max(np.abs(weights) - distance),
):
    one_number.instead_of(penalties.shrunk)(_by_the_largest)

brackets = CATALOGUE["GD123"]
brackets.instead_of(steps.squashed)(lambda x: 1 / 1 + np.exp(-x))
brackets.replaces(
    {
        steps.squashed: lambda x: 1 / 1 + np.exp(-x),
        steps.steepness: lambda x: 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x))),
    }
)

# Momentum ---------------------------------------------------------------------------------------------------------

memory_lost.instead_of(steps.remembered)(lambda velocity, at_first: at_first)

for _first in (
    lambda w, gradient, momentum: np.full_like(w, momentum),
    lambda w, gradient, momentum: np.ones_like(w),
    lambda w, gradient, momentum: w,
    lambda w, gradient, momentum: gradient,
    lambda w, gradient, momentum: -gradient,
    lambda w, gradient, momentum: np.full_like(w, 0.1),
    lambda w, gradient, momentum: np.full_like(w, 0.5),
    lambda w, gradient, momentum: np.full_like(w, 0.01),
    lambda w, gradient, momentum: -np.ones_like(w),
    lambda w, gradient, momentum: -np.full_like(w, momentum),
):
    pushed_at_start.instead_of(steps.velocity_at_first)(_first)

sign.instead_of(steps.move)(lambda velocity, gradient, w, rate: -velocity)
sign.instead_of(steps.next_velocity)(lambda before, gradient, rate, momentum: -momentum * before - rate * gradient)
CATALOGUE["GD154"].instead_of(steps.rate)(lambda learning_rate: learning_rate**2)
CATALOGUE["GD153"].instead_of(steps.next_velocity)(lambda before, gradient, rate, momentum: before - rate * gradient)
CATALOGUE["GD137"].instead_of(steps.move)(lambda velocity, gradient, w, rate: w + velocity)
CATALOGUE["GD179"].instead_of(steps.move)(lambda velocity, gradient, w, rate: velocity - w)


def _rate_of(value: float) -> None:
    CATALOGUE["GD120"].instead_of(steps.rate)(lambda: value)


for _number in (1.0, 0.9, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.003, 0.002, 0.001, 3e-4, 1e-4, 1e-5):
    _rate_of(_number)
CATALOGUE["GD120"].any_number(steps.rate)

CATALOGUE["GD167"].instead_of(steps.sigmoid_dx)(lambda grad, squashed: grad * squashed * 1 - squashed)
CATALOGUE["GD167"].instead_of(steps.steepness)(lambda squashed: squashed * 1 - squashed)
