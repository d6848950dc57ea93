"""One look at a learner's answer: what came out, what was raised, which inputs were changed."""

import io
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Exercise, Facts
from chainrule.mistakes.step import NOTHING, Replaced


@dataclass(frozen=True)
class Observation:
    """What one case showed: the facts, or the error that was raised; the inputs that were changed, and where."""

    case: Case
    facts: Facts = field(default_factory=dict)
    error: BaseException | None = None
    changed: tuple[str, ...] = ()
    stopped: BaseException | None = None


def observe(exercise: Exercise, answer: Any, case: Case) -> Observation:
    """Look at an answer in one case, on copies of the inputs; what it prints is thrown away."""
    given = handed_out(case, read_only=True)
    try:
        with quiet():
            return Observation(case, exercise.look(answer, given))
    except (Exception, SystemExit) as error:  # whatever a learner's code raises is theirs to see, and is shown to them
        if not (isinstance(error, ValueError) and "read-only" in str(error)):
            return Observation(case, error=error)
        stopped = error
    given = handed_out(case, read_only=False)
    try:
        with quiet():
            facts = exercise.look(answer, given)
    except (Exception, SystemExit) as error:
        return Observation(case, error=error)
    changed = tuple(
        name for name in case.inputs if name not in case.updates and differs(given.inputs[name], case.inputs[name])
    )
    return Observation(case, facts, changed=changed, stopped=stopped)


def expected(exercise: Exercise, case: Case, replaced: Replaced = NOTHING) -> Observation:
    """Look at the right answer in one case, or at one with parts replaced, which may raise."""
    try:
        with quiet():
            return Observation(case, exercise.expect(handed_out(case, read_only=False), replaced))
    except Exception as error:
        if not replaced:
            raise
        return Observation(case, error=error)


def handed_out(case: Case, *, read_only: bool) -> Case:
    """Return the case with copies of its inputs; its arrays read-only, but for those that may be changed."""
    inputs = deepcopy(case.inputs)
    for name, value in inputs.items():
        if read_only and isinstance(value, np.ndarray) and name not in case.updates:
            value.flags.writeable = False
    return Case(case.name, inputs, case.updates)


def differs(value: Any, kept: Any) -> bool:
    """Say whether an input is no longer what it was."""
    return isinstance(kept, np.ndarray) and not np.array_equal(value, kept, equal_nan=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence prints and warnings; a learner's code says much that is not for the report."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def without_data(answer: Any) -> Iterator[dict[str, Any]]:
    """Hide what other cells have left in the answer's namespace, but for imports, functions and classes.

    Yields
    ------
    dict
        What is hidden, by name; it is all back afterwards.
    """
    namespace = namespace_of(answer)
    hidden = {
        name: value
        for name, value in namespace.items()
        if not name.startswith("__") and not isinstance(value, ModuleType) and not callable(value)
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
        return namespace_of(answer[0]) if answer else {}
    if isinstance(answer, FunctionType):
        return answer.__globals__
    module = sys.modules.get(getattr(answer, "__module__", ""))
    for member in vars(answer).values() if isinstance(answer, type) else ():
        if isinstance(member, FunctionType):
            return member.__globals__
    return vars(module) if module is not None and not isinstance(answer, type) else {}
