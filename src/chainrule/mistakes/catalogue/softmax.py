"""Mistakes in softmax, in the loss of classification with its slope, and in the share of right answers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.steps import softmax as s

table_of_labels = Mistake(
    code="GD101",
    title="the index picks every label for every record, an N×N table",
    symptom="The loss starts near that of guessing and falls slowly; with labels of shape (N,) all is well, so the "
    "function passes one test and fails the next.",
    explanation="np.arange(N) with labels of shape (N, 1) doesn't make N pairs: the two are spread out against each "
    "other, and each record is charged for all labels of the batch.",
    fix="Flatten the labels first: t = t.reshape(-1); then p[np.arange(N), t] takes one share per record.",
    wrong="p[np.arange(N), t]  # t is (N, 1)",
    right="p[np.arange(N), t.reshape(-1)]",
    seen=17,
)

whole_batch = Mistake(
    code="GD103",
    title="softmax is normalised over the whole batch, or down the columns",
    symptom="A single record is right. In a batch the rows don't add up to 1, and the loss starts at ln(C·N) or "
    "at ln N, "
    "not at ln C; a gradient check may pass all the same.",
    explanation="Each row is one record with shares of its own, so each row adds up to 1 by itself.",
    fix="Sum along the last axis and keep it: e.sum(axis=-1, keepdims=True).",
    wrong="e / e.sum()",
    right="e / e.sum(axis=-1, keepdims=True)",
    seen=11,
)

unstable = Mistake(
    code="GD108",
    title="the exponential gets numbers that are too large or too small",
    symptom="NaN for large scores only, often after some epochs; a RuntimeWarning about overflow.",
    explanation="e^710 is too large for a float. And after taking away the maximum of the whole table, a row far "
    "below it "
    "has nothing but zeros left: 0/0.",
    fix="Take away each row's own maximum before the exponential; it changes no share.",
    wrong="e = np.exp(z - z.max())",
    right="e = np.exp(z - z.max(axis=-1, keepdims=True))",
    seen=5,
)

not_one_number = Mistake(
    code="GD116",
    title="the result is one value for each record, not one number",
    symptom="A vector is printed, or later code sums it up by accident.",
    explanation="What is minimised, and what is reported, is one number for the batch.",
    fix="Take the mean over the records.",
    wrong="return -np.log(p[np.arange(N), t])",
    right="return -np.log(p[np.arange(N), t]).mean()",
    seen=3,
)

whole_rows = Mistake(
    code="GD117",
    title="the labels pick whole rows or columns, not one entry per record",
    symptom="Right for one record; in a batch a loss that belongs to other records.",
    explanation="p[t] takes the rows number t, whatever record they are. One share per record needs two indices.",
    fix="Use p[np.arange(N), t].",
    wrong="-np.log(p[t])",
    right="-np.log(p[np.arange(N), t])",
    seen=3,
)

loss_and_slope_apart = Mistake(
    code="GD125",
    title="the loss is a mean but its slope a sum, or the other way round",
    symptom="None; the learning rate acts N times larger or smaller. A gradient check with one record passes.",
    explanation="The slope belongs to the number that is returned: the slope of a mean has the 1/N, too.",
    fix="Divide both by the number of records, or neither.",
    wrong="loss = l.mean(); grad = p - onehot",
    right="loss = l.mean(); grad = (p - onehot) / N",
    seen=2,
)

shifted_labels = Mistake(
    code="GD134",
    title="the labels are shifted by one",
    symptom="Training looks normal; all predictions are off by one class.",
    explanation="Classes count from 0, as columns do: label 3 is column 3.",
    fix="Use the label as the index, without + 1 or - 1.",
    wrong="p[np.arange(N), t - 1]",
    right="p[np.arange(N), t]",
    seen=1,
)

divided_by_classes = Mistake(
    code="GD145",
    title="for a single record, it is divided by the number of classes",
    symptom="Batches are right; a single record's slope is K times too small.",
    explanation="shape[0] counts the records only where the array has two axes. For one record it is the number "
    "of classes.",
    fix="Make a single record a batch of one first: np.atleast_2d.",
    wrong="grad /= p.shape[0]  # p is (K,)",
    right="grad /= np.atleast_2d(p).shape[0]",
    seen=1,
)

one_off_whole_lines = Mistake(
    code="GD147",
    title="1 is taken off whole rows or columns of the gradient",
    symptom="One record is right; in a batch the rows of the gradient don't add up to 0.",
    explanation="Each record loses 1 in one place, that of its label.",
    fix="Use two indices: grad[np.arange(N), t] -= 1.",
    wrong="grad[t] -= 1",
    right="grad[np.arange(N), t] -= 1",
    seen=1,
)

log_of_zero = Mistake(
    code="GD159",
    title="the logarithm meets a share of exactly 0",
    symptom="The loss is NaN, late in training or for one sure answer.",
    explanation="A share far below the others rounds to 0. Its logarithm is -inf, and 0 times that is not 0 but "
    "NaN, even "
    "where this class isn't asked for.",
    fix="Take the logarithm of the picked shares only, and of at least 1e-300; or compute log-softmax as z - "
    "log(Σe^z).",
    wrong="-(onehot * np.log(p)).sum()",
    right="-np.log(np.maximum(p[np.arange(N), t], 1e-300)).sum()",
    severity="warning",  # right wherever no share is exactly 0, and published so in many places
)

not_for_all_shapes, first_label = CATALOGUE["GD109"], CATALOGUE["GD126"]


# Softmax ----------------------------------------------------------------------------------------------------------


@whole_batch.instead_of(s.total)
def _(powers: Any) -> Any:
    return powers.sum()


@whole_batch.instead_of(s.total)
def _(powers: Any) -> Any:
    return powers.sum(axis=0)


@whole_batch.instead_of(s.total)
def _(powers: Any) -> Any:
    return powers.sum(axis=0, keepdims=True).T  # a shape error, but for a single record


@unstable.instead_of(s.shifted)
def _as_they_are(z: Any) -> Any:
    return z


@unstable.instead_of(s.shifted)
def _from_the_table(z: Any) -> Any:
    return z - z.max()


@unstable.instead_of(s.shifted)
def _from_the_columns(z: Any) -> Any:
    return z - z.max(axis=0)


@unstable.instead_of(s.shifted)
def _(z: Any) -> Any:
    return z - z.mean(axis=-1, keepdims=True)


@unstable.instead_of(s.shifted)
def _(z: Any) -> Any:
    return z - z.min(axis=-1, keepdims=True)


# The formula for a single vector, given a batch: both mistakes at once, and neither gives these numbers alone.
for _entry in (whole_batch, unstable):
    _entry.replaces({s.shifted: _as_they_are, s.total: lambda powers: powers.sum()})
    _entry.replaces({s.shifted: _as_they_are, s.total: lambda powers: powers.sum(axis=0)})

for _shift in (_from_the_table, _from_the_columns):  # with a sum over the same axis: one thing forgotten once
    whole_batch.replaces({s.shifted: _shift, s.total: lambda powers: powers.sum()})
    whole_batch.replaces({s.shifted: _shift, s.total: lambda powers: powers.sum(axis=0)})


@CATALOGUE["GD115"].instead_of(s.shifted)
def _cut_to_0(z: Any) -> Any:
    z = np.maximum(z, 0)
    return z - z.max(axis=-1, keepdims=True)


CATALOGUE["GD115"].replaces(
    {
        s.shifted: _cut_to_0,
        s.slope: lambda difference, average, table, predictions: (
            average(difference, table) * (np.atleast_2d(predictions) > 0)
        ),
    }
)


@CATALOGUE["GD121"].instead_of(s.shifted)
def _(z: Any) -> Any:
    return z.min(axis=-1, keepdims=True) - z


def _fails(axes: int, error: type[Exception]) -> None:
    """Enter: raises this error where the array has so many axes."""

    @not_for_all_shapes.instead_of(s.shifted)
    def _(z: Any) -> Any:
        if z.ndim == axes:
            raise error("this shape is not supported")
        return z - z.max(axis=-1, keepdims=True)

    @not_for_all_shapes.instead_of(s.table)
    def _(probs: Any) -> Any:
        if probs.ndim == axes:
            raise error("this shape is not supported")
        return np.atleast_2d(probs)


for _axes in (1, 2):
    for _error in (ValueError, TypeError, IndexError, np.exceptions.AxisError):
        _fails(_axes, _error)


@not_for_all_shapes.instead_of(s.shares)
def _(powers: Any, total: Any) -> Any:
    return np.atleast_2d(powers / total)


@not_for_all_shapes.instead_of(s.dprediction)
def _(slope: Any) -> Any:
    return slope


# The loss and its slope -------------------------------------------------------------------------------------------


def _columns_of_labels(table: Any, places: Any) -> Any:
    return np.broadcast_to(np.isin(np.arange(table.shape[1]), places), table.shape) * 1.0


def _always() -> None:
    """Enter: the labels are a column, whatever they came as."""

    def picked(logarithms: Any, places: Any) -> Any:
        return logarithms[:, places]

    def losses(logarithms: Any, table: Any, places: Any) -> Any:
        return -(_columns_of_labels(table, places) * logarithms).sum(axis=1)

    _enter_table(picked, losses, _columns_of_labels)


def _where_they_are_a_column() -> None:
    """Enter: the labels are used as they came."""

    def picked(logarithms: Any, places: Any, target_index: Any) -> Any:
        return logarithms[:, places] if np.ndim(target_index) == 2 else logarithms[np.arange(len(places)), places]

    def onehot(table: Any, places: Any, target_index: Any) -> Any:
        return _columns_of_labels(table, places) if np.ndim(target_index) == 2 else np.eye(table.shape[1])[places]

    def losses(logarithms: Any, table: Any, places: Any, target_index: Any) -> Any:
        if np.ndim(target_index) == 2:
            return -(_columns_of_labels(table, places) * logarithms).sum(axis=1)
        return -logarithms[np.arange(len(places)), places]

    _enter_table(picked, losses, onehot)


def _mean(losses: Any) -> Any:
    return losses.mean()


def _enter_table(picked: Callable[..., Any], losses: Callable[..., Any], onehot: Callable[..., Any]) -> None:
    """Enter the table of labels in the loss, in its slope, and in both."""
    for loss in ({s.picked: picked}, {s.picked: picked, s.loss: _mean}, {s.losses: losses}):
        table_of_labels.replaces(loss)
        table_of_labels.replaces({**loss, s.onehot: onehot})
    table_of_labels.replaces({s.onehot: onehot})


_always()
_where_they_are_a_column()


def _rows(logarithms: Any, places: Any) -> Any:
    return logarithms[places]


def _rows_of_a_batch(logarithms: Any, places: Any, probs: Any) -> Any:
    return logarithms[places] if probs.ndim == 2 else logarithms[0, places]


def _columns(logarithms: Any, places: Any) -> Any:
    return logarithms[:, places]


for _pick in (_rows, _rows_of_a_batch, _columns):
    whole_rows.instead_of(s.picked)(_pick)
    whole_rows.replaces({s.picked: _pick, s.loss: _mean})
    whole_rows.replaces({s.picked: _pick, s.loss: lambda losses: losses})


@whole_rows.instead_of(s.loss)
def _(probs: Any, target_index: Any) -> Any:
    return -np.log(probs[target_index])


@whole_rows.instead_of(s.loss)
def _(probs: Any, target_index: Any) -> Any:
    return -np.log(probs[target_index]).mean()


@one_off_whole_lines.instead_of(s.onehot)
def _(table: Any, places: Any) -> Any:
    ones = np.zeros_like(table)
    ones[places] = 1
    return ones


@one_off_whole_lines.instead_of(s.onehot)
def _(table: Any, places: Any, predictions: Any) -> Any:
    ones = np.zeros_like(predictions)
    ones[places] = 1
    return ones


@one_off_whole_lines.instead_of(s.onehot)
def _(table: Any, places: Any) -> Any:
    return _columns_of_labels(table, places)


@one_off_whole_lines.instead_of(s.onehot)
def _(table: Any) -> Any:
    return np.ones_like(table)


@first_label.instead_of(s.places)
def _(target_index: Any) -> Any:
    return np.full_like(np.ravel(target_index), np.ravel(target_index)[0])


@first_label.instead_of(s.picked)
def _(logarithms: Any, places: Any) -> Any:
    return logarithms[:, places[0]]


@first_label.instead_of(s.onehot)
def _(table: Any, places: Any) -> Any:
    return np.eye(table.shape[1])[np.full_like(places, places[0])]


def _shifted_by(by: int, *, wrapped: bool) -> None:
    """Enter: counts the classes from another number than 0; past the last one it begins again, or fails."""

    def moved(places: Any, classes: int) -> Any:
        return (places + by) % classes if wrapped else places + by

    @shifted_labels.instead_of(s.picked)
    def picked(logarithms: Any, places: Any) -> Any:
        return logarithms[np.arange(len(places)), moved(places, logarithms.shape[1])]

    @shifted_labels.instead_of(s.onehot)
    def onehot(table: Any, places: Any) -> Any:
        return np.eye(table.shape[1])[moved(places, table.shape[1])]

    shifted_labels.replaces({s.picked: picked, s.onehot: onehot})


for _by in (-1, 1):
    for _wrapped in (False, True):
        _shifted_by(_by, wrapped=_wrapped)


@not_one_number.instead_of(s.loss)
def _(losses: Any) -> Any:
    return losses


@not_one_number.instead_of(s.loss)
def _(losses: Any, average: Any, table: Any) -> Any:
    return average(losses, table)


@not_one_number.instead_of(s.loss)
def _(table: Any, onehot: Any) -> Any:
    return -onehot * np.log(table)


@not_one_number.instead_of(s.accuracy)
def _(hits: Any) -> Any:
    return hits


@loss_and_slope_apart.instead_of(s.loss)
def _summed_loss(losses: Any) -> Any:
    return losses.sum()


@loss_and_slope_apart.instead_of(s.slope)
def _summed_slope(difference: Any) -> Any:
    return difference


@loss_and_slope_apart.instead_of(s.slope)
def _(difference: Any, average: Any, table: Any) -> Any:
    return average(average(difference, table), table)


@loss_and_slope_apart.instead_of(s.slope)
def _(difference: Any, average: Any, table: Any) -> Any:
    return average(difference, table) * len(table) ** 2


@divided_by_classes.instead_of(s.slope)
def _(difference: Any, predictions: Any) -> Any:
    return difference / predictions.shape[0]


@divided_by_classes.instead_of(s.loss)
def _over_first_axis(losses: Any, probs: Any) -> Any:
    return losses.sum() / probs.shape[0]


divided_by_classes.replaces(
    {s.loss: _over_first_axis, s.slope: lambda difference, predictions: difference / predictions.shape[0]}
)


@log_of_zero.instead_of(s.losses)
def _(table: Any, onehot: Any) -> Any:
    return -(onehot * np.log(table)).sum(axis=1)


@log_of_zero.instead_of(s.losses)
def _(table: Any, places: Any) -> Any:
    return -(np.eye(table.shape[1])[places] * np.log(table)).sum(axis=1)


# Mistakes that are made elsewhere, too ----------------------------------------------------------------------------

sign = CATALOGUE["GD121"]


@sign.instead_of(s.losses)
def _plus_logarithm(picked: Any) -> Any:
    return picked


@sign.instead_of(s.difference)
def _target_minus_output(table: Any, onehot: Any) -> Any:
    return onehot - table


sign.replaces({s.losses: _plus_logarithm, s.difference: _target_minus_output})


@CATALOGUE["GD104"].instead_of(s.average)
def _(total: Any, table: Any) -> Any:
    return total


wrong_count = CATALOGUE["GD138"]


@wrong_count.instead_of(s.average)
def _(total: Any, table: Any) -> Any:
    return total / table.shape[1]


@wrong_count.instead_of(s.average)
def _(total: Any, table: Any) -> Any:
    return total / table.size


@wrong_count.instead_of(s.loss)
def _(losses: Any, table: Any) -> Any:
    return losses.sum() / table.shape[1]


@wrong_count.instead_of(s.slope)
def _(difference: Any, table: Any) -> Any:
    return difference / table.shape[1]


@wrong_count.instead_of(s.slope)
def _(difference: Any, predictions: Any) -> Any:
    return difference / (predictions.shape[1] if predictions.ndim == 2 else 1)


@wrong_count.instead_of(s.accuracy)
def _(hits: Any, targets: Any) -> Any:
    return hits.sum() / len(np.unique(targets))


@wrong_count.instead_of(s.accuracy)
def _(hits: Any, targets: Any) -> Any:
    return hits.sum() / (targets.max() + 1)


@wrong_count.instead_of(s.accuracy)
def _(hits: Any, targets: Any) -> Any:
    return hits.sum() / targets.max()


@wrong_count.instead_of(s.accuracy)
def _(hits: Any) -> Any:
    return hits.sum() / (len(hits) - 1)


overwrites = CATALOGUE["GD105"]


@overwrites.instead_of(s.loss)
def _last_loss(losses: Any, average: Any, table: Any) -> Any:
    return average(losses[-1], table)


@overwrites.instead_of(s.accuracy)
def _(hits: Any) -> Any:
    return hits[-1] / len(hits)


@overwrites.instead_of(s.accuracy)
def _(hits: Any) -> Any:
    return hits[-1] * 1.0


@CATALOGUE["GD112"].instead_of(s.loss)
@overwrites.instead_of(s.loss)
def _(losses: Any) -> Any:
    return losses[-1]


swapped = CATALOGUE["GD151"]
swapped.replaces(
    {
        s.loss: lambda slope, predictions: slope.reshape(predictions.shape),
        s.dprediction: lambda losses, average, table: average(losses.sum(), table),
    }
)


for _entry in (CATALOGUE["GD124"], table_of_labels):

    @_entry.instead_of(s.hits)
    def _all_pairs(predictions: Any, compared: Any) -> Any:
        return np.equal.outer(predictions, compared)

    _entry.replaces({s.hits: _all_pairs, s.accuracy: lambda hits: hits.mean()})


@first_label.instead_of(s.compared)
def _(targets: Any) -> Any:
    return np.full_like(targets, targets[0])


@shifted_labels.instead_of(s.compared)
def _(targets: Any) -> Any:
    return targets + 1


@shifted_labels.instead_of(s.compared)
def _(targets: Any) -> Any:
    return targets - 1
