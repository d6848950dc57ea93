"""A correct step of training, written as named parts that can be replaced one by one."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any


class Part:
    """One named part of a step: a function whose parameters are named like what it needs.

    Parameters
    ----------
    function : callable
        Computes the part. Each parameter is named like an input of the step or like another part.
    operation : bool
        False: the part is the *value* that the function returns, and takes part in the step under the function's
        name. True: the part is the function itself, which other parts call.
    """

    def __init__(self, function: Callable[..., Any], *, operation: bool = False) -> None:
        self.function = function
        self.name = function.__name__
        self.operation = operation

    def __repr__(self) -> str:
        return f"<part {self.name}>"


class Anything:
    """A result that a mistake leaves open, because it is random or comes from another call: whatever comes is it."""

    def __repr__(self) -> str:
        return "anything"


ANYTHING = Anything()


class Misfit:
    """A result that a mistake makes unfit for some shapes: an error, or any value of another shape than the right one.

    Parameters
    ----------
    right : object
        The right value.
    """

    def __init__(self, right: Any) -> None:
        self.right = right

    def __repr__(self) -> str:
        return f"an error, or another shape than that of {self.right!r}"


Replaced = Mapping[Part, Callable[..., Any]]
Computed = tuple[str, Callable[..., Any], tuple[str, ...], bool]
NOTHING: Replaced = {}


class Step:
    """A step of training as named parts, each computed from the step's inputs and from other parts.

    Parameters
    ----------
    name : str
        The name of the function that learners write.
    inputs : str
        The names of its arguments, in order, separated by blanks.
    returns : str
        The names of the parts that it returns, in order.
    include : iterable of Step
        Steps whose parts this one has too. A mistake in a part is a mistake in every step that has it.

    Examples
    --------
    >>> step = Step("slope", inputs="x target weight", returns="gradient")
    >>> @step.part
    ... def error(x, weight, target):
    ...     return weight * x - target
    >>> @step.part
    ... def gradient(error, x):
    ...     return error * x
    >>> step.values({"x": 3.0, "target": 2.0, "weight": 1.0})
    {'gradient': 3.0}
    >>> step.values({"x": 3.0, "target": 2.0, "weight": 1.0}, {gradient: lambda error, x: error})
    {'gradient': 1.0}
    """

    def __init__(self, name: str, *, inputs: str, returns: str, include: Iterable["Step"] = ()) -> None:
        self.name = name
        self.inputs = tuple(inputs.split())
        self.returns = tuple(returns.split())
        self.parts: dict[str, Part] = {}
        self._users: dict[str, set[str]] = {}  # who needs a value, and below what a part reaches: both made on demand
        self._reach: dict[str, set[str]] = {}
        for step in include:
            self.parts.update(step.parts)

    def part(self, function: Callable[..., Any]) -> Part:
        """Add a part whose value the function computes; it replaces an included part of the same name."""
        return self._add(Part(function))

    def operation(self, function: Callable[..., Any]) -> Part:
        """Add a part that is the function itself, for other parts to call."""
        return self._add(Part(function, operation=True))

    def _add(self, part: Part) -> Part:
        self.parts[part.name] = part
        self._users, self._reach = {}, {}
        _order.cache_clear()
        return part

    def values(
        self,
        inputs: Mapping[str, Any],
        replaced: Replaced = NOTHING,
        *,
        names: Iterable[str] | None = None,
        untouched: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the values of the parts in ``names`` (default: what the step returns).

        Parameters
        ----------
        inputs : mapping of str to Any
            The step's inputs by name.
        replaced : mapping of Part to callable
            What is put in the place of a part; its parameters, too, are names of inputs and parts.
        names : iterable of str, optional
            The parts wanted.
        untouched : dict, optional
            Where the values that no replacement reaches are kept from one call to the next, for the same inputs.

        Raises
        ------
        KeyError
            If a parameter names neither an input nor a part.
        """
        wanted = self.returns if names is None else tuple(names)
        kept = {} if untouched is None else untouched
        kept.update(inputs)
        values = dict(kept)
        for name, function, needed, is_reached in _order(self, frozenset(replaced.items()), wanted, tuple(inputs)):
            if is_reached or name not in kept:
                values[name] = function(*[values[need] for need in needed])
                if not is_reached:
                    kept[name] = values[name]
        return {name: values[name] for name in wanted}

    def reached(self, replaced: Iterable[Part]) -> set[str]:
        """Return the names of the parts whose values may change when some are replaced."""
        return set().union(*(self._downstream(part.name) for part in replaced))

    def _downstream(self, name: str) -> set[str]:
        """Return the names of the parts that depend on one, with its own."""
        if not self._users:
            for part in self.parts.values():
                for need in () if part.operation else needs(part.function):
                    self._users.setdefault(need, set()).add(part.name)
        if name not in self._reach:
            found, new = {name}, {name}
            while new:
                new = set().union(*(self._users.get(each, set()) for each in new)) - found
                found |= new
            self._reach[name] = found
        return self._reach[name]

    def fits(self, replaced: Replaced) -> bool:
        """Say whether this step has all these parts, and what their replacements need."""
        return all(
            self.parts.get(part.name) is part
            and (part.operation or all(need in self.parts or need in self.inputs for need in needs(function)))
            for part, function in replaced.items()
        )

    def __repr__(self) -> str:
        return f"Step({self.name!r}, inputs={' '.join(self.inputs)!r}, parts={' '.join(self.parts)!r})"


@lru_cache(10_000)
def _order(
    step: Step, replaced: frozenset[tuple[Part, Callable[..., Any]]], wanted: tuple[str, ...], inputs: tuple[str, ...]
) -> list[Computed]:
    """Return the parts in the order of computing: name, function, what it needs, and if a replacement reaches it."""
    functions = dict(replaced)
    reached = step.reached(functions).difference(inputs)
    found: dict[str, Computed] = {}

    def visit(name: str) -> None:
        if name not in found and name not in inputs:
            part = step.parts[name]
            function = functions.get(part, part.function)
            needed = () if part.operation else needs(function)
            for need in needed:
                visit(need)
            found[name] = name, (lambda: function) if part.operation else function, needed, name in reached

    for name in wanted:
        visit(name)
    return [*found.values()]


@cache
def needs(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    return tuple(inspect.signature(function).parameters)
