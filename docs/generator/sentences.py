"""What a comparison of curves shows, decided by its numbers and said in words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docs.generator.curves import Comparison, Run, same

Array = NDArray[np.float64]
SHOWS, BESIDE, SILENT, STOPS = "shows", "shows only beside a healthy one", "does not show", "stops with an error"
TRAINING = "loss of the training steps"  # all that is known of some programs
NEEDED = 0.25  # of all epochs, the share in which a curve must differ to be told from a healthy one


@dataclass(frozen=True)
class Shown:
    """What one series shows: the mean over the seeds at each point, and the range of the healthy ones."""

    name: str
    wrong: Array
    low: Array
    high: Array

    @property
    def margin(self) -> Array:
        """How far outside of the healthy range a value has to lie: by the range's own width, and by three per cent."""
        return np.maximum(self.high - self.low, 0.03 * np.maximum(np.abs(self.high), np.abs(self.low)))

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Where the curve can be told from healthy ones; nan and infinity can."""
        inside = (self.wrong >= self.low - self.margin) & (self.wrong <= self.high + self.margin)
        return ~inside

    @property
    def differs_at_end(self) -> bool:
        """Whether the last fifth of the curve lies outside."""
        last = max(1, len(self.wrong) // 5)
        return bool(self.outside[-last:].all())

    @property
    def differs(self) -> bool:
        """Whether the curve can be told from healthy ones at all."""
        return self.differs_at_end or bool(self.outside.mean() >= NEEDED)


def shown(comparison: Comparison) -> list[Shown]:
    """Return what each series shows, as far as all runs have it."""
    found = []
    for name in comparison.healthy[0].series:
        wrong = _rows(comparison.wrong, name)
        healthy = _rows(comparison.healthy, name)
        if comparison.setting.each == "point" and wrong.shape[1] and healthy.shape[1]:  # from beginning to end
            wrong = _stretched(wrong, healthy.shape[1])
        n = min(wrong.shape[1], healthy.shape[1])
        if n:
            with np.errstate(all="ignore"):
                mean = wrong[:, :n].mean(axis=0)
            found.append(Shown(name, mean, healthy[:, :n].min(axis=0), healthy[:, :n].max(axis=0)))
    return found


def _rows(runs: tuple[Run, ...], name: str) -> Array:
    n = min(len(run.series.get(name, [])) for run in runs)
    return np.array([run.series.get(name, [])[:n] for run in runs], dtype=float).reshape(len(runs), n)


def _stretched(rows: Array, n: int) -> Array:
    """Return rows of ``n`` points that go over the same course."""
    places = np.linspace(0, rows.shape[1] - 1, n)
    return np.array([np.interp(places, np.arange(rows.shape[1]), row) for row in rows])


def visible(comparison: Comparison) -> str:
    """Say whether the curve shows the mistake: to whoever looks at it, only beside a healthy one, or not at all."""
    if comparison.wrong[0].stopped:
        return STOPS
    different = [one for one in shown(comparison) if one.differs]
    return SHOWS if any(_strange(one) for one in different) else BESIDE if different else SILENT


def _strange(one: Shown) -> bool:
    """Say whether a curve looks wrong even to whom has no healthy one beside it."""
    wrong = one.wrong
    if not np.isfinite(wrong).all():
        return True
    if "accuracy" in one.name:
        return bool(wrong.max() > 1 or wrong[-1] < one.low[-1] - 0.1)
    if "loss" in one.name:
        falls, healthy_falls = wrong[-1] < 0.6 * wrong[0], one.high[-1] < 0.6 * one.low[0]
        return bool(
            wrong.min() < min(0, one.low.min()) or wrong.max() > 10 * one.high.max() or (healthy_falls and not falls)
        )
    return bool(wrong.max() > 10 * one.high.max())


def in_words(comparison: Comparison) -> str:
    """Return whether the curve shows the mistake, with the numbers by which that is decided."""
    stopped = comparison.wrong[0].stopped
    each = comparison.setting.each
    if stopped:
        done = max((len(values) for values in comparison.wrong[0].series.values()), default=0)
        when = "before its end" if each == "point" else _when(done, each) if done else "at once"
        return f"**There is no curve: the training stops {when}**, with `{stopped.strip()}`."
    if all(same(one, other) for one, other in zip(comparison.wrong, comparison.healthy, strict=False)):
        which = "training curve" if list(comparison.healthy[0].series) == [TRAINING] else "curve"
        return f"**The {which} doesn't show it.** Number for number it is that of the healthy run."
    series = shown(comparison)
    different = [one for one in series if one.differs]
    if not different:
        which = "training curve" if [one.name for one in series] == [TRAINING] else "curve"
        return f"**The {which} doesn't show it.** {_and([_at_end(one, each) for one in series])}."
    different.sort(key=_strange, reverse=True)
    differences = " ".join(_difference(one, each) for one in different[:2])
    if visible(comparison) == SHOWS:
        return f"**The curve shows it.** {differences}"
    return f"**The curve shows it only beside a healthy one:** by itself it looks like any other. {differences}"


def _difference(one: Shown, each: str) -> str:
    at = _when(len(one.wrong), each)
    if not np.isfinite(one.wrong[-1]):
        first = int(np.argmax(~np.isfinite(one.wrong))) + 1
        when = "in the end" if each == "point" else f"from {each} {first} on"
        return f"{_name(one)}: no number {when}."
    name, end = _name(one), f"{_number(one.wrong[-1])} {at}"
    beside = f"in healthy runs {_range(one.low[-1], one.high[-1])}"
    if one.differs_at_end:
        return f"{name}: {end}, {beside}."
    where = int(np.argmax(one.outside))
    when = "early on" if each == "point" else f"at {each} {where + 1}"
    start = f"{_number(one.wrong[where])} {when}, in healthy runs {_range(one.low[where], one.high[where])}"
    return f"{name}: {start}; {end}, {beside}."


def _name(one: Shown) -> str:
    """Return a series' name at the beginning of a sentence; a program's own name as code."""
    return f"`{one.name}`" if "_" in one.name or "[" in one.name else one.name[0].upper() + one.name[1:]


def _at_end(one: Shown, each: str) -> str:
    at = _when(len(one.wrong), each)
    return f"{one.name}: {_number(one.wrong[-1])} {at}, in healthy runs {_range(one.low[-1], one.high[-1])}"


def _when(n: int, each: str) -> str:
    return "at the end" if each == "point" else f"after {n} {each}{'s' * (n > 1)}"


def _and(parts: list[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _range(low: float, high: float) -> str:
    small, large = _number(low), _number(high)
    return small if small == large else f"{small} to {large}"


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "not a number"
    if abs(value) >= 1e6:
        return f"{value:.0e}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 0.1 else f"{value:.2f}"


def alternative(comparison: Comparison) -> str:
    """Return what the picture shows, for those who can't see it."""
    parts = []
    for one in shown(comparison):
        start, end = _number(one.wrong[0]), _number(one.wrong[-1])
        healthy = f"{_range(one.low[0], one.high[0])}, ends at {_range(one.low[-1], one.high[-1])}"
        parts.append(f"{one.name}: with the mistake it starts at {start}, ends at {end}; healthy, starts at {healthy}")
    return "; ".join(parts)
