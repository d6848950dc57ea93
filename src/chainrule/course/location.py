"""Where in the learner's code a mistake is: the first line that assigns a value of the mistaken step."""

import linecache
import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from chainrule.course.exercise import Exercise
from chainrule.course.observation import Observation, handed_out, quiet
from chainrule.course.trace import Assignment, assignments
from chainrule.mistakes.step import NOTHING, Replaced

CELL = re.compile(r"ipykernel_\d+|^<")  # what Jupyter and exec call the "file" of a cell


@dataclass(frozen=True)
class Place:
    """A line of a learner's code; ``file`` is None where it is a notebook's cell."""

    file: str | None
    line: int
    text: str
    name: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.text else f"line {self.line}"


def place(file: str, line: int, name: str = "") -> Place:
    """Return the place of a line, with its text."""
    return Place(None if CELL.search(file) else file, line, linecache.getline(file, line).strip(), name)


def code_of(answer: Any) -> Iterable[CodeType]:
    """Yield the code of an answer: of a function, of a class's methods, of several."""
    if isinstance(answer, tuple | list):
        for one in answer:
            yield from code_of(one)
    elif isinstance(answer, type):
        for member in vars(answer).values():
            yield from code_of(getattr(member, "__func__", member)) if not isinstance(member, type) else ()
    elif isinstance(answer, FunctionType):
        yield answer.__code__


def of_mistake(exercise: Exercise, answer: Any, one: Observation, replaced: Replaced) -> Place | None:
    """Return the first line that assigns what the mistaken step has there, and the right one has not."""
    theirs, right = (_worth(exercise, one, parts) for parts in (replaced, NOTHING))
    for assigned in _watch(exercise, answer, one):
        if any(_is(assigned, value) for value in theirs) and not any(_is(assigned, value) for value in right):
            return place(assigned.file, assigned.line, assigned.name)
    return None


def right_until(exercise: Exercise, answer: Any, one: Observation) -> tuple[list[str], Place | None]:
    """Return the learner's names that hold values of the right step, and the place of the first that holds none."""
    right = _worth(exercise, one, NOTHING)
    good: list[str] = []
    for assigned in _watch(exercise, answer, one):
        if any(_is(assigned, value) for value in right):
            good.append(assigned.name)
        elif np.size(assigned.value) > 1 and np.any(assigned.value):
            return list(dict.fromkeys(good)), place(assigned.file, assigned.line, assigned.name)
    return list(dict.fromkeys(good)), None


def _watch(exercise: Exercise, answer: Any, one: Observation) -> list[Assignment]:
    files = {code.co_filename for code in code_of(answer)}
    found: list[Assignment] = []

    def call() -> None:
        exercise.look(answer, handed_out(one.case, read_only=False))

    with quiet():
        try:
            found = assignments(call, files)
        except (
            Exception
        ):  # the answer's own error is reported where it was observed; here there is only nothing to watch
            return []
    return found


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
