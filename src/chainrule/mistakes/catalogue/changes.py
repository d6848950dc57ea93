"""Mistakes in the changes that the backward pass makes of its error terms."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import backpropagation as b

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
fixed_rate.any_number(b.rate)

# One of the two changes may be made without it.
fixed_rate.instead_of(b.change_h_o)(
    lambda output_error_term, hidden_layer_out: np.asarray(output_error_term)[..., None] * hidden_layer_out
)
fixed_rate.instead_of(b.change_i_h)(lambda hidden_error_term, x: x[..., :, None] * hidden_error_term[..., None, :])

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


def _adds_weights(share: Callable[[Any], Any]) -> None:
    """Enter weights that are added to each record's change, or once to the sum, times a share of the learning rate."""
    i_h: Replaced = {
        b.delta_w_i_h: lambda change_i_h, weights_input_to_hidden, rate: (
            change_i_h + share(rate) * weights_input_to_hidden
        )
    }
    h_o: Replaced = {
        b.delta_w_h_o: lambda change_h_o, weights_hidden_to_output, rate: (
            change_h_o + share(rate) * weights_hidden_to_output
        )
    }
    sum_i_h: Replaced = {
        b.total_i_h: lambda delta_w_i_h, accumulate, weights_input_to_hidden, rate: (
            accumulate(delta_w_i_h) + share(rate) * weights_input_to_hidden
        )
    }
    sum_h_o: Replaced = {
        b.total_h_o: lambda delta_w_h_o, accumulate, weights_hidden_to_output, rate: (
            accumulate(delta_w_h_o) + share(rate) * weights_hidden_to_output
        )
    }
    for replaced in (i_h, {**i_h, **h_o}, sum_i_h, sum_h_o, {**sum_i_h, **sum_h_o}):
        extra_term.replaces(replaced)


_adds_weights(lambda rate: 1)
_adds_weights(lambda rate: rate)

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


@extra_axis.instead_of(b.total_i_h)
def unsummed_i_h(delta_w_i_h: Any) -> Any:
    return delta_w_i_h


@extra_axis.instead_of(b.total_h_o)
def unsummed_h_o(delta_w_h_o: Any) -> Any:
    return delta_w_h_o


extra_axis.replaces({b.total_i_h: unsummed_i_h, b.total_h_o: unsummed_h_o})

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
