"""What a learner's code assigns while it runs: every name, the line, and the value it had there."""

import linecache
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import numpy as np

LIMIT = 500  # assignments kept; a loop over many epochs says nothing new after that
NAMELESS = re.compile(r"ipykernel_\d+|^<(ipython|stdin|string)")  # what Jupyter and exec call the "file" of a cell
NOT_THEIRS: set[str] = set()  # files with exercises; what is raised in them was not written by a learner


@dataclass(frozen=True)
class Place:
    """A line of a learner's code, counted from 1, with its text; ``file`` is None where Jupyter runs a cell."""

    file: str | None
    line: int
    text: str = ""

    @classmethod
    def of(cls, file: str, line: int) -> "Place":
        """Return the place of a line, with its text."""
        return cls(None if NAMELESS.search(file) else file.strip("<>"), line, linecache.getline(file, line).strip())

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.text else f"line {self.line}"


@dataclass(frozen=True)
class Assignment:
    """A local name, the line that gave it its value, and a copy of that value."""

    name: str
    place: Place
    value: Any


Until = Callable[[Assignment], bool]


class Enough(BaseException):
    """What was looked for has been seen; no ``except Exception`` of a learner's keeps the rest running."""


def assignments(call: Callable[[], Any], files: set[str], until: Until | None = None) -> list[Assignment]:
    """Run ``call`` and return, in order, what the code in these files assigns to local names.

    Only numbers and arrays are kept; what is returned is kept under the name ``return``. An error ends it, and so does
    the first assignment of which ``until`` is true.
    """
    found: list[Assignment] = []
    before: dict[FrameType, tuple[int, dict[str, tuple[Any, ...]]]] = {}

    def take_note(frame: FrameType) -> None:
        line, known = before.get(frame, (frame.f_lineno, None))
        values = {name: _array(value) for name, value in frame.f_locals.items() if _is_number(value)}
        now = {name: _all_of(value) for name, value in values.items()}
        new = [] if known is None else [name for name in now if known.get(name) != now[name]]
        if new:
            here = Place.of(frame.f_code.co_filename, line)
            found.extend(Assignment(name, here, values[name].copy()) for name in new)
        before[frame] = (frame.f_lineno, now)

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        seen = len(found)
        take_note(frame)
        if len(found) >= LIMIT or (until is not None and any(map(until, found[seen:]))):
            sys.settrace(tracing)
            raise Enough
        if event == "return":
            results = argument if isinstance(argument, tuple | list) else [argument]
            here = Place.of(frame.f_code.co_filename, frame.f_lineno)
            found.extend(Assignment("return", here, _array(value).copy()) for value in results if _is_number(value))
        return local

    def start(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        take_note(frame)
        return local

    tracing = sys.gettrace()
    sys.settrace(start)
    try:
        call()
    except (Exception, SystemExit, Enough):  # the error was reported before; what came before it still counts
        return found
    finally:
        sys.settrace(tracing)
    return found


def code_of(answer: Any) -> Iterable[CodeType]:
    """Yield the code of an answer: of a function, of a class's methods, of several."""
    if isinstance(answer, tuple | list):
        for one in answer:
            yield from code_of(one)
    elif isinstance(answer, type):
        for member in vars(answer).values():
            if not isinstance(member, type):
                yield from code_of(getattr(member, "__func__", member))
    elif isinstance(answer, FunctionType):
        yield answer.__code__


def place_in_theirs(error: BaseException) -> Place | None:
    """Return the last line that an error went through in code that is neither ours nor a library's."""
    place = None
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file not in NOT_THEIRS and not _is_ours(file):
            place = Place.of(file, trace.tb_lineno)
        trace = trace.tb_next
    return place


@cache
def _is_ours(file: str) -> bool:
    paths = sysconfig.get_paths()
    ours = [Path(__file__).parents[1], *(Path(paths[key]) for key in ("stdlib", "purelib", "platlib"))]
    # Modules that Python holds frozen have no file: quit() is in <frozen _sitebuiltins>.
    return file.startswith("<frozen ") or any(Path(file).is_relative_to(folder) for folder in ours)


def _is_number(value: Any) -> bool:
    return isinstance(value, np.ndarray | float | np.number) or hasattr(value, "detach")


def _array(value: Any) -> Any:
    return np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)


def _all_of(value: Any) -> tuple[Any, ...]:
    return value.dtype, value.shape, value.tobytes()
