"""Where in the learner's code a mistake is: the first line that assigns a value of the mistaken step."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Exercise
from chainrule.course.observation import Observation
from chainrule.course.trace import Assignment, Place
from chainrule.mistakes.step import NOTHING, Replaced

Worth = dict[tuple[int, ...], list[tuple[float, Any]]]  # by shape: arrays with their first entry, in its order
FIRST = itemgetter(0)


def of_mistake(exercise: Exercise, one: Observation, replaced: Replaced) -> Place | None:
    """Return the first line that assigns what the mistaken step has there, and the right one has not."""
    theirs = _telling(exercise, one.case, replaced)
    if not theirs:
        return None  # it shows in no number
    watched = one.watch(lambda assigned: _in(assigned, theirs))
    return next((assigned.place for assigned in watched if _in(assigned, theirs)), None)


def right_until(exercise: Exercise, one: Observation) -> tuple[list[str], Assignment | None]:
    """Return the learner's names that hold values of the right step, and the first assignment that holds none."""
    right = _right(exercise, one.case)
    good: dict[str, None] = {}
    for assigned in one.watch():
        if _in(assigned, right):
            good[assigned.name] = None
        elif np.size(assigned.value) > 1 and np.any(assigned.value):
            return list(good), assigned
    return list(good), None


def _telling(exercise: Exercise, case: Case, replaced: Replaced) -> Worth:
    """Return the values that a mistaken step has and the right one has not."""
    key = exercise, "telling", frozenset(replaced.items())
    if key not in case.known:
        right, theirs = _right(exercise, case), _values(exercise, case, replaced, exercise.step.reached(replaced))
        case.known[key] = _sorted(each for each in theirs if not _among(each, right))
    worth: Worth = case.known[key]
    return worth


def _right(exercise: Exercise, case: Case) -> Worth:
    key = exercise, "right values"
    if key not in case.known:
        case.known[key] = _sorted(_values(exercise, case, NOTHING, exercise.step.parts))
    worth: Worth = case.known[key]
    return worth


def _values(exercise: Exercise, case: Case, replaced: Replaced, names: Iterable[str]) -> Iterator[Any]:
    """Yield the values of parts of a step, and of each record in them, without axes of length 1."""
    step = exercise.step
    for name in names:
        if step.parts[name].operation:
            continue
        try:
            value = np.asarray(step.values(case.inputs, replaced, names=[name], untouched=case.untouched)[name])
        except Exception:  # a mistaken part may raise, and an exercise of programs has no values at all
            continue
        if value.dtype.kind in "fiu":
            for each in (value, *value) if value.ndim else (value,):
                yield np.squeeze(each).astype(float)


def _sorted(values: Iterable[Any]) -> Worth:
    worth: Worth = {}
    for each in values:
        if each.size and not np.isnan(each.flat[0]):  # nan is in no order, and equals nothing
            worth.setdefault(each.shape, []).append((float(each.flat[0]), each))
    for known in worth.values():
        known.sort(key=FIRST)
    return worth


def _in(assigned: Assignment, worth: Worth) -> bool:
    have = np.squeeze(assigned.value)
    return have.dtype.kind in "fiub" and _among(have, worth)


def _among(have: Any, worth: Worth) -> bool:
    """Say whether an array is one of those known, to rounding."""
    known = worth.get(have.shape)
    if not known:
        return False
    first = float(have.flat[0])
    reach = 1e-9 * abs(first)
    for other, whole in known[bisect_left(known, first - reach, key=FIRST) :]:
        if not other <= first + reach:
            return False
        if (np.abs(whole - have) <= 1e-9 * np.abs(have)).all():
            return True
    return False
