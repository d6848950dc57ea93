"""The class NeuralNetwork in named parts: a hidden layer of sigmoids, and one output that isn't squashed."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step
from chainrule.mistakes.steps.backpropagation import CHANGES, INPUTS, epoch

STARTS = "first_weights_have_the_right_shape hidden_units_start_alike first_weights_are_huge"

# weights_hidden_to_output is (hidden,) here: one output is all that the exercise asks for.
neural_network = Step(
    "NeuralNetwork",
    inputs=INPUTS,
    returns=f"{STARTS} weights_are_set_to_0 run {CHANGES} second_step_is_larger",
    include=[epoch],
)


@neural_network.part
def output(output_layer_in: Any) -> Any:
    return output_layer_in


@neural_network.part
def output_slope(output_layer_out: Any) -> Any:
    return np.ones_like(output_layer_out)


@neural_network.part
def run(output: Any) -> Any:
    return output


@neural_network.part
def first_weights_have_the_right_shape() -> Any:
    return True


@neural_network.part
def hidden_units_start_alike() -> Any:
    return False


@neural_network.part
def first_weights_are_huge() -> Any:
    return False


@neural_network.part
def weights_are_set_to_0() -> Any:
    return False


@neural_network.part
def second_step_is_larger() -> Any:
    """Say whether a second call of train, from the same weights with the same records, moves the weights farther."""
    return False
