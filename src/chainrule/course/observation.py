"""One look at a learner's answer: what came out, what was raised, which inputs were changed."""

import io
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Exercise, Facts
from chainrule.course.trace import Assignment, Place, Until, assignments, code_of, place_in_theirs
from chainrule.mistakes.step import NOTHING, Replaced


class TookTooLong(BaseException):
    """The time for an answer is over; no ``except Exception`` of a learner's keeps it going."""


@dataclass(frozen=True)
class Raised:
    """An error that an answer raised: its kind, its words, the name it was about, its line in the learner's code."""

    kind: str
    text: str
    name: str = ""
    place: Place | None = None

    @classmethod
    def of(cls, error: BaseException) -> "Raised":
        """Return what is to be told of an error."""
        return cls(type(error).__name__, str(error), getattr(error, "name", "") or "", place_in_theirs(error))

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True)
class Observation:
    """What one case showed.

    Parameters
    ----------
    case : Case
        The case.
    facts : dict
        What the exercise looks at; empty if something was raised.
    raised : Raised, optional
        The error that was raised instead.
    changed : tuple of str
        The inputs that were changed and should not be.
    changing : Place, optional
        The line that changed one.
    watch : callable
        Runs the answer again and returns what its code assigns, line by line; if asked, until one of a kind is met.
    remarks : dict
        The facts that are only worth a remark.
    """

    case: Case
    facts: Facts = field(default_factory=dict)
    raised: Raised | None = None
    changed: tuple[str, ...] = ()
    changing: Place | None = None
    watch: Callable[..., Sequence[Assignment]] = field(default=lambda until=None: [], repr=False)
    remarks: Facts = field(default_factory=dict)


def observe(exercise: Exercise, answer: Any, case: Case) -> Observation:
    """Look at an answer in one case, on copies of the inputs; what it prints is thrown away."""

    @cache
    def watch(until: Until | None = None) -> Sequence[Assignment]:
        with quiet():
            given, files = case.handed_out(), {code.co_filename for code in code_of(answer)}
            return assignments(lambda: exercise.look(answer, given), files, until)

    given = case.handed_out(read_only=True)
    facts, raised = _look(exercise, answer, given)
    changing = None
    if raised is not None and raised.kind == "ValueError" and "read-only" in raised.text:
        changing = raised.place
        given = case.handed_out()
        facts, raised = _look(exercise, answer, given)
    kept = {name: value for name, value in case.inputs.items() if name not in case.updates}
    changed = tuple(name for name, value in kept.items() if differs(given.inputs[name], value))
    facts, remarks = _divided(exercise, facts)
    return Observation(case, facts, raised, changed, changing, watch, remarks)


def _divided(exercise: Exercise, facts: Facts) -> tuple[Facts, Facts]:
    """Return the facts that decide, and those that are only worth a remark."""
    remarks = {name: facts[name] for name in exercise.remarks if name in facts}
    return {name: fact for name, fact in facts.items() if name not in remarks}, remarks


def _look(exercise: Exercise, answer: Any, case: Case) -> tuple[Facts, Raised | None]:
    try:
        with quiet():
            return exercise.look(answer, case), None
    except (Exception, SystemExit, TookTooLong) as error:  # whatever a learner's code raises is shown as theirs
        return {}, Raised.of(error)


def expected(exercise: Exercise, case: Case, replaced: Replaced = NOTHING, *, fact: str | None = None) -> Observation:
    """Look at the right answer in one case, or at one with parts replaced, which may raise; at all facts or at one.

    What was seen is kept with the case.
    """
    key = exercise, fact, frozenset(replaced.items())
    if key not in case.known:
        try:
            facts, remarks = _divided(exercise, exercise.expect(case, replaced, fact=fact))
            case.known[key] = Observation(case, facts, remarks=remarks)
        except Exception as error:
            if not replaced:
                raise
            case.known[key] = Observation(case, raised=Raised(type(error).__name__, str(error)))
    seen: Observation = case.known[key]
    return seen


def glimpsed(exercise: Exercise, case: Case, replaced: Replaced) -> Facts | None:
    """Return the first values that a program with parts replaced gives, once for each case; None if it raises."""
    key = exercise, "at a glance", frozenset(replaced.items())
    if key not in case.known:
        try:
            case.known[key] = exercise.glimpse(case, replaced)
        except Exception:  # it may be the same error as the learner's
            case.known[key] = None
    facts: Facts | None = case.known[key]
    return facts


def differs(value: Any, kept: Any) -> bool:
    """Say whether an input is no longer what it was; a list, whether any of its arrays is not."""
    if isinstance(kept, list):
        return len(value) != len(kept) or any(differs(one, other) for one, other in zip(value, kept, strict=True))
    if not isinstance(kept, np.ndarray) or (value.shape == kept.shape and value.tobytes() == kept.tobytes()):
        return False
    return not np.array_equal(value, kept, equal_nan=kept.dtype.kind == "f")


@contextmanager
def quiet() -> Iterator[None]:
    """Silence prints and warnings; a learner's code says much that is not for the report."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def without_data(answer: Any) -> Iterator[dict[str, Any]]:
    """Hide what other cells left in the answer's namespace; imports, functions, classes and CONSTANTS stay.

    Yields
    ------
    dict
        What is hidden, by name; it is all back afterwards.
    """
    namespace = namespace_of(answer)
    hidden = {
        name: value
        for name, value in namespace.items()
        if not (name.startswith("__") or name.isupper() or isinstance(value, ModuleType) or callable(value))
    }
    for name in hidden:
        del namespace[name]
    try:
        yield hidden
    finally:
        for name, value in hidden.items():
            namespace.setdefault(name, value)


def namespace_of(answer: Any) -> dict[str, Any]:
    """Return the global names that an answer sees: a function's, a class's, or those of the first of several."""
    if isinstance(answer, tuple | list):
        return next(filter(None, map(namespace_of, answer)), {})
    if isinstance(answer, FunctionType):
        return answer.__globals__
    if isinstance(answer, type):
        methods = [member for member in vars(answer).values() if isinstance(member, FunctionType)]
        return methods[0].__globals__ if methods else {}
    module = sys.modules.get(getattr(answer, "__module__", None) or "")
    return vars(module) if module is not None and module.__name__ == "__main__" else {}
