"""The records of a run: read, cut into three parts, and brought to one scale by the training part's statistics."""

import inspect
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chainrule.data import DATASETS, Dataset, load
from chainrule.experiments.config import Config

Array = NDArray[Any]


@dataclass(frozen=True)
class Scale:
    """A shift and a factor for each column: ``(values - mean) / deviation``; what is missing (NaN) becomes 0."""

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    @classmethod
    def of(cls, values: Array) -> Self:
        """Return the scale that gives columns of shape (N, D), with NaN for what is missing, mean 0 and sd 1."""
        known = np.ma.masked_invalid(values.astype(np.float64))
        mean, deviation = known.mean(axis=0).filled(0.0), known.std(axis=0).filled(1.0)
        deviation[deviation <= 1e-12 * np.abs(mean)] = 1.0
        return cls(tuple(mean.tolist()), tuple(deviation.tolist()))

    def __call__(self, values: Array) -> Array:
        """Return the scaled values, float32."""
        scaled = (values.astype(np.float64) - self.mean) / self.deviation
        return np.nan_to_num(scaled, nan=0.0).astype(np.float32)

    def inverse(self, values: Array) -> Array:
        """Return what was scaled, float64."""
        return values.astype(np.float64) * self.deviation + self.mean


@dataclass(frozen=True)
class Inputs:
    """What a network takes and gives, to be kept beside its weights.

    ``scale`` is of the columns (None: images, which are in [0, 1] already), ``target`` of a regression's targets.
    """

    name: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    image_shape: tuple[int, ...]
    scale: Scale | None
    target: Scale | None

    def as_json(self) -> dict[str, Any]:
        """Return dicts, lists, texts and numbers."""
        return asdict(self)


@dataclass(frozen=True)
class Parts:
    """What is learned from, what decisions are made on, and what is looked at once; all scaled."""

    train: Dataset
    valid: Dataset
    test: Dataset
    inputs: Inputs


@lru_cache(maxsize=1)
def _parts(data: str, target: str, data_root: str) -> Parts:
    """Cut with one fixed seed: runs that differ in any other option are then compared on the same records."""
    options: dict[str, Any] = {"target": target} if target else {}
    takes = inspect.signature(DATASETS[data]).parameters if data in DATASETS else {}
    if "root" in takes and data_root:
        options["root"] = data_root
    if "part" in takes:
        train, valid = load(data, part="train", **options).split(0.9, 0.1, seed=0)
        test = load(data, part="test", **options)
    else:
        train, valid, test = load(data, **options).split(0.7, 0.15, 0.15, seed=0)
    scale = None if train.image_shape else Scale.of(train.x)
    y = train.y.reshape(len(train), -1)
    inputs = Inputs(
        train.name, train.features, train.classes, train.image_shape, scale, None if train.classes else Scale.of(y)
    )
    return Parts(scaled(train, inputs), scaled(valid, inputs), scaled(test, inputs), inputs)


def scaled(part: Dataset, inputs: Inputs) -> Dataset:
    """Return the set with its columns, and in a regression its targets of shape (N, K), on the network's scale."""
    x = part.x if inputs.scale is None else inputs.scale(part.x)
    y = part.y if inputs.target is None else inputs.target(part.y.reshape(len(part), -1))
    return replace(part, x=x, y=y)


def parts(config: Config) -> Parts:
    """Return the records that ``config`` names; the last ones read are kept in memory.

    Raises
    ------
    ValueError
        If the name is unknown, the set is too small to be cut, or a file is damaged (DataError).
    """
    return _parts(config.data, config.target, config.data_root)
