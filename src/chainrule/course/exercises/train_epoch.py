"""The exercise on one epoch of mini-batches: what a learner's loop does with a network that keeps a diary."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.steps import train_epoch as steps

Array = np.ndarray[Any, Any]
CLASSES = 3


class Parameter:
    """What a training loop may touch of a parameter: its values and its gradient."""

    def __init__(self, data: Array) -> None:
        self.data, self.grad = data, np.zeros_like(data)

    def zero_grad(self) -> None:
        """Clear the gradient."""
        self.grad = np.zeros_like(self.data)


@dataclass
class Turn:
    """One forward pass: what went in and came out, what came back, and the parameters at its beginning."""

    x: Array
    scores: Array
    parameters: list[Array]
    slopes: list[Array] = field(default_factory=list)
    upstream: Any = None


class Diary:
    """A network of two layers that notes what a training loop does with it."""

    def __init__(self, first: Array, second: Array) -> None:
        biases = np.linspace(-0.3, 0.3, len(first)), np.linspace(0.2, -0.2, len(second))
        self.all = [Parameter(array.copy()) for array in (first, biases[0], second, biases[1])]
        self.turns: list[Turn] = []

    def forward(self, x: Any) -> Array:
        """Return the scores of a batch."""
        first, first_bias, second, second_bias = (parameter.data for parameter in self.all)
        self.hidden = np.tanh(x @ first.T + first_bias)
        scores = np.asarray(self.hidden @ second.T + second_bias)
        self.turns.append(Turn(np.array(x), scores.copy(), [parameter.data.copy() for parameter in self.all]))
        return scores

    __call__ = forward

    def backward(self, grad: Any) -> None:
        """Add the slopes of a batch to the gradients."""
        turn = self.turns[-1]
        turn.upstream = grad = np.array(grad, dtype=float)
        back = (grad @ self.all[2].data) * (1 - self.hidden**2)
        turn.slopes = [back.T @ turn.x, back.sum(axis=0), grad.T @ self.hidden, grad.sum(axis=0)]
        for parameter, slope in zip(self.all, turn.slopes, strict=True):
            parameter.grad = parameter.grad + slope

    def parameters(self) -> list[Parameter]:
        """Return weight and bias of the first layer, and those of the second."""
        return list(self.all)

    def zero_grad(self) -> None:
        """Clear all gradients."""
        for parameter in self.all:
            parameter.zero_grad()


def epochs(rng: np.random.Generator) -> Iterator[Case]:
    """Yield records that don't fill the last batch, with a network to train on them."""
    for records, batch in ((22, 5), (16, 7)):
        inputs = {"x": rng.normal(size=(records, 4)), "y": rng.permutation(np.arange(records) % CLASSES)}
        net = {"first": rng.normal(size=(6, 4)), "second": rng.normal(size=(CLASSES, 6))}
        numbers = {"lr": float(rng.uniform(0.2, 0.45)), "batch": batch, "seed": int(rng.integers(1000))}
        yield Case(f"{records} records in batches of {batch}", inputs | net | numbers)


def diary(train_epoch: Any, case: Case) -> Facts:
    """Return what a training loop does, in words and numbers that don't depend on the order that it draws."""
    x, y, lr, batch = (case.inputs[name] for name in ("x", "y", "lr", "batch"))
    rng = np.random.default_rng(case.inputs["seed"])

    def run(generator: Any) -> tuple[Diary, Any]:
        net = Diary(case.inputs["first"], case.inputs["second"])
        return net, train_epoch(net, x, y, lr, batch, generator)

    net, returned = run(rng)
    if returned is None and not net.turns:
        return {"returns": None}
    next_epoch, same_again = run(rng)[0], run(np.random.default_rng(case.inputs["seed"]))[0]
    orders = [rows_seen(each, x) for each in (net, next_epoch, same_again)]
    return {
        "sizes of the batches": [len(turn.x) for turn in net.turns],
        "every record once": sorted(orders[0]) == list(range(len(x))),
        "order": "drawn at random" if orders[0] != sorted(orders[0]) else "that of the records",
        "order of the next epoch": "another" if orders[0] != orders[1] else "the same",
        "order with an equal rng": "the same" if orders[0] == orders[2] else "another",
        **told(net, returned, x, y, lr),
    }


