"""The exercise on one epoch of mini-batches: what a learner's loop does with a network that keeps a diary."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isclose
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.steps import train_epoch as steps

Array = np.ndarray[Any, Any]
CLASSES = 3
ONEHOT = np.eye(CLASSES)
FIRST_BIAS, SECOND_BIAS = np.linspace(-0.3, 0.3, 6), np.linspace(0.2, -0.2, CLASSES)
STARTS = (0, 24, 30, 48)  # where each parameter begins when all stand in one row


class Parameter:
    """What a training loop may touch of a parameter: its values and its gradient."""

    def __init__(self, data: Array) -> None:
        self.data, self.grad = data, np.zeros(data.shape)

    def zero_grad(self) -> None:
        """Clear the gradient."""
        self.grad = np.zeros(np.shape(self.data))


@dataclass
class Turn:
    """One forward pass: what went in and came out, what came back, and the parameters at its beginning, in one row."""

    x: Array
    scores: Array
    parameters: Array
    slopes: Array | None = None
    upstream: Any = None

    @cached_property
    def shares(self) -> Array:
        """The shares of the batch."""
        powers = np.exp(self.scores - self.scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


class Diary:
    """A network of two layers that notes what a training loop does with it."""

    def __init__(self, first: Array, second: Array) -> None:
        self.all = [Parameter(array.copy()) for array in (first, FIRST_BIAS, second, SECOND_BIAS)]
        self.turns: list[Turn] = []

    def forward(self, x: Any) -> Array:
        """Return the scores of a batch."""
        first, first_bias, second, second_bias = (parameter.data for parameter in self.all)
        self.hidden = np.tanh(x @ first.T + first_bias)
        scores = np.asarray(self.hidden @ second.T + second_bias)
        self.turns.append(Turn(np.array(x), scores.copy(), self.in_a_row()))
        return scores

    __call__ = forward

    def backward(self, grad: Any) -> None:
        """Add the slopes of a batch to the gradients."""
        turn = self.turns[-1]
        turn.upstream = grad = np.array(grad, dtype=float)
        back = (grad @ self.all[2].data) * (1 - self.hidden**2)
        slopes = back.T @ turn.x, back.sum(axis=0), grad.T @ self.hidden, grad.sum(axis=0)
        turn.slopes = np.concatenate([slope.ravel() for slope in slopes])
        for parameter, slope in zip(self.all, slopes, strict=True):
            parameter.grad = parameter.grad + slope

    def in_a_row(self) -> Array:
        """Return the values of all parameters."""
        return np.concatenate([parameter.data.ravel() for parameter in self.all])

    def parameters(self) -> list[Parameter]:
        """Return weight and bias of the first layer, and those of the second."""
        return list(self.all)

    def zero_grad(self) -> None:
        """Clear all gradients."""
        for parameter in self.all:
            parameter.zero_grad()


class Onlooker(Diary):
    """A network that learns nothing and notes only what goes in: that is all the order shows, and it is quick."""

    def forward(self, x: Any) -> Array:
        """Return zeros."""
        scores = np.zeros((len(x), CLASSES))
        self.turns.append(Turn(np.array(x), scores, FIRST_BIAS))
        return scores

    __call__ = forward

    def backward(self, grad: Any) -> None:
        """Leave all gradients as they are."""


def epochs(rng: np.random.Generator) -> Iterator[Case]:
    """Yield records that don't fill the last batch, with a network to train on them."""
    for records, batch in ((17, 5), (12, 7)):
        inputs = {"x": rng.normal(size=(records, 4)), "y": rng.permutation(np.arange(records) % CLASSES)}
        net = {"first": rng.normal(size=(6, 4)), "second": rng.normal(size=(CLASSES, 6))}
        numbers = {"lr": float(rng.uniform(0.2, 0.45)), "batch": batch, "seed": int(rng.integers(1000))}
        yield Case(f"{records} records in batches of {batch}", inputs | net | numbers)


