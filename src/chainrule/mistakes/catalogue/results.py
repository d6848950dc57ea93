"""Mistakes in what is read off a finished training run."""

from typing import Any

import numpy as np

from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.steps import results

transposed = Mistake(
    code="TR230",
    title="rows and columns of the confusion table are exchanged",
    symptom="Recall and precision trade places; the accuracy, on the diagonal, is right.",
    explanation="Rows are the truth here, columns the answers: row 6 says what the sixes were taken for.",
    fix="Index with the truth first: table[y, pred].",
    wrong="np.add.at(table, (pred, y), 1)",
    right="np.add.at(table, (y, pred), 1)",
)
transposed.replaces({results.truth: lambda pred: pred, results.answers: lambda y: y})

counts_each_pair_once = Mistake(
    code="TR231",
    title="a pair of classes that occurs often is counted once",
    symptom="A table of zeros and ones.",
    explanation="table[y, pred] += 1 reads each entry once, adds 1 and writes it back, however often the pair is in "
    "the index.",
    fix="np.add.at(table, (y, pred), 1) adds once for each pair; a loop does, too.",
    wrong="table[y, pred] += 1",
    right="np.add.at(table, (y, pred), 1)",
)


@counts_each_pair_once.instead_of(results.counted)
def _(table: Any, rows: Any, columns: Any) -> Any:
    table[rows, columns] = 1
    return table


shares_for_counts = Mistake(
    code="TR232",
    title="the table holds shares, not counts",
    symptom="Entries between 0 and 1; how many records a row stands for is lost.",
    explanation="A share of 0.5 can be one of two records or 500 of 1,000: the table is asked for in counts.",
    fix="Return the counts, and divide where you show them.",
    wrong="return table / table.sum(axis=1, keepdims=True)",
    right="return table",
)


