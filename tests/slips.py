"""The slips that are made in right solutions: a program changed in one place, once for each way to change it."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

ALIKE = (
    {"max", "min", "sum", "mean"},
    {"zeros_like", "ones_like"},
    {"zeros", "ones"},
    {"abs", "sign"},
    {"argmax", "argmin"},
    {"maximum", "minimum"},
    {"exp", "log"},
    {"sqrt", "square"},
    {"train", "eval"},
    {"deepcopy", "copy"},
    {"Adam", "SGD"},
    {"CrossEntropyLoss", "NLLLoss", "MSELoss"},
    {"ReLU", "Identity", "Softmax"},
)
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
COMPARISONS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq, ast.Is, ast.IsNot)


def mutants(source: str) -> Iterator[str]:
    """Yield every source that differs from this one by a single slip."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for values, key in _places(tree):
        old = values[key]
        for new in list(slips(old, tree)):
            values[key] = ast.Pass() if new is None else new
            try:
                text = ast.unparse(ast.fix_missing_locations(tree))
                ast.parse(text)
            except (AttributeError, SyntaxError, TypeError, ValueError):  # no program any more
                continue
            finally:
                values[key] = old
            if text not in seen:
                seen.add(text)
                yield text


def _places(tree: ast.Module) -> list[tuple[Any, Any]]:
    """Return every place where something stands in a program: the dictionary or list that holds it, and its key."""
    places: list[tuple[Any, Any]] = []
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            places += [(value, k) for k in range(len(value))] if isinstance(value, list) else []
            places.append((vars(node), field))
    return places


def slips(old: Any, tree: ast.Module) -> Iterator[Any]:
    """Yield what may stand in the place of a piece of a program; None is nothing."""
    match old:
        case [ast.stmt(), *_]:
            yield from _rearranged(old)
        case [ast.expr(), _, *_]:
            yield from ([other for other in old if other is not one] for one in old)
            yield old[::-1]
        case ast.BinOp(left=left, op=op, right=right):
            yield from (ast.BinOp(left, other(), right) for other in OPERATORS if not isinstance(op, other))
            yield from (left, right)
            if not isinstance(op, ast.Add | ast.Mult):
                yield ast.BinOp(right, op, left)
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield from (ast.Compare(left, [other()], [right]) for other in COMPARISONS if not isinstance(op, other))
        case ast.BoolOp(op=op, values=values):
            yield from (*values, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield from (ast.Constant(other) for other in (value + 1, value - 1, 0, 2 * value, -value, None))
        case ast.Constant(value=str() as value):
            others = {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)} - {value}
            yield from (ast.Constant(other) for other in sorted(each for each in others if isinstance(each, str)))
        case ast.Name(id=name, ctx=ast.Load()):
            function = next(
                (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and _in(old, each)), None
            )
            yield from (ast.Name(other, ast.Load()) for other in sorted(_locals(function)) if other != name)
            yield from (ast.UnaryOp(ast.USub(), old), ast.Constant(None))
        case ast.Attribute(value=inner, attr="T"):
            yield inner
        case ast.Attribute(value=inner, attr=name):
            groups = [*ALIKE, _attributes(tree)] if ast.unparse(inner) == "self" else ALIKE
            for group in groups:
                others = sorted(group - {name}) if name in group else ()
                yield from (ast.Attribute(inner, other, old.ctx) for other in others)
        case ast.Call(func=function, args=args, keywords=keywords):
            yield from args[:1]
            if len(args) > 1:
                yield ast.Call(function, [args[1], args[0], *args[2:]], keywords)
            yield from (ast.Call(function, args, [other for other in keywords if other is not one]) for one in keywords)
        case ast.AugAssign(target=target, op=op, value=value):
            yield ast.Assign([target], value)
            yield from (ast.AugAssign(target, other(), value) for other in OPERATORS if not isinstance(op, other))
            yield None
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
            yield None
        case ast.Slice(lower=ast.expr() as lower, upper=ast.expr() as upper):
            yield from (ast.Slice(None, upper), ast.Slice(lower, None))
        case ast.If(test=test, body=body, orelse=orelse):
            yield from (ast.If(ast.UnaryOp(ast.Not(), test), body, orelse), None)
        case ast.Assign() | ast.Expr() | ast.For():
            yield None
    if isinstance(old, ast.expr) and not isinstance(old, ast.Name | ast.Tuple | ast.Constant) and _is_value(old):
        yield ast.UnaryOp(ast.USub(), old)


def _rearranged(body: list[Any]) -> Iterator[list[Any]]:
    """Yield a block with two neighbours swapped, or with a line at the end of a loop on the end's other side."""
    for k, (one, other) in enumerate(pairwise(body)):
        if not isinstance(one, ast.FunctionDef):
            yield [*body[:k], other, one, *body[k + 2 :]]
        if isinstance(one, ast.For):
            longer = ast.For(one.target, one.iter, [*one.body, other], one.orelse)
            yield [*body[:k], longer, *body[k + 2 :]]
            if len(one.body) > 1:
                shorter = ast.For(one.target, one.iter, one.body[:-1], one.orelse)
                yield [*body[:k], shorter, one.body[-1], *body[k + 1 :]]


def _attributes(tree: ast.Module) -> set[str]:
    """Return the names that a class keeps something under."""
    kept = (each for each in ast.walk(tree) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store))
    return {each.attr for each in kept if ast.unparse(each.value) == "self"}


def _is_value(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp | ast.Call) or (
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    )


def _in(node: ast.AST, function: ast.FunctionDef) -> bool:
    return any(each is node for each in ast.walk(function))


def _locals(function: ast.FunctionDef | None) -> set[str]:
    if function is None:
        return set()
    stored = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return stored | {each.arg for each in function.args.args} - {"self"}