def diary(train_epoch: Any, case: Case) -> Facts:
    """Return what a training loop does, in words and numbers that don't depend on the order that it draws."""
    x, y, lr, batch = (case.inputs[name] for name in ("x", "y", "lr", "batch"))
    rng = np.random.default_rng(case.inputs["seed"])

    def run(kind: type[Diary], generator: Any) -> tuple[Diary, Any]:
        net = kind(case.inputs["first"], case.inputs["second"])
        return net, train_epoch(net, x, y, lr, batch, generator)

    net, returned = run(Diary, rng)
    if not net.turns:
        return {"returns": None if returned is None else "something else"}
    next_epoch, _ = run(Onlooker, rng)
    same_again, _ = run(Onlooker, np.random.default_rng(case.inputs["seed"]))
    rows = rows_seen(net, x)
    orders = [rows.tolist(), *(rows_seen(each, x).tolist() for each in (next_epoch, same_again))]
    return {
        "sizes of the batches": [len(turn.x) for turn in net.turns],
        "every record once": sorted(orders[0]) == list(range(len(x))),
        "order": "drawn at random" if orders[0] != sorted(orders[0]) else "that of the records",
        "order of the next epoch": "another" if orders[0] != orders[1] else "the same",
        "order with an equal rng": "the same" if orders[0] == orders[2] else "another",
        **told(net, rows, returned, y, lr),
    }


def told(net: Diary, rows: Array, returned: Any, y: Array, lr: float) -> Facts:
    """Return what was trained to, by which steps, and what was returned."""
    ends = np.cumsum([len(turn.x) for turn in net.turns])
    labels, true = [trained_to(turn) for turn in net.turns], np.split(y[rows], ends[:-1])
    return {
        "labels": relation(labels, true, y),
        **steps_taken(net, labels, lr),
        "returns": kind_of_loss(returned, net, labels, true, lr),
    }


def glance_at_steps(train_epoch: Any, case: Case) -> Facts:
    """Return what one epoch tells: the sizes of the steps, the labels, the loss."""
    x, y, lr, batch = (case.inputs[name] for name in ("x", "y", "lr", "batch"))
    net = Diary(case.inputs["first"], case.inputs["second"])
    returned = train_epoch(net, x, y, lr, batch, np.random.default_rng(case.inputs["seed"]))
    return told(net, rows_seen(net, x), returned, y, lr)


def rows_seen(net: Diary, x: Array) -> Array:
    """Return the records in the order in which they were seen."""
    seen = np.concatenate([x[:0], *(turn.x for turn in net.turns)])
    return np.asarray(np.abs(x[:, None] - seen).sum(axis=2).argmin(axis=0))


def trained_to(turn: Turn) -> Array | None:
    """Return the labels that the slope trains a batch to: of each row the one entry with a sign of its own."""
    if turn.upstream is None or turn.upstream.shape != turn.scores.shape:
        return None
    positive = (turn.upstream > 0).sum(axis=1) == 1
    odd = np.where(positive, turn.upstream.argmax(axis=1), turn.upstream.argmin(axis=1))
    slope = turn.shares - ONEHOT[odd]
    if not np.isfinite([slope, turn.upstream]).all():
        return None
    multiple = np.vdot(slope, turn.upstream) / np.vdot(slope, slope) * slope
    return odd if np.abs(multiple - turn.upstream).max() < 1e-8 else None


def relation(labels: list[Array | None], true: list[Array], y: Array) -> str:
    """Say which labels a network is trained to."""
    starts = np.cumsum([0, *(len(each) for each in true)])
    kinds = {
        "right": true,
        "the first of each batch": [np.full_like(each, each[0]) for each in true],
        "one too small": [(each - 1) % CLASSES for each in true],
        "one too large": [(each + 1) % CLASSES for each in true],
        "those of other records": [y[start : start + len(each)] for start, each in zip(starts, true, strict=False)],
    }
    for kind, wanted in kinds.items():
        if all(have is not None and np.array_equal(have, want) for have, want in zip(labels, wanted, strict=True)):
            return kind
    trained = [have for have in labels if have is not None]
    if len(trained) == len(true) and np.array_equal(np.sort(np.concatenate(trained)), np.sort(np.concatenate(true))):
        return "those of other records"
    return "the slope is none of the cross-entropy"