def told(net: Diary, returned: Any, x: Array, y: Array, lr: float) -> Facts:
    """Return what was trained to, by which steps, and what was returned."""
    labels, true = [trained_to(turn) for turn in net.turns], [y[rows_of(turn, x)] for turn in net.turns]
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
    return told(net, returned, x, y, lr)


def rows_of(turn: Turn, x: Array) -> list[int]:
    """Return which records a batch holds."""
    return list(np.abs(x[:, None] - turn.x).sum(axis=2).argmin(axis=0).tolist())


def rows_seen(net: Diary, x: Array) -> list[int]:
    """Return the records in the order in which they were seen."""
    return [row for turn in net.turns for row in rows_of(turn, x)]


def trained_to(turn: Turn) -> Array | None:
    """Return the labels that the slope trains a batch to: of each row the one entry with a sign of its own."""
    if turn.upstream is None or turn.upstream.shape != turn.scores.shape:
        return None
    positive = (turn.upstream > 0).sum(axis=1) == 1
    odd = np.where(positive, turn.upstream.argmax(axis=1), turn.upstream.argmin(axis=1))
    slope = shares_of(turn) - np.eye(CLASSES)[odd]
    if not np.isfinite([slope, turn.upstream]).all():
        return None
    multiple = np.vdot(slope, turn.upstream) / np.vdot(slope, slope) * slope
    return odd if np.abs(multiple - turn.upstream).max() < 1e-8 else None


def shares_of(turn: Turn) -> Array:
    """Return the shares of a batch."""
    powers = np.exp(turn.scores - turn.scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


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
    return "the slope is none of the cross-entropy"


def steps_taken(net: Diary, labels: list[Array | None], lr: float) -> Facts:
    """Return, for each batch and parameter, how large its step was beside the right one, and what came from before."""
    ends = [turn.parameters for turn in net.turns[1:]] + [[parameter.data for parameter in net.all]]
    before = [np.zeros_like(parameter.data) for parameter in net.all]
    sizes, left_over = [], []
    for turn, end, label in zip(net.turns, ends, labels, strict=True):
        if not turn.slopes:
            sizes.append([0.0] * len(net.all))
            continue
        scale = 1.0
        if label is not None:  # as large as the slope of the mean loss would make it
            right = (shares_of(turn) - np.eye(CLASSES)[label]) / len(label)
            scale = float(np.vdot(right, turn.upstream) / np.vdot(right, right))
        row = []
        for start, stop, slope, old in zip(turn.parameters, end, turn.slopes, before, strict=True):
            own, earlier, off = shares_in((start - stop).ravel() / lr, slope.ravel(), old.ravel())
            row.append(own * scale if off < 1e-6 else np.nan)
            left_over.append(round(earlier, 4) + 0.0)
        sizes.append(row)
        before = [old + slope for old, slope in zip(before, turn.slopes, strict=True)]
    return {"size of the steps": np.round(sizes, 9), "gradients of earlier batches": np.unique(left_over)}


def shares_in(step: Array, slope: Array, old: Array) -> tuple[float, float, float]:
    """Return how much of two slopes is in a step, and how far off they are together; of the first alone if it can."""
    own = float(step @ slope / (slope @ slope or 1.0))
    off = np.abs(own * slope - step).max()
    if not off >= 1e-9 or not old.any():  # a step that is no number is off by nan
        return own, 0.0, float(off)
    columns = np.stack([slope, old], axis=1)
    found, *_ = np.linalg.lstsq(columns, step, rcond=None)
    return float(found[0]), float(found[1]), float(np.abs(columns @ found - step).max())


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
                -np.log(shares_of(turn)[np.arange(len(each)), each]).mean()
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
            if np.isclose(float(returned), value, rtol=1e-6, atol=0):
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
