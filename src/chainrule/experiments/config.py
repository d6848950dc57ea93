"""Everything that decides a training run, in one frozen dataclass: a field is an option of ``chainrule train``.

Only the standard library is imported here, so that the command line can list the options without loading NumPy;
the registries are looked at when a `Config` is built.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self


class ConfigError(ValueError):
    """An option has a value that no run can have; the message names the nearest valid one."""


def option(default: Any, help: str, **rules: Any) -> Any:
    """Return a dataclass field with its help and the rules that `check` holds its value against.

    Rules: ``registry``, the name of a registry in `names`; ``low``, ``high``, bounds that are themselves valid;
    ``choices``, a tuple of strings.
    """
    return field(default=default, metadata={"help": help, **rules})


@dataclass(frozen=True)
class Config:
    """The options of a run, each checked when it is built.

    Raises
    ------
    ConfigError
        For the first option whose value is not valid, with the nearest valid one.
    """

    data: str = option("digits", "A name (see chainrule data), a .csv or .npz file, or a folder or tar of images.")
    target: str = option("", "For a CSV file: the column to predict. Default: the last one.")
    data_root: str = option("", "Folder laid out as torchvision's root. Default: $CHAINRULE_DATA, else a cache folder.")
    hidden: tuple[int, ...] = option((128,), "Neurons in each hidden layer: 128,64. 'none' for no hidden layer.", low=1)
    activation: str = option("relu", "What follows each hidden layer.", registry="activation")
    loss: str = option("", "Default: cross_entropy for classes, mse for quantities.", registry="loss")
    optimizer: str = option("adam", "How the weights follow the gradient.", registry="optimizer")
    lr: float = option(1e-3, "Learning rate.", low=1e-12, high=1e6)
    schedule: str = option("", "How the learning rate changes over the epochs. Default: constant.", registry="schedule")
    batch_size: int = option(64, "Records in a batch.", low=1)
    epochs: int = option(20, "How often the training records are gone through.", low=1)
    l1: float = option(0.0, "Strength λ of a penalty λ·Σ|w| on the weights.", low=0, high=1e6)
    l2: float = option(0.0, "Strength λ of a penalty λ·Σw² on the weights.", low=0, high=1e6)
    dropout: float = option(0.0, "Share of the hidden neurons that is switched off in each step.", low=0, high=0.99)
    init: str = option("default", "How the weights are first drawn.", registry="initializer")
    seed: int = option(0, "Seed of the weights, the order of the batches and dropout.", low=0, high=2**63 - 1)
    engine: str = option("numpy", "Which library computes.", choices=("numpy", "torch"))
    device: str = option("cpu", "Where the torch engine computes: cpu, cuda, cuda:1, mps.")
    precision: str = option("float32", "Of the torch engine's forward pass.", choices=("float32", "bfloat16"))
    compile: bool = option(False, "Let torch.compile make the torch engine's network quicker; takes a C++ compiler.")
    early_stopping: int = option(
        0, "Stop after so many epochs without a lower validation loss, and take the best weights. 0: never.", low=0
    )

    def __post_init__(self) -> None:
        for option_field in fields(self):
            value = check(option_field, getattr(self, option_field.name))
            object.__setattr__(self, option_field.name, value)
        for name, value in {"device": "cpu", "precision": "float32", "compile": False}.items():
            if self.engine == "numpy" and getattr(self, name) != value:
                raise ConfigError(
                    f"{name} must be {value} with engine numpy; got {getattr(self, name)!r}. Add --engine torch"
                )

    @classmethod
    def parse(cls, options: Mapping[str, str], base: Self | None = None) -> Self:
        """Build a Config from texts, as they come from a command line; what is not given is as in ``base``.

        Raises
        ------
        ConfigError
            If a name or a value is not valid.
        """
        return replace(base or cls(), **{(f := named(name)).name: read(f, text) for name, text in options.items()})

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read the file that `to_toml` wrote, or a person: options by name; what is left out has its default.

        Raises
        ------
        ConfigError
            If the file can't be read, is no TOML, or has an unknown option or an invalid value.
        """
        try:
            content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path} can't be read: {error.strerror or error}") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path} is not a TOML file: {error}") from error
        try:
            return cls(**{named(name).name: value for name, value in content.items()})
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error

    def to_toml(self, path: str | Path) -> None:
        """Write all options to ``path``, whole or not at all."""
        import tomli_w

        from chainrule.nn.files import write_whole

        write_whole(path, tomli_w.dumps(asdict(self)).encode())

    def differences(self, other: "Config") -> dict[str, tuple[Any, Any]]:
        """Return the options in which two Configs differ, with both values."""
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        return {name: (a, b) for name, (a, b) in pairs.items() if a != b}


