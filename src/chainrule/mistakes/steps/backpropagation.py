"""Backpropagation of lesson 1 in named parts: ½(target − output)² for each record, and one epoch of descent."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import ANYTHING, Step
from chainrule.mistakes.steps.forward import two_layers

# x, target, hidden_layer_out and output_layer_out have one leading axis more where they hold a batch.
backward_pass = Step(
    "backward_pass",
    inputs="x target learnrate hidden_layer_out output_layer_out weights_hidden_to_output",
    returns="delta_w_h_o delta_w_i_h",
)


@backward_pass.part
def rate(learnrate: Any) -> Any:
    return learnrate


@backward_pass.part
def output_error(target: Any, output_layer_out: Any) -> Any:
    return target - output_layer_out


@backward_pass.part
def output_slope(output_layer_out: Any) -> Any:
    return output_layer_out * (1 - output_layer_out)


@backward_pass.part
def output_error_term(output_error: Any, output_slope: Any) -> Any:
    return output_error * output_slope


@backward_pass.part
def hidden_error(output_error_term: Any, weights_hidden_to_output: Any) -> Any:
    return np.multiply.outer(output_error_term, weights_hidden_to_output)


@backward_pass.part
def hidden_slope(hidden_layer_out: Any) -> Any:
    return hidden_layer_out * (1 - hidden_layer_out)


@backward_pass.part
def hidden_error_term(hidden_error: Any, hidden_slope: Any) -> Any:
    return hidden_error * hidden_slope


@backward_pass.part
def change_h_o(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate * np.asarray(output_error_term)[..., None] * hidden_layer_out


@backward_pass.part
def change_i_h(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    return rate * x[..., :, None] * hidden_error_term[..., None, :]


@backward_pass.part
def delta_w_h_o(change_h_o: Any) -> Any:
    return change_h_o


@backward_pass.part
def delta_w_i_h(change_i_h: Any) -> Any:
    return change_i_h


INPUTS = "weights_input_to_hidden weights_hidden_to_output features targets learnrate"
CHANGES = "change_of_weights_input_to_hidden change_of_weights_hidden_to_output"
epoch = Step("epoch", inputs=INPUTS, returns=CHANGES, include=[two_layers, backward_pass])


@epoch.part
def x(features: Any) -> Any:
    return features


@epoch.part
def target(targets: Any) -> Any:
    return targets


@epoch.part
def hidden_layer_out(hidden: Any) -> Any:
    return hidden


@epoch.part
def output_layer_out(output: Any) -> Any:
    return output


@epoch.operation
def accumulate(changes: Any) -> Any:
    """Add up the records' changes; axis 0 counts the records."""
    return changes.sum(axis=0)


@epoch.operation
def average(total: Any, features: Any) -> Any:
    return total / len(features)


@epoch.part
def total_i_h(delta_w_i_h: Any, accumulate: Any) -> Any:
    return accumulate(delta_w_i_h)


@epoch.part
def total_h_o(delta_w_h_o: Any, accumulate: Any) -> Any:
    return accumulate(delta_w_h_o)


@epoch.part
def step_i_h(total_i_h: Any, average: Any, features: Any) -> Any:
    return average(total_i_h, features)


@epoch.part
def step_h_o(total_h_o: Any, average: Any, features: Any) -> Any:
    return average(total_h_o, features)


@epoch.part
def updated_i_h(weights_input_to_hidden: Any, step_i_h: Any) -> Any:
    return weights_input_to_hidden + step_i_h


@epoch.part
def updated_h_o(weights_hidden_to_output: Any, step_h_o: Any) -> Any:
    return weights_hidden_to_output + step_h_o


@epoch.part
def new_weights_input_to_hidden(updated_i_h: Any) -> Any:
    return updated_i_h


@epoch.part
def new_weights_hidden_to_output(updated_h_o: Any) -> Any:
    return updated_h_o


@epoch.part
def change_of_weights_input_to_hidden(new_weights_input_to_hidden: Any, weights_input_to_hidden: Any) -> Any:
    return change(new_weights_input_to_hidden, weights_input_to_hidden)


@epoch.part
def change_of_weights_hidden_to_output(new_weights_hidden_to_output: Any, weights_hidden_to_output: Any) -> Any:
    return change(new_weights_hidden_to_output, weights_hidden_to_output)


update_weights = Step("update_weights", inputs=INPUTS, returns=f"{CHANGES} the_same_when_called_again", include=[epoch])


@update_weights.part
def the_same_when_called_again() -> Any:
    return True


def change(new: Any, old: Any) -> Any:
    """Return new − old, also where ``new`` came back as a column; as it came where it isn't of the same sizes.

    Weights that came back in float32 give their difference in float32, too: it isn't known any better.
    """
    sizes = [size for size in np.shape(new) if size != 1]
    if new is None or new is ANYTHING or np.ndim(new) > 2 or sizes != [size for size in np.shape(old) if size != 1]:
        return new
    difference = np.reshape(new, np.shape(old)) - old
    return difference.astype(np.float32) if getattr(new, "dtype", None) == np.float32 else difference
