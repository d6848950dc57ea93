"""What a learner's code assigns while it runs: every name, the line, and the value it had there."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

LIMIT = 2000  # assignments kept; a loop over many epochs says nothing new after that


@dataclass(frozen=True)
class Assignment:
    """A local name, the line that gave it its value, counted in its file from 1, and a copy of that value."""

    name: str
    file: str
    line: int
    value: Any


def assignments(call: Callable[[], Any], files: set[str]) -> list[Assignment]:
    """Run ``call`` and return, in order, what the code in these files assigns to local names.

    Only numbers and arrays are kept, and a value that is returned without a name is kept under the name ``return``.
    """
    found: list[Assignment] = []
    before: dict[FrameType, tuple[int, dict[str, Any]]] = {}

    def take_note(frame: FrameType) -> None:
        line, known = before.get(frame, (frame.f_lineno, None))
        now = {name: _copy(value) for name, value in frame.f_locals.items() if _is_number(value)}
        if known is not None and len(found) < LIMIT:
            new = [name for name, value in now.items() if name not in known or not _same(known[name], value)]
            found.extend(Assignment(name, frame.f_code.co_filename, line, now[name]) for name in new)
        before[frame] = (frame.f_lineno, now)

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        take_note(frame)
        if event == "return":
            results = argument if isinstance(argument, tuple | list) else [argument]
            found.extend(
                Assignment("return", frame.f_code.co_filename, frame.f_lineno, _copy(value))
                for value in results
                if _is_number(value)
            )
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
    finally:
        sys.settrace(tracing)
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, np.ndarray | float | np.number) or hasattr(value, "detach")


def _copy(value: Any) -> Any:
    return np.array(value.detach().cpu().numpy() if hasattr(value, "detach") else value)


def _same(one: Any, other: Any) -> bool:
    return bool(np.array_equal(one, other, equal_nan=np.issubdtype(one.dtype, np.inexact)))
