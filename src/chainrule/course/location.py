"""Where in the learner's code a mistake is: the first line that assigns a value of the mistaken step."""

from typing import Any

import numpy as np

from chainrule.course.exercise import Exercise
from chainrule.course.observation import Observation, quiet
from chainrule.course.trace import Assignment, Place
from chainrule.mistakes.step import NOTHING, Replaced


def of_mistake(exercise: Exercise, one: Observation, replaced: Replaced) -> Place | None:
    """Return the first line that assigns what the mistaken step has there, and the right one has not."""
    theirs, right = (_worth(exercise, one, parts) for parts in (replaced, NOTHING))
    for assigned in one.watch():
        if any(_is(assigned, value) for value in theirs) and not any(_is(assigned, value) for value in right):
            return assigned.place
    return None


def right_until(exercise: Exercise, one: Observation) -> tuple[list[str], Assignment | None]:
    """Return the learner's names that hold values of the right step, and the first assignment that holds none."""
    right = _worth(exercise, one, NOTHING)
    good: dict[str, None] = {}
    for assigned in one.watch():
        if any(_is(assigned, value) for value in right):
            good[assigned.name] = None
        elif np.size(assigned.value) > 1 and np.any(assigned.value):
            return list(good), assigned
    return list(good), None


def _worth(exercise: Exercise, one: Observation, replaced: Replaced) -> list[Any]:
    """Return the values of all parts of a step, and of each record in them; inputs are the same in both worlds."""
    step, values = exercise.step, []
    for name, part in step.parts.items():
        if part.operation:
            continue
        try:
            with quiet():
                value = np.asarray(step.values(one.case.inputs, replaced, names=[name])[name], dtype=np.float64)
        except Exception:  # a mistaken part may raise, and an exercise of programs has no values at all
            continue
        values.append(value)
        if value.ndim > 1:
            values.extend(value)
        elif value.ndim == 1:
            values.extend(np.atleast_1d(value))
    return values


def _is(assigned: Assignment, value: Any) -> bool:
    have = np.squeeze(assigned.value)
    want = np.squeeze(value)
    return have.shape == want.shape and bool(np.allclose(have, want, rtol=1e-9, atol=0, equal_nan=True))
