"""A batch, and a pass: one way through a loader, or a stretch of calls without one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chainrule.diagnosis.records import Backward, Forward, LossCall, Op, Step, Summary
from chainrule.mistakes.evidence import Place


@dataclass
class Batch:
    """From one batch to the next. Arrays have one element per record; they are None where they are not known.

    ``indices`` are the records' indices in the loader's base dataset (see `Dataset.rows`), ``fingerprints`` 64-bit
    fingerprints of the records as the model got them (equal fingerprint, equal record). ``labels`` are class numbers,
    (N,), from the loss, a comparison or the loader. ``correct`` of ``counted`` answers were right: the recorder's own
    count. ``data`` are the summaries of what the loader handed out, in traced batches. ``matches`` is how often the
    program's own last ``==`` of two tensors of whole numbers was true, ``compared`` the shape of its result, ``sides``
    the shapes of the two. ``hits`` says of each of the ``counted`` answers whether it was right.
    """

    at: int
    size: int
    indices: NDArray[np.int64] | None = None
    fingerprints: NDArray[np.uint64] | None = None
    labels: NDArray[np.int64] | None = None
    traced: bool = False
    data: list[Summary] = field(default_factory=list)
    forwards: list[Forward] = field(default_factory=list)
    losses: list[LossCall] = field(default_factory=list)
    backwards: list[Backward] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    zero_grads: list[int] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    correct: int | None = None
    counted: int = 0
    matches: int | None = None
    compared: tuple[int, ...] = ()
    sides: tuple[tuple[int, ...], ...] = ()
    hits: NDArray[np.bool_] | None = None

    @property
    def loss(self) -> float | None:
        """The value of the last loss function call, else that of the last backward pass; None where neither was."""
        if self.losses:
            return self.losses[-1].value
        return self.backwards[-1].value if self.backwards else None


@dataclass
class Pass:
    """One way through a loader, or a stretch of calls without one.

    Parameters
    ----------
    number : int
        Its index in ``run.passes``.
    at, end : int
        The moments it began, and ended or was left.
    place : Place or None
        The loop's line (without a loader: the line of the model's call).
    loader : int or None
        The loader's number; None: the program cut its batches by hand.
    loader_name : str
        What the loader is called where the loop is.
    names : tuple of str
        All variables that held the loader when the pass began, the innermost function's first.
    parent : int or None
        The pass in the middle of which this one ran.
    complete : bool
        The loader was exhausted (not left by ``break``, not cut by ``--batches``).
    """

    number: int
    at: int
    place: Place | None
    loader: int | None = None
    loader_name: str = ""
    names: tuple[str, ...] = ()
    parent: int | None = None
    end: int = -1
    complete: bool = False
    batches: list[Batch] = field(default_factory=list)

    @property
    def training(self) -> bool:
        """Whether a backward pass or an optimizer step happened in it."""
        return any(batch.backwards or batch.steps for batch in self.batches)

    @property
    def models(self) -> list[int]:
        """The numbers of the models that were called, in order of their first call."""
        return list(dict.fromkeys(forward.model for forward in self.forwards))

    @property
    def forwards(self) -> Iterator[Forward]:
        """All calls of models."""
        return (forward for batch in self.batches for forward in batch.forwards)

    @property
    def total(self) -> int:
        """The number of records that a model saw."""
        return sum(batch.size for batch in self.batches if batch.forwards)

    @property
    def correct(self) -> int | None:
        """How many answers were right; None where that is not known for each batch."""
        counts = [batch.correct for batch in self.batches if batch.forwards]
        return sum(count for count in counts if count is not None) if counts and None not in counts else None

    @property
    def counted(self) -> int:
        """Of how many answers ``correct`` is the count: for class labels (N,) the same as ``total``."""
        return sum(batch.counted for batch in self.batches)

    @property
    def accuracy(self) -> float | None:
        """The true accuracy, a fraction."""
        return self.correct / self.counted if self.correct is not None and self.counted else None

    @property
    def losses(self) -> NDArray[np.float64]:
        """The loss function's value in each batch that has one."""
        return np.array([batch.loss for batch in self.batches if batch.loss is not None])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The number of records of each batch that a model saw."""
        return np.array([batch.size for batch in self.batches if batch.forwards], dtype=np.int64)

    @property
    def mean_loss(self) -> float | None:
        """The true loss per record: each batch's mean weighted by its size; None where that is not known."""
        pairs = [(batch.losses[-1], batch.size) for batch in self.batches if batch.losses and batch.size]
        if not pairs or any(loss.reduction not in {"mean", "sum"} for loss, _ in pairs):
            return None
        total = sum(loss.value * (size if loss.reduction == "mean" else 1) for loss, size in pairs)
        return total / sum(size for _, size in pairs)

    @property
    def mean_of_means(self) -> float | None:
        """The plain mean of the batches' losses: ``total_loss / len(loader)``."""
        return float(self.losses.mean()) if self.losses.size else None

    def fingerprints(self) -> NDArray[np.uint64]:
        """All fingerprints that are known, (records,)."""
        known = [batch.fingerprints for batch in self.batches if batch.fingerprints is not None]
        return np.concatenate(known) if known else np.empty(0, np.uint64)

    def labels(self) -> NDArray[np.int64]:
        """All labels that are known, (records,), in the order in which they came."""
        known = [batch.labels.ravel() for batch in self.batches if batch.labels is not None]
        return np.concatenate(known) if known else np.empty(0, np.int64)
