"""Your code: a learner's own functions drive lesson 1's network, in the places of its parts."""

import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from chainrule.course import forensics
from chainrule.course.check import check
from chainrule.course.exercise import find
from chainrule.course.observation import Raised, TookTooLong, observe
from chainrule.course.submission import parse
from chainrule.experiments.config import ConfigError
from chainrule.mistakes.finding import Report
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import forward as f
from chainrule.play import lesson
from chainrule.play.calls import PATIENCE, Array, Function, called, fitting, limited, theirs
from chainrule.registry import unknown

LONG_PATIENCE = 20.0  # seconds for check, with all its cases
NAMES = ("sigmoid", "forward_pass", "backward_pass", "update_weights", "l1_regularization", "l2_regularization")


@dataclass(frozen=True, eq=False, repr=False)
class Plugged:
    """The functions that are plugged in, and what could not be."""

    functions: Mapping[str, Function]
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, notebook: str | Path | None = None, **functions: Function) -> Self:
        """Take functions as they are, and beside them those that a notebook or script defines.

        Parameters
        ----------
        notebook : path, optional
            Its imports, functions, classes and constants are executed in this very process, and nothing else of it.
            Functions that are not written yet are left out.
        **functions : callable
            By the names of lesson 1 and 2: ``sigmoid``, ``forward_pass``, ``backward_pass``, ``update_weights``,
            ``l1_regularization``, ``l2_regularization``.

        Raises
        ------
        ConfigError
            If a name is unknown, what is given is no function, or the notebook can't be read.
        """
        for name, function in functions.items():
            if name not in NAMES:
                raise ConfigError(unknown("function", name, list(NAMES)))
            if not callable(function):
                raise ConfigError(f"{name} must be a function; got {type(function).__name__}")
        if notebook is None:
            return cls(functions)
        space, problems = _executed(Path(notebook))
        found = {name: space[name] for name in NAMES if callable(space.get(name))} | functions
        written = {
            name: function for name, function in found.items() if name in functions or _is_written(name, function)
        }
        problems += [f"{name} is not written yet" for name in found if name not in written]
        if not written:
            raise ConfigError(f"{notebook} has none of the functions {', '.join(NAMES)}. {'; '.join(problems)}".strip())
        return cls(written, tuple(problems))

    def __repr__(self) -> str:
        return f"Plugged({', '.join(self.functions)})"

    @property
    def names(self) -> tuple[str, ...]:
        """The functions' names."""
        return tuple(self.functions)

    @cached_property
    def reports(self) -> dict[str, Report]:
        """What `check` says of each function; it may take a few seconds."""
        return {name: _checked(name, function) for name, function in self.functions.items()}

    @cached_property
    def replaced(self) -> Replaced:
        """The parts of lesson 1's network that the functions stand in for; what they raise is a YourCodeError."""
        parts: dict[Any, Function] = {}
        if "sigmoid" in self.functions:
            parts[f.sigmoid] = lambda x: self._call("sigmoid", x, shapes=[np.shape(x)])[0]
        if "forward_pass" in self.functions:
            parts[lesson.forward_results] = self._forward
            parts[f.hidden] = lambda forward_results: forward_results[0]
            parts[f.output] = lambda forward_results: forward_results[1]
        if "backward_pass" in self.functions:
            parts[lesson.backward_results] = self._backward
            parts[b.delta_w_h_o] = lambda backward_results: backward_results[0]
            parts[b.delta_w_i_h] = lambda backward_results: backward_results[1]
        if "update_weights" in self.functions:
            parts[lesson.update_results] = self._update
            parts[b.updated_i_h] = lambda update_results: update_results[0]
            parts[b.updated_h_o] = lambda update_results: update_results[1]
        return parts

    def penalty(self, l1: float, l2: float) -> lesson.Penalty | None:
        """Return the slope of their penalties: the one they return, or else differences of their value.

        None if neither of them has a say with these strengths.
        """
        strengths = {"l1_regularization": l1, "l2_regularization": l2}
        own = {name: lamb for name, lamb in strengths.items() if lamb and name in self.functions}
        if not own:
            return None
        ours = lesson.penalty_slope(
            0 if "l1_regularization" in own else l1, 0 if "l2_regularization" in own else l2, {}
        )
        return lambda weights: ours(weights) + sum(self._slope(name, weights, lamb) for name, lamb in own.items())

    def _forward(self, x: Array, weights_input_to_hidden: Array, weights_hidden_to_output: Array) -> list[Array]:
        shapes = [(len(x), len(weights_hidden_to_output)), (len(x),)]
        return self._call("forward_pass", x, weights_input_to_hidden, weights_hidden_to_output, shapes=shapes)

    def _backward(
        self,
        x: Array,
        target: Array,
        learnrate: float,
        hidden_layer_out: Array,
        output_layer_out: Array,
        weights_hidden_to_output: Array,
    ) -> tuple[Array, ...]:
        """Call their function record by record, as lesson 1 does."""
        function, hidden = self.functions["backward_pass"], len(weights_hidden_to_output)
        records = zip(x.copy(), target, hidden_layer_out.copy(), output_layer_out, strict=True)
        with theirs("backward_pass"):
            results = [
                function(row, aim, learnrate, h, o, weights_hidden_to_output.copy()) for row, aim, h, o in records
            ]
        shapes = [(hidden,), (x.shape[1], hidden)]
        changes = [fitting("backward_pass", function, result, shapes) for result in results]
        return tuple(np.stack(each) for each in zip(*changes, strict=True))

    def _update(
        self,
        weights_input_to_hidden: Array,
        weights_hidden_to_output: Array,
        features: Array,
        targets: Array,
        learnrate: float,
    ) -> list[Array]:
        weights = weights_input_to_hidden, weights_hidden_to_output
        shapes = [weight.shape for weight in weights]
        return self._call("update_weights", *weights, features, targets, learnrate, shapes=shapes)

    def _call(self, name: str, *arguments: Any, shapes: list[tuple[int, ...]]) -> list[Array]:
        return called(name, self.functions[name], *arguments, shapes=shapes)

    def _slope(self, name: str, weights: Array, lamb: float) -> Array:
        with theirs(name):
            result = self.functions[name](weights.copy(), lamb)
            if not isinstance(result, tuple | list):
                slope = np.empty(weights.size)
                for i, weight in enumerate(weights.ravel()):
                    values, h = [], 1e-5 * max(1.0, abs(weight))
                    for sign in (1, -1):
                        moved = weights.copy()
                        moved.flat[i] = weight + sign * h
                        values.append(float(self.functions[name](moved, lamb)))
                    slope[i] = (values[0] - values[1]) / (2 * h)
                return slope.reshape(weights.shape)
        return fitting(name, self.functions[name], result, [(), weights.shape])[1]


