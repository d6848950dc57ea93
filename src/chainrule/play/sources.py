"""The source of a step's parts, put in order: straight lines of NumPy that do what `Step.values` does."""

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from textwrap import indent
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from chainrule.mistakes.step import Part, Replaced, Step, needs

NO_NAMES: Mapping[str, str] = {}


class SourceError(LookupError):
    """The source of a function can't be found."""


class Lines:
    """A step as a program: ``helpers`` stand before it, ``lines`` are it, each an assignment to a part's name.

    Parameters
    ----------
    step : Step
    replaced : mapping of Part to callable
        What stands in the place of parts.
    names : iterable of str
        The parts that are wanted.
    mark : str
        What is written beside a replaced part.
    """

    def __init__(self, step: Step, replaced: Replaced, names: Iterable[str], mark: str = "") -> None:
        self.step, self.replaced, self.mark = step, replaced, mark
        self.helpers: dict[str, str] = {}
        self.lines: list[str] = []
        self._known: dict[int, str] = {}
        self._same: dict[str, str] = {}  # parts that are only another name
        self._done = set(step.inputs)
        for name in names:
            self._write(name)
            if name in self._same:
                self.lines.append(f"{name} = {self._same[name]}")

    def _write(self, name: str) -> None:
        """Write the part of this name, after those that it needs."""
        if name in self._done:
            return
        self._done.add(name)
        part = self.step.parts[name]
        function = self.replaced.get(part, part.function)
        mark = f"  # {self.mark}" if part in self.replaced and self.mark else ""
        if part.operation:
            self._helper(function, name, mark)
            return
        for need in needs(function):
            self._write(need)
        expression = _expression(self._resolved(function, self._same))
        if isinstance(expression, ast.Name) and not mark:
            self._same[name] = expression.id
        elif expression is not None:
            self.lines.append(f"{name} = {ast.unparse(expression)}{mark}")
        else:
            helper = self._helper(function, f"{name}_of", "")
            given = ", ".join(self._same.get(need, need) for need in needs(function))
            self.lines.append(f"{name} = {helper}({given}){mark}")

    def _helper(self, function: Callable[..., Any], name: str, mark: str) -> str:
        """Write a function before the lines, and return the name it has there."""
        if id(function) in self._known:
            known = self._known[id(function)]
            if name != known and name in self.step.parts:
                self.helpers[name] = f"{name} = {known}"
                return name
            return known
        part = self.step.parts.get(name)
        while name in self.helpers or name in self._known.values() or (part is not None and not part.operation):
            name, part = f"{name}_", self.step.parts.get(f"{name}_")
        self._known[id(function)] = name
        node = self._resolved(function)
        expression = _expression(node)
        if expression is not None:
            body = [f"return {ast.unparse(expression)}"]
        else:
            body = [ast.unparse(statement) for statement in _without_docstring(node.body)]
        self.helpers[name] = f"def {name}({ast.unparse(node.args)}):{mark}\n{indent(chr(10).join(body), '    ')}"
        return name

    def _resolved(self, function: Callable[..., Any], names: Mapping[str, str] = NO_NAMES) -> Any:
        """Return a function's syntax tree, with what it takes from around it put in or written before."""
        node = tree(function)
        around = inspect.getclosurevars(function)
        return _PutIn({**around.globals, **around.nonlocals}, names, self._name_for).visit(_copied(node))

    def _name_for(self, name: str, value: Any) -> ast.expr:
        """Return what stands for a value from around a function: its name in the program, or itself."""
        if isinstance(value, Part):
            value = value.function
        own_name = getattr(value, "__name__", "")
        if getattr(np, own_name, None) is value:
            return _parsed(f"np.{own_name}")
        if isinstance(value, FunctionType):
            return ast.Name(self._helper(value, name if name.isidentifier() else value.__name__, ""), ast.Load())
        if isinstance(value, np.random.Generator):
            self.helpers.setdefault(name, f"{name} = np.random.default_rng(0)")
            return ast.Name(name, ast.Load())
        if isinstance(value, dict):
            self.helpers.setdefault(name, f"{name} = {value!r}")
            return ast.Name(name, ast.Load())
        return _parsed(repr(value))


class _PutIn(ast.NodeTransformer):
    """Replaces names, and attributes of modules, by what stands for their values."""

    def __init__(
        self, found: dict[str, Any], names: Mapping[str, str], name_for: Callable[[str, Any], ast.expr]
    ) -> None:
        self.found, self.names, self.name_for = found, names, name_for

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        try:
            value = self._value(node)
        except (KeyError, AttributeError):
            return self.generic_visit(node)
        return node if isinstance(value, ModuleType) else self.name_for(node.attr, value)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not isinstance(node.ctx, ast.Load) or node.id not in self.found:
            return ast.Name(self.names.get(node.id, node.id), node.ctx)
        value = self.found[node.id]
        return node if value is np or isinstance(value, ModuleType | type) else self.name_for(node.id, value)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.decorator_list = None, []
        return self.generic_visit(node)

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Attribute):
            value = self._value(node.value)
            if value is np:
                raise KeyError(node.attr)
            if node.attr == "function" and isinstance(value, Part):
                return value
            return getattr(value, node.attr)
        if isinstance(node, ast.Name) and (isinstance(self.found.get(node.id), ModuleType | Part)):
            return self.found[node.id]
        raise KeyError(ast.unparse(node))


def tree(function: Callable[..., Any]) -> Any:
    """Return the syntax tree of a function or lambda.

    Raises
    ------
    SourceError
        If its source can't be found.
    """
    code = function.__code__
    module = inspect.getmodule(function)
    if module is None:
        raise SourceError(f"the source of {function!r} is not there")
    for node in _functions(module):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == code.co_firstlineno and node.name == code.co_name:
                return node
        elif code.co_name == "<lambda>" and node.lineno == code.co_firstlineno and _covers(node, code):
            return node
    raise SourceError(f"the source of {function!r} is not there")


@cache
def _functions(module: ModuleType) -> list[Any]:
    nodes = ast.walk(ast.parse(inspect.getsource(module)))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.Lambda)]


def _covers(node: ast.Lambda, code: Any) -> bool:
    """Return whether all of a code's instructions stand within a lambda's body, and the names of its arguments fit."""
    if [argument.arg for argument in node.args.args] != list(code.co_varnames[: code.co_argcount]):
        return False
    body = node.body
    places = [p for p in code.co_positions() if None not in p and p[3] > 0]
    assert body.end_lineno is not None
    assert body.end_col_offset is not None
    return any(
        (body.lineno, body.col_offset) == (line, column) and (body.end_lineno, body.end_col_offset) == (last, end)
        for line, last, column, end in places
    )


def _expression(node: Any) -> ast.expr | None:
    """Return what a lambda, or a function of one line, returns; None for longer ones."""
    if isinstance(node, ast.Lambda):
        return node.body
    body = _without_docstring(node.body)
    only = body[0]
    return only.value if len(body) == 1 and isinstance(only, ast.Return) and only.value is not None else None


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


def _copied(node: Any) -> Any:
    """Return a tree of its own, which may be changed."""
    text = ast.unparse(node)
    return ast.parse(text).body[0] if isinstance(node, ast.FunctionDef) else _parsed(text)


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
