"""Mistakes in an epoch of mini-batches with NumPy."""

from typing import Any

import numpy as np

from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.steps import train_epoch as steps

loss_times_rate = Mistake(
    code="GD144",
    title="the loss that is reported is multiplied by the learning rate",
    symptom="The printed loss changes with the learning rate; the training itself is right.",
    explanation="The learning rate scales the step. The loss is what it is.",
    fix="Leave lr out of the loss.",
    wrong="loss = lr * loss",
    right="w -= lr * grad",
    seen=1,
)

not_shuffled = Mistake(
    code="TR102",
    title="the training records come in the same order in each epoch",
    symptom="Harmless where the records are mixed already; on sorted data the loss jumps and stays high.",
    explanation="A batch stands for all records. One that always holds the same few, or one class only, doesn't.",
    fix="Draw a new order in each epoch: rng.permutation(len(x)), or shuffle=True.",
    wrong="for start in range(0, len(x), batch): rows = slice(start, start + batch)",
    right="order = rng.permutation(len(x))",
    seen=4,
)

labels_apart = Mistake(
    code="TR114",
    title="records and labels no longer belong together",
    symptom="The training accuracy is that of guessing, or nothing but memory.",
    explanation="Each record has its own label. Shuffled apart, or shuffled only on one side, the labels are noise.",
    fix="Use one order for both: x[rows] and y[rows].",
    wrong="x[order[i : i + batch]], y[i : i + batch]",
    right="x[order[i : i + batch]], y[order[i : i + batch]]",
)

# The loss that is returned ----------------------------------------------------------------------------------------

loss_times_rate.instead_of(steps.mean_loss)(lambda losses, sizes, lr, records: lr * np.dot(losses, sizes) / records)
for _code, _loss in (
    ("GD112", lambda losses, sizes, lr, records: losses[-1]),
    ("TR166", lambda losses, sizes, lr, records: losses[-1]),
    ("TR192", lambda losses, sizes, lr, records: np.mean(losses)),
    ("TR163", lambda losses, sizes, lr, records: np.sum(losses)),
    ("TR162", lambda losses, sizes, lr, records: np.sum(losses) / records),
    ("TR162", lambda losses, sizes, lr, records: np.dot(losses, sizes) / len(losses)),
    ("TR163", lambda losses, sizes, lr, records: np.dot(losses, sizes)),
    ("GD116", lambda losses, sizes, lr, records: losses),
    ("GD121", lambda losses, sizes, lr, records: -np.dot(losses, sizes) / records),
):
    CATALOGUE[_code].instead_of(steps.mean_loss)(_loss)

# The batches and their order --------------------------------------------------------------------------------------

CATALOGUE["TR171"].instead_of(steps.batches_done)(lambda batches: batches[:1])
CATALOGUE["TR171"].replaces(
    {steps.batches_done: lambda batches: batches[:1], steps.mean_loss: lambda losses, sizes, lr, records: losses[0]}
)

not_shuffled.instead_of(steps.order)(lambda rng, records: np.arange(records))
not_shuffled.instead_of(steps.order)(lambda rng, records: np.random.default_rng(0).permutation(records))
CATALOGUE["TR170"].instead_of(steps.order)(lambda rng, records: np.random.default_rng().permutation(records))
labels_apart.instead_of(steps.labels_of)(lambda y, rows, start: y[start : start + len(rows)])

# The labels -------------------------------------------------------------------------------------------------------

first_label = CATALOGUE["GD126"]
first_label.instead_of(steps.trained_labels)(lambda labels, classes: np.full_like(labels, labels[0]))
shifted = CATALOGUE["GD134"]
shifted.instead_of(steps.trained_labels)(lambda labels, classes: (labels - 1) % classes)
shifted.instead_of(steps.trained_labels)(lambda labels, classes: (labels + 1) % classes)

# The step ---------------------------------------------------------------------------------------------------------


def _summed(shares: Any, labels: Any) -> Any:
    return shares - np.eye(shares.shape[1])[labels]


for _code in ("GD104", "GD125"):
    CATALOGUE[_code].instead_of(steps.slope_of)(_summed)

CATALOGUE["GD121"].instead_of(steps.rate)(lambda lr, x, batch, start: -lr)
CATALOGUE["GD154"].instead_of(steps.rate)(lambda lr, x, batch, start: lr**2)
CATALOGUE["GD138"].instead_of(steps.rate)(lambda lr, x, batch, start: lr / len(x))
CATALOGUE["GD138"].instead_of(steps.rate)(lambda lr, x, batch, start: lr / batch)
CATALOGUE["GD138"].replaces({steps.slope_of: _summed, steps.rate: lambda lr, x, batch, start: lr / len(x)})
CATALOGUE["GD138"].replaces({steps.slope_of: _summed, steps.rate: lambda lr, x, batch, start: lr / x.shape[1]})
CATALOGUE["GD138"].replaces({steps.slope_of: _summed, steps.rate: lambda lr, x, batch, start: lr / batch})
CATALOGUE["GD151"].instead_of(steps.handed_back)(lambda loss, slope: loss)


def _rate_of(value: float) -> None:
    CATALOGUE["GD120"].instead_of(steps.rate)(lambda lr, x, batch, start: value)


for _number in (1.0, 0.9, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001, 1e-4):
    _rate_of(_number)
CATALOGUE["GD120"].any_number(steps.rate)

for _which in (slice(-2, None), slice(-1, None), slice(0, 2), slice(0, 1), slice(0, None, 2), slice(1, None, 2)):
    CATALOGUE["GD150"].instead_of(steps.moving)(lambda parameters, which=_which: parameters[which])

for _code in ("TR174", "TR177"):
    CATALOGUE[_code].instead_of(steps.clear)(lambda net, batch_number: None)


def _one_by_one(order: Any, batch: int) -> Any:
    return order.reshape(-1, 1)


def _share_of_batch(lr: Any, x: Any, batch: int, start: int) -> Any:
    return lr / min(batch, len(x) - start // batch * batch)


inside_loop = CATALOGUE["GD152"]
inside_loop.replaces({steps.cuts: _one_by_one, steps.rate: _share_of_batch})
inside_loop.replaces({steps.cuts: _one_by_one, steps.rate: lambda lr, x, batch, start: lr / batch})
inside_loop.replaces({steps.cuts: _one_by_one, steps.rate: lambda lr, x, batch, start: lr / len(x)})
inside_loop.instead_of(steps.cuts)(_one_by_one)

# No step at all, and records that never come -----------------------------------------------------------------------

for _code in ("TR175", "TR153", "TR176"):
    CATALOGUE[_code].instead_of(steps.moving)(lambda parameters: [])


def _whole_batches(order: Any, batch: int) -> Any:
    return [order[start : start + batch] for start in range(0, len(order) - batch + 1, batch)]


CATALOGUE["GD169"].instead_of(steps.cuts)(_whole_batches)
for _loss in (
    lambda losses, sizes, lr, records: np.dot(losses, sizes) / np.sum(sizes),
    lambda losses, sizes, lr, records: np.sum(losses) / (len(losses) + 1),
):
    CATALOGUE["GD169"].replaces({steps.cuts: _whole_batches, steps.mean_loss: _loss})
