"""How far is an answer from right? The comparison cell behind every exercise.

An exercise is a generator that calls the learner's object on seeded random inputs and yields lines
``(label, got, expected)``. `compare` prints them aligned and stops the notebook if one is wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from chainrule.registry import Registry

Lines = Iterator[tuple[str, Any, Any]]
SEEDS = (0, 1, 2)
TOLERANCE = 1e-6
LESSONS = ("lesson1", "lesson2", "lesson3", "exploration")


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, its number in its lesson, and the generator of its comparison lines."""

    name: str
    number: int
    lesson: str
    lines: Callable[[Any, np.random.Generator], Lines]

    def __str__(self) -> str:
        return f"Exercise {self.number}, {self.name}"


EXERCISES: Registry[Exercise] = Registry("exercise")


def exercise(name: str, *, number: int, lesson: str) -> Callable[[Callable[..., Lines]], Callable[..., Lines]]:
    """Register the comparison lines of one exercise, a generator function of ``(answer, rng)``."""

    def enter(lines: Callable[..., Lines]) -> Callable[..., Lines]:
        EXERCISES.add(name)(Exercise(name, number, lesson, lines))
        return lines

    return enter


class _Quiet(Exception):
    """An error that a notebook shows as its message alone, without a traceback through our own code."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class NotWrittenYet(_Quiet, NotImplementedError):
    """The exercise still holds its stub."""


class Mismatch(_Quiet, AssertionError):
    """The answer differs from the right one."""


def compare(answer: Any, exercise: str | None = None) -> None:
    """Print how far ``answer`` is from right, one line for each thing compared.

    Parameters
    ----------
    answer : function or class
        What the learner wrote.
    exercise : str, optional
        The exercise's name, where the answer has another.

    Raises
    ------
    NotWrittenYet
        If the answer is still the stub.
    Mismatch
        If something is wrong; its message is the table of lines.
    ValueError
        If no exercise has that name.
    """
    for module in LESSONS:
        import_module(f"chainrule.course.exercises.{module}")
    task = EXERCISES[exercise or str(getattr(answer, "__name__", answer))]
    worst: dict[str, tuple[float, str]] = {}
    try:
        for seed in SEEDS:
            for label, got, expected in task.lines(answer, np.random.default_rng(seed)):
                line = _difference(got, expected)
                worst[label] = max(worst.get(label, line), line, key=lambda line: line[0])
    except NotImplementedError as stub:
        raise NotWrittenYet(f"{task} is not written yet. Fill it in, run its cell, then run this one.") from stub
    except Exception as error:
        error.add_note(f"{task}: this was raised while your answer was being compared with the right one")
        raise
    width = max(map(len, worst))
    table = "\n".join(f"  {label:<{width}}  {verdict}" for label, (_, verdict) in worst.items())
    if any(not error < TOLERANCE for error, _ in worst.values()):
        raise Mismatch(f"{task}: not right yet\n{table}")
    print(f"{task}: right\n{table}")


def _difference(got: Any, expected: Any) -> tuple[float, str]:
    """Return the relative error of ``got`` (inf where it can't be compared), and the words for it."""
    want = _array(expected)
    try:
        have = _array(got)
    except (TypeError, ValueError):
        return np.inf, f"not a number or an array: got {type(got).__name__}"
    if have.shape != want.shape:
        return np.inf, f"shape {have.shape}, expected {want.shape}"
    if not np.isfinite(have).all():
        return np.inf, f"{np.count_nonzero(~np.isfinite(have))} of {have.size} values are not finite"
    if np.array_equal(have, want):
        return 0.0, "exact"
    scale = np.abs(want).max() or 1.0
    error = float(np.abs(have - want).max() / scale)
    word = "close" if error < TOLERANCE else "WRONG"
    return error, f"{word}: largest difference {error:.1e} of the largest value"


def _array(value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    if value is None:
        raise TypeError("None is not a number")
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return np.asarray(value, dtype=np.float64)
