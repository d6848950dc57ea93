"""Mistakes in an epoch: adding up the records' changes, dividing, moving the weights."""

from collections.abc import Callable
from typing import Any

from chainrule.mistakes.catalogue.forward import twice
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING
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
    symptom="The loss falls too slowly, or to a higher value: it looks like a weak model.",
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

left_out = Mistake(
    code="GD169",
    title="a record, or the last batch, is left out of the loop",
    symptom="None: with many records one more or less is not seen.",
    explanation="range(n) already ends at n - 1. With range(n - 1), range(1, n) or n // batch the rest never teaches.",
    fix="Go through all: for x, t in zip(features, targets), or range(0, n, batch) for batches.",
    wrong="for i in range(len(features) - 1):",
    right="for i in range(len(features)):",
)


@left_out.instead_of(b.accumulate)
def without_the_last(changes: Any) -> Any:
    return changes[:-1].sum(axis=0)


@left_out.instead_of(b.accumulate)
def without_the_first(changes: Any) -> Any:
    return changes[1:].sum(axis=0)


def one_fewer(total: Any, features: Any) -> Any:
    return total / (len(features) - 1)


left_out.replaces({b.accumulate: without_the_last, b.average: one_fewer})
left_out.replaces({b.accumulate: without_the_first, b.average: one_fewer})

change_for_weights = Mistake(
    code="GD179",
    title="the change takes the weights' place",
    symptom="The weights are tiny after the first step, and stay so: the network forgets all in every step.",
    explanation="A change is what is added. With = in place of += the old weights are gone.",
    fix="Add it: weights += change.",
    wrong="weights = learnrate * delta / n_records",
    right="weights += learnrate * delta / n_records",
)


@change_for_weights.instead_of(b.updated_i_h)
def only_step_i_h(step_i_h: Any) -> Any:
    return step_i_h


@change_for_weights.instead_of(b.updated_h_o)
def only_step_h_o(step_h_o: Any) -> Any:
    return step_h_o


change_for_weights.replaces({b.updated_i_h: only_step_i_h, b.updated_h_o: only_step_h_o})