def named(name: str) -> "Field[Any]":
    """Return the option of this name, with ``-`` or ``_``."""
    known = {f.name: f for f in fields(Config)}
    if (key := name.replace("-", "_")) in known:
        return known[key]
    near = get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ConfigError(f"unknown option {name!r}: {hint}Known: {', '.join(known)}")


def choices(option_field: "Field[Any]") -> tuple[str, ...]:
    """Return the names that an option takes, () if it takes other values; a registry's come from there."""
    kind = option_field.metadata.get("registry")
    if kind is None:
        return tuple(option_field.metadata.get("choices", ()))
    from chainrule.nn import ACTIVATIONS, INITIALIZERS, LOSSES
    from chainrule.optim import OPTIMIZERS, SCHEDULES

    return tuple(next(r for r in (ACTIVATIONS, LOSSES, OPTIMIZERS, INITIALIZERS, SCHEDULES) if r.kind == kind))


def read(option_field: "Field[Any]", text: str) -> Any:
    """Turn a text into an option's value: ``"1e-3"``, ``"128,64"``, ``"none"``. What can't be read stays a text."""
    text = text.strip()
    try:
        if option_field.type is bool:
            return {"true": True, "false": False}.get(text.lower(), text)
        if option_field.type is int:
            return int(text) if text.lstrip("+-").isdigit() else float(text)
        if option_field.type is float:
            return float(text)
        if option_field.type == tuple[int, ...]:
            return () if text in ("", "none", "0") else tuple(int(part) for part in text.split(","))
    except ValueError:
        return text
    return text


def check(option_field: "Field[Any]", value: Any) -> Any:
    """Return ``value`` as the option's type, or raise a ConfigError that names the nearest valid value."""
    kind, name = option_field.type, option_field.name
    if kind is str:
        return _name(option_field, value)
    if kind is bool:
        if not isinstance(value, bool):
            raise ConfigError(f"{name} must be true or false; got {value!r}")
        return value
    if kind == tuple[int, ...]:
        if not isinstance(value, list | tuple):
            raise ConfigError(f"{name} must be whole numbers with commas between, such as 128,64; got {value!r}")
        return tuple(_number(option_field, int, part) for part in value)
    return _number(option_field, kind, value)


def _name(option_field: "Field[Any]", value: Any) -> str:
    name = option_field.name
    if not isinstance(value, str):
        raise ConfigError(f"{name} must be a text; got {value!r}")
    if (known := choices(option_field)) and value not in known and value != option_field.default:
        near = get_close_matches(value.lower(), known, n=1, cutoff=0)[0]
        raise ConfigError(f"unknown {name} {value!r}: the nearest is {near!r}. Known: {', '.join(sorted(known))}")
    return value


def _number(option_field: "Field[Any]", kind: Any, value: Any) -> Any:
    name, rules = option_field.name, option_field.metadata
    low, high = rules["low"], rules.get("high", math.inf)
    what = "a whole number" if kind is int else "a number"
    bounds = f"of at least {low:g}" if math.isinf(high) else f"from {low:g} to {high:g}"
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        default = option_field.default
        example = default if not isinstance(default, tuple) else default[0]
        raise ConfigError(f"{name} must be {what} {bounds}, such as {example}; got {value!r}")
    nearest = min(max(value, low), high)
    if kind is int and not math.isinf(nearest):
        nearest = round(nearest)
    if nearest != value or math.isinf(value):
        shown = "" if math.isinf(nearest) else f": the nearest is {nearest}"
        raise ConfigError(f"{name} must be {what} {bounds}; got {value}{shown}")
    return kind(value)
