"""What the controls set, in one frozen dataclass: a field is a control, with its bounds, and a part of the link.

Names come from the registries when they are asked for, so that a new entry is on the page by itself.
"""

import inspect
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, fields, replace
from typing import Any, Self
from urllib.parse import parse_qs, urlencode

from chainrule.data import DATASETS
from chainrule.experiments.config import ConfigError, check, option, read
from chainrule.nn import ACTIVATIONS
from chainrule.optim import OPTIMIZERS
from chainrule.registry import unknown

PASTED = "pasted"
MOST_LAYERS = 8
LONGEST_LINK = 60_000  # characters
RATES = (1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10)
LIVE = {"lr", "momentum", "nesterov", "optimizer", "batch_size", "l1", "l2", "dropout", "activation"}
STRENGTHS = (0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1)


@dataclass(frozen=True)
class Settings:
    """The state of all controls, each checked when it is built.

    Raises
    ------
    ConfigError
        For the first value that is not valid, with the nearest valid one.
    """

    data: str = option("circles", "What is learned.", label="Data", group="data")
    noise: float = option(0.1, "How far points are scattered.", label="Noise", group="data", low=0, high=2)
    train_share: float = option(
        0.5, "Share of the records that is learned from; the others are the test.", label="Train share", group="data",
        low=0.1, high=0.9,
    )  # fmt: skip
    records: int = option(
        500, "At most so many records, train and test.", label="Records", group="data", low=20, high=4000
    )
    data_seed: int = option(
        0, "Seed of the points and of the split.", label="Data seed", group="data", low=0, high=2**32 - 1
    )
    features: tuple[str, ...] = option(
        ("x1", "x2"), "What the network sees of a record.", label="Features", group="network"
    )
    standardize: bool = option(
        True,
        "Bring each input to mean 0 and deviation 1, by the training records.",
        label="Scaled inputs",
        group="network",
    )
    hidden: tuple[int, ...] = option(
        (4, 2), "Neurons in each hidden layer.", label="Hidden layers", group="network", low=1, high=64
    )
    activation: tuple[str, ...] = option(
        ("tanh", "tanh"), "What follows each hidden layer.", label="Activation", group="network"
    )
    by_hand: bool = option(
        False,
        "Lesson 1's own network: one hidden layer of sigmoids, one output, ½(target − output)², no biases.",
        label="Lesson 1, by hand",
        group="network",
    )
    init: str = option(
        "default", "How the weights are first drawn.", label="Initializer", group="network", registry="initializer"
    )
    loss: str = option(
        "auto",
        "What is made small; auto: cross-entropy for classes, squared error for quantities.",
        label="Loss",
        group="training",
        registry="loss",
    )
    optimizer: str = option(
        "sgd", "How the weights follow the gradient.", label="Optimizer", group="training", registry="optimizer"
    )
    lr: float = option(
        0.1, "Learning rate.", label="Learning rate", group="training", low=1e-6, high=100, values=RATES, scale="log"
    )
    momentum: float = option(
        0.0, "Share of the last step that is kept.", label="Momentum", group="training", low=0, high=0.999
    )
    nesterov: bool = option(False, "Look ahead along the momentum.", label="Nesterov", group="training")
    batch_size: int = option(10, "Records in a step.", label="Batch size", group="training", low=1, high=1000)
    seed: int = option(
        0,
        "Seed of the weights, the order of the batches and dropout.",
        label="Seed",
        group="training",
        low=0,
        high=2**32 - 1,
    )
    l1: float = option(
        0.0,
        "Strength λ of the penalty λ·Σ|w|.",
        label="L1",
        group="penalties",
        low=0,
        high=100,
        values=STRENGTHS,
        scale="log",
    )
    l2: float = option(
        0.0,
        "Strength λ of the penalty λ·Σw².",
        label="L2",
        group="penalties",
        low=0,
        high=100,
        values=STRENGTHS,
        scale="log",
    )
    dropout: float = option(
        0.0,
        "Share of the hidden neurons that is switched off in each step.",
        label="Dropout",
        group="penalties",
        low=0,
        high=0.9,
    )
    mistake: str = option("", "Code of a mistake that is switched on.", label="Mistake", group="mistake")

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _checked(field, getattr(self, field.name)))
        if len(self.hidden) > MOST_LAYERS:
            raise ConfigError(f"hidden may have at most {MOST_LAYERS} layers; got {len(self.hidden)}: leave some out")
        wanted = len(self.hidden)
        names = (self.activation or ("tanh",)) + self.activation[-1:] * wanted
        object.__setattr__(self, "activation", (names * wanted)[:wanted])
        if self.nesterov and not self.momentum:
            object.__setattr__(self, "nesterov", False)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the settings with some of them changed; what depends on another dataset takes that one's default.

        Raises
        ------
        ConfigError
            If a name is unknown, or a value is not valid.
        """
        known = [field.name for field in fields(self)]
        for name in values:
            if name not in known:
                raise ConfigError(unknown("setting", name, known))
        data = values.get("data", self.data)
        given = dict(values)
        if data != self.data and isinstance(data, str):
            given = {**beside(data), **given}
        if (by_hand := values.get("by_hand", self.by_hand)) != self.by_hand:
            given = {"mistake": "", **self._by_hand(by_hand is True, data), **given}  # its mistakes are others
        return replace(self, **given)

    def _by_hand(self, on: bool, data: Any) -> dict[str, Any]:
        """Return what goes with lesson 1's network, or with its end: a layer, a rate, an input that is always 1."""
        features = tuple(name for name in self.features if name != "1") + (("1",) if on else ())
        seen = {"features": features} if data == self.data and points(self.data) else {}
        if not on:
            return seen | {"lr": type(self)().lr}
        return seen | {"hidden": self.hidden[:1] or (4,), "lr": 3.0}

    def link(self) -> str:
        """Return what differs from the defaults as a URL's fragment, such as ``hidden=8,8&lr=0.03``."""
        mine, default = asdict(self), asdict(self.beginning(self.data)) | {"data": "circles"}
        pairs: list[tuple[str, Any]] = []
        for name, value in mine.items():
            if value == default[name]:
                continue
            if isinstance(value, tuple):
                pairs += [(name, part) for part in value] or [(name, "none")]
            else:
                pairs.append((name, str(value).lower() if isinstance(value, bool) else value))
        return urlencode(pairs)

    @classmethod
    def of_link(cls, link: str) -> Self:
        """Return the settings that `link` was made from.

        Raises
        ------
        ConfigError
            If it is no such link, or a value is not valid.
        """
        if len(link) > LONGEST_LINK:
            raise ConfigError(f"the link must have at most {LONGEST_LINK} characters; got {len(link)}")
        try:
            parts = parse_qs(link.lstrip("#"), keep_blank_values=True, max_num_fields=1000)
        except ValueError as error:
            raise ConfigError(f"the link has too many parts: {error}") from error
        known = {field.name: field for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, texts in parts.items():
            if name not in known:
                raise ConfigError(unknown("setting", name, list(known)))
            values[name] = _from_texts(known[name], texts)
        return replace(cls.beginning(values.get("data", "circles")), **values)

    @classmethod
    def beginning(cls, data: str) -> Self:
        """Return the settings that one begins with on a dataset."""
        return cls().changed({"data": data})


def datasets() -> list[str]:
    """Return the datasets that are there without a download."""
    return [name for name, load in DATASETS.items() if "root" not in inspect.signature(load).parameters]


def points(data: str) -> bool:
    """Return whether a dataset is drawn: points in a plane, with noise."""
    return data in DATASETS and "noise" in inspect.signature(DATASETS[data]).parameters


def takes(optimizer: str, name: str) -> bool:
    """Return whether an optimizer has an option of this name."""
    return name in inspect.signature(OPTIMIZERS[optimizer]).parameters


def beside(data: str) -> dict[str, Any]:
    """Return what goes with another dataset: its own noise, its number of records, its features."""
    if points(data):
        noise = inspect.signature(DATASETS[data]).parameters["noise"].default
        return {"noise": noise, "records": 500, "features": ("x1", "x2")}
    return {"records": 2000, "features": ()}


def _checked(field: "Field[Any]", value: Any) -> Any:
    if field.type != tuple[str, ...]:
        if field.name == "data" and value not in (*datasets(), PASTED):
            raise ConfigError(unknown("dataset", value, datasets()))
        return check(field, value)
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f"{field.name} must be a list of names; got {_short(value)}")
    if len(names) > 1000:
        raise ConfigError(f"{field.name} must be at most 1000 names; got {len(names)}")
    if field.name == "activation":
        for name in names:
            if name not in ACTIVATIONS:
                raise ConfigError(unknown("activation", name, ACTIVATIONS))
    return tuple(dict.fromkeys(names)) if field.name == "features" else tuple(names)


def _from_texts(field: "Field[Any]", texts: list[str]) -> Any:
    if field.type == tuple[str, ...]:
        return () if texts == ["none"] else tuple(texts)
    return read(field, ",".join(texts) if field.type == tuple[int, ...] else texts[-1])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else text[:77] + "..."
