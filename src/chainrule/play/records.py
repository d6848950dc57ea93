"""The records of a playground's run: loaded or drawn, cut in two, scaled, and turned into what the network sees."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data import Dataset, load
from chainrule.experiments.config import ConfigError
from chainrule.experiments.parts import Scale
from chainrule.play.settings import PASTED, Settings, points
from chainrule.registry import unknown

Array = NDArray[Any]

GRID = 50  # the plane is looked at in so many rows and columns

# What a network may see of a point, beside its coordinates; of scaled coordinates, where inputs are scaled.
FORMULAS: dict[str, Callable[[Array, Array], Array]] = {
    "x1": lambda a, b: a,
    "x2": lambda a, b: b,
    "x1²": lambda a, b: a * a,
    "x2²": lambda a, b: b * b,
    "x1·x2": lambda a, b: a * b,
    "sin(π·x1)": lambda a, b: np.sin(np.pi * a),
    "sin(π·x2)": lambda a, b: np.sin(np.pi * b),
    "1": lambda a, b: np.ones_like(a),  # lesson 1's way to have a bias
}


@dataclass(frozen=True, eq=False, repr=False)
class Records:
    """Two sets of records, and how they came to be.

    Attributes
    ----------
    train, test : Dataset
        What the network sees, float32; of a regression the targets are scaled, of shape (N, 1).
    train_points, test_points : array of shape (N, 2), or None
        Where each record lies in the plane, unscaled; None if the records are not points in a plane.
    available : tuple of str
        The features that can be chosen.
    scale, quantities : Scale or None
        What the columns, and in a regression the targets, were brought to one scale with.
    inputs : callable
        What turns columns of numbers, such as the places of the plane, into what the network sees.
    notice : str
        What the reader should know about it: that records were left out, for example.
    """

    name: str
    kind: str
    train: Dataset
    test: Dataset
    train_points: Array | None
    test_points: Array | None
    available: tuple[str, ...]
    scale: Scale | None
    quantities: Scale | None
    notice: str = ""
    inputs: Callable[[Array], Array] = np.asarray

    def __repr__(self) -> str:
        return (
            f"Records({self.name!r}, {len(self.train)} train, {len(self.test)} test, {', '.join(self.train.features)})"
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes' names; empty for a regression."""
        return self.train.classes

    @cached_property
    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The part of the plane that is drawn: (lowest, highest) x and y, with a margin; a square for drawn points."""
        assert self.train_points is not None
        assert self.test_points is not None
        both = np.concatenate([self.train_points, self.test_points]).astype(np.float64)
        low, high = both.min(axis=0), both.max(axis=0)
        middle, half = (low + high) / 2, np.maximum((high - low) / 2 * 1.08, 1e-6)
        if self.kind == "points":
            half = np.full(2, half.max())
        return (float(middle[0] - half[0]), float(middle[0] + half[0])), (
            float(middle[1] - half[1]),
            float(middle[1] + half[1]),
        )

    @cached_property
    def places(self) -> Array | None:
        """The plane in GRID rows from the top and GRID columns, (GRID², 2): where it is looked at."""
        if self.train_points is None:
            return None
        (left, right), (low, high) = self.bounds
        place = (np.arange(GRID) + 0.5) / GRID
        x, y = np.meshgrid(left + place * (right - left), high - place * (high - low))
        return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)

    @cached_property
    def grid(self) -> Array | None:
        """What the network sees of each of the `places`, (GRID², features)."""
        return None if self.places is None else self.inputs(self.places)

    @cached_property
    def offered(self) -> Array | None:
        """What each feature that can be chosen says at the `places`; of a table, those that are chosen."""
        if self.places is None or self.kind != "points":
            return self.grid
        a, b = (self.places if self.scale is None else self.scale(self.places)).T
        return np.stack([formula(a, b) for formula in FORMULAS.values()], axis=1)


def records(settings: Settings, pasted: Dataset | None = None) -> Records:
    """Return the records that the settings ask for.

    Raises
    ------
    ConfigError
        If a feature is unknown, there are too few records, or nothing was pasted.
    """
    whole = _whole(settings, pasted)
    drawn, notice = points(settings.data), ""
    if len(whole) > settings.records:
        notice = f"{settings.records} of {len(whole)} records are used"
        order = np.random.default_rng(settings.data_seed).permutation(len(whole))
        whole = whole[order[: settings.records]]
    available = tuple(FORMULAS) if drawn else whole.features
    chosen = () if whole.image_shape else _chosen(settings.features, available, whole)
    try:
        parts = whole.split(settings.train_share, 1 - settings.train_share, seed=settings.data_seed)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    at = (
        list(range(whole.x.shape[1])) if drawn or whole.image_shape else [whole.features.index(name) for name in chosen]
    )
    raw = [part.x[:, at] for part in parts]
    scale = Scale.of(raw[0]) if settings.standardize and not whole.image_shape else None
    quantities = None if whole.classes else Scale.of(parts[0].y.reshape(len(parts[0]), -1))

    def inputs(columns: Array) -> Array:
        scaled = columns.astype(np.float32) if scale is None else scale(columns)
        if drawn:
            scaled = np.stack([FORMULAS[name](scaled[:, 0], scaled[:, 1]) for name in chosen], axis=1)
        return np.ascontiguousarray(scaled)

    train, test = (
        Dataset(
            inputs(columns),
            part.y if quantities is None else quantities(part.y.reshape(len(part), -1)),
            whole.classes,
            chosen,
            whole.image_shape,
            whole.name,
        )
        for columns, part in zip(raw, parts, strict=True)
    )
    kind = "image" if whole.image_shape else "points" if drawn else "table"
    plane = drawn or (kind == "table" and len(at) == 2)
    here, there = raw if plane else (None, None)
    return Records(settings.data, kind, train, test, here, there, available, scale, quantities, notice, inputs)


def _whole(settings: Settings, pasted: Dataset | None) -> Dataset:
    if settings.data == PASTED:
        if pasted is None:
            raise ConfigError("nothing has been pasted: paste or drop a CSV file first, or choose a dataset")
        return pasted
    if points(settings.data):
        return load(settings.data, n=settings.records, noise=settings.noise, seed=settings.data_seed)
    return _loaded(settings.data)


_loaded = lru_cache(maxsize=4)(load)


def _chosen(wanted: tuple[str, ...], available: tuple[str, ...], whole: Dataset) -> tuple[str, ...]:
    """Return the features' names in their own order; of a table, if none are named, the two that tell most."""
    for name in wanted:
        if name not in available:
            raise ConfigError(unknown("feature", name, list(available)))
    if wanted or len(available) <= 2:
        return tuple(name for name in available if name in wanted or not wanted)
    return tuple(available[at] for at in sorted(_telling(whole)[:2]))


def _telling(whole: Dataset) -> list[int]:
    """Return the columns' places, the one whose mean differs most between the targets first (an F-test)."""
    from sklearn.feature_selection import f_classif, f_regression

    constant = np.ptp(whole.x, axis=0) == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        f, _ = (f_classif if whole.classes else f_regression)(whole.x[:, ~constant], whole.y.reshape(len(whole)))
    scores = np.full(whole.x.shape[1], -1.0)
    scores[~constant] = np.nan_to_num(f, nan=0.0, posinf=1e300)
    return [int(i) for i in np.argsort(-scores, kind="stable")]
