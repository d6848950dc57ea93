"""The step of lesson 1 in named parts: two sigmoid layers, ½(target − output)² for each record, one epoch."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

forward_pass = Step(
    "forward_pass",
    inputs="x weights_input_to_hidden weights_hidden_to_output",
    returns="hidden_layer_out output_layer_out",
)


@forward_pass.operation
def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


@forward_pass.part
def hidden_layer_in(x: Any, weights_input_to_hidden: Any) -> Any:
    return x @ weights_input_to_hidden


@forward_pass.part
def hidden_layer_out(sigmoid: Any, hidden_layer_in: Any) -> Any:
    return sigmoid(hidden_layer_in)


@forward_pass.part
def output_layer_in(hidden_layer_out: Any, weights_hidden_to_output: Any) -> Any:
    return hidden_layer_out @ weights_hidden_to_output


@forward_pass.part
def output_layer_out(sigmoid: Any, output_layer_in: Any) -> Any:
    return sigmoid(output_layer_in)


# x, target, hidden_layer_out and output_layer_out have one leading axis more where they hold a batch.
backward_pass = Step(
    "backward_pass",
    inputs="x target learnrate hidden_layer_out output_layer_out weights_hidden_to_output",
    returns="delta_w_h_o delta_w_i_h",
)


@backward_pass.part
def output_error(target: Any, output_layer_out: Any) -> Any:
    return target - output_layer_out


@backward_pass.part
def output_error_term(output_error: Any, output_layer_out: Any) -> Any:
    return output_error * output_layer_out * (1 - output_layer_out)


@backward_pass.part
def hidden_error(output_error_term: Any, weights_hidden_to_output: Any) -> Any:
    return np.multiply.outer(output_error_term, weights_hidden_to_output)


@backward_pass.part
def hidden_error_term(hidden_error: Any, hidden_layer_out: Any) -> Any:
    return hidden_error * hidden_layer_out * (1 - hidden_layer_out)


@backward_pass.part
def delta_w_h_o(learnrate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return learnrate * np.asarray(output_error_term)[..., None] * hidden_layer_out


@backward_pass.part
def delta_w_i_h(learnrate: Any, hidden_error_term: Any, x: Any) -> Any:
    return learnrate * x[..., :, None] * hidden_error_term[..., None, :]


update_weights = Step(
    "update_weights",
    inputs="weights_input_to_hidden weights_hidden_to_output features targets learnrate",
    returns="new_weights_input_to_hidden new_weights_hidden_to_output",
    include=[forward_pass, backward_pass],
)


@update_weights.part
def x(features: Any) -> Any:
    return features


@update_weights.part
def target(targets: Any) -> Any:
    return targets


@update_weights.operation
def accumulate(changes: Any) -> Any:
    """Add up the records' changes; axis 0 counts the records."""
    return changes.sum(axis=0)


@update_weights.operation
def average(total: Any, features: Any) -> Any:
    return total / len(features)


@update_weights.part
def step_i_h(delta_w_i_h: Any, accumulate: Any, average: Any, features: Any) -> Any:
    return average(accumulate(delta_w_i_h), features)


@update_weights.part
def step_h_o(delta_w_h_o: Any, accumulate: Any, average: Any, features: Any) -> Any:
    return average(accumulate(delta_w_h_o), features)


@update_weights.part
def new_weights_input_to_hidden(weights_input_to_hidden: Any, step_i_h: Any) -> Any:
    return weights_input_to_hidden + step_i_h


@update_weights.part
def new_weights_hidden_to_output(weights_hidden_to_output: Any, step_h_o: Any) -> Any:
    return weights_hidden_to_output + step_h_o
