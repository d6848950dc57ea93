"""Finding the program's histories: lists of numbers, in its variables, that grow during the run.

Nothing can listen to ``list.append``, so the user's variables are looked at whenever something else happens: a pass
begins or ends, a number is printed, the run is over.
"""

import ast
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
from torch import Tensor

from chainrule.diagnosis.shown import Series
from chainrule.diagnosis.watcher import Watcher
from chainrule.mistakes.evidence import Place

MOST = 200_000  # a longer list is data


class Histories:
    """Looks for lists that have grown.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self._lists: dict[int, tuple[list[Any], int, Series | None]] = {}
        self._scopes: weakref.WeakSet[Any] = weakref.WeakSet()

    def look(self, namespace: dict[str, Any] | None = None) -> None:
        """Look at all variables of the user's that can be seen from here; ``namespace``: at these, too."""
        at = self.watcher.tick()
        seen: set[int] = set()
        for frame in self.watcher.frames():
            for scope in (frame.f_locals, frame.f_globals):
                if id(scope) not in seen:
                    seen.add(id(scope))
                    self._scope(scope, frame.f_code.co_filename, at)
        if namespace is not None and id(namespace) not in seen:
            self._scope(namespace, str(namespace.get("__file__", "")), at)

    def _scope(self, scope: dict[str, Any], file: str, at: int) -> None:
        for name, values in list(_lists(scope)):
            self._list(name, values, file, at)

    def _list(self, name: str, values: list[Any], file: str, at: int) -> None:
        _, length, series = self._lists.get(id(values), (values, None, None))
        if length is None:
            self._lists[id(values)] = values, len(values), None
            return
        if len(values) == length:
            return
        fresh = values[length:] if len(values) > length else []
        if fresh and _number(fresh[0]) is not None and len(values) <= MOST:
            if series is None:
                series = Series(name, self._place(name, file))
                self.watcher.recording.series.append(series)
                fresh = values  # what it held when it was first seen
            for each in fresh:
                number = _number(each)
                series.values.append(float("nan") if number is None else number)
                series.ats.append(at)
                series.graphs += isinstance(each, Tensor) and each.grad_fn is not None
        self._lists[id(values)] = values, len(values), series

    def _place(self, name: str, file: str) -> Place | None:
        program = self.watcher.recording.program
        for node, place in program.nodes(ast.Call):
            assert isinstance(node, ast.Call)
            called = node.func
            if not isinstance(called, ast.Attribute) or called.attr != "append" or place.file != file:
                continue
            if ast.unparse(called.value) == name:
                return place
        return None

    def finish(self) -> None:
        """Note which histories were drawn."""
        for series in self.watcher.recording.series:
            values = np.asarray(series.values)
            series.plotted = any(
                plot.values.shape == values.shape and np.allclose(plot.values, values, equal_nan=True)
                for plot in self.watcher.recording.plots
            )


def _lists(scope: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for name, value in list(scope.items()):
        if name.startswith("_"):
            continue
        if type(value) is list:
            yield name, value
        elif isinstance(value, dict):
            for key, inner in list(value.items()) if len(value) < 50 else ():
                if type(inner) is list:
                    yield f"{name}[{key!r}]", inner
        elif name == "self":
            for inner_name, inner in list(_lists(getattr(value, "__dict__", {}))):
                yield f"self.{inner_name}", inner


def _number(value: Any) -> float | None:
    if isinstance(value, Tensor):
        return float(value.detach()) if value.numel() == 1 else None
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(value)
    return None