def steps_taken(net: Diary, labels: list[Array | None], lr: float) -> Facts:
    """Return, for each batch and parameter, how large its step was beside the right one, and what came from before."""
    went_back = np.array([turn.slopes is not None for turn in net.turns])
    scales = np.array([scale_of(turn, label) for turn, label in zip(net.turns, labels, strict=True)])
    values = np.array([*(turn.parameters for turn in net.turns), net.in_a_row()])
    slopes = np.array([values[0] * 0 if turn.slopes is None else turn.slopes for turn in net.turns])
    own, earlier, off = shares_in((values[:-1] - values[1:]) / lr, slopes)
    sizes = np.where(off < 1e-6, own * scales[:, None], np.nan)
    return {
        "size of the steps": np.round(np.where(went_back[:, None], sizes, 0.0), 9),
        "gradients of earlier batches": np.unique(np.round(earlier[went_back], 4) + 0.0),
    }


def scale_of(turn: Turn, label: Array | None) -> float:
    """Return how large the slope that was handed back is, beside that of the mean loss."""
    if label is None or turn.upstream is None:
        return 1.0
    right = (turn.shares - ONEHOT[label]) / len(label)
    return float(np.vdot(right, turn.upstream) / np.vdot(right, right))


def shares_in(steps: Array, slopes: Array) -> tuple[Array, Array, Array]:
    """Return how much of its own slope is in each step, how much of the earlier ones, and how far off these are.

    The own slope alone is meant where it is enough. A row is a batch; in the results a column is a parameter.
    """
    squares = np.add.reduceat(slopes * slopes, STARTS, axis=1)
    own = np.add.reduceat(steps * slopes, STARTS, axis=1) / np.where(squares == 0, 1.0, squares)
    sizes = np.diff([*STARTS, slopes.shape[1]])
    off = np.maximum.reduceat(np.abs(np.repeat(own, sizes, axis=1) * slopes - steps), STARTS, axis=1)
    earlier = np.zeros_like(own)
    for batch, parameter in np.argwhere(off >= 1e-9):  # never true of a step that is no number
        its = slice(STARTS[parameter], STARTS[parameter] + sizes[parameter])
        old = slopes[:batch, its].sum(axis=0)
        if old.any():
            columns = np.stack([slopes[batch, its], old], axis=1)
            found, *_ = np.linalg.lstsq(columns, steps[batch, its], rcond=None)
            own[batch, parameter], earlier[batch, parameter] = found
            off[batch, parameter] = np.abs(columns @ found - steps[batch, its]).max()
    return own, earlier, off


def kind_of_loss(returned: Any, net: Diary, labels: list[Any], true: list[Array], lr: float) -> Any:
    """Say what the returned loss is; what it is if none of the known ones."""
    if returned is None:
        return None
    if np.ndim(returned):
        return "several values"
    sizes = np.array([len(turn.x) for turn in net.turns])
    for targets in (labels, true):
        if any(each is None for each in targets):
            continue
        means = np.array(
            [
                -np.log(turn.shares[np.arange(len(each)), each]).mean()
                for turn, each in zip(net.turns, targets, strict=True)
            ]
        )
        mean = means @ sizes / sizes.sum()
        kinds = {
            "the mean over the records": mean,
            "the last batch's": means[-1],
            "the first batch's": means[0],
            "the mean of the batches' means": means.mean(),
            "the sum of the batches' means": means.sum(),
            "the sum of the batches' means, divided by the records": means.sum() / sizes.sum(),
            "the sum over the records": means @ sizes,
            "the sum over the records, divided by the batches": means @ sizes / len(sizes),
            "the mean, times lr": lr * mean,
            "the mean, with a minus": -mean,
        }
        for kind, value in kinds.items():
            if isclose(float(returned), value, rel_tol=1e-6):
                return kind
    return "something else"


exercise(
    "train_epoch",
    steps.train_epoch,
    epochs,
    observe=diary,
    glance=glance_at_steps,
    program="program",
    lesson="Implementing Gradient Descent with Backpropagation",
    number=10,
    hints=(
        "One permutation for both: order = rng.permutation(len(x)), then x[order[i:i + batch]] and the same rows of y.",
        "Slopes add up until somebody clears them: zero_grad in every batch.",
        "The last batch is smaller, so its loss must count less: sum up loss × length of the batch, and divide by the "
        "number of records at the end.",
    ),
    solution="""
def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch):
        rows = order[start : start + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(rows)
    return total / len(x)
""",
    commonest=CATALOGUE["TR192"],
    why="Right: records and labels in one random order, a fresh gradient for each batch, and a mean over the records.",
)