def _checked(name: str, function: Function) -> Report:
    """Return what `check` says; of one that runs on and on, no more than that, as soon as it is seen."""
    task = find(function, name)
    first = next(iter(task.cases(np.random.default_rng(0))))
    try:
        with limited(PATIENCE):
            seen = observe(task, function, first)
        if seen.raised is not None and seen.raised.kind == TookTooLong.__name__:
            return Report(str(task), [forensics.error(first.name, seen.raised)])
        with limited(LONG_PATIENCE):
            return check(function, exercise=name)
    except TookTooLong as error:  # between two cases
        return Report(str(task), [forensics.error("all its cases", Raised.of(error))])


def _is_written(name: str, function: Function) -> bool:
    return _checked(name, function).verdict != "not written yet"


def _executed(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Execute what a notebook or script defines; return its names, and what could not be executed.

    Raises
    ------
    ConfigError
        If it can't be read.
    """
    try:
        submission = parse(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read: {error}") from error
    files = {cell: str(path) if cell == path.name else f"{path.name}, {cell}" for cell in submission.cells}
    for cell, source in submission.cells.items():
        linecache.cache[files[cell]] = (len(source), None, source.splitlines(keepends=True), files[cell])
    space: dict[str, Any] = {"__name__": path.stem}
    problems = list(submission.problems)
    for each in submission.definitions:
        try:
            exec(compile(each.source, files[each.cell], "exec"), space)
        except (Exception, SystemExit) as error:  # other definitions may do without this one
            problems.append(f"{each.cell}, line {each.line}: {type(error).__name__}: {error}")
    return space, problems
