"""How far is an answer from right? The comparison cell behind every exercise.

An exercise is a generator that calls the learner's object on seeded random inputs and yields lines
``(label, got, expected)``. `compare` prints them aligned and stops the notebook if one is wrong.
"""

import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
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


class UnknownExercise(_Quiet, ValueError):
    """No exercise has the name of what was passed in."""


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
        If the answer, or an earlier one that it calls, is still the stub.
    Mismatch
        If something is wrong; its message is the table of lines, or what happened to the result when it was used.
    UnknownExercise
        If no exercise has that name.
    Exception
        Whatever the answer itself raises; its traceback begins in the answer.
    """
    for module in LESSONS:
        import_module(f"chainrule.course.exercises.{module}")
    name = exercise or str(getattr(answer, "__name__", answer))
    if name not in EXERCISES:
        raise UnknownExercise(
            f"{name!r} is not the name of an exercise. If your answer has another name, or none (a lambda has "
            'none), say which exercise it is: compare(sigmoid, exercise="sigmoid")'
        )
    task = EXERCISES[name]
    worst: dict[str, tuple[float, str]] = {}
    try:
        for seed in SEEDS:
            for label, got, expected in task.lines(answer, np.random.default_rng(seed)):
                line = _difference(got, expected)
                worst[label] = max(worst.get(label, line), line, key=lambda line: line[0])
    except Exception as error:
        which, is_stub, _ = str(error).partition(", is not written yet")
        if isinstance(error, NotImplementedError) and (is_stub or not str(error)):
            unwritten = which if is_stub else task  # an answer may call an earlier one that is still the stub
            raise NotWrittenYet(
                f"{unwritten} is not written yet. Fill it in, run its cell, then run this one."
            ) from error
        trace = _from_the_answer_on(error.__traceback__)
        if trace is None:
            raise Mismatch(
                f"{task}: not right yet\n{_table(worst)}  what your answer returned is not what is asked for; "
                f"using it raised\n  {type(error).__name__}: {error}"
            ) from error
        error.add_note(f"{task}: this was raised while your answer was being compared with the right one")
        error.__traceback__ = trace
        raise
    if any(not error < TOLERANCE for error, _ in worst.values()):
        raise Mismatch(f"{task}: not right yet\n{_table(worst).rstrip()}")
    print(f"{task}: right\n{_table(worst).rstrip()}")


def _table(worst: dict[str, tuple[float, str]]) -> str:
    width = max(map(len, worst), default=0)
    return "".join(f"  {label:<{width}}  {verdict}\n" for label, (_, verdict) in worst.items())


def _from_the_answer_on(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback from the answer's own code on; None if it never gets there."""
    paths = sysconfig.get_paths()
    not_the_answer = [Path(__file__).parent, *(Path(paths[k]) for k in ("stdlib", "purelib", "platlib"))]
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if not any(file.is_relative_to(folder) for folder in not_the_answer):
            break
        trace = trace.tb_next
    return trace


def _difference(got: Any, expected: Any) -> tuple[float, str]:
    """Return the relative error of ``got`` (inf where it can't be compared), and the words for it."""
    want = _array(expected)
    if got is None:
        return np.inf, "nothing (None): is a return missing, or one of its results?"
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
    if isinstance(expected, bool):
        return error, f"WRONG: {'yes' if have else 'no'}"
    if want.shape == () and error >= TOLERANCE:
        off = "" if want in (0, 1) else f", off by {error:.1e} of the right value"
        return error, f"WRONG: got {float(have):.4g}{off}"
    word = "close" if error < TOLERANCE else "WRONG"
    return error, f"{word}: largest difference {error:.1e} of the largest value"


def _array(value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return np.asarray(value, dtype=np.float64)
