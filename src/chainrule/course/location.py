"""Where in the learner's code a mistake is: the first line that assigns a value of the mistaken step."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Exercise
from chainrule.course.observation import Observation
from chainrule.course.trace import Assignment, Place
from chainrule.mistakes.step import NOTHING, Replaced

Worth = dict[tuple[int, ...], Any]


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
        only = {
            shape: [each for each in values if shape not in right or not _among(each, right[shape])]
            for shape, values in theirs.items()
        }
        case.known[key] = {shape: np.stack(values) for shape, values in only.items() if values}
    worth: Worth = case.known[key]
    return worth


def _right(exercise: Exercise, case: Case) -> Worth:
    key = exercise, "right values"
    if key not in case.known:
        values = _values(exercise, case, NOTHING, exercise.step.parts)
        case.known[key] = {shape: np.stack(each) for shape, each in values.items()}
    worth: Worth = case.known[key]
    return worth


def _values(exercise: Exercise, case: Case, replaced: Replaced, names: Iterable[str]) -> dict[tuple[int, ...], Any]:
    """Return the values of parts of a step, and of each record in them, by shape without axes of length 1."""
    step = exercise.step
    found: dict[tuple[int, ...], list[Any]] = {}
    for name in names:
        if step.parts[name].operation:
            continue
        try:
            value = np.asarray(step.values(case.inputs, replaced, names=[name], untouched=case.untouched)[name])
        except Exception:  # a mistaken part may raise, and an exercise of programs has no values at all
            continue
        if value.dtype.kind not in "fiu":
            continue
        for each in (value, *value) if value.ndim else (value,):
            plain = np.squeeze(each).astype(float)
            found.setdefault(plain.shape, []).append(plain)
    return found


def _in(assigned: Assignment, worth: Worth) -> bool:
    have = np.squeeze(assigned.value)
    known = worth.get(have.shape)
    return known is not None and have.dtype.kind in "fiub" and _among(have, known)


def _among(have: Any, known: Any) -> bool:
    axes = tuple(range(1, have.ndim + 1))
    return bool((np.abs(known - have) <= 1e-9 * np.abs(have)).all(axis=axes).any())
