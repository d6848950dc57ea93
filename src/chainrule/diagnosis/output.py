"""Listening to what a program shows and keeps: prints, logs, plots, warnings, saved files."""

import builtins
import logging
import sys
import warnings
from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from chainrule.diagnosis.modes import Quiet
from chainrule.diagnosis.numbers import numbers_in
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.shown import Plot, Save, Warned
from chainrule.diagnosis.tensors import digest
from chainrule.diagnosis.watcher import Watcher
from chainrule.mistakes.evidence import Place

OURS = __file__.rpartition("output.py")[0]


class Output:
    """Watches what leaves the program.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    quiet : Quiet
        Stops the listening to torch functions while a number is written as text.
    before : callable
        Called before a number is shown: histories may have grown.
    """

    def __init__(self, watcher: Watcher, quiet: Quiet, before: Callable[[], None]) -> None:
        self.watcher, self.quiet, self.before = watcher, quiet, before
        self.models: Callable[[], dict[int, nn.Module]] = dict
        self.unused: Callable[[Mapping[str, Tensor]], Place | Literal[False] | None] = lambda weights: False

    def listen(self, patches: Patches) -> None:
        """Begin to listen."""
        patches.wrap(builtins, "print", self._print)
        patches.wrap(logging.Logger, "handle", self._log)
        patches.wrap(warnings, "warn", self._warn)
        patches.wrap(warnings, "showwarning", self._show_warning)
        patches.wrap(torch, "save", self._save)
        if any("matplotlib" in text for text in self.watcher.recording.program.texts.values()):
            import matplotlib.axes  # noqa: F401
        if "matplotlib.axes" in sys.modules:
            patches.wrap(sys.modules["matplotlib.axes"].Axes, "plot", self._plot)

    # ---- numbers

    def _print(self, original: Any, *args: Any, **kwargs: Any) -> None:
        with self.quiet:
            original(*args, **kwargs)
            if kwargs.get("file") in {None, sys.stdout, sys.stderr}:
                self.watcher.attempt(self._printed, args, kwargs.get("sep"))

    def _printed(self, args: Any, separator: str | None) -> None:
        plain = [each for each in args if isinstance(each, str | int | float | np.generic | Tensor | tuple | list)]
        text = (" " if separator is None else separator).join(map(str, plain))
        self._shown(text, "printed")

    def _log(self, original: Any, logger: Any, record: Any) -> None:
        original(logger, record)
        self.watcher.attempt(self._logged, record)

    def _logged(self, record: Any) -> None:
        self._shown(record.getMessage(), "logged")

    def _shown(self, text: str, how: str) -> None:
        watcher = self.watcher
        place = watcher.place()
        if place is None:
            return
        self.before()
        watcher.recording.numbers.extend(numbers_in(text, watcher.tick(), place, how))

    def _plot(self, original: Any, axes: Any, *args: Any, **kwargs: Any) -> Any:
        lines = original(axes, *args, **kwargs)
        self.watcher.attempt(self._plotted, axes, lines)
        return lines

    def _plotted(self, axes: Any, lines: Any) -> None:
        watcher = self.watcher
        for line in lines:
            values = _numbers(line.get_ydata())
            label = str(line.get_label())
            plot = Plot(watcher.tick(), watcher.place(), "" if label.startswith("_") else label, "", "", values)
            plot.xs, plot.axes = _numbers(line.get_xdata()), id(axes)
            watcher.recording.plots.append(plot)
            self._axes.append((plot, axes))

    @property
    def _axes(self) -> list[tuple[Plot, Any]]:
        return self.__dict__.setdefault("axes", [])

    def finish(self) -> None:
        """Read the axes' labels, which a program sets after it has drawn."""
        for plot, axes in self._axes:
            plot.x_label, plot.y_label = axes.get_xlabel(), axes.get_ylabel()

    # ---- warnings

    def _warn(self, original: Any, message: Any, category: Any = None, stacklevel: int = 1, **kwargs: Any) -> None:
        """Warn as if our frames were not there: the level counts the others only.

        A function written in Python that is listened to stands on the stack twice, with torch's dispatch in between.
        """
        frame, deeper, others, twice = sys._getframe(1), 0, 0, False
        while frame is not None and others < stacklevel:
            dispatch = frame.f_code.co_name == "handle_torch_function"
            if twice or dispatch or frame.f_code.co_filename.startswith(OURS):
                deeper += 1
            else:
                others += 1
            twice = dispatch
            frame = frame.f_back  # type: ignore[assignment]
        original(message, category, stacklevel + deeper + 1, **kwargs)

    def _show_warning(
        self, original: Any, message: Any, category: Any, filename: str, lineno: int, *rest: Any, **kwargs: Any
    ) -> None:
        place = self.watcher.place()
        if filename.startswith(OURS) and place:  # torch itself warns from the frame that called it
            filename, lineno = place.file, place.line
        if place is None or self.watcher.is_users(filename):
            place = Place(filename, lineno)
        self.watcher.recording.warnings.append(
            Warned(self.watcher.tick(), place, getattr(category, "__name__", str(category)), str(message))
        )
        original(message, category, filename, lineno, *rest, **kwargs)

    # ---- saved files

    def _save(self, original: Any, thing: Any, file: Any = None, *args: Any, **kwargs: Any) -> Any:
        with self.quiet:
            self.watcher.attempt(self._saved, thing, file)
            return original(thing, *([] if file is None else [file]), *args, **kwargs)

    def _saved(self, thing: Any, file: Any) -> None:
        watcher = self.watcher
        save = Save(watcher.tick(), watcher.place(), _kind(thing), str(file) if isinstance(file, str) else repr(file))
        if hasattr(file, "__fspath__"):
            save.path = str(file)
        parts = thing if save.kind == "dict" else {"": thing}
        save.contents = {str(key): _kind(value) for key, value in parts.items()} if save.kind == "dict" else {}
        for key, value in parts.items():
            weights = value.state_dict() if isinstance(value, nn.Module) else value
            if _kind(weights) == "weights":
                save.digests[str(key)] = self._weights(weights)
                if (place := self.unused(weights)) is not False:
                    save.unused[str(key)] = place
        watcher.recording.saves.append(save)

    def _weights(self, weights: Mapping[str, Tensor]) -> str:
        for module in self.models().values():
            names = [name for name, _ in module.named_parameters()]
            if names and all(name in weights for name in names):
                return digest(weights[name] for name in names)
        return digest(each for each in weights.values() if isinstance(each, Tensor))


def _numbers(data: Any) -> NDArray[np.float64]:
    """Return a line's data as numbers; dates and words are none, and become their positions."""
    try:
        return np.asarray(data, dtype=np.float64)
    except (TypeError, ValueError):
        return np.arange(len(data), dtype=np.float64)


def _kind(thing: Any) -> str:
    if isinstance(thing, nn.Module):
        return "module"
    if isinstance(thing, type):
        return "class"
    if isinstance(thing, Mapping):
        if thing and all(isinstance(value, Tensor) for value in thing.values()):
            return "weights"
        return "optimizer" if {"state", "param_groups"} <= set(thing) else "dict"
    if isinstance(thing, MethodType):
        return "method"
    return "number" if isinstance(thing, int | float) else "other"
