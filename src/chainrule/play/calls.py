"""Calling a learner's function: on copies, quietly, for some time at most; what goes wrong is told with its line."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.course.observation import TookTooLong, quiet
from chainrule.course.trace import Place, place_in_theirs
from chainrule.course.witness import time_for

Array = NDArray[Any]
Function = Callable[..., Any]

PATIENCE = 2.0  # seconds for one call


class YourCodeError(Exception):
    """What a learner's function raised, or what is wrong with what it returned.

    Attributes
    ----------
    function : str
        The function that was called.
    text : str
        What happened, in a sentence.
    file, line : str and int, or None
        The line of the learner's code.
    """

    def __init__(self, function: str, text: str, place: Place | None) -> None:
        super().__init__(f"{function}: {text}" + (f" ({place})" if place else ""))
        self.function, self.text = function, text
        self.file = place.file if place else None
        self.line = place.line if place else None


def called(name: str, function: Function, *arguments: Any, shapes: list[tuple[int, ...]]) -> list[Array]:
    """Call a function with copies of the arguments, and return its results as arrays of these shapes.

    Raises
    ------
    YourCodeError
        If it raises, takes too long, or returns something else.
    """
    copies = [each.copy() if isinstance(each, np.ndarray) else each for each in arguments]
    with theirs(name):
        result = function(*copies)
    return fitting(name, function, result, shapes)


def fitting(name: str, function: Function, result: Any, shapes: list[tuple[int, ...]]) -> list[Array]:
    """Return a function's results as arrays of these shapes; they may have axes of length 1 more or less."""
    several = len(shapes) > 1
    results = list(result) if several and isinstance(result, tuple | list) else [result]
    try:
        arrays = [np.asarray(each, dtype=np.float64) for each in results]
    except Exception:  # whatever an object does when it is asked for its numbers
        arrays = []
    sizes = [[size for size in array.shape if size != 1] for array in arrays]
    if sizes != [[size for size in shape if size != 1] for shape in shapes]:
        expected = " and ".join(f"an array of shape {shape}" if shape else "a number" for shape in shapes)
        raise YourCodeError(name, f"it must return {expected}; got {_described(result)}", _definition(function))
    return [array.reshape(shape) for array, shape in zip(arrays, shapes, strict=True)]


@contextmanager
def theirs(name: str) -> Iterator[None]:
    """Run a learner's code quietly, for some time at most where signals allow it; what it raises is theirs."""
    try:
        with quiet(), limited(PATIENCE):
            yield
    except (Exception, SystemExit, TookTooLong) as error:
        raise YourCodeError(name, f"{type(error).__name__}: {error}", place_in_theirs(error)) from error


def limited(seconds: float) -> AbstractContextManager[None]:
    """Return a context that raises TookTooLong after some seconds, where signals can: in the main thread."""
    return time_for(seconds) if threading.current_thread() is threading.main_thread() else nullcontext()


def _described(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"{len(value)} values: {', '.join(map(_described, value[:4]))}"
    if value is None:
        return "None (is a return missing?)"
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__


def _definition(function: Function) -> Place | None:
    code = getattr(function, "__code__", None)
    return None if code is None else Place.of(code.co_filename, code.co_firstlineno)
