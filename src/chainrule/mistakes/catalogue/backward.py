"""Mistakes in the backward pass: error terms, slopes and changes of one record."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps.forward import sigmoid

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

sizes_for_values = Mistake(
    code="GD114",
    title="multiplies by a number of nodes where the nodes' values belong",
    symptom="No error, since a number fits everything; all hidden units move alike.",
    explanation="The change of a weight is the error term behind it times the value that came in through it. The "
    "number of units says nothing about this record.",
    fix="Use what came out of the nodes, hidden_layer_out or x, not how many they are.",
    wrong="delta_w_h_o = learnrate * output_error_term * n_hidden",
    right="delta_w_h_o = learnrate * output_error_term * hidden_layer_out",
    seen=3,
)


@sizes_for_values.instead_of(b.change_h_o)
def _(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate * output_error_term * hidden_layer_out.shape[-1]


@sizes_for_values.instead_of(b.change_h_o)
def sizes_h_o(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate * np.asarray(output_error_term)[..., None] * np.full_like(hidden_layer_out, hidden_layer_out.shape[-1])


@sizes_for_values.instead_of(b.change_i_h)
def _(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    return rate * hidden_error_term * x.shape[-1]


@sizes_for_values.instead_of(b.change_i_h)
def sizes_i_h(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    return rate * np.full_like(x, x.shape[-1])[..., :, None] * hidden_error_term[..., None, :]


sizes_for_values.replaces({b.change_h_o: sizes_h_o, b.change_i_h: sizes_i_h})


@sizes_for_values.instead_of(b.hidden_error)
def _(output_error_term: Any, weights_hidden_to_output: Any) -> Any:
    return np.multiply.outer(output_error_term, np.full_like(weights_hidden_to_output, len(weights_hidden_to_output)))


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


fixed_rate = Mistake(
    code="GD120",
    title="the learning rate that was passed in isn't used",
    symptom="Everything works until somebody asks for another learning rate, and nothing changes.",
    explanation="A constant, a global name or no rate at all stands where the argument belongs.",
    fix="Multiply by the argument learnrate, once.",
    wrong="delta_w_h_o = 0.5 * output_error_term * hidden_layer_out",
    right="delta_w_h_o = learnrate * output_error_term * hidden_layer_out",
    seen=2,
)

RATES = (1.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 2.0)


def _rate(constant: float) -> None:
    fixed_rate.instead_of(b.rate)(lambda: constant)


for _constant in RATES:
    _rate(_constant)

climbs = Mistake(
    code="GD121",
    title="the sign is wrong: the weights move uphill",
    symptom="The loss rises to the worst value there is, and stays.",
    explanation="The change is added, so the error has to be target - output; with output - target the same change "
    "would have to be subtracted.",
    fix="Use target - output with +=, or output - target with -=; not a mixture.",
    wrong="error = output_layer_out - target",
    right="error = target - output_layer_out",
    seen=2,
)


@climbs.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any) -> Any:
    return output_layer_out - target


@climbs.instead_of(b.change_h_o)
def _(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return -rate * np.asarray(output_error_term)[..., None] * hidden_layer_out


@climbs.instead_of(b.change_i_h)
def _(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    return -rate * x[..., :, None] * hidden_error_term[..., None, :]


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
    return sigmoid.function(z) * (1 - sigmoid.function(z))


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

extra_term = Mistake(
    code="GD137",
    title="the change has an extra term: the weights themselves are added",
    symptom="The weights grow from call to call; the accuracy may look plausible.",
    explanation="With error 0 nothing should change. A change that starts from the weights, or returns the new "
    "weights, adds them once more.",
    fix="Start the change at 0, and let it hold the error's share only.",
    wrong="delta_w_h_o = weights_hidden_to_output + learnrate * output_error_term * hidden_layer_out",
    right="delta_w_h_o = learnrate * output_error_term * hidden_layer_out",
    seen=1,
)


@extra_term.instead_of(b.delta_w_h_o)
def _(change_h_o: Any, weights_hidden_to_output: Any) -> Any:
    return change_h_o + weights_hidden_to_output


@extra_term.instead_of(b.delta_w_h_o)
def _(change_h_o: Any, weights_hidden_to_output: Any, rate: Any) -> Any:
    return change_h_o + rate * weights_hidden_to_output


@extra_term.instead_of(b.delta_w_i_h)
def _(change_i_h: Any, weights_hidden_to_output: Any) -> Any:
    return change_i_h + weights_hidden_to_output


@extra_term.instead_of(b.delta_w_i_h)
def _(change_i_h: Any, weights_hidden_to_output: Any, rate: Any) -> Any:
    return change_i_h + rate * weights_hidden_to_output


extra_term.replaces(
    {
        b.delta_w_h_o: lambda change_h_o, weights_hidden_to_output: change_h_o + weights_hidden_to_output,
        b.delta_w_i_h: lambda change_i_h, weights_hidden_to_output: change_i_h + weights_hidden_to_output,
    }
)

terms_exchanged = Mistake(
    code="GD143",
    title="the two layers use each other's error term",
    symptom="The loss may even fall.",
    explanation="The weights to the output are moved by the output's error term, those to the hidden layer by the "
    "hidden error terms, each times the value that came in through the weight.",
    fix="output_error_term goes with hidden_layer_out, hidden_error_term with x.",
    wrong="delta_w_h_o = learnrate * hidden_error_term * hidden_layer_out",
    right="delta_w_h_o = learnrate * output_error_term * hidden_layer_out",
    seen=1,
)


@terms_exchanged.instead_of(b.change_h_o)
def hidden_term_h_o(rate: Any, hidden_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate * hidden_error_term * hidden_layer_out


@terms_exchanged.instead_of(b.change_i_h)
def output_term_i_h(rate: Any, output_error_term: Any, x: Any) -> Any:
    return rate * x[..., :, None] * np.asarray(output_error_term)[..., None, None]


@terms_exchanged.instead_of(b.change_i_h)
def output_term_full(rate: Any, output_error_term: Any, x: Any, weights_hidden_to_output: Any) -> Any:
    return output_term_i_h(rate, output_error_term, x) * np.ones_like(weights_hidden_to_output)


terms_exchanged.replaces({b.change_h_o: hidden_term_h_o, b.change_i_h: output_term_i_h})
terms_exchanged.replaces({b.change_h_o: hidden_term_h_o, b.change_i_h: output_term_full})

extra_axis = Mistake(
    code="GD148",
    title="the change has an axis too many",
    symptom="An error when it is added to the weights, or a huge array.",
    explanation="A change has the shape of its weights: one row per input, one column per hidden unit. Each None, and "
    "each product without a sum over the records, adds an axis.",
    fix="x[:, None] * hidden_error_term for one record; x.T @ hidden_error_term for all.",
    wrong="x[:, None, None] * hidden_error_term[:, None]",
    right="x[:, None] * hidden_error_term",
    seen=1,
)


@extra_axis.instead_of(b.delta_w_i_h)
def _(change_i_h: Any) -> Any:
    return change_i_h[..., None]


@extra_axis.instead_of(b.delta_w_i_h)
def _(change_i_h: Any) -> Any:
    return change_i_h[..., None, :]


@extra_axis.instead_of(b.delta_w_i_h)
def _(change_i_h: Any) -> Any:
    return change_i_h[..., None, :, :]


rate_twice = Mistake(
    code="GD154",
    title="the learning rate is applied twice",
    symptom="None with a learning rate near 1; with a small one hardly anything moves.",
    explanation="With the rate in the error term or the backward pass, and again in the update, the step is multiplied "
    "by its square.",
    fix="Multiply by learnrate in one place.",
    wrong="weights += learnrate * delta  # delta has it already",
    right="weights += delta",
)


@rate_twice.instead_of(b.rate)
def _(learnrate: Any) -> Any:
    return learnrate**2


@rate_twice.instead_of(b.change_h_o)
def _(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate**2 * np.asarray(output_error_term)[..., None] * hidden_layer_out


@rate_twice.instead_of(b.change_i_h)
def _(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    return rate**2 * x[..., :, None] * hidden_error_term[..., None, :]


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
