"""The forward pass of lesson 1 in named parts: a hidden layer of sigmoids, and one sigmoid that answers."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

squash = Step("sigmoid", inputs="x", returns="sigmoid")


@squash.operation
def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


sigmoid_alone = Step("sigmoid", inputs="x", returns="sigmoid_of_x", include=[squash])


@sigmoid_alone.part
def sigmoid_of_x(sigmoid: Any, x: Any) -> Any:
    return sigmoid(x)


two_layers = Step(
    "two_layers",
    inputs="x weights_input_to_hidden weights_hidden_to_output",
    returns="hidden output",
    include=[squash],
)


@two_layers.part
def hidden_layer_in(x: Any, weights_input_to_hidden: Any) -> Any:
    return x @ weights_input_to_hidden


@two_layers.part
def hidden(sigmoid: Any, hidden_layer_in: Any) -> Any:
    return sigmoid(hidden_layer_in)


@two_layers.part
def output_layer_in(hidden: Any, weights_hidden_to_output: Any) -> Any:
    return hidden @ weights_hidden_to_output


@two_layers.part
def output(sigmoid: Any, output_layer_in: Any) -> Any:
    return sigmoid(output_layer_in)


# What a learner may return in another order stands apart from how it is computed: hidden is what the forward pass
# computes, hidden_layer_out what comes back from it; so also below.
forward_pass = Step(
    "forward_pass",
    inputs="x weights_input_to_hidden weights_hidden_to_output",
    returns="hidden_layer_out output_layer_out weights_are_set_to_0",
    include=[two_layers],
)


@forward_pass.part
def hidden_layer_out(hidden: Any) -> Any:
    return hidden


@forward_pass.part
def output_layer_out(output: Any) -> Any:
    return output


@forward_pass.part
def weights_are_set_to_0() -> Any:
    return False
