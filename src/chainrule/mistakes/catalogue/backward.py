"""Mistakes in the backward pass: errors and slopes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import forward as f

other_slope = Mistake(
    code="GD113",
    title="the slope belongs to another activation",
    symptom="The loss falls and then stalls, or falls as it should with steps of another size.",
    explanation="The error is multiplied by the slope of the activation that the output has: y(1 - y) for a sigmoid, 1 "
    "for an output that isn't squashed.",
    fix="Use the slope of the activation in your forward pass, all of it and no other.",
    wrong="output_error_term = error",
    right="output_error_term = error * output_layer_out * (1 - output_layer_out)",
    seen=3,
)

no_hidden_slope = Mistake(
    code="GD163",
    title="the hidden units' own slope is left out, or is another one",
    symptom="None: the loss falls almost as it should.",
    explanation="The path back goes through each hidden unit's sigmoid too, and its slope h(1 - h) is one factor.",
    fix="Multiply the hidden error by hidden_layer_out * (1 - hidden_layer_out).",
    wrong="hidden_error_term = hidden_error",
    right="hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)",
)


def _slopes(slope: Callable[[Any], Any]) -> None:
    other_slope.instead_of(b.output_slope)(lambda output_layer_out: slope(output_layer_out))
    no_hidden_slope.instead_of(b.hidden_slope)(lambda hidden_layer_out: slope(hidden_layer_out))


_slopes(np.ones_like)
_slopes(lambda y: 1 - y**2)
_slopes(lambda y: 1 - y)
_slopes(lambda y: y)

without_weights = Mistake(
    code="GD118",
    title="the hidden error doesn't go through the weights",
    symptom="The first layer learns in a wrong direction: worse than always saying the mean.",
    explanation="Hidden unit j has its part in the error through its own weight to the output. Without it every unit "
    "is blamed alike, also one that the output doesn't listen to.",
    fix="Multiply output_error_term by weights_hidden_to_output, entry by entry.",
    wrong="hidden_error = output_error_term",
    right="hidden_error = output_error_term * weights_hidden_to_output",
    seen=2,
)


def _blames(share: Callable[[Any], Any]) -> None:
    @without_weights.instead_of(b.hidden_error)
    def _(output_error_term: Any, weights_hidden_to_output: Any) -> Any:
        return np.multiply.outer(output_error_term, share(weights_hidden_to_output))

    @without_weights.instead_of(b.hidden_error)
    def _(output_error: Any, weights_hidden_to_output: Any) -> Any:
        return np.multiply.outer(output_error, share(weights_hidden_to_output))


_blames(lambda w: np.ones_like(w))
_blames(lambda w: np.full_like(w, w.sum()))
_blames(lambda w: np.full_like(w, w.mean()))

raw_error = Mistake(
    code="GD119",
    title="the hidden error is made from the raw error, not from the output's error term",
    symptom="None: the loss falls as it should, in the same direction with steps of another size.",
    explanation="What goes back through the weights is the slope at the output's sum: the error times y(1 - y).",
    fix="Multiply the weights by output_error_term, not by the error.",
    wrong="hidden_error = error * weights_hidden_to_output",
    right="hidden_error = output_error_term * weights_hidden_to_output",
    seen=2,
)


@raw_error.instead_of(b.hidden_error)
def _(output_error: Any, weights_hidden_to_output: Any) -> Any:
    return np.multiply.outer(output_error, weights_hidden_to_output)


squashed_twice = Mistake(
    code="GD122",
    title="the sigmoid's slope is taken at a value that is squashed already",
    symptom="None: a factor between 0.197 and 0.25 instead of anything up to 0.25.",
    explanation="sigmoid_prime(z) is sigmoid(z)(1 - sigmoid(z)) and wants the sum z. A unit's output is sigmoid(z) "
    "already, and its slope is h(1 - h).",
    fix="Write h * (1 - h) for a value h that has been through the sigmoid.",
    wrong="hidden_error * sigmoid_prime(hidden_layer_out)",
    right="hidden_error * hidden_layer_out * (1 - hidden_layer_out)",
    seen=2,
)


def sigmoid_prime(z: Any) -> Any:
    return f.sigmoid.function(z) * (1 - f.sigmoid.function(z))


@squashed_twice.instead_of(b.output_slope)
def sigmoid_prime_output(output_layer_out: Any) -> Any:
    return sigmoid_prime(output_layer_out)


@squashed_twice.instead_of(b.hidden_slope)
def sigmoid_prime_hidden(hidden_layer_out: Any) -> Any:
    return sigmoid_prime(hidden_layer_out)


squashed_twice.replaces({b.output_slope: sigmoid_prime_output, b.hidden_slope: sigmoid_prime_hidden})

invented_error = Mistake(
    code="GD128",
    title="the hidden error is invented",
    symptom="The loss wanders: the first layer's changes have nothing to do with it.",
    explanation="There is no target for a hidden unit, and nothing to divide by or to subtract from: its error is what "
    "the chain rule carries back, a product.",
    fix="hidden_error = output_error_term * weights_hidden_to_output, and nothing else.",
    wrong="hidden_error = target / weights_hidden_to_output - hidden_layer_out",
    right="hidden_error = output_error_term * weights_hidden_to_output",
    seen=2,
)


Numbers = Callable[[Any, Any, Any, Any], Any]


def _invents(hidden_error: Numbers) -> None:
    """Enter a hidden error made of the target t, what comes back e, the weights w and the hidden values h."""

    def by_hand(t: Any, e: Any, w: Any, h: Any) -> Any:
        return hidden_error(np.asarray(t)[..., None], np.asarray(e)[..., None], w, h)

    @invented_error.instead_of(b.hidden_error)
    def _(target: Any, output_error_term: Any, weights_hidden_to_output: Any, hidden_layer_out: Any) -> Any:
        return by_hand(target, output_error_term, weights_hidden_to_output, hidden_layer_out)

    @invented_error.instead_of(b.hidden_error)
    def _(target: Any, output_error: Any, weights_hidden_to_output: Any, hidden_layer_out: Any) -> Any:
        return by_hand(target, output_error, weights_hidden_to_output, hidden_layer_out)


_invents(lambda t, e, w, h: e / w)
_invents(lambda t, e, w, h: t - e * w)
_invents(lambda t, e, w, h: t - e)
_invents(lambda t, e, w, h: h - e * w)
_invents(lambda t, e, w, h: h - e)
_invents(lambda t, e, w, h: e * w - h)
_invents(lambda t, e, w, h: e - h)
_invents(lambda t, e, w, h: t / w - h)
_invents(lambda t, e, w, h: t / w)
_invents(lambda t, e, w, h: t / w - e)
_invents(lambda t, e, w, h: t * w - h)
_invents(lambda t, e, w, h: t - h)
_invents(lambda t, e, w, h: t - h * w)
_invents(lambda t, e, w, h: (t - h) * w)

slope_of_output = Mistake(
    code="GD155",
    title="the hidden slope is made from the output",
    symptom="None: the loss falls as it should.",
    explanation="Each hidden unit has a slope of its own, h(1 - h) with its own value h. The output's slope is in the "
    "output error term already.",
    fix="Use hidden_layer_out in the hidden error term.",
    wrong="hidden_error_term = hidden_error * output_layer_out * (1 - output_layer_out)",
    right="hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)",
)


@slope_of_output.instead_of(b.hidden_slope)
def _(output_layer_out: Any) -> Any:
    return np.asarray(output_layer_out * (1 - output_layer_out))[..., None]


weights_already_new = Mistake(
    code="GD156",
    title="the hidden error is computed with weights that are already new",
    symptom="Next to none: the difference is of the order of the learning rate squared.",
    explanation="All slopes belong to one point. Once the output weights have moved, the error that goes back through "
    "them belongs to a network that didn't give this output.",
    fix="Compute all changes first, then change the weights.",
    wrong="w_ho = w_ho + delta_w_h_o\nhidden_error = output_error_term * w_ho",
    right="hidden_error = output_error_term * w_ho\nw_ho = w_ho + delta_w_h_o",
)


@weights_already_new.instead_of(b.hidden_error)
def _(output_error_term: Any, weights_hidden_to_output: Any, change_h_o: Any) -> Any:
    return np.asarray(output_error_term)[..., None] * (weights_hidden_to_output + change_h_o)


@weights_already_new.instead_of(b.hidden_error)
def _(output_error_term: Any, updated_h_o: Any) -> Any:
    return np.multiply.outer(output_error_term, updated_h_o)


no_brackets = Mistake(
    code="GD167",
    title="the brackets in o · (1 - o) are missing",
    symptom="The weights run off to one side, whatever the targets say.",
    explanation="A product comes before a difference: error * o * 1 - o is error * o, with o taken away from it.",
    fix="Put the difference in brackets: error * o * (1 - o).",
    wrong="term = error * o * 1 - o",
    right="term = error * o * (1 - o)",
)


@no_brackets.instead_of(b.output_error_term)
def output_term_without_brackets(output_error: Any, output_layer_out: Any) -> Any:
    return output_error * output_layer_out * 1 - output_layer_out


@no_brackets.instead_of(b.hidden_error_term)
def hidden_term_without_brackets(hidden_error: Any, hidden_layer_out: Any) -> Any:
    return hidden_error * hidden_layer_out * 1 - hidden_layer_out


no_brackets.replaces(
    {b.output_error_term: output_term_without_brackets, b.hidden_error_term: hidden_term_without_brackets}
)
no_brackets.instead_of(b.output_slope)(lambda output_layer_out: output_layer_out * 1 - output_layer_out)
no_brackets.instead_of(b.hidden_slope)(lambda hidden_layer_out: hidden_layer_out * 1 - hidden_layer_out)

error_for_its_slope = Mistake(
    code="GD168",
    title="the squared error stands where its slope belongs",
    symptom="The weights always move the same way: a square has no sign to tell too high from too low.",
    explanation="½(target - output)² is what gets smaller. How it changes with the output is its slope, and that goes "
    "back: target - output, where the change is added.",
    fix="Go back with target - output.",
    wrong="error = 0.5 * (target - output_layer_out) ** 2",
    right="error = target - output_layer_out",
)
error_for_its_slope.instead_of(b.output_error)(lambda target, output_layer_out: 0.5 * (target - output_layer_out) ** 2)
error_for_its_slope.instead_of(b.output_error)(lambda target, output_layer_out: (target - output_layer_out) ** 2)
