"""What is read off a finished run: the table of confusions, an interval around an accuracy, a verdict over seeds."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.catalogue import results as mistakes
from chainrule.mistakes.steps import results as steps


def answered(rng: np.random.Generator) -> Iterator[Case]:
    """Yield true and answered classes of 61 records: of five classes, one is never answered and one never true."""
    for name, classes in (("61 answers, 5 classes", 5), ("61 answers, 7 classes", 7)):
        y, pred = rng.integers(classes - 1, size=61), rng.integers(classes - 2, size=61)
        yield Case(name, {"y": y, "pred": pred, "n_classes": classes})


def look_at_table(answer: Callable[..., Any], case: Case) -> Facts:
    """Call the answer; a table is an array, which the lesson goes on to index."""
    table = answer(*case.inputs.values())
    kind = "a table" if isinstance(table, np.ndarray) else "nothing" if table is None else "something else"
    return {"table": table, "returned": kind}


def results_of_tests(rng: np.random.Generator) -> Iterator[Case]:
    """Yield accuracies with the number of images that they were measured on: good ones, and one below a half."""
    for low, high in ((0.6, 0.9), (0.6, 0.9), (0.2, 0.4)):
        n, accuracy = int(rng.integers(200, 2000)), float(rng.uniform(low, high))
        yield Case(f"{accuracy:.3f} of {n} images", {"accuracy": accuracy, "n": n})


def paired_seeds(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the scores of two settings at the same seeds: a tie among them, and both better and worse."""
    for seeds in (5, 10):
        # What a split is worth moves both settings of a seed together: pairing takes it out again.
        split = rng.normal(0.9, 0.05, size=seeds)
        a, b = split + rng.normal(0, 0.01, size=seeds), split + rng.normal(0.012, 0.01, size=seeds)
        b[0], b[1] = a[0], a[1] - 0.02
        yield Case(f"{seeds} seeds", {"a": a, "b": b})


exercise(
    "confusion",
    steps.confusion,
    answered,
    observe=look_at_table,
    lesson="Training a Neural Network",
    number=9,
    hints=(
        "Rows are the truth, columns the answers. Begin with a table of zeros.",
        "table[y, pred] += 1 counts each pair of classes only once, however often it occurs.",
        "A loop over the pairs is fine; np.add.at(table, (y, pred), 1) is the loop in one line.",
    ),
    solution="""
def confusion(y, pred, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (y, pred), 1)
    return table
""",
    commonest=mistakes.counts_each_pair_once,
    why="Right: every record is counted once, in the row of its class and the column of its answer.",
)

exercise(
    "interval",
    steps.interval,
    results_of_tests,
    tolerance=3e-5,  # 1.959964 is as good as 1.96
    lesson="Training a Neural Network",
    number=10,
    hints=(
        "Accuracy ± 1.96 · √(p(1 - p)/n), with the accuracy as a fraction in place of p.",
        "The root is over the whole fraction p(1 - p)/n.",
        "half = 1.96 * np.sqrt(accuracy * (1 - accuracy) / n); then accuracy - half and accuracy + half.",
    ),
    solution="""
def interval(accuracy, n):
    half = 1.96 * np.sqrt(accuracy * (1 - accuracy) / n)
    return accuracy - half, accuracy + half
""",
    commonest=mistakes.no_root,
    why="Right: a share of n images varies by √(p(1 - p)/n), and 95 of 100 lie within 1.96 times that.",
)

exercise(
    "verdict",
    steps.verdict,
    paired_seeds,
    lesson="Further Exploration",
    number=1,
    hints=(
        "Everything is about one array: the differences b - a, one for each seed.",
        "NumPy's std divides by n unless it is told otherwise: ddof=1.",
        "np.sum(difference > 0) counts.",
    ),
    solution="""
def verdict(a, b):
    difference = b - a
    standard_error = difference.std(ddof=1) / np.sqrt(len(a))
    return difference.mean(), standard_error, np.sum(difference > 0), np.sum(difference < 0)
""",
    commonest=mistakes.unpaired,
    why="Right: each seed is compared with itself, so what its split is worth drops out.",
)