@shares_for_counts.instead_of(results.counted)
def _(table: Any, rows: Any, columns: Any) -> Any:
    counts = np.zeros(table.shape)
    np.add.at(counts, (rows, columns), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@shares_for_counts.instead_of(results.counted)
def _(table: Any, rows: Any, columns: Any) -> Any:
    counts = np.zeros(table.shape)
    np.add.at(counts, (rows, columns), 1)
    return counts / len(rows)


def _shifted(table: Any, rows: Any, columns: Any) -> Any:
    np.add.at(table, (np.asarray(rows) - 1, np.asarray(columns) - 1), 1)
    return table


CATALOGUE["GD134"].instead_of(results.counted)(_shifted)
CATALOGUE["TR170"].instead_of(results.size)(lambda: 10)
CATALOGUE["TR170"].instead_of(results.size)(lambda y, pred: max(np.max(y), np.max(pred)) + 1)
CATALOGUE["TR170"].instead_of(results.size)(lambda y: np.max(y) + 1)
CATALOGUE["TR170"].instead_of(results.size)(lambda y, pred: len(np.union1d(y, pred)))
CATALOGUE["TR172"].instead_of(results.counted)(lambda table, rows, columns: table)


@CATALOGUE["TR171"].instead_of(results.counted)
def _(table: Any, rows: Any, columns: Any) -> Any:
    table[rows[0], columns[0]] += 1
    return table


CATALOGUE["TR203"].replaces({results.table: lambda: None, results.returned: lambda: "nothing"})

no_root = Mistake(
    code="TR233",
    title="the interval is made with the variance, not with its root",
    symptom="An interval far too narrow: it promises what 100 times as many images would give.",
    explanation="p(1 - p)/n is a square; the spread of a share is its square root.",
    fix="Take the root: 1.96 * np.sqrt(accuracy * (1 - accuracy) / n).",
    wrong="half = 1.96 * accuracy * (1 - accuracy) / n",
    right="half = 1.96 * np.sqrt(accuracy * (1 - accuracy) / n)",
)
no_root.instead_of(results.spread_of_the_share)(lambda accuracy, n: accuracy * (1 - accuracy) / n)

not_by_n = Mistake(
    code="TR234",
    title="the spread isn't divided by the number of images",
    symptom="An interval so wide that it says nothing.",
    explanation="sqrt(p(1 - p)) is the spread of one image; the mean of n images varies sqrt(n) times less.",
    fix="Divide by n under the root.",
    wrong="half = 1.96 * np.sqrt(accuracy * (1 - accuracy))",
    right="half = 1.96 * np.sqrt(accuracy * (1 - accuracy) / n)",
)
not_by_n.instead_of(results.spread_of_the_share)(lambda accuracy: np.sqrt(accuracy * (1 - accuracy)))
not_by_n.instead_of(results.spread_of_the_share)(lambda accuracy, n: np.sqrt(accuracy * (1 - accuracy)) / n)

one_deviation = Mistake(
    code="TR235",
    title="the interval doesn't reach 1.96 standard deviations, but one or another number",
    symptom="The truth lies outside in one case of three, or of ten, or of a hundred; not of twenty.",
    explanation="95 of 100 cases lie within 1.96 standard deviations, 68 within one, 90 within 1.645.",
    fix="Multiply the spread by 1.96.",
    wrong="half = np.sqrt(accuracy * (1 - accuracy) / n)",
    right="half = 1.96 * np.sqrt(accuracy * (1 - accuracy) / n)",
)


def _reaches(deviations: float) -> None:
    one_deviation.instead_of(results.reach)(lambda spread_of_the_share: deviations * spread_of_the_share)


for _deviations in (1, 1.28, 1.64, 1.645, 2.33, 2.576, 2.58, 3):
    _reaches(_deviations)
CATALOGUE["TR190"].replaces(
    {
        results.low: lambda accuracy, reach: 100 * (accuracy - reach),
        results.high: lambda accuracy, reach: 100 * (accuracy + reach),
    }
)

unpaired = Mistake(
    code="TR236",
    title="the spread is that of two separate groups, not of the pairs",
    symptom="The bar is so wide that no difference seems certain.",
    explanation="Both settings of a seed share the split: what it is worth drops out of their difference.",
    fix="Subtract first, then take the spread of the differences.",
    wrong="np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))",
    right="(b - a).std(ddof=1) / np.sqrt(len(a))",
)
unpaired.instead_of(results.spread)(lambda a, b: np.sqrt(a.var(ddof=1) + b.var(ddof=1)))
unpaired.instead_of(results.spread)(lambda a, b: np.sqrt(a.var() + b.var()))
unpaired.instead_of(results.spread)(lambda b: b.std(ddof=1))

by_all = Mistake(
    code="TR237",
    title="the spread is divided by n, not by n - 1",
    symptom="A bar that is a little too short, the more so the fewer seeds.",
    explanation="The mean was computed from the same differences, so they lie closer to it than to the true one; n - 1 "
    "makes up for that.",
    fix="Ask for it: std(ddof=1).",
    wrong="difference.std() / np.sqrt(n)",
    right="difference.std(ddof=1) / np.sqrt(n)",
)
by_all.instead_of(results.spread)(lambda difference: difference.std())

spread_for_error = Mistake(
    code="TR238",
    title="the spread of single seeds stands for the error of their mean",
    symptom="The bar doesn't get shorter with more seeds.",
    explanation="The mean of n differences varies sqrt(n) times less than one of them.",
    fix="Divide the spread by np.sqrt(n).",
    wrong="difference.std(ddof=1)",
    right="difference.std(ddof=1) / np.sqrt(n)",
)
spread_for_error.instead_of(results.standard_error)(lambda spread: spread)

other_way_round = Mistake(
    code="TR239",
    title="a and b have changed places",
    symptom="What is better counts as worse.",
    explanation="The question is what b gains over a: b - a.",
    fix="Subtract a from b; better is where that is above 0.",
    wrong="difference = a - b",
    right="difference = b - a",
)
other_way_round.instead_of(results.difference)(lambda a, b: a - b)
other_way_round.replaces(
    {
        results.better: lambda difference: np.count_nonzero(difference < 0),
        results.worse: lambda difference: np.count_nonzero(difference > 0),
    }
)
other_way_round.instead_of(results.mean_difference)(lambda difference: -difference.mean())

ties_count = Mistake(
    code="TR240",
    title="a tie is counted as a win or a loss",
    symptom="Better and worse add up to all seeds although some are equal.",
    explanation="Where both are equal, neither is better.",
    fix="Count difference > 0 and difference < 0.",
    wrong="better = np.sum(difference >= 0)",
    right="better = np.sum(difference > 0)",
)
ties_count.instead_of(results.better)(lambda difference: np.count_nonzero(difference >= 0))
ties_count.instead_of(results.worse)(lambda difference: np.count_nonzero(difference <= 0))
