"""From what was observed to a verdict: right, or which mistake was made, or what can be said about the numbers."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from chainrule.course.exercise import Exercise
from chainrule.course.observation import Observation, expected, observe
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING, NOTHING, Replaced

SEEDS = (0, 1, 2)
Naming = tuple[tuple[Mistake, Replaced], ...]


def look(exercise: Exercise, answer: Any, seeds: Iterable[int] = SEEDS) -> list[Observation]:
    """Observe the answer in every case of the exercise, for every seed."""
    return [observe(exercise, answer, case) for seed in seeds for case in exercise.cases(np.random.default_rng(seed))]


def wrong_ones(exercise: Exercise, seen: Sequence[Observation]) -> list[tuple[Observation, Observation]]:
    """Return the observations that differ from the right answer, each with the right one.

    An answer is right if it is so by the reference, or by one other convention throughout.
    """
    best: list[tuple[Observation, Observation]] | None = None
    for replaced in (NOTHING, *exercise.right):
        pairs = [(one, expected(exercise, one.case, replaced)) for one in seen]
        wrong = [(one, right) for one, right in pairs if not same(one, right, exercise.tolerance)]
        if best is None or not wrong:
            best = wrong
        if not wrong:
            break
    return best or []


def name(exercise: Exercise, seen: Sequence[Observation], wrong: Sequence[Observation]) -> list[Naming]:
    """Return the known mistakes, or else the pairs of them, that give what was observed in every case."""
    known = list(exercise.mistakes())
    single = list(_fitting(exercise, ((one,) for one in known), seen, wrong))
    return single or list(_fitting(exercise, _pairs(known), seen, wrong))


def _pairs(known: Sequence[tuple[Mistake, Replaced]]) -> Iterator[Naming]:
    for one, other in combinations(known, 2):
        if one[0] is not other[0] and not one[1].keys() & other[1].keys():
            yield one, other


def _fitting(
    exercise: Exercise, namings: Iterable[Naming], seen: Sequence[Observation], wrong: Sequence[Observation]
) -> Iterator[Naming]:
    """Yield the namings that give what was observed, in the usual convention or in one that is right as well."""
    order = [*wrong, *(one for one in seen if not any(one is other for other in wrong))]
    for naming in namings:
        replaced = {part: function for _, parts in naming for part, function in parts.items()}
        worlds = ({**convention, **replaced} for convention in (NOTHING, *exercise.right))
        if any(
            all(same(one, expected(exercise, one.case, world), exercise.tolerance) for one in order) for world in worlds
        ):
            yield naming


def same(one: Observation, other: Observation, tolerance: float) -> bool:
    """Say whether two observations show the same: equal facts, or an error of the same kind; or that all is open."""
    if other.facts and all(fact is ANYTHING for fact in other.facts.values()):
        return True
    if one.raised is not None or other.raised is not None:
        return one.raised is not None and other.raised is not None and one.raised.kind == other.raised.kind
    return one.facts.keys() == other.facts.keys() and all(
        equal(one.facts[key], other.facts[key], tolerance) for key in one.facts
    )


def equal(got: Any, want: Any, tolerance: float) -> bool:
    """Say whether a fact is as it should be: numbers to rounding, in the expected shape or a column or row of it."""
    if got is want or want is ANYTHING:
        return True
    if isinstance(want, str | type(None)) or isinstance(got, str | type(None)):
        return type(got) is type(want) and got == want
    have, right = as_array(got), as_array(want)
    if have is None or right is None or not compatible(have, right):
        return False
    have = have.reshape(right.shape)
    finite = np.isfinite(right)
    scale = np.abs(right[finite]).max(initial=0.0) or 1.0
    with np.errstate(invalid="ignore"):
        close = np.abs(have - right) <= tolerance * scale
    return bool(np.all(np.where(finite, close, (have == right) | (np.isnan(have) & np.isnan(right)))))


def compatible(have: np.ndarray[Any, Any], want: np.ndarray[Any, Any]) -> bool:
    """Say whether two shapes hold the same: equal, but for axes of length 1; a third axis is too many."""
    if have.ndim > max(want.ndim, 2) and have.size > 1:
        return False
    return [n for n in have.shape if n != 1] == [n for n in want.shape if n != 1]


def as_array(value: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Return a value as float64; None if it is nothing of that kind."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
