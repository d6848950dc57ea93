"""Mistakes in which one record is taken for all, or all for one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import NOTHING, Replaced, Step
from chainrule.mistakes.steps import backpropagation as b

table_of_errors = Mistake(
    code="GD124",
    title="a column of outputs meets a row of targets: each output is compared with every target",
    symptom="The loss stays near twice the variance of the targets, though the network may be fine.",
    explanation="Shapes (N, 1) and (N,) broadcast to a table (N, N). Its mean or sum has little to do with the N "
    "errors.",
    fix="Bring both to the same shape first: targets[:, None], or outputs.ravel().",
    wrong="error = targets - outputs  # (N,) - (N, 1)",
    right="error = targets - outputs.ravel()",
    seen=2,
)


@table_of_errors.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any, features: Any) -> Any:
    return target.mean() - output_layer_out


@table_of_errors.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any, features: Any) -> Any:
    return target.sum() - len(features) * output_layer_out


@table_of_errors.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any, features: Any) -> Any:
    return target - output_layer_out.mean()


@table_of_errors.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any, features: Any) -> Any:
    return len(features) * target - output_layer_out.sum()


@table_of_errors.instead_of(b.total_h_o)
def _(output_error: Any, hidden_layer_out: Any, weights_hidden_to_output: Any) -> Any:
    total = np.zeros((len(weights_hidden_to_output), 1))
    total += hidden_layer_out.T @ np.add.outer(output_error, np.zeros(len(output_error)))
    return total


first_label = Mistake(
    code="GD126",
    title="one label is used for all records",
    symptom="The loss falls, and every record gets the same answer.",
    explanation="targets[0] is the first record's target; the others have their own.",
    fix="Use the whole array targets, or the loop's own target.",
    wrong="error = targets[0] - output_layer_out",
    right="error = targets - output_layer_out",
    seen=2,
)


@first_label.instead_of(b.target)
def _(targets: Any) -> Any:
    return np.full_like(targets, targets[0])


@first_label.instead_of(b.target)
def _(targets: Any) -> Any:
    return np.full_like(targets, targets[-1])


mixed = Mistake(
    code="GD140",
    title="one record's values and the whole batch's are mixed",
    symptom="The result depends on the order of the records; weak learning.",
    explanation="In the loop x is one record; after the loop it is the last one. An error for all records times the "
    "inputs of one is no record's change.",
    fix="Either everything for one record, inside the loop, or everything for the batch.",
    wrong="sum_i_h += hidden_error_terms * x[:, None]  # x: the last record",
    right="sum_i_h += features.T @ hidden_error_terms",
    seen=1,
)


@mixed.instead_of(b.change_i_h)
def last_inputs(rate: Any, hidden_error_term: Any, features: Any) -> Any:
    return rate * features[-1][:, None] * hidden_error_term[:, None, :]


@mixed.instead_of(b.change_i_h)
def _(rate: Any, hidden_error_term: Any, features: Any) -> Any:
    return rate * features[:, :, None] * hidden_error_term.sum(axis=0)


@mixed.instead_of(b.output_error_term)
def _(output_error: Any, output_slope: Any, features: Any) -> Any:
    return np.full(len(features), (output_error * output_slope).sum())


@mixed.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any, features: Any) -> Any:
    return np.full(len(features), (target - output_layer_out).sum())


@mixed.instead_of(b.output_error)
def _(target: Any, output_layer_out: Any, features: Any) -> Any:
    return np.full(len(features), (target - output_layer_out).mean())


@mixed.instead_of(b.change_h_o)
def last_hidden(rate: Any, output_error_term: Any, hidden_layer_out: Any, features: Any) -> Any:
    return rate * output_error_term[:, None] * hidden_layer_out[-1]


@mixed.instead_of(b.output_error)
def last_output(target: Any, output_layer_out: Any, features: Any) -> Any:
    return target - output_layer_out[-1]


mixed.replaces({b.change_h_o: last_hidden, b.change_i_h: last_inputs})

within_loop = Mistake(
    code="GD152",
    title="the weights move inside the loop over the records",
    symptom="The loss falls; the result depends on the order of the records.",
    explanation="An epoch of gradient descent takes one step, with the slopes of all records at the same weights. If "
    "they move after each record, the next one meets other weights.",
    fix="Only add up in the loop; move the weights once, after it.",
    wrong="for x, target in zip(features, targets):\n    ...\n    weights_hidden_to_output += delta_w_h_o / n_records",
    right="for x, target in zip(features, targets):\n    ...\n    sum_h_o += delta_w_h_o\n"
    "weights_hidden_to_output += sum_h_o / n_records",
)


def record_by_record(step: Step, *, sums: bool = False, through_new: bool = False) -> Replaced:
    """Return the variation of an epoch that takes a step for each record: by its own change, or by the sum so far.

    With ``through_new`` each record's error goes back through output weights that it has moved already.
    """

    def moved(result: int) -> Callable[..., Any]:
        def weights(
            average: Any,
            features: Any,
            targets: Any,
            learnrate: Any,
            weights_input_to_hidden: Any,
            weights_hidden_to_output: Any,
        ) -> Any:
            def hidden_error(output_error_term: Any, weights_hidden_to_output: Any, change_h_o: Any) -> Any:
                new = weights_hidden_to_output + average(change_h_o.sum(axis=0), features)
                return np.multiply.outer(output_error_term, new)

            i_h, h_o, sum_i_h, sum_h_o = weights_input_to_hidden, weights_hidden_to_output, 0.0, 0.0
            for row in range(len(features)):
                inputs = (i_h, h_o, features[row : row + 1], targets[row : row + 1], learnrate)
                replaced = {b.hidden_error: hidden_error} if through_new else NOTHING
                named = dict(zip(step.inputs, inputs, strict=True))
                total = step.values(named, replaced, names=["total_i_h", "total_h_o"])
                sum_i_h, sum_h_o = sums * sum_i_h + total["total_i_h"], sums * sum_h_o + total["total_h_o"]
                i_h, h_o = i_h + average(sum_i_h, features), h_o + average(sum_h_o, features)
            return (i_h, h_o)[result]

        return weights

    return {b.updated_i_h: moved(0), b.updated_h_o: moved(1)}


def enter_record_by_record(step: Step, own: Replaced) -> None:
    """Enter these variations for a step; a part that is only its own keeps them from being tried on others."""
    within_loop.replaces({**record_by_record(step), **own})
    within_loop.replaces({**record_by_record(step, sums=True), **own})
    within_loop.replaces({**record_by_record(step, through_new=True), **own})


enter_record_by_record(b.update_weights, {b.the_same_when_called_again: lambda: True})
