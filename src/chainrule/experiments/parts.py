"""The records of a run: read, cut into three parts, and brought to one scale by the training part's statistics."""

import inspect
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chainrule.data import DATASETS, Dataset, Table, load, read_table
from chainrule.data.downloads import fetch
from chainrule.data.images import holds_images, parts_in
from chainrule.data.readers import MissingDataError, root
from chainrule.data.tables import Column
from chainrule.experiments.config import Config, ConfigError
from chainrule.nn import LOSSES, BCELoss, BCEWithLogitsLoss, CrossEntropyLoss

Array = NDArray[Any]
FOR_CLASSES = (CrossEntropyLoss, BCELoss, BCEWithLogitsLoss)


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

    @classmethod
    def of_json(cls, content: dict[str, list[float]] | None) -> Self | None:
        """Return what a file has of a scale, or None."""
        return None if content is None else cls(tuple(content["mean"]), tuple(content["deviation"]))

    def __call__(self, values: Array) -> Array:
        """Return the scaled values, float32."""
        scaled = (values.astype(np.float64) - self.mean) / self.deviation
        return np.nan_to_num(scaled, nan=0.0).astype(np.float32)

    def inverse(self, values: Array) -> Array:
        """Return what was scaled, float64; what rounding left of a zero is zero."""
        original = values.astype(np.float64) * self.deviation + self.mean
        return np.where(np.abs(original) < 1e-6 * np.asarray(self.deviation), 0.0, original)


@dataclass(frozen=True)
class Inputs:
    """What a network takes and gives, to be kept beside its weights.

    ``scale`` is of the columns (None: images, which are in [0, 1] already), ``quantities`` of a regression's targets.
    Of a table, ``columns`` are as they stand in the file, ``target`` is the one that was predicted, and ``left_out``
    those that no network could learn from, with the reason.
    """

    name: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    image_shape: tuple[int, ...]
    scale: Scale | None
    quantities: Scale | None
    columns: tuple[Column, ...] = ()
    target: str = ""
    left_out: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return dicts, lists, texts and numbers."""
        return asdict(self)

    @classmethod
    def of_json(cls, content: dict[str, Any]) -> Self:
        """Return what `as_json` was made from, after a way through a file."""
        scales = {name: Scale.of_json(content[name]) for name in ("scale", "quantities")}
        tuples = {name: tuple(content[name]) for name in ("features", "classes", "image_shape")}
        columns = tuple(Column(column["name"], tuple(column["categories"])) for column in content["columns"])
        return cls(**content | scales | tuples | {"columns": columns})


@dataclass(frozen=True)
class Parts:
    """What is learned from, what decisions are made on, and what is looked at once; all scaled."""

    train: Dataset
    valid: Dataset
    test: Dataset
    inputs: Inputs


@lru_cache(maxsize=1)
def _parts(data: str, target: str, data_root: str, kind: str, _: int) -> Parts:
    if Path(data).suffix.lower() == ".csv":
        return _of_table(read_table(data, target, kind))
    if target:
        raise ConfigError(f"target names a column of a CSV file; {data!r} is none. Leave it out")
    train, valid, test = _cut(data, data_root)
    scale = None if train.image_shape else Scale.of(train.x)
    quantities = None if train.classes else Scale.of(train.y.reshape(len(train), -1))
    inputs = Inputs(data, train.features, train.classes, train.image_shape, scale, quantities)
    return Parts(scaled(train, inputs), scaled(valid, inputs), scaled(test, inputs), inputs)


def _cut(data: str, data_root: str) -> tuple[Dataset, ...]:
    """Return three parts, cut with one fixed seed: runs that differ in other options then meet the same records."""
    if data in DATASETS:
        takes = inspect.signature(DATASETS[data]).parameters
        options = {"root": data_root} if "root" in takes else {}
        whole, apart = partial(_load_or_fetch, data, **options), "part" in takes
    elif holds_images(data):
        whole, apart = partial(load, Path(data)), parts_in(data) == ("test", "train")
    else:
        whole, apart = partial(load, data), False
    if apart:
        return *whole(part="train").split(0.9, 0.1, seed=0), whole(part="test")
    return whole().split(0.7, 0.15, 0.15, seed=0)


def _load_or_fetch(name: str, **options: Any) -> Dataset:
    try:
        return load(name, **options)
    except MissingDataError:
        fetch(name, options.get("root"))
        return load(name, **options)


def _of_table(table: Table) -> Parts:
    """Cut a table's rows, and scale them; a missing number becomes its column's mean, a missing category no column."""
    assert table.y is not None  # it was read to be learned from
    numbers = Dataset(np.arange(len(table.x), dtype=np.float64)[:, None], table.y, table.classes, name=str(table.path))
    rows = [part.x[:, 0].astype(int) for part in numbers.split(0.7, 0.15, 0.15, seed=0)]
    scale = Scale.of(table.x[rows[0]])
    quantities = None if table.classes else Scale.of(table.y[rows[0], None])
    inputs = Inputs(
        table.path.name,
        table.features,
        table.classes,
        (),
        scale,
        quantities,
        table.columns,
        table.target,
        table.left_out,
    )
    y = table.y if quantities is None else quantities(table.y[:, None])
    train, valid, test = (
        Dataset(scale(table.x[at]), y[at], table.classes, table.features, name=inputs.name) for at in rows
    )
    return Parts(train, valid, test, inputs)


def scaled(part: Dataset, inputs: Inputs) -> Dataset:
    """Return the set with its columns, and in a regression its targets of shape (N, K), on the network's scale."""
    x = part.x if inputs.scale is None else inputs.scale(part.x)
    y = part.y if inputs.quantities is None else inputs.quantities(part.y.reshape(len(part), -1))
    return replace(part, x=x, y=y)


def parts(config: Config) -> Parts:
    """Return the records that ``config`` names; the last ones read are kept in memory.

    Raises
    ------
    ValueError
        If the name is unknown, the set is too small to be cut, or a file is damaged (DataError).
    """
    kind = "classes" if config.loss and issubclass(LOSSES[config.loss], FOR_CLASSES) else ""
    file = Path(config.data)
    written = 0 if config.data in DATASETS or not file.exists() else file.stat().st_mtime_ns
    return _parts(config.data, config.target, str(root(config.data_root)), kind, written)
