"""Mistakes in an activation of one's own and its slope."""

from typing import Any

from chainrule.mistakes.catalogue import backward, changes, forward, functions
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING
from chainrule.mistakes.steps import activation as a

slope_of_value = Mistake(
    code="GD165",
    title="the slope is written for the squashed value, but it is given the sum",
    symptom="The gradient check fails; for small sums hardly anything shows.",
    explanation="h(1 - h) and 1 - h² are slopes in terms of the value h = activation(z). A function of z has to squash "
    "z first.",
    fix="Begin the slope with h = activation(z), and go on with h.",
    wrong="return 1 - z**2",
    right="return 1 - np.tanh(z) ** 2",
)
slope_of_value.instead_of(a.slope_is_that_of)(lambda: "the activation, given its value")
backward.squashed_twice.instead_of(a.slope_is_that_of)(lambda: "the activation, at the value instead of the sum")
changes.climbs.instead_of(a.slope_is_that_of)(lambda: "minus the activation")
backward.other_slope.instead_of(a.slope_is_that_of)(lambda: "another function")
backward.other_slope.instead_of(a.slope_is_that_of)(lambda: "the activation, times a constant")
forward.overflows.instead_of(a.far_out_both_are_numbers)(lambda: False)

for _linear in (forward.linear_in_between, forward.no_hidden_activation):
    _linear.instead_of(a.activation_bends)(lambda: False)


functions.one_shape_only.replaces(
    {a.activation.parts[name]: lambda: ANYTHING for name in a.activation.returns} | {a.shape_is_kept: lambda: False}
)


@functions.one_shape_only.instead_of(a.shape_is_kept)
def _() -> Any:
    raise TypeError("only length-1 arrays can be converted to Python scalars")


@functions.one_shape_only.instead_of(a.shape_is_kept)
def _() -> Any:
    raise ValueError("the truth value of an array with more than one element is ambiguous")
