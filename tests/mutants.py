"""Does check notice every change? Each right solution is changed in one place after another, as a slip would change it.

Run it with ``make mutants``. A mutant that check accepts must give what the solution gives, on inputs of the generator
below, which knows nothing of the exercises' own cases; one that doesn't is printed with its difference, and the exit
status is 1.
"""

import argparse
import ast
import difflib
import sys
from collections.abc import Iterator
from copy import deepcopy
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import generators, torch_generators
from tests.generators import CONVENTIONS

from chainrule.course import forensics
from chainrule.course.exercise import EXERCISES, Exercise, load
from chainrule.course.judge import SEEDS, look, wrong_ones
from chainrule.course.observation import quiet, without_data

INPUTS = {**generators.INPUTS, **torch_generators.INPUTS}
USE = {**generators.USE, **torch_generators.USE}
ALIKE = (("max", "min", "sum", "mean"), ("zeros_like", "ones_like"), ("abs", "sign"), ("argmax", "argmin"))
OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq)


def mutants(source: str) -> Iterator[str]:
    """Yield every source that differs from this one by a single slip."""
    seen = {ast.unparse(ast.parse(source))}
    for place in range(len(_places(ast.parse(source)))):
        for choice in count():
            tree = ast.parse(source)  # a fresh one for each slip
            values, key = _places(tree)[place]
            new = list(islice(slips(values[key], tree), choice, choice + 1))
            if not new:
                break
            values[key] = ast.Pass() if new == [None] else new[0]
            try:
                text = ast.unparse(ast.fix_missing_locations(tree))
                ast.parse(text)
            except (AttributeError, SyntaxError, TypeError, ValueError):  # no program any more
                continue
            if text not in seen:
                seen.add(text)
                yield text


def _places(tree: ast.Module) -> list[tuple[Any, Any]]:
    """Return every place where something stands in a program: the dictionary or list that holds it, and its key."""
    places: list[tuple[Any, Any]] = []
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            places += [(value, k) for k in range(len(value))] if isinstance(value, list) else [(vars(node), field)]
    return places


def slips(old: Any, tree: ast.Module) -> Iterator[Any]:
    """Yield what may stand in the place of a piece of a program; None is nothing."""
    match old:
        case ast.BinOp(left=left, op=op, right=right):
            for other in OPERATORS.get(type(op), ()):
                yield ast.BinOp(left, other(), right)
            yield from (left, right, ast.BinOp(right, op, left))
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield from (ast.Compare(left, [other()], [right]) for other in COMPARISONS if not isinstance(op, other))
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield from (ast.Constant(other) for other in (value + 1, value - 1, 0, 2 * value, None))
        case ast.Name(id=name, ctx=ast.Load()):
            function = next(
                (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and _in(old, each)), None
            )
            yield from (ast.Name(other, ast.Load()) for other in sorted(_locals(function)) if other != name)
        case ast.Attribute(value=inner, attr="T"):
            yield inner
        case ast.Attribute(value=inner, attr=name):
            for group in ALIKE:
                yield from (ast.Attribute(inner, other, old.ctx) for other in group if name in group and other != name)
        case ast.Call(func=function, args=args, keywords=keywords):
            yield from args[:1]
            if len(args) > 1:
                yield ast.Call(function, [args[1], args[0], *args[2:]], keywords)
            yield from (ast.Call(function, args, [other for other in keywords if other is not one]) for one in keywords)
        case ast.AugAssign(target=target, op=op, value=value):
            yield ast.Assign([target], value)
            yield from (ast.AugAssign(target, other(), value) for other in OPERATORS.get(type(op), ()))
            yield None
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
            if isinstance(value, ast.Tuple):
                yield ast.Return(ast.Tuple(value.elts[::-1], ast.Load()))
        case ast.Assign() | ast.Expr():
            yield None
    if isinstance(old, ast.expr) and not isinstance(old, ast.Name | ast.Tuple | ast.Constant) and _is_value(old):
        yield ast.UnaryOp(ast.USub(), old)


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


def accepted(task: Exercise, answer: Any) -> bool:
    """Say whether check would accept an answer; no mistake is looked for."""
    with quiet(), without_data(answer):
        seen = look(task, answer, SEEDS[:1])
        if forensics.is_unwritten(seen) or any(one.changed for one in seen) or wrong_ones(task, seen):
            return False
        seen = look(task, answer, SEEDS[1:])
        return not any(one.changed for one in seen) and not wrong_ones(task, seen)


