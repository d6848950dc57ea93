"""What is read off a finished training run: the table of confusions, an interval, a verdict over seeds."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

confusion = Step("confusion", inputs="y pred n_classes", returns="table returned")


@confusion.part
def size(n_classes: Any) -> Any:
    return n_classes


@confusion.part
def truth(y: Any) -> Any:
    return y


@confusion.part
def answers(pred: Any) -> Any:
    return pred


@confusion.operation
def counted(table: Any, rows: Any, columns: Any) -> Any:
    np.add.at(table, (rows, columns), 1)
    return table


@confusion.part
def table(size: Any, truth: Any, answers: Any, counted: Any) -> Any:
    return counted(np.zeros((size, size), dtype=int), truth, answers)


@confusion.part
def returned() -> Any:
    return "a table"


interval = Step("interval", inputs="accuracy n", returns="low high")


@interval.part
def spread_of_the_share(accuracy: Any, n: Any) -> Any:
    return np.sqrt(accuracy * (1 - accuracy) / n)


@interval.part
def reach(spread_of_the_share: Any) -> Any:
    return 1.96 * spread_of_the_share


@interval.part
def low(accuracy: Any, reach: Any) -> Any:
    return accuracy - reach


@interval.part
def high(accuracy: Any, reach: Any) -> Any:
    return accuracy + reach


verdict = Step("verdict", inputs="a b", returns="mean_difference standard_error better worse")


@verdict.part
def difference(a: Any, b: Any) -> Any:
    return b - a


@verdict.part
def mean_difference(difference: Any) -> Any:
    return difference.mean()


@verdict.part
def spread(difference: Any) -> Any:
    return difference.std(ddof=1)


@verdict.part
def standard_error(spread: Any, a: Any) -> Any:
    return spread / np.sqrt(len(a))


@verdict.part
def better(difference: Any) -> Any:
    return np.count_nonzero(difference > 0)


@verdict.part
def worse(difference: Any) -> Any:
    return np.count_nonzero(difference < 0)
