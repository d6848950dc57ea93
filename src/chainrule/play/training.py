"""A run in steps: the records, the network that learns from them, a ghost beside it, and what can be seen of both."""

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.checks import generator
from chainrule.play import frames
from chainrule.play.frames import Message
from chainrule.play.records import Records
from chainrule.play.runner import Runner, classes_of, correct
from chainrule.play.settings import Settings

Array = NDArray[Any]

HISTORY = 2000  # points of the curves that are kept
EVALUATED = 400_000  # inputs that the losses are measured on, at most, of each part: 510 images of 28 by 28


class Training:
    """A network and its records; each step takes the batch that `fit` would take.

    Parameters
    ----------
    settings : Settings
    records : Records
    runner : Runner
    ghost : Runner, optional
        Takes the same batches without the mistake.

    Attributes
    ----------
    epoch, batches : int
        How often all records were gone through, and the steps so far.
    seconds : float
        Time spent on steps.
    altered : bool
        Whether settings were changed on the way, so that beginning anew would lead elsewhere.
    history : list of tuple
        Epochs, losses and accuracies at each frame.
    sentence : str
        Why it can't go on; empty while it can.
    """

    def __init__(self, settings: Settings, records: Records, runner: Runner, ghost: Runner | None = None) -> None:
        self.settings, self.records, self.runner, self.ghost = settings, records, runner, ghost
        self.epoch, self.batches, self.seconds, self.sentence, self.altered = 0, 0, 0.0, "", False
        self.history: list[tuple[float, ...]] = []
        self._order = generator(settings.seed)
        self._ahead: Iterator[tuple[Array, Array]] = iter(())
        self._left = 0  # batches of this epoch that are still to come

    def __repr__(self) -> str:
        return f"Training({self.runner!r}, epoch {self.epoch}, {self.batches} steps)"

    def step(self) -> bool:
        """Learn from one batch; return whether it was the epoch's last, or training can't go on."""
        if self.sentence:
            return True
        began = time.perf_counter()
        if self._left == 0:
            self._ahead = self.records.train.batches(self.settings.batch_size, seed=int(self._order.integers(2**32)))
            self._left = math.ceil(len(self.records.train) / self.settings.batch_size)
        batch = next(self._ahead)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            loss, problem = _stepped(self.runner, batch)
            if self.ghost is not None:
                _stepped(self.ghost, batch)
        self.batches += 1
        self._left -= 1
        self.seconds += time.perf_counter() - began
        self.epoch += self._left == 0
        if not math.isfinite(loss):
            self.sentence = problem or self.divergence()
        return self._left == 0 or bool(self.sentence)

    def finish_epoch(self, seconds: float = math.inf, goal: float = math.inf) -> bool:
        """Learn up to the end of the epoch, for some time, or to a step; return whether the end was reached."""
        began = time.perf_counter()
        while not self.step():
            if self.batches >= goal or time.perf_counter() - began > seconds:
                return False
        return True

    def go_on_from(self, other: "Training") -> None:
        """Take over the weights and the place of a run that was told to learn otherwise from here on."""
        for runner, before in ((self.runner, other.runner), (self.ghost, other.ghost)):
            if runner is not None and before is not None:
                runner.go_on_from(before)
        self.epoch, self.batches, self.seconds, self.history = other.epoch, other.batches, other.seconds, other.history
        self._order, self.altered = other._order, other.altered or other.batches > 0

    def divergence(self) -> str:
        """Say where NaN or infinity is, in which step it came, and what to try."""
        where = "in the loss"
        for i, pair in enumerate(self.runner.weights()):
            if not all(np.isfinite(part).all() for part in pair):
                where = f"in the weights of layer {i + 1}"
                break
        scaled = "" if self.settings.standardize else ", or scaled inputs"
        return (
            f"Training diverged at step {self.batches}: NaN or infinity {where}. Try a smaller learning rate than "
            f"{self.settings.lr:g}{scaled}."
        )

    def frame(self, number: int) -> Message:
        """Return where the run is: losses, weights, gradients, pictures."""
        header: dict[str, Any] = {
            "type": "frame",
            "number": number,
            "epoch": self.epoch,
            "batches": self.batches,
            "seconds": self.seconds,
        }
        if self.sentence:
            header["sentence"] = self.sentence
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            figures, arrays = self._measured(self.runner)
            header |= figures
            self._remember(figures)
            if self.ghost is not None:
                header["ghost"] = self._measured(self.ghost)[0]
                if "boundary" in (drawn := frames.pictures(self.ghost, self.records)):
                    arrays["ghost_boundary"] = drawn["boundary"]
            weights, gradients = self.runner.weights(), self.runner.gradients()
            counts, header["ranges"] = frames.histograms(weights, gradients)
            arrays |= {"weights": frames.flat(weights), "gradients": frames.flat(gradients), "histograms": counts}
            arrays |= frames.pictures(self.runner, self.records)
        if self.records.kind == "image" and len(shape := self.records.train.image_shape) == 2:
            arrays["first"] = weights[0][0].reshape(-1, *shape)
        return Message(header, arrays)

    def past(self) -> Message:
        """Return the curves so far, for a page that comes later."""
        names = ("epoch", "loss_train", "loss_test", "accuracy_train", "accuracy_test")
        columns = np.array(self.history, dtype=np.float64).reshape(-1, len(names)).T
        return Message({"type": "history"}, dict(zip(names, columns, strict=True)))

    def _remember(self, figures: dict[str, float]) -> None:
        """Keep a point of the curves; when there are many, every other one."""
        at = self.batches / math.ceil(len(self.records.train) / self.settings.batch_size)
        if not self.history or self.history[-1][0] < at:
            names = ("loss_train", "loss_test", "accuracy_train", "accuracy_test")
            self.history.append((at, *(figures.get(name, math.nan) for name in names)))
        if len(self.history) > HISTORY:
            del self.history[1:-1:2]

    def _measured(self, runner: Runner) -> tuple[dict[str, float], dict[str, Array]]:
        """Return losses and accuracies on both sets, and the test's confusion matrix."""
        classes, figures, arrays = len(self.records.classes), {}, {}
        for name, part in (("train", self.records.train), ("test", self.records.test)):
            most = EVALUATED // part.x.shape[1]
            x, y = part.x[:most], part.y[:most]
            figures[f"loss_{name}"] = runner.loss(x, y)
            if classes:
                prediction = runner.forward(x)[-1]
                figures[f"accuracy_{name}"] = float(correct(prediction, y).mean())
                arrays["confusion"] = frames.confusion(prediction, y, classes)
                arrays["prediction"] = classes_of(prediction[: frames.SAMPLES])
        return figures, arrays


def _stepped(runner: Runner, batch: tuple[Array, Array]) -> tuple[float, str]:
    """Return the loss of a step, NaN with a sentence where the runner says itself that it diverged."""
    try:
        return runner.step(*batch), ""
    except FloatingPointError as problem:
        return math.nan, f"{problem}."
