"""Mistakes in an epoch: adding up the records' changes, dividing, moving the weights."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.backward import extra_axis, extra_term
from chainrule.mistakes.catalogue.forward import twice
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING, Replaced, Step
from chainrule.mistakes.steps import backpropagation as b

not_divided = Mistake(
    code="GD104",
    title="the sum over the records is never divided by their number",
    symptom="The loss jumps, or freezes where the sigmoids saturate; with few records it may even fall faster.",
    explanation="The step grows with the number of records: a sum, where the mean was meant.",
    fix="Divide once, after the loop, by the number of records.",
    wrong="weights_hidden_to_output + sum_h_o",
    right="weights_hidden_to_output + sum_h_o / n_records",
    seen=8,
)


@not_divided.instead_of(b.average)
def _(total: Any, features: Any) -> Any:
    return total


@not_divided.instead_of(b.step_i_h)
def _(total_i_h: Any) -> Any:
    return total_i_h


@not_divided.instead_of(b.step_h_o)
def _(total_h_o: Any) -> Any:
    return total_h_o


wrong_count = Mistake(
    code="GD138",
    title="divides by the wrong count",
    symptom="None: steps of another size.",
    explanation="The changes are summed over the records, so it is the number of records that makes a mean of them: "
    "not the number of inputs, of hidden units or of entries, and only once.",
    fix="Divide by len(features), once.",
    wrong="sum_i_h / weights_input_to_hidden.shape[0]",
    right="sum_i_h / len(features)",
    seen=1,
)


def _divides(count: Callable[[Any, Any], float]) -> None:
    """Enter a wrong divisor, made of the sum of the changes and the features, for either sum and for both."""

    def average(total: Any, features: Any) -> Any:
        return total / count(total, features)

    wrong_count.instead_of(b.average)(average)
    wrong_count.instead_of(b.step_i_h)(lambda total_i_h, features: average(total_i_h, features))
    wrong_count.instead_of(b.step_h_o)(lambda total_h_o, features: average(total_h_o, features))


_divides(lambda total, features: features.shape[1])
_divides(lambda total, features: total.shape[0])
_divides(lambda total, features: total.size)
_divides(lambda total, features: features.size)
_divides(lambda total, features: len(features) ** 2)
_divides(lambda total, features: 2 * len(features))
_divides(lambda total, features: len(features) - 1)
_divides(lambda total, features: len(features) * total.size)
_divides(lambda total, features: total.shape[-1])

overwrites = Mistake(
    code="GD105",
    title="each record overwrites the change of the one before",
    symptom="The loss still falls in every epoch, to a higher value: it looks like a weak model.",
    explanation="Only the last record moves the weights: = replaces what the records before it have added up, and so "
    "do zeros inside the loop.",
    fix="Set the sum to zero before the loop, and add each record's change to it with +=.",
    wrong="sum_h_o = delta_w_h_o",
    right="sum_h_o += delta_w_h_o",
    seen=5,
)


@overwrites.instead_of(b.accumulate)
def _(changes: Any) -> Any:
    return changes[-1]


@overwrites.instead_of(b.total_i_h)
def _(delta_w_i_h: Any) -> Any:
    return delta_w_i_h[-1]


@overwrites.instead_of(b.total_h_o)
def _(delta_w_h_o: Any) -> Any:
    return delta_w_h_o[-1]


returns_too_early = Mistake(
    code="GD164",
    title="returns inside the loop, after the first record",
    symptom="The loss falls slowly, and never below what one record can teach.",
    explanation="return ends the function at once: the other records are never seen.",
    fix="Move the return, and the division, out of the loop: one level to the left.",
    wrong="for x, target in zip(features, targets):\n    ...\n    return w_ih + sum_i_h / n, w_ho + sum_h_o / n",
    right="for x, target in zip(features, targets):\n    ...\nreturn w_ih + sum_i_h / n, w_ho + sum_h_o / n",
)


@returns_too_early.instead_of(b.accumulate)
def _(changes: Any) -> Any:
    return changes[0]


only_one_updated = Mistake(
    code="GD150",
    title="only one of the two weight arrays is updated",
    symptom="It looks like a weak model: a network with a fixed random layer still learns something.",
    explanation="Both arrays have a slope, and both have to take their step.",
    fix="Add the change to each array, and return both new ones.",
    wrong="return weights_input_to_hidden, weights_hidden_to_output + step_h_o",
    right="return weights_input_to_hidden + step_i_h, weights_hidden_to_output + step_h_o",
)


@only_one_updated.instead_of(b.updated_i_h)
@twice.instead_of(b.updated_i_h)
def stays_i_h(weights_input_to_hidden: Any) -> Any:
    return weights_input_to_hidden


@only_one_updated.instead_of(b.updated_h_o)
@twice.instead_of(b.updated_h_o)
def stays_h_o(weights_hidden_to_output: Any) -> Any:
    return weights_hidden_to_output


twice.replaces({b.updated_i_h: stays_i_h, b.updated_h_o: stays_h_o})

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
def _(rate: Any, hidden_error_term: Any, features: Any) -> Any:
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
def _(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate * output_error_term[:, None] * hidden_layer_out[-1]


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


def record_by_record(step: Step, *, sums: bool) -> Replaced:
    """Return the variation of an epoch that takes a step for each record: by its own change, or by the sum so far."""
    return {b.updated_i_h: _moved(step, 0, sums), b.updated_h_o: _moved(step, 1, sums)}


def _moved(step: Step, result: int, sums: bool) -> Callable[..., Any]:
    def moved(
        average: Any,
        features: Any,
        targets: Any,
        learnrate: Any,
        weights_input_to_hidden: Any,
        weights_hidden_to_output: Any,
    ) -> Any:
        i_h, h_o, sum_i_h, sum_h_o = weights_input_to_hidden, weights_hidden_to_output, 0.0, 0.0
        for row in range(len(features)):
            record = {"features": features[row : row + 1], "targets": targets[row : row + 1], "learnrate": learnrate}
            weights = {"weights_input_to_hidden": i_h, "weights_hidden_to_output": h_o}
            total = step.values(record | weights, names=["total_i_h", "total_h_o"])
            sum_i_h, sum_h_o = sums * sum_i_h + total["total_i_h"], sums * sum_h_o + total["total_h_o"]
            i_h, h_o = i_h + average(sum_i_h, features), h_o + average(sum_h_o, features)
        return (i_h, h_o)[result]

    return moved


for _sums in (False, True):
    within_loop.replaces({**record_by_record(b.update_weights, sums=_sums), b.the_same_when_called_again: lambda: True})

never_reset = Mistake(
    code="GD153",
    title="the sums of earlier epochs are still in the sum",
    symptom="The first epoch is right, then the steps grow and overshoot, like a ball without friction.",
    explanation="The sum belongs to one epoch. Kept in an attribute, a global or a default argument, it goes on "
    "growing.",
    fix="Set it to zero at the start of each epoch, inside the function.",
    wrong="def update_weights(..., sum_i_h=np.zeros((n_inputs, n_hidden))):",
    right="sum_i_h = np.zeros_like(weights_input_to_hidden)  # first line of the function",
)

never_reset.replaces(
    {
        b.the_same_when_called_again: lambda: False,
        b.new_weights_input_to_hidden: lambda: ANYTHING,
        b.new_weights_hidden_to_output: lambda: ANYTHING,
    }
)

last_record_only = Mistake(
    code="GD112",
    title="the loss is that of the last record only",
    symptom="Training is right, the printed curve is not: it jumps, and may rise.",
    explanation="After a loop over the records, its variable still holds the last one: its answer is compared with all "
    "targets, or its loss is taken for the loss of all.",
    fix="Compute the outputs of the whole feature matrix, and the mean over all records.",
    wrong="out = forward(x)  # x: the last record\nloss = np.mean((out - targets) ** 2)",
    right="out = forward(features)\nloss = np.mean((out - targets) ** 2)",
    seen=4,
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


@extra_axis.instead_of(b.total_i_h)
def unsummed_i_h(delta_w_i_h: Any) -> Any:
    return delta_w_i_h


@extra_axis.instead_of(b.total_h_o)
def unsummed_h_o(delta_w_h_o: Any) -> Any:
    return delta_w_h_o


extra_axis.replaces({b.total_i_h: unsummed_i_h, b.total_h_o: unsummed_h_o})
