"""Exercises of lesson 1's second half: softmax, the loss of classification with its slope, and accuracy."""

from collections.abc import Iterator
from inspect import signature
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise, unpack
from chainrule.course.exercises.training import does_nothing
from chainrule.course.observation import quiet
from chainrule.mistakes.catalogue import softmax as mistakes
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import softmax as steps

LESSON = "Implementing Gradient Descent with Backpropagation"
FAR = 2000.0  # so far apart that only the highest score of a record may become the 0 of its exponentials
HEIGHTS = np.array([[0.0], [800.0], [-800.0], [9e4]])  # too high and too low for an exponential as they are


def at_heights(scores: Any) -> Any:
    """Return four rows of scores at different heights, in 64ths: even in float32 they are what they are."""
    return np.round(64 * scores) / 64 + HEIGHTS


# Right as well: the sum over the records, if the slope belongs to it; and the logarithm straight from the scores.
summed: Replaced = {steps.average: lambda total, table: total}
from_scores: Replaced = {steps.logarithms: lambda shifted, total: np.atleast_2d(shifted - np.log(total))}


def tables(rng: np.random.Generator) -> Iterator[Case]:
    """Yield scores of several records."""
    yield Case("5 records, 3 classes", {"z": rng.normal(size=(5, 3)) * 2})
    yield Case("2 records, 7 classes", {"z": rng.normal(size=(2, 7)) * 2})
    yield Case("1 record in a table", {"z": rng.normal(size=(1, 4)) * 2})
    yield Case("rows of very different height", {"z": at_heights(rng.normal(size=(4, 3)) * 2)})
    yield Case("scores very far apart", {"z": _sure(rng.normal(size=(3, 5)) * 2, rng.integers(5, size=3))})


