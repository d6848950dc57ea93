"""Lesson 1's free choice: an activation of one's own with its slope, compared with nothing but itself."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.catalogue import activation as mistakes
from chainrule.mistakes.steps.activation import activation

Array = NDArray[np.float64]
STEP = 1e-5


def sums(rng: np.random.Generator) -> Iterator[Case]:
    """Yield sums of both signs, none of them near 0, where many activations have a kink."""
    yield Case("28 sums", {"z": rng.uniform(0.05, 3, size=(7, 4)) * rng.choice([-1, 1], size=(7, 4))})


def look_at_pair(answer: Any, case: Case) -> Facts:
    """Nudge the activation, and look whether the slope says the same."""
    (function, slope), z = answer, case.inputs["z"]
    facts: Facts = dict.fromkeys(activation.returns)
    values = function(z), slope(z)
    if any(value is None for value in values):
        return facts
    facts["shape_is_kept"] = all(np.shape(value) == z.shape for value in values)
    if not facts["shape_is_kept"]:
        return facts
    facts["slope_is_that_of"] = relation(function, slope, z)
    left, right = np.linspace(-4, -0.1, 50), np.linspace(0.1, 4, 50)
    bend = function(left) + function(right) - 2 * function((left + right) / 2)
    facts["activation_bends"] = bool(np.abs(bend).max() > 1e-3)
    far = np.array([-700.0, 700.0])
    facts["far_out_both_are_numbers"] = bool(np.isfinite(function(far)).all() and np.isfinite(slope(far)).all())
    return facts


def relation(function: Callable[[Array], Array], slope: Callable[[Array], Array], z: Array) -> str:
    """Say in words what the second function is to the first; measured by central differences."""

    def measured(at: Array) -> Array:
        return np.asarray((function(at + STEP) - function(at - STEP)) / (2 * STEP))

    right, given = measured(z), np.asarray(slope(z))
    for words, holds in (
        ("the activation", _same(given, right)),
        ("minus the activation", _same(given, -right)),
        ("the activation, given its value", _same(slope(function(z)), right)),
        ("the activation, at the value instead of the sum", _same(given, measured(function(z)))),
        ("the activation, times a constant", _same(given * np.sum(right * right), right * np.sum(right * given))),
    ):
        if holds:
            return words
    return "another function"


def _same(one: Array, other: Array) -> bool:
    return bool(np.all(np.abs(one - other) <= 1e-6 * np.abs(other).max()))


exercise(
    "activation",
    activation,
    sums,
    called="activation activation_slope",
    observe=look_at_pair,
    lesson="Implementing Gradient Descent with Backpropagation",
    number=6,
    hints=(
        "The slope here is a function of the sum z, unlike h(1 − h), which was written with the squashed value h.",
        "tanh(z) has the slope 1 − tanh(z)². The function np.tanh exists.",
        "For functions in pieces: np.where(z > 0, …, …). For products use the product rule: z·σ(z) has the slope "
        "σ(z) + z·σ(z)(1 − σ(z)).",
    ),
    solution="def activation(z):\n    return np.tanh(z)\n\n\n"
    "def activation_slope(z):\n    return 1 - np.tanh(z) ** 2\n",
    why="Right: nudge z, and the activation moves by as much as its slope says.",
    commonest=mistakes.slope_of_value,
)
