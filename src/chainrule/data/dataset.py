"""A set of records: inputs, targets, and the few things one does with them before training."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
GATHERED = 2**16  # bytes: batches smaller than this are taken from the records several at a time


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Inputs and targets, checked once so that nothing downstream has to.

    Parameters
    ----------
    x : float array of shape (N, D)
        One record a row. Integers are turned into float32; images are flat.
    y : array of shape (N,), or (N, K)
        Class numbers from 0 for a classification set, floats for a regression.
    classes : tuple of str
        The classes' names; empty for a regression.
    features : tuple of str
        The columns' names, where they have any.
    image_shape : tuple of int
        Height and width of an image, or channels, height and width; empty if the records aren't images.
    name : str
        What reports call this set.

    Raises
    ------
    ValueError
        If the set is empty, x and y differ in length, x isn't 2-D, a value is NaN or infinite (the error
        says where), or a label isn't a whole number in ``[0, len(classes))``.
    """

    x: Array
    y: Array
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    image_shape: tuple[int, ...] = ()
    name: str = "data"

    def __post_init__(self) -> None:
        x, y = np.asarray(self.x), np.asarray(self.y)
        if x.ndim != 2:
            raise ValueError(f"{self.name}: x must be 2-D, one record a row; got shape {x.shape}")
        if len(x) == 0 or x.shape[1] == 0:
            raise ValueError(f"{self.name}: there must be at least one record and one column; got shape {x.shape}")
        if y.ndim == 0:
            raise ValueError(f"{self.name}: y must have one target for each record; got the single value {y}")
        if len(y) != len(x):
            raise ValueError(f"{self.name}: x has {len(x)} records, but y has {len(y)} targets")
        x = _as_float(x, f"{self.name}: x")
        require_finite(x, f"{self.name}: x")
        if self.classes:
            y = as_labels(y, len(self.classes))
        else:
            y = _as_float(y, f"{self.name}: y")
            require_finite(y, f"{self.name}: y")
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    def __len__(self) -> int:
        return len(self.x)

    def __repr__(self) -> str:
        targets = f"{len(self.classes)} classes" if self.classes else "regression"
        return f"Dataset({self.name!r}, {len(self)} records, {self.x.shape[1]} columns, {targets})"

    def __getitem__(self, rows: ArrayLike | slice) -> "Dataset":
        """Return the set of these rows: a slice, an array of indices, or a boolean mask."""
        at = rows if isinstance(rows, slice) else np.atleast_1d(np.asarray(rows))
        return replace(self, x=self.x[at], y=self.y[at])

    def batches(self, size: int, seed: int | None = None) -> Iterator[tuple[Array, Array]]:
        """Go through all records once, ``size`` at a time; the last batch may be smaller.

        Parameters
        ----------
        size : int
            Records in a batch.
        seed : int, optional
            Seed of the order; in the order of the records if not given.

        Yields
        ------
        x : array of shape (size, D)
        y : array of shape (size,)
        """
        if not isinstance(size, int | np.integer) or isinstance(size, bool) or size < 1:
            raise ValueError(f"the batch size must be a whole number of at least 1; got {size!r}")
        if seed is None:
            for start in range(0, len(self), size):
                yield self.x[start : start + size], self.y[start : start + size]
            return
        order = np.random.default_rng(seed).permutation(len(self))
        several = size * max(1, GATHERED // (self.x[:size].nbytes + self.y[:size].nbytes))
        for first in range(0, len(self), several):
            rows = order[first : first + several]
            x, y = self.x.take(rows, axis=0), self.y.take(rows, axis=0)
            for start in range(0, len(rows), size):
                yield x[start : start + size], y[start : start + size]

    def split(self, *fractions: float, seed: int | None = 0) -> "tuple[Dataset, ...]":
        """Cut the set at random into disjoint parts; each class is spread over them in proportion.

        Parameters
        ----------
        *fractions : float
            The parts' shares; they add up to 1.
        seed : int or None
            Seed of the draw; None draws another one each time.

        Returns
        -------
        tuple of Dataset
            One for each fraction. Every record is in exactly one.
        """
        if not fractions or any(not 0 < f <= 1 for f in fractions) or abs(sum(fractions) - 1) > 1e-9:
            raise ValueError(f"fractions must be positive and add up to 1; got {fractions}, sum {sum(fractions):g}")
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self))
        if self.classes:
            order = _interleave(order, self.y[order])
        edges = np.rint(np.cumsum((0.0, *fractions)) * len(self)).astype(int)
        if (np.diff(edges) == 0).any():
            raise ValueError(f"{len(self)} records are too few to cut into parts of {fractions}: one would be empty")
        return tuple(self[rng.permutation(order[a:b])] for a, b in pairwise(edges))

    def standardize(self, *others: "Dataset") -> "tuple[Dataset, ...]":
        """Shift and scale each column to mean 0 and standard deviation 1 **of this set**, here and in the others.

        Call it on the training part, with the parts that must not leak into the statistics:
        ``train, valid, test = train.standardize(valid, test)``. A constant column is only shifted.

        Returns
        -------
        tuple of Dataset
            This set and the others, in order, all by this set's statistics.
        """
        mean = self.x.mean(axis=0, dtype=np.float64)
        deviation = self.x.std(axis=0, dtype=np.float64)
        deviation[deviation <= 1e-12 * np.abs(mean)] = 1.0
        for other in others:
            if other.x.shape[1] != len(mean):
                raise ValueError(f"{other!r} must have the training part's {len(mean)} columns")
        return tuple(replace(d, x=((d.x - mean) / deviation).astype(d.x.dtype)) for d in (self, *others))


