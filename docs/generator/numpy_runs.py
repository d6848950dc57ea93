"""Steps of lesson 1 and its second half, trained with NumPy: two layers of sigmoids, and softmax with cross-entropy."""

from functools import cache
from typing import Any

import numpy as np

from chainrule import data, nn, optim
from chainrule.course.exercises.train_epoch import Diary
from chainrule.data import Dataset
from chainrule.mistakes.step import Replaced, Step
from chainrule.mistakes.steps import backpropagation, softmax, train_epoch
from docs.generator.curves import Series, Setting, Stopped

HIDDEN = 8


@cache
def tumours() -> tuple[Dataset, Dataset]:
    """Return breast-cancer, standardized: what to train on, and the rest."""
    train, test = data.load("breast-cancer", dtype=np.float64).split(0.7, 0.3, seed=0)
    train, test = train.standardize(test)
    return train, test


@cache
def digits(n: int = 1200) -> tuple[Dataset, Dataset]:
    """Return handwritten digits: the first ``n`` of what is to train on, and the rest."""
    train, test = data.load("digits", dtype=np.float64).split(0.7, 0.3, seed=0)
    return train[np.arange(min(n, len(train)))], test


def number(loss: Any) -> float:
    """Return a loss as a number.

    Raises
    ------
    Stopped
        If it is none.
    """
    if loss is None:
        raise Stopped("no loss comes back: it is None")
    if np.size(loss) != 1:
        raise Stopped(f"the loss is no number but an array of shape {np.shape(loss)}")
    return float(np.squeeze(loss))


def train_two_layers(replaced: Replaced, seed: int, series: Series) -> None:
    """Train sigmoid layers on all records at once, by the step that lesson 1 writes."""
    train, test = tumours()
    rng = np.random.default_rng(seed)
    first = rng.normal(0, train.x.shape[1] ** -0.5, (train.x.shape[1], HIDDEN))
    second = rng.normal(0, HIDDEN**-0.5, HIDDEN)
    step = backpropagation.update_weights
    names = ("output_layer_out", "new_weights_input_to_hidden", "new_weights_hidden_to_output")
    series["loss"], series["accuracy on new data"] = [], []

    def values(records: Dataset, wanted: tuple[str, ...]) -> list[Any]:
        inputs = {"weights_input_to_hidden": first, "weights_hidden_to_output": second, "learnrate": 2.0}
        found = step.values(inputs | {"features": records.x, "targets": records.y}, replaced, names=wanted)
        return list(found.values())

    for _ in range(60):
        out, new_first, new_second = values(train, names)
        series["loss"].append(number(np.mean((train.y - out) ** 2) / 2))
        for before, after in ((first, new_first), (second, new_second)):
            if np.shape(after) != before.shape:
                raise Stopped(f"weights of shape {before.shape} come back with shape {np.shape(after)}")
        first, second = new_first, new_second
        (answers,) = values(test, names[:1])
        if np.shape(answers) != test.y.shape:
            raise Stopped(f"{len(test)} records get answers of shape {np.shape(answers)}")
        series["accuracy on new data"].append(float(((answers > 0.5) == test.y).mean()))


def trains_scores(step: Step, *, column: bool = False) -> Any:
    """Return a training whose loss and slope come from a step; with ``column``, labels come as (N, 1)."""

    def train(replaced: Replaced, seed: int, series: Series) -> None:
        records, test = digits()
        net = nn.Sequential(nn.Linear(64, 24), nn.Tanh(), nn.Linear(24, 10), seed=seed, dtype=np.float64)
        optimizer = optim.SGD(net.parameters(), lr=0.2)
        series["loss"], series["accuracy on new data"] = [], []
        for epoch in range(15):
            total = 0.0
            for x, y in records.batches(40, seed=1000 * seed + epoch):
                labels = y[:, None] if column else y
                loss, slope = list(
                    step.values(dict(zip(step.inputs, (net(x), labels), strict=True)), replaced).values()
                )[:2]
                total += number(loss) * len(y)
                optimizer.zero_grad()
                net.backward(slope)
                optimizer.step()
            series["loss"].append(total / len(records))
            series["accuracy on new data"].append(float((net(test.x).argmax(axis=1) == test.y).mean()))

    return train


def train_an_epoch(replaced: Replaced, seed: int, series: Series) -> None:
    """Train a network of two layers by the loop over mini-batches that lesson 1 writes."""
    records, test = digits(1190)
    rng = np.random.default_rng(seed)
    net = Diary(rng.normal(0, 0.125, (24, 64)), rng.normal(0, 0.2, (10, 24)))
    program = train_epoch.train_epoch.values({}, replaced, names=["program"])["program"]
    series["loss"], series["accuracy on new data"] = [], []
    for _ in range(12):
        series["loss"].append(number(program(net, records.x, records.y, 0.2, 40, rng)))
        series["accuracy on new data"].append(float((net.forward(test.x).argmax(axis=1) == test.y).mean()))
        net.turns.clear()


DIGITS = "a 64-24-10 network with tanh on handwritten digits, batches of 40"
SETTINGS = {
    "two layers": Setting(
        f"a 30-{HIDDEN}-1 network of sigmoids on the breast-cancer table, all records in each step, learning rate 2",
        (backpropagation.update_weights,),
        train_two_layers,
    ),
    "loss and slope": Setting(DIGITS, (softmax.cross_entropy_loss,), trains_scores(softmax.cross_entropy_loss)),
    "labels in a column": Setting(
        f"{DIGITS}, the labels of a batch in a column, (40, 1)",
        (softmax.softmax_with_cross_entropy,),
        trains_scores(softmax.softmax_with_cross_entropy, column=True),
    ),
    "mini-batches": Setting(DIGITS, (train_epoch.train_epoch,), train_an_epoch),
}
