"""Exercises on layers with a backward pass, and on an optimizer with momentum; all of them are classes."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from inspect import Parameter, signature
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.catalogue import layers as mistakes
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import layers as steps

LESSON = "Implementing Gradient Descent with Backpropagation"
Array = np.ndarray[Any, Any]

# Right as well: a velocity that is a running mean of the gradients.
running_mean: Replaced = {
    steps.next_velocity: lambda before, gradient, rate, momentum: momentum * before - (1 - momentum) * rate * gradient
}


def batches(rng: np.random.Generator) -> Iterator[Case]:
    """Yield batches for a layer from 5 to 4, and the sizes of one whose first weights are looked at."""
    for records in (7, 3, 1):
        inputs = {"weight": rng.normal(size=(5, 4)), "bias": rng.normal(size=4)}
        slopes = {"x": rng.normal(size=(records, 5)), "grad": rng.normal(size=(records, 4))}
        yield Case(f"{records} record{'s' * (records > 1)}", inputs | slopes)
    yield Case("its first weights", {"n_in": 120, "n_out": 30})


def looked_at(*, as_in_lesson: bool) -> Callable[[Any, Case], Facts]:
    """Return a look at a linear layer, however it keeps weight and bias; the lesson says how it should."""

    def look(cls: Any, case: Case) -> Facts:
        if "n_in" in case.inputs:
            layer = made(cls, case.inputs["n_in"], case.inputs["n_out"])
            start = kind_of_start(**parameters_of(layer, 120, 30))
            layer.forward(np.zeros((2, 120)))
            return {"first weights": start}
        weight, bias, x, grad = (case.inputs[name] for name in ("weight", "bias", "x", "grad"))
        layer, other = made(cls, *weight.shape), made(cls, *weight.shape)
        kept = parameters_of(layer, *weight.shape)
        turned = kept["weight"].shape != weight.shape
        kept["weight"][...] = weight.T if turned else weight
        kept["bias"][...] = bias.reshape(kept["bias"].shape)
        before = kept["weight"].copy()
        out = layer.forward(x)
        if not np.array_equal(parameters_of(layer, *weight.shape)["weight"], before):
            return {"weights": "changed by forward"}
        other.forward(x[::-1].copy())  # which the layer must not mind
        held = {path: array.copy() for path, array in arrays_in(layer)}
        facts = {"out": out, "dx": layer.backward(grad)}
        facts["parameters"] = said_to_be_known(layer, **parameters_of(layer, *weight.shape))
        slopes = gradients_of(layer, *weight.shape) or gradients_that_came(layer, kept, held)
        facts |= {"gradient of weight": upright(slopes["weight"], turned), "gradient of bias": slopes["bias"]}
        if len(x) > 1:
            facts["gradient of bias fits"] = np.shape(slopes["bias"]) == kept["bias"].shape
        if as_in_lesson:
            layer.forward(x)
            other.forward(x[::-1].copy())
            layer.backward(grad)
            facts["gradient of weight after a second backward"] = upright(layer.weight.grad, turned)
            facts["gradient of bias after a second backward"] = layer.bias.grad
            facts["shape of weight"] = "(out, in)" if turned else "(in, out)"
        return facts

    return look


def made(cls: Any, n_in: int, n_out: int) -> Any:
    """Return a layer of these sizes, with a generator if it asks for one."""
    return cls(n_in, n_out, np.random.default_rng(0)) if takes_generator(cls) else cls(n_in, n_out)


@lru_cache(100)
def takes_generator(cls: Any) -> bool:
    """Say whether a layer is made with three arguments, as in the lesson."""
    try:
        known = signature(cls).parameters.values()
    except (TypeError, ValueError):
        return False
    return sum(each.default is Parameter.empty for each in known) > 2 or any(each.name == "rng" for each in known)


def parameters_of(layer: Any, n_in: int, n_out: int) -> dict[str, Array]:
    """Return weight and bias of a layer, wherever it keeps them."""
    arrays = [array for path, array in arrays_in(layer) if not GRADIENT.search(path)]
    matrices = [array for array in arrays if array.shape in ((n_in, n_out), (n_out, n_in))]
    vectors = [array for array in arrays if array.shape in ((n_out,), (1, n_out), (n_out, 1))]
    for array in arrays:
        if array.shape == (n_in + 1, n_out):
            return split(array)
    if not matrices or not vectors:
        raise TypeError(f"no weight of shape ({n_in}, {n_out}) and bias of shape ({n_out},) found in the layer")
    return {"weight": matrices[0], "bias": vectors[0]}


def gradients_of(layer: Any, n_in: int, n_out: int) -> dict[str, Any]:
    """Return the gradients of weight and bias after a backward pass, by their names; None for one, nothing for none."""
    arrays = [(GRADIENT.sub("", path), array) for path, array in arrays_in(layer) if GRADIENT.search(path)]
    named = {
        "weight": [array for path, array in arrays if re.search("w|kernel|theta", path)],
        "bias": [array for path, array in arrays if "b" in path and "w" not in path],
    }
    joined = [split(array) for _, array in arrays if array.shape == (n_in + 1, n_out)]
    if joined:
        return joined[0]
    return firsts(named) if any(named.values()) else {}


def gradients_that_came(layer: Any, kept: dict[str, Array], held: dict[str, Array]) -> dict[str, Any]:
    """Return what backward left in the shapes of weight and bias, where no name says that it is their gradient."""
    came = [array for path, array in arrays_in(layer) if not np.array_equal(array, held.get(path, np.empty(0)))]
    fitting = {name: [array for array in came if array.shape == kept[name].shape] for name in ("weight", "bias")}
    return firsts(fitting)


def firsts(found: dict[str, list[Array]]) -> dict[str, Any]:
    """Return a copy of the first array of each list, None for an empty one."""
    return {name: arrays[0].copy() if arrays else None for name, arrays in found.items()}


def split(joined: Array) -> dict[str, Array]:
    """Return weight and bias of a matrix that has the bias as its last row."""
    return {"weight": joined[:-1], "bias": joined[-1]}


GRADIENT = re.compile(r"gradients?|grads?|delta|(?<![a-z])d_?(?=[wb]|kernel|theta)")


def arrays_in(thing: Any, path: str = "", depth: int = 4) -> list[tuple[str, Array]]:
    """Return the arrays that an object holds, each with its path in small letters."""
    if isinstance(thing, np.ndarray):
        return [(path.lower(), thing)]
    if not depth or thing is None or isinstance(thing, (float, int, str)):
        return []
    held = thing if isinstance(thing, dict) else dict(enumerate(thing)) if isinstance(thing, list | tuple) else {}
    held = held or getattr(thing, "__dict__", {}) or {name: getattr(thing, name, None) for name in slots_of(thing)}
    return [found for name, value in held.items() for found in arrays_in(value, f"{path}.{name}", depth - 1)]


def slots_of(thing: Any) -> tuple[str, ...]:
    """Return the attributes of an object that has no dictionary of them."""
    return tuple(getattr(thing, "__slots__", ()))


def upright(gradient: Any, turned: bool) -> Any:
    """Return the gradient of a weight as (in, out)."""
    return np.swapaxes(gradient, -1, -2) if turned and np.ndim(gradient) > 1 else gradient


def said_to_be_known(layer: Any, weight: Array, bias: Array) -> str:
    """Say which of its parameters a layer lists, if it does; a list of other things gets the benefit of doubt."""
    listed = [getattr(layer, name)() for name in ("params", "parameters") if callable(getattr(layer, name, None))]
    for each in listed:
        things = list(each.values() if isinstance(each, dict) else each)
        arrays = [array for _, array in arrays_in(things)]
        has_weight, has_bias = (any(np.shares_memory(one, array) for array in arrays) for one in (weight, bias))
        if not things or has_weight != has_bias:
            return "none" if not things else "the weight alone" if has_weight else "the bias alone"
    return "weight and bias"


def kind_of_start(weight: Array, bias: Array) -> str:
    """Say what the first weights are like, and the first biases where there is something wrong with them."""
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        return "no numbers"
    if np.ptp(weight) == 0:
        return "all the same"
    return "far too large" if max(np.sqrt(np.mean(each**2)) for each in (weight, bias)) > 3 else "random"


def away_from_kinks(rng: np.random.Generator) -> Iterator[Case]:
    """Yield sums of both signs, none near 0, with slopes that arrive."""
    for shape in ((6, 4), (1, 5)):
        x = rng.uniform(0.1, 2, size=shape) * rng.choice([-1, 1], size=shape)
        x[0, :4] = [0.5, -0.5, 1.5, -1.5]
        yield Case(f"shape {shape}", {"x": x, "grad": rng.normal(size=shape)})


def through(*names: str) -> Callable[[Any, Case], Facts]:
    """Return a look at what goes through an activation layer, forwards and backwards."""

    def look(cls: Any, case: Case) -> Facts:
        layer, other = cls(), cls()
        out = layer.forward(case.inputs["x"])
        other.forward(case.inputs["x"][:, ::-1].copy())  # which the first must not mind
        return dict(zip(names, (out, layer.backward(case.inputs["grad"])), strict=True))

    return look


def gradients_in_a_row(rng: np.random.Generator) -> Iterator[Case]:
    """Yield three gradients for the same weights, with the usual momentum and with another."""
    for momentum in (0.9, 0.7):
        inputs = {"w": rng.normal(size=(4, 3)), "gradients": [rng.normal(size=(4, 3)) for _ in range(3)]}
        yield Case(
            f"momentum {momentum}", {**inputs, "learning_rate": float(rng.uniform(0.2, 0.8)), "momentum": momentum}
        )


def moved(cls: Any, case: Case) -> Facts:
    """Return how far an optimizer moves the weights by each gradient, and a second one by the first."""
    gradients, lr, momentum = (case.inputs[name] for name in ("gradients", "learning_rate", "momentum"))
    again = [gradients[0].copy()]

    def moves(optimizer: Any, gradients: list[Array]) -> list[Any]:
        w, found = case.inputs["w"].copy(), []
        for gradient in gradients:
            before = w.copy()
            w = optimizer.update(w, gradient, lr)
            if w is None:
                return [None] * len(gradients)
            found.append(w - before)
        return found

    def new_one() -> Any:
        optimizer = cls() if momentum == 0.9 else cls(momentum)
        # The published constructor keeps 0.9, whatever it is given.
        if getattr(optimizer, "momentum", momentum) == 0.9:
            optimizer.momentum = momentum
        return optimizer

    first = moves(new_one(), gradients)
    return dict(zip(steps.momentum_sgd.returns, first + moves(new_one(), again), strict=True))


LINEAR_HINTS = (
    "forward has to keep x for backward: self.x = x.",
    "The slope of the weights has the weights' shape: write the shapes down, and only one product fits.",
    "The bias: sum over the records, no mean (the 1/N is in the loss already).",
)

exercise(
    "Linear",
    steps.linear,
    batches,
    observe=looked_at(as_in_lesson=True),
    program="Linear",
    suits=takes_generator,
    lesson=LESSON,
    number=9,
    hints=(*LINEAR_HINTS[:2], "Add into self.weight.grad; the bias: sum over the records, no mean."),
    solution="""
