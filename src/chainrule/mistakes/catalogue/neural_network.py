"""Mistakes in a network as a class: what it starts from, what it keeps between calls, where its output is squashed."""

from typing import Any

import numpy as np

from chainrule.mistakes.catalogue import backward, epoch, forward, functions, records
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING, Replaced
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import neural_network as n

ALL_OPEN: Replaced = {n.neural_network.parts[name]: lambda: ANYTHING for name in n.neural_network.returns}

start_alike = Mistake(
    code="GD157",
    title="all hidden units start with the same weights",
    symptom="The loss falls a little and stalls; all columns of the first weights stay equal.",
    explanation="Units with the same weights give the same answer, get the same error and take the same step: they "
    "stay one unit for ever. With zeros everywhere nothing comes back to the first layer at all.",
    fix="Draw the first weights at random.",
    wrong="np.zeros((input_nodes, hidden_nodes))",
    right="rng.normal(0, input_nodes**-0.5, (input_nodes, hidden_nodes))",
)
start_alike.replaces({n.hidden_units_start_alike: lambda: True})

start_huge = Mistake(
    code="GD158",
    title="the first weights are far too large",
    symptom="The loss starts high and hardly moves: nearly all hidden values are 0 or 1.",
    explanation="Far out the sigmoid is flat: its slope is nearly 0, and so is every step.",
    fix="Scale the first weights by one over the square root of the number of inputs.",
    wrong="10 * rng.normal(size=(input_nodes, hidden_nodes))",
    right="input_nodes**-0.5 * rng.normal(size=(input_nodes, hidden_nodes))",
)
start_huge.replaces({n.first_weights_are_huge: lambda: True})

epoch.never_reset.replaces({n.second_step_is_larger: lambda: True})
records.enter_record_by_record(n.neural_network, {n.second_step_is_larger: lambda: False})
forward.transposed.replaces({**ALL_OPEN, n.first_weights_have_the_right_shape: lambda: False})
for _mistake in (epoch.change_for_weights, forward.dropped_weights):
    _mistake.replaces({**ALL_OPEN, n.weights_are_set_to_0: lambda: True})


def squashed(sigmoid: Any, output_layer_in: Any) -> Any:
    return sigmoid(output_layer_in)


forward.other_output_activation.instead_of(n.output)(squashed)
forward.other_output_activation.instead_of(n.run)(squashed)
# Squashed in training only: with the slope of a sigmoid, which is right for it, or with that of no squashing.
plain_run: Replaced = {n.output: squashed, n.run: lambda output_layer_in: output_layer_in}
forward.other_output_activation.replaces(plain_run)


def slope_of_sigmoid(output_layer_out: Any) -> Any:
    return output_layer_out * (1 - output_layer_out)


def slope_of_tanh(output_layer_out: Any) -> Any:
    return 1 - output_layer_out**2


backward.other_slope.instead_of(n.output_slope)(slope_of_sigmoid)
backward.other_slope.instead_of(n.output_slope)(slope_of_tanh)
backward.other_slope.instead_of(n.output_slope)(lambda output_layer_out: output_layer_out)


backward.squashed_twice.instead_of(n.output_slope)(backward.sigmoid_prime_output)
backward.squashed_twice.replaces(
    {n.output_slope: backward.sigmoid_prime_output, b.hidden_slope: backward.sigmoid_prime_hidden}
)


@forward.relu_on_output.instead_of(n.output)
@forward.relu_on_output.instead_of(n.run)
def rectified(output_layer_in: Any) -> Any:
    return np.maximum(0, output_layer_in)


forward.relu_on_output.replaces({n.output: rectified, n.output_slope: lambda output_layer_out: output_layer_out > 0})


@functions.one_shape_only.instead_of(n.run)
def _(output: Any) -> Any:
    return output if len(output) == 1 else ANYTHING


# run() often repeats the lines of the training's forward pass, and a mistake may be in one of them only.
def right_run(features: Any, weights_input_to_hidden: Any, weights_hidden_to_output: Any) -> Any:
    return 1 / (1 + np.exp(-(features @ weights_input_to_hidden))) @ weights_hidden_to_output


for _mistake in (
    forward.no_hidden_activation,
    forward.linear_in_between,
    forward.precedence,
    forward.wrong_exponent,
    forward.relu_in_layer,
    forward.relu_on_output,
):
    for _variation in list(_mistake.in_step(n.neural_network)):
        if n.run not in _variation:
            _mistake.replaces({**_variation, n.run: right_run})
for _mistake in (forward.no_hidden_activation, forward.linear_in_between):
    _mistake.instead_of(n.run)(
        lambda features, weights_input_to_hidden, weights_hidden_to_output: (
            features @ weights_input_to_hidden @ weights_hidden_to_output
        )
    )


# In a class both arrays have two axes, and sizes that don't fit are an error at once.
@functions.swapped.instead_of(b.updated_i_h)
def _(weights_input_to_hidden: Any, step_h_o: Any) -> Any:
    weights = weights_input_to_hidden.copy()
    weights += step_h_o[:, None]
    return weights


@functions.swapped.instead_of(b.updated_h_o)
def _(weights_hidden_to_output: Any, step_i_h: Any) -> Any:
    weights = weights_hidden_to_output[:, None].copy()
    weights += step_i_h
    return weights


@functions.swapped.instead_of(b.hidden_layer_out)
def _(output: Any, weights_hidden_to_output: Any, hidden: Any) -> Any:
    return weights_hidden_to_output[:, None] @ hidden[0]