def predicted_tables_and_rows(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the same for the published form, and single records without an axis for records."""
    for case in tables(rng):
        yield Case(case.name, {"predictions": case.inputs["z"]})
    yield Case("1 record, shape (6,)", {"predictions": rng.normal(size=6) * 2})
    yield Case("1 record, shape (6,), very high", {"predictions": rng.normal(size=6) * 2 + 1000})


def logits_and_labels(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a lesson's batches: all classes, not the last one, equal scores, high ones, and one sure answer."""
    logits, labels = rng.normal(size=(6, 4)) * 2, rng.permutation([0, 1, 2, 3, 3, 1])
    yield Case("6 records, 4 classes", {"logits": logits, "labels": labels})
    yield Case("a batch without the last class", {"logits": logits[labels < 3], "labels": labels[labels < 3]})
    yield Case("2 records, 5 classes", {"logits": rng.normal(size=(2, 5)), "labels": rng.permutation(4)[:2]})
    yield Case("equal logits", {"logits": np.zeros((5, 4)), "labels": labels[:5]})
    yield Case("rows of very different height", {"logits": at_heights(logits[:4]), "labels": labels[:4]})
    yield Case("a sure answer", {"logits": _sure(logits, labels), "labels": labels})


def predictions_and_targets(rng: np.random.Generator) -> Iterator[Case]:
    """Yield what the published form takes: batches with targets (N,) and (N, 1), and single records."""
    predictions, targets = rng.normal(size=(6, 4)) * 2, rng.permutation([0, 1, 2, 3, 3, 1])
    sure, column = _sure(predictions, targets), targets[:, None]
    yield Case("6 records, targets (6,)", {"predictions": predictions, "target_index": targets})
    yield Case("6 records, targets (6, 1)", {"predictions": predictions, "target_index": column})
    yield Case("2 records, 5 classes", {"predictions": rng.normal(size=(2, 5)), "target_index": rng.permutation(4)[:2]})
    yield Case("1 record", {"predictions": rng.normal(size=5) * 2, "target_index": int(rng.integers(5))})
    yield Case(
        "rows of very different height", {"predictions": at_heights(predictions[:4]), "target_index": column[:4]}
    )
    yield Case("a sure answer", {"predictions": sure, "target_index": column})


def shares_and_targets(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the same for the loss alone, which takes shares."""
    for case in predictions_and_targets(rng):
        shares = steps.softmax.values({"z": case.inputs["predictions"]})["shares"]
        yield Case(case.name, {"probs": shares, "target_index": case.inputs["target_index"]})


def _sure(scores: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the scores with one record so sure of its class that the other shares are exactly 0."""
    sure = scores.copy()
    sure[1, labels[1]] += FAR
    return sure


def classes(rng: np.random.Generator) -> Iterator[Case]:
    """Yield predicted and true classes: some hits, and 0 or 5 elsewhere, which are true nowhere else."""
    for records, hits, true in ((7, 3, [1, 1, 2, 2, 3, 3, 4]), (3, 2, [1, 2, 3]), (1, 1, [4]), (5, 5, [0, 1, 0, 2, 3])):
        targets = rng.permutation(true)
        order = rng.permutation(records)
        predictions = np.where(order < hits, targets, np.where(order % 2, 0, 5))
        name = f"{records} record{'s' * (records > 1)}"
        yield Case(name, {"predictions": predictions, "targets": targets})


def with_axes(answer: Any, case: Case) -> Facts:
    """Return shares, or loss and slope, and how many axes the last of them has."""
    result = answer(*case.inputs.values())
    step = steps.softmax_of_predictions if len(case.inputs) == 1 else steps.softmax_with_cross_entropy
    *results, axes = step.returns
    facts = unpack(result, tuple(results))
    last = facts[results[-1]]
    return {**facts, axes: None if last is None else np.ndim(last)}


def share_of_hits(answer: Any, case: Case) -> Facts:
    """Return the share of hits; nothing, if the answer is the published template, which returns 0."""
    return {"accuracy": None if does_nothing(answer) else answer(*case.inputs.values())}


def first_argument(answer: Any) -> str:
    """Return the name of an answer's first argument."""
    try:
        return next(iter(signature(answer).parameters), "")
    except (TypeError, ValueError):
        return ""


def takes_two_arguments(answer: Any) -> bool:
    """Say whether this counts hits, and isn't a helper of the same name that takes records and weights."""
    try:
        return len(signature(answer).parameters) == 2
    except (TypeError, ValueError):
        return True


def takes_predictions(answer: Any) -> bool:
    """Say whether this is the published form of softmax, for one record as well as for many."""
    return first_argument(answer).startswith("pred")


def takes_shares(answer: Any) -> bool:
    """Say whether this is the published form of the loss: it takes shares and returns nothing but the loss."""
    if first_argument(answer) in {"logits", "z", "scores"}:
        return False
    if first_argument(answer).startswith(("p", "y")):
        return True
    try:
        with quiet():
            return not isinstance(answer(np.full((2, 3), 1 / 3), np.array([0, 2])), tuple | list)
    except Exception:  # whatever is wrong with it will be seen when it is checked
        return False


exercise(
    "softmax",
    steps.softmax,
    tables,
    suits=lambda answer: not takes_predictions(answer),
    lesson=LESSON,
    number=7,
    hints=(
        "Each row has to add up to 1, each by itself: sum along axis 1.",
        "Subtract the maximum of the row, and make a new array: z -= … would change the caller's logits.",
        "keepdims=True leaves the sum as a column (N, 1), which divides row by row.",
    ),
    solution="""
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
    commonest=mistakes.whole_batch,
    why="Right: each row is one record and adds up to 1 by itself, and its own maximum keeps the exponential in range.",
)

exercise(
    "softmax_of_predictions",
    steps.softmax_of_predictions,
    predicted_tables_and_rows,
    called="softmax",
    observe=with_axes,
    suits=takes_predictions,
    hints=(
        "One record, shape (K,), and a batch, shape (N, K): what is the same in both? The last axis.",
        "Subtract the maximum along that axis, into a new array.",
        "axis=-1 with keepdims=True fits both shapes.",
    ),
    solution="""
def softmax(predictions):
    e = np.exp(predictions - predictions.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
""",
    commonest=mistakes.whole_batch,
    why="Right: the last axis holds the classes, of one record as well as of each row of a batch.",
)

exercise(
    "cross_entropy_loss",
    steps.cross_entropy_loss,
    logits_and_labels,
    right=(from_scores,),
    suits=lambda answer: not takes_shares(answer),
    tolerance=1e-5,
    lesson=LESSON,
    number=8,
    hints=(
        "-ln of one number per row: p[np.arange(N), labels] picks them.",
        "The slope is the shares with 1 taken away at each right class.",
        "The loss is a mean, so the slope needs the /N, too.",
    ),
    solution="""
def cross_entropy_loss(logits, labels):
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad = np.exp(log_p)
    grad[rows, labels] -= 1
    return -log_p[rows, labels].mean(), grad / len(logits)
""",
    commonest=mistakes.table_of_labels,
    why="Right: one share per record, and a slope that belongs to the mean.",
)

exercise(
    "cross_entropy_of_shares",
    steps.cross_entropy_of_shares,
    shares_and_targets,
    called="cross_entropy_loss",
    right=(summed,),
    suits=takes_shares,
    tolerance=1e-5,
    hints=(
        "-ln of one number per record: the share of its own class.",
        "Targets come as (N,) and as (N, 1), or as one number: flatten them.",
        "p = np.atleast_2d(probs) and t = np.ravel(target_index); then p[np.arange(len(t)), t].",
    ),
    solution="""
def cross_entropy_loss(probs, target_index):
    t = np.ravel(target_index)
    return -np.log(np.atleast_2d(probs)[np.arange(len(t)), t]).mean()
""",
    commonest=mistakes.table_of_labels,
    why="Right: one share per record, whatever the shape of the targets.",
)

exercise(
    "softmax_with_cross_entropy",
    steps.softmax_with_cross_entropy,
    predictions_and_targets,
    observe=with_axes,
    right=(from_scores, summed, {**summed, **from_scores}),
    tolerance=1e-5,
    hints=(
        "The slope by the scores is the shares with 1 taken away at each right class.",
        "Targets come as (N,) and as (N, 1), or as one number: flatten them before you use them as an index.",
        "If the loss is a mean, the slope needs the /N, too; if it is a sum, neither has it.",
    ),
    solution="""
def softmax_with_cross_entropy(predictions, target_index):
    z, t = np.atleast_2d(predictions), np.ravel(target_index)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    slope = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(t))
    loss = -np.log(slope[rows, t]).mean()
    slope[rows, t] -= 1
    return loss, (slope / len(t)).reshape(predictions.shape)
""",
    commonest=mistakes.table_of_labels,
    why="Right: value and slope belong together, for one record and for many.",
)

exercise(
    "accuracy",
    steps.accuracy_of_classes,
    classes,
    observe=share_of_hits,
    suits=takes_two_arguments,
    hints=(
        "Compare the two arrays: that gives one True or False per record.",
        "True counts as 1.",
        "The mean of the comparison is the share of right ones.",
    ),
    solution="""
def accuracy(predictions, targets):
    return np.mean(predictions == targets)
""",
    commonest=mistakes.not_one_number,
    why="Right: the number of hits divided by the number of records, a share between 0 and 1.",
)
