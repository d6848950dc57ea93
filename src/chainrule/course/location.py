"""Where in the learner's code a mistake is: the first line that assigns a value of the mistaken step."""

from typing import Any

import numpy as np

from chainrule.course.exercise import Exercise
from chainrule.course.observation import Observation
from chainrule.course.trace import Assignment, Place
from chainrule.mistakes.step import NOTHING, Replaced

Worth = dict[tuple[int, ...], Any]


def of_mistake(exercise: Exercise, one: Observation, replaced: Replaced) -> Place | None:
    """Return the first line that assigns what the mistaken step has there, and the right one has not."""
    theirs, right = (_worth(exercise, one, parts) for parts in (replaced, NOTHING))
    for assigned in one.watch():
        if _in(assigned, theirs) and not _in(assigned, right):
            return assigned.place
    return None


def right_until(exercise: Exercise, one: Observation) -> tuple[list[str], Assignment | None]:
    """Return the learner's names that hold values of the right step, and the first assignment that holds none."""
    right = _worth(exercise, one, NOTHING)
    good: dict[str, None] = {}
    for assigned in one.watch():
        if _in(assigned, right):
            good[assigned.name] = None
        elif np.size(assigned.value) > 1 and np.any(assigned.value):
            return list(good), assigned
    return list(good), None


def _worth(exercise: Exercise, one: Observation, replaced: Replaced) -> Worth:
    """Return the values of all parts of a step, and of each record in them, stacked by shape; axes of 1 left out."""
    step, known = exercise.step, one.case.known
    key = exercise, "worth", frozenset(replaced.items())
    if key in known:
        worth: Worth = known[key]
        return worth
    found: dict[tuple[int, ...], list[Any]] = {}
    for name, part in step.parts.items():
        if part.operation:
            continue
        try:
            value = np.asarray(
                step.values(one.case.inputs, replaced, names=[name], untouched=one.case.untouched)[name], float
            )
        except Exception:  # a mistaken part may raise, and an exercise of programs has no values at all
            continue
        for each in (value, *value) if value.ndim else (value,):
            plain = np.squeeze(each)
            found.setdefault(plain.shape, []).append(plain)
    known[key] = {shape: np.stack(values) for shape, values in found.items()}
    return _worth(exercise, one, replaced)


def _in(assigned: Assignment, worth: Worth) -> bool:
    have = np.squeeze(assigned.value)
    known = worth.get(have.shape)
    if known is None or have.dtype.kind not in "fiub":
        return False
    axes = tuple(range(1, have.ndim + 1))
    return bool((np.abs(known - have) <= 1e-9 * np.abs(have)).all(axis=axes).any())