class Linear:
    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.weight = Parameter(rng.uniform(-bound, bound, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]
""",
    commonest=CATALOGUE["GD105"],
    why="Right: each parameter's slope has its shape, and slopes of several batches add up until somebody clears them.",
)

exercise(
    "Linear_with_two_sizes",
    steps.linear,
    batches,
    called="Linear",
    observe=looked_at(as_in_lesson=False),
    program="Linear",
    suits=lambda answer: not takes_generator(answer),
    hints=LINEAR_HINTS,
    solution="""
class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) / np.sqrt(n_input)
        self.B = np.zeros((1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W + self.B

    def backward(self, d_out):
        self.dW = self.X.T @ d_out
        self.dB = d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.T
""",
    commonest=mistakes.for_one_batch_size,
    why="Right: three products, and in each of them only one order of the factors fits the shapes.",
)

exercise(
    "ReLU",
    steps.relu,
    away_from_kinks,
    observe=through("rectified", "relu_dx"),
    lesson=LESSON,
    number=9,
    hints=(
        "ReLU has the slope 1 where its input was positive and 0 elsewhere: forward has to remember where.",
        "Multiply the slope that arrives by it; don't return the slope of ReLU alone.",
        "self.positive = x > 0 in forward, grad * self.positive in backward.",
    ),
    solution="""
class ReLU:
    def forward(self, x):
        self.positive = x > 0
        return np.where(self.positive, x, 0.0)

    def backward(self, grad):
        return grad * self.positive
""",
    commonest=mistakes.no_upstream,
    why="Right: what was let through forwards is let through backwards, and nothing else.",
)

exercise(
    "Sigmoid",
    steps.sigmoid,
    away_from_kinks,
    observe=through("squashed", "sigmoid_dx"),
    hints=(
        "The slope of the sigmoid can be written with its own output.",
        "With y = σ(x), it is y(1 − y): keep y in forward.",
        "Multiply it by the slope that arrives.",
    ),
    solution="""
class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, d_out):
        return d_out * self.y * (1 - self.y)
""",
    commonest=CATALOGUE["GD122"],
    why="Right: y(1 − y) with the output y, times the slope that arrives.",
)

exercise(
    "MomentumSGD",
    steps.momentum_sgd,
    gradients_in_a_row,
    observe=moved,
    right=(running_mean,),
    hints=(
        "Momentum is memory: something must be left of the last call.",
        "The new velocity is momentum times the old one, minus learning_rate times the gradient; it begins at 0.",
        "self.velocity = self.momentum * self.velocity - learning_rate * d_w; return w + self.velocity",
    ),
    solution="""
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        return w + self.velocity
""",
    commonest=mistakes.memory_lost,
    why="Right: every step repeats a part of the one before it.",
)
