"""Is one fact what another one is: numbers to rounding, words exactly, errors of one kind."""

from math import isfinite
from typing import Any

import numpy as np

from chainrule.course.observation import Observation
from chainrule.mistakes.step import ANYTHING, Misfit

SINGLE = 1e-3  # the tolerance for results in float32, of which some are small differences of large weights


def same(one: Observation, other: Observation, tolerance: float) -> bool:
    """Say whether two observations show the same: equal facts, or an error of the same kind; or that all is open."""
    if other.facts and all(fact is ANYTHING for fact in other.facts.values()):
        return True
    if one.raised is not None and any(isinstance(fact, Misfit) for fact in other.facts.values()):
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
    if isinstance(want, Misfit):
        return has_another_shape(got, want.right)
    if isinstance(want, str | type(None)) or isinstance(got, str | type(None)):
        return type(got) is type(want) and got == want
    have, right = as_array(got), as_array(want)
    if have is None or right is None or not compatible(have, right):
        return False
    if not right.size:
        return True
    have, tolerance = have.reshape(right.shape), to_rounding(got, tolerance)
    scale = float(np.abs(right).max())
    if isfinite(scale):  # then nan and infinity among the learner's values are wrong, as nan <= x is False
        allowed = tolerance * (scale or 1.0)
        if not abs(have.item(0) - right.item(0)) <= allowed:  # most mistakes end here
            return False
        return right.size == 1 or bool(np.abs(have - right).max() <= allowed)
    finite = np.isfinite(right)
    scale = np.abs(right[finite]).max(initial=0.0) or 1.0
    close = np.abs(have - right) <= tolerance * scale
    return bool(np.where(finite, close, (have == right) | (np.isnan(have) & np.isnan(right))).all())


def to_rounding(got: Any, tolerance: float) -> float:
    """Return the tolerance for a fact: a wider one for numbers in float32."""
    return max(tolerance, SINGLE) if getattr(got, "dtype", None) == np.float32 else tolerance


def compatible(have: np.ndarray[Any, Any], want: np.ndarray[Any, Any]) -> bool:
    """Say whether two shapes hold the same: equal, but for axes of length 1; a third axis is too many."""
    if have.shape == want.shape:
        return True
    if have.ndim > max(want.ndim, 2) and have.size > 1:
        return False
    return [n for n in have.shape if n != 1] == [n for n in want.shape if n != 1]


def has_another_shape(got: Any, right: Any) -> bool:
    """Say whether an array or a number has another shape than the right one; None is neither."""
    have, want = as_array(got), as_array(right)
    return got is not None and have is not None and want is not None and not compatible(have, want)


def as_array(value: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Return a value as float64; None if it is nothing of that kind."""
    if type(value) is np.ndarray and value.dtype == np.float64:
        return value
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def begins(got: Any, first: Any) -> bool:
    """Say whether a fact begins as it did at a glance; words are whole at once, words beside numbers say nothing."""
    if isinstance(got, np.ndarray) and isinstance(first, np.ndarray):
        return equal(got[: len(first)], first, 1e-3)
    return got == first if isinstance(got, str | None) and isinstance(first, str | None) else True
