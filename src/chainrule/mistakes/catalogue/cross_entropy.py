"""How the loss of classification, its slope and the share of right answers go wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.softmax import (
    divided_by_classes,
    first_label,
    log_of_zero,
    loss_and_slope_apart,
    not_one_number,
    one_off_whole_lines,
    shifted_labels,
    table_of_labels,
    whole_rows,
)
from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.steps import softmax as s

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


@whole_rows.instead_of(s.loss)
def _(probs: Any, places: Any) -> Any:
    return -np.log(probs[places]).sum(axis=0) / len(places)  # Python's own sum of rows


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


@CATALOGUE["GD104"].instead_of(s.accuracy)
def _(hits: Any) -> Any:
    return hits.sum()


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


CATALOGUE["GD113"].instead_of(s.difference)(lambda table: table * (1 - table))
CATALOGUE["GD113"].instead_of(s.difference)(lambda table, onehot: (table - onehot) * table * (1 - table))
CATALOGUE["GD113"].instead_of(s.difference)(lambda table, onehot: -onehot * (1 - table))
CATALOGUE["GD169"].instead_of(s.accuracy)(lambda hits: hits[:-1].sum() / len(hits))
CATALOGUE["GD169"].instead_of(s.accuracy)(lambda hits: hits[1:].sum() / len(hits))


@CATALOGUE["GD138"].instead_of(s.loss)
def mean_over_all_entries(losses: Any, table: Any) -> Any:
    return losses.sum() / table.size


whole_numbers = Mistake(
    code="GD172",
    title="// cuts off what is behind the point",
    symptom="A share is 0, or 1 where all is right.",
    explanation="3 // 7 is 0: the division of whole numbers drops the rest.",
    fix="Divide with /.",
    wrong="return hits // len(targets)",
    right="return hits / len(targets)",
)
whole_numbers.instead_of(s.accuracy)(lambda hits: hits.sum() // len(hits))

distance = Mistake(
    code="GD182",
    title="the distance of class numbers is taken for right and wrong",
    symptom="Right for two classes; with more of them the accuracy is too low, and may be negative.",
    explanation="Class 7 is no more wrong than class 4 where 3 is right: the numbers are names.",
    fix="Compare: (predictions == targets).mean().",
    wrong="1 - np.abs(predictions - targets).mean()",
    right="(predictions == targets).mean()",
)
distance.instead_of(s.accuracy)(lambda predictions, targets: 1 - np.abs(predictions - targets).mean())
distance.instead_of(s.accuracy)(lambda predictions, targets: 1 - ((predictions - targets) ** 2).mean())
distance.instead_of(s.accuracy)(
    lambda predictions, targets: 1 - np.abs(predictions - targets).sum() / (len(targets) * (targets.max() or 1))
)