def answer_of(task: Exercise, source: str) -> Any:
    """Execute a source after the other solutions of its lesson, and return the answer in it; an error is none."""
    names = torch_generators.names() if task.name in torch_generators.INPUTS else dict(generators.NAMES)
    for each in EXERCISES.values():
        if each.lesson == task.lesson and each.number < task.number and "torch" not in each.solution:
            try:
                exec(each.solution, names)
            except NameError:  # a class that is built on one of the lesson's own
                continue
    exec(source, names)
    given = [names[name] for name in (task.called or task.name).split()]
    return given[0] if len(given) == 1 else tuple(given)


def difference(task: Exercise, mutant: Any, solution: Any, tries: int) -> tuple[Any, ...] | None:
    """Return inputs on which a mutant doesn't give what the solution gives; None if there are none among so many."""
    use, rng = USE.get(task.name, lambda answer, *inputs: answer(*inputs)), np.random.default_rng(12345)
    for _ in range(tries if task.name in generators.INPUTS else tries // 50):
        inputs = INPUTS[task.name](rng)
        try:
            with quiet():
                got, want = (use(answer, *deepcopy(inputs)) for answer in (mutant, solution))
            same = len(_flat(got)) == len(_flat(want)) and all(map(_close, _flat(got), _flat(want)))
        except Exception:  # where the solution gives something
            same = False
        if not same:
            return inputs
    return None


def _flat(result: Any) -> list[Any]:
    return (
        [np.asarray(each, float) for each in result]
        if isinstance(result, tuple | list)
        else [np.asarray(result, float)]
    )


def _close(one: Any, other: Any) -> bool:
    """Say whether two results are the same to the rounding that check allows, in the same shape but for axes of 1."""
    if one.squeeze().shape != other.squeeze().shape:
        return False
    finite = np.isfinite(other)
    scale = np.abs(other[finite]).max(initial=0.0) or 1.0
    return bool(np.allclose(one.reshape(other.shape), other, rtol=0, atol=2e-5 * scale, equal_nan=True))


def survivors(task: Exercise, tries: int, every: int = 1) -> tuple[int, int, list[str]]:
    """Return how many mutants there are, how many check accepts, and how those differ that it should not accept."""
    solution = answer_of(task, task.solution)
    assert accepted(task, solution), f"{task.name}: the solution itself is rejected"
    others = [answer_of(task, task.solution.replace(*change)) for change in CONVENTIONS.get(task.name, ())]
    sources = list(mutants(task.solution))[::every]
    kept, bad = 0, []
    for source in sources:
        try:
            mutant = answer_of(task, source)
        except Exception:  # it can't even be defined
            continue
        if accepted(task, mutant):
            kept += 1
            inputs = difference(task, mutant, solution, tries)
            if inputs is not None and all(difference(task, mutant, other, tries) is not None for other in others):
                lines = (ast.unparse(ast.parse(task.solution)).splitlines(), source.splitlines())
                changes = [
                    line
                    for line in difflib.unified_diff(*lines, lineterm="", n=0)
                    if line[:2] not in ("--", "++", "@@")
                ]
                shapes = ", ".join(
                    str(np.shape(each)) if np.ndim(each) else f"{each}" for each in inputs if not isinstance(each, list)
                )
                bad.append("\n".join([*changes, f"differs on inputs {shapes}"]))
    return len(sources), kept, bad


def main() -> int:
    """Mutate all solutions and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*", help="names; default: all")
    parser.add_argument("--tries", type=int, default=10_000, help="inputs for each mutant that check accepts")
    options = parser.parse_args()
    load()
    failed = 0
    for name in options.exercises or INPUTS:
        total, kept, bad = survivors(EXERCISES[name], options.tries)
        failed += len(bad)
        print(f"{name}: {total} mutants, {kept} accepted, {len(bad)} of them wrong", flush=True)
        for each in bad:
            print(each, flush=True)
    untried = sorted(name for name, task in EXERCISES.items() if task.solution and name not in INPUTS)
    print(f"not mutated, since an answer may differ and be right: {', '.join(untried)}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
