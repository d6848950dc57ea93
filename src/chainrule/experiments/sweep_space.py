"""What a sweep varies: texts such as ``lr=1e-4..1e-1:log`` and ``hidden=64|128,64``, checked and turned into axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.experiments.config import Config, ConfigError, named

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

GRID_POINTS = 4  # of a range, in a grid


@dataclass(frozen=True)
class Axis:
    """One option and what it may be: ``choices`` (texts), or from ``low`` to ``high``, both included."""

    name: str
    choices: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False

    def __str__(self) -> str:
        if self.choices:
            joined = ("|" if any("," in choice for choice in self.choices) else ",").join(self.choices)
            return f"{self.name}={joined}"
        return f"{self.name}={self.low:g}..{self.high:g}{':log' if self.log else ''}"

    @property
    def distribution(self) -> "BaseDistribution":
        """What Optuna draws from."""
        from optuna import distributions as kinds

        if self.choices:
            return kinds.CategoricalDistribution(self.choices)
        if self.whole:
            return kinds.IntDistribution(int(self.low), int(self.high), log=self.log)
        return kinds.FloatDistribution(self.low, self.high, log=self.log)

    @property
    def grid(self) -> list[Any]:
        """The values that a grid takes: all choices, or a few of the range at equal distances, ends included."""
        if self.choices:
            return list(self.choices)
        if self.whole and self.high - self.low < GRID_POINTS:
            return list(range(int(self.low), int(self.high) + 1))
        space = np.geomspace if self.log else np.linspace
        values = [float(f"{v:.6g}") for v in space(self.low, self.high, GRID_POINTS)[1:-1]]
        ends = [self.low, *values, self.high]
        return list(dict.fromkeys(round(v) for v in ends)) if self.whole else ends

    def number(self, value: Any) -> float | None:
        """Return the value as a number, or None if this axis has choices that are none."""
        try:
            numbers = {choice: float(choice) for choice in self.choices}
        except ValueError:
            return None
        return numbers[value] if self.choices else float(value)


def parse(texts: Sequence[str], base: Config) -> tuple[Config, list[Axis]]:
    """Read what is to be varied.

    Parameters
    ----------
    texts : sequence of str
        ``NAME=LOW..HIGH`` or ``NAME=LOW..HIGH:log``, a range; ``NAME=A,B,C``, choices; ``NAME=A|B``, choices that have
        commas themselves; with a single value the option is set, not varied.
    base : Config
        The other options.

    Returns
    -------
    Config
        ``base`` with the options that have a single value.
    list of Axis

    Raises
    ------
    ConfigError
        If a name or a value is not valid, nothing varies, or a name comes twice.
    """
    axes: dict[str, Axis] = {}
    for text in texts:
        name, sign, values = text.partition("=")
        if not sign or not values:
            raise ConfigError(f"{text!r} is not NAME=VALUES, such as lr=1e-4..1e-1:log or activation=relu,tanh")
        field = named(name.strip())
        if field.name == "seed":
            raise ConfigError(
                "seed is not varied: every setting is trained with the same seeds; say how many by --seeds"
            )
        if field.name in axes:
            raise ConfigError(f"{field.name} is there twice; join its values in one {field.name}=…")
        axis = _range(field.name, field.type, values) if ".." in values else _choices(field.name, field.type, values)
        for value in axis.choices or (repr(axis.low), repr(axis.high)):
            Config.parse({field.name: value[:-2] if axis.whole else value}, base)
        if len(axis.choices) == 1:
            base = Config.parse({field.name: axis.choices[0]}, base)
        else:
            axes[field.name] = axis
    if not axes:
        raise ConfigError(
            "nothing varies: give at least one option several values, such as lr=1e-3,1e-2 or hidden=64|128,64"
        )
    return base, list(axes.values())


def _range(name: str, kind: Any, text: str) -> Axis:
    bounds, colon, scale = text.partition(":")
    low, _, high = bounds.partition("..")
    if kind not in (int, float):
        raise ConfigError(f"{name} is no number, and has no range: list its values, {name}=A,B (got {text!r})")
    if colon and scale != "log":
        raise ConfigError(f"{name}: after the range only ':log' can follow; got ':{scale}'")
    try:
        ends = [kind(float(end)) for end in (low, high)]
        if kind is int and ends != [float(low), float(high)]:
            raise ValueError
    except (ValueError, OverflowError):
        number = "whole numbers" if kind is int else "numbers"
        raise ConfigError(f"{name}: a range is LOW..HIGH, two {number}; got {text!r}") from None
    if not ends[0] < ends[1]:
        raise ConfigError(f"{name}: a range goes up: {min(ends):g}..{max(ends):g}; got {text!r}")
    if scale and ends[0] <= 0:
        raise ConfigError(f"{name}: a logarithmic range starts above 0; got {low}. Take {ends[1] / 1000:g}..{high}:log")
    return Axis(name, low=float(ends[0]), high=float(ends[1]), log=bool(scale), whole=kind is int)


def _choices(name: str, kind: Any, text: str) -> Axis:
    apart = "|" if "|" in text or kind == tuple[int, ...] else ","
    values = tuple(value.strip() for value in text.split(apart))
    if len(set(values)) < len(values):
        raise ConfigError(f"{name}: a value is there twice in {text!r}")
    return Axis(name, values)