def _interleave(order: Array, labels: Array) -> Array:
    """Sort so that every stretch holds each class in proportion.

    The k-th of a class's n records gets the position (k + ½)/n in [0, 1]: cutting the sorted line at a position
    leaves that share of each class on its left, to within half a record.
    """
    position = np.empty(len(order))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        position[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return order[np.argsort(position, kind="stable")]


def as_labels(y: Any, n_classes: int) -> NDArray[np.int64]:
    """Return labels as int64 of shape (N,), or say which one is none.

    Raises
    ------
    ValueError
        If ``y`` isn't (N,), or holds something else than whole numbers in ``[0, n_classes)``.
    """
    y = np.asarray(y)
    if y.ndim != 1:
        raise ValueError(f"labels must have shape (N,): one class number a record; got shape {y.shape}")
    if y.dtype.kind not in "biuf":
        raise ValueError(f"labels must be integers in [0, {n_classes}); got dtype {y.dtype}")
    if (bad := y != np.rint(y)).any():
        at = int(np.argmax(bad))
        raise ValueError(f"labels must be integers in [0, {n_classes}); got {y[at]} at index {at}")
    bad = (y < 0) | (y >= n_classes)
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(f"labels must be integers in [0, {n_classes}); got {y[at]:g} at index {at}")
    return y.astype(np.int64)


def require_finite(values: Array, what: str) -> None:
    """Raise a ValueError that says where the first NaN or infinity of ``values`` is."""
    finite = np.isfinite(values)
    if not finite.all():
        at = tuple(int(i) for i in np.argwhere(~finite)[0])
        where = f"row {at[0]}, column {at[1]}" if len(at) == 2 else f"index {at[0]}"
        raise ValueError(f"{what} must be finite; got {values[at]} at {where} ({np.sum(~finite)} such values)")


def _as_float(values: Array, what: str) -> Array:
    if values.dtype.kind not in "biuf":
        raise ValueError(f"{what} must be numbers; got dtype {values.dtype}")
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float32)


def dataset_from(data: "Dataset | Sequence[Any]", n_classes: int | None = None) -> Dataset:
    """Take a Dataset as it is, and a pair ``(x, y)`` as one."""
    if isinstance(data, Dataset):
        return data
    x, y = data
    y = np.asarray(y)
    n = n_classes if n_classes is not None else (int(y.max()) + 1 if y.dtype.kind in "biu" and y.size else 0)
    return Dataset(np.asarray(x), y, classes=tuple(map(str, range(n))))
