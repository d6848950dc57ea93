"""Mistakes that are in the program's text: each is checked against what the run did before it is named."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_metrics import no_effect
from chainrule.mistakes.catalogue.training_results import ignored, only_a_reference
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording

Function = ast.FunctionDef | ast.AsyncFunctionDef
PURE = {"view", "reshape", "flatten", "permute", "transpose", "unsqueeze", "squeeze", "softmax", "log_softmax", "clamp"}
FUNCTIONAL = {"relu", "leaky_relu", "gelu", "elu", "tanh", "sigmoid", "dropout", "max_pool2d", "softmax", "log_softmax"}

never_reset = Mistake(
    code="TR168",
    title="the counter of early stopping is never set back",
    symptom="Training stops too early, after so many bad epochs in all.",
    explanation="Patience means bad epochs in a row. Without a reset at each improvement the counter adds up all that "
    "ever were, and a run that keeps improving is stopped.",
    fix="Set the counter to 0 where the best value is renewed.",
    wrong="if loss < best:\n    best = loss\nelse:\n    bad += 1",
    right="if loss < best:\n    best, bad = loss, 0\nelse:\n    bad += 1",
    seen=2,
)


def _functions(run: "Recording") -> Iterator[tuple[str, Function]]:
    for file, tree in run.program.trees.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield file, node


@no_effect.observed()
def _no_effect(run: "Recording") -> Iterator[Evidence]:
    if not any(run.batches):
        return
    for node, place in run.program.nodes(ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef):
        for statement in _own(node):
            if isinstance(statement, ast.Expr) and _thrown_away(statement.value):
                text = ast.unparse(statement.value)
                yield Evidence(
                    f"{text}: the result is thrown away", Place(place.file, statement.lineno),
                    severity="error" if isinstance(statement.value, ast.BinOp) else "warning",
                )  # fmt: skip


def _own(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements in a loop or function, but not those of loops and functions within it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if not isinstance(child, ast.For | ast.While | Function | ast.ClassDef | ast.expr):
            yield from _own(child)


def _thrown_away(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Add | ast.Sub | ast.Mult | ast.Div)
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute) or value.keywords:
        return False
    owner = ast.unparse(value.func.value)
    if owner in {"F", "functional", "nn.functional", "torch.nn.functional"}:
        return value.func.attr in FUNCTIONAL and len(value.args) == 1
    return value.func.attr in PURE and owner in {"x", "out", "images", "inputs", "logits", "outputs", "output", "preds"}


@ignored.observed()
def _ignored(run: "Recording") -> Iterator[Evidence]:
    for file, function in _functions(run):
        names = [each.arg for each in [*function.args.args, *function.args.kwonlyargs]]
        read = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
        unread = [
            name for name in names if name not in read and name not in {"self", "cls"} and not name.startswith("_")
        ]
        stored = set(names) | {
            node.id
            for part in function.body
            for node in ast.walk(part)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        defaults = dict(zip(reversed(names), [ast.unparse(d) for d in reversed(function.args.defaults)], strict=False))
        for name in unread:
            outside = sorted(read - stored)
            used = next((other for other in outside if _stands_for(name, other) or defaults.get(name) == other), None)
            if used is None:
                continue
            at = next(
                node.lineno
                for part in function.body
                for node in ast.walk(part)
                if isinstance(node, ast.Name) and node.id == used
            )
            yield Evidence(
                f"{function.name} takes {name} and never reads it; it uses {used}, from outside",
                Place(file, at, function.name),
                severity="remark",
                fix=f"{name} instead of {used}",
            )


def _stands_for(name: str, other: str) -> bool:
    """Whether a name is another one with words before or after it: epochs and num_epochs."""
    return name != other and name.lower() in [*other.lower().split("_"), other.lower().replace("n_", "")]


@never_reset.observed()
def _never_reset(run: "Recording") -> Iterator[Evidence]:
    seen: set[Place] = set()
    for file, tree in run.program.trees.items():
        for scope in [*(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | Function)), tree]:
            for branch in (node for node in ast.walk(scope) if isinstance(node, ast.If)):
                for bad, good in ((branch.orelse, branch.body), (branch.body, branch.orelse)):
                    counting = _counted_up(bad)
                    if counting is None or not _renews(branch, good):
                        continue
                    counter, place = ast.unparse(counting.target), Place(file, counting.lineno)
                    if place in seen or _times_set(ast.Module(good, []), counter):
                        continue
                    if _compared(scope, counter) and _times_set(scope, counter) <= 1:
                        seen.add(place)
                        yield _never_in_a_row(run, place, counter)


def _counted_up(statements: list[ast.stmt]) -> ast.AugAssign | None:
    """Return the statement that adds 1 to something; None if there is no such thing."""
    for statement in statements:
        if (
            isinstance(statement, ast.AugAssign)
            and isinstance(statement.op, ast.Add)
            and ast.unparse(statement.value) == "1"
        ):
            return statement
    return None


def _targets(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Assign):
        return []
    parts = [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [ast.unparse(part) for part in parts]


def _renews(branch: ast.If, good: list[ast.stmt]) -> bool:
    """Whether the better branch keeps a value that the condition compares with: best = loss."""
    compared = {ast.unparse(side) for node in ast.walk(branch.test) if isinstance(node, ast.Compare)
                for side in [node.left, *node.comparators]}  # fmt: skip
    return any(target in compared for statement in good for target in _targets(statement))


def _compared(scope: ast.AST, counter: str) -> bool:
    """Whether the counter is compared with a patience."""
    return any(
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.GtE | ast.Gt | ast.Eq | ast.Lt | ast.LtE)
        and ast.unparse(node.left) == counter
        for node in ast.walk(scope)
    )


def _times_set(scope: ast.AST, counter: str) -> int:
    """Return how often the counter is set anew, but for being counted up: once, before the loop."""
    return sum(_targets(node).count(counter) for node in ast.walk(scope))


def _never_in_a_row(run: "Recording", place: Place, counter: str) -> Evidence:
    """Return the evidence for a counter that is never set back, with the epochs it counted."""
    losses: dict[object, list[float]] = {}
    for done in run.evaluations:
        if done.mean_loss is not None:
            losses.setdefault((done.loader, done.place), []).append(done.mean_loss)
    curve = max(losses.values(), key=len, default=[])
    worse = [n + 1 for n in range(1, len(curve)) if curve[n] >= min(curve[:n])]
    gaps = any(b - a > 1 for a, b in pairwise(worse))
    seen = ""
    if gaps and len(worse) < 12:
        seen = f"; the validation loss did not improve in epochs {', '.join(map(str, worse))}, with better ones between"
    return Evidence(
        f"{counter} is counted up at each epoch without improvement and never set back to 0{seen}",
        place,
        severity="warning",
        fix=f"{counter} = 0  # beside the new best value",
    )


@only_a_reference.observed()
def _only_a_reference(run: "Recording") -> Iterator[Evidence]:
    if not run.training:
        return
    models = {model.name for model in run.models if model.name}
    for file, tree in run.program.trees.items():
        for branch in ast.walk(tree):
            if not isinstance(branch, ast.If) or not any(
                isinstance(node, ast.Compare) for node in ast.walk(branch.test)
            ):
                continue
            for statement in branch.body:
                if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                    continue
                name, value = ast.unparse(statement.targets[0]), _reference(statement.value, models)
                owner = value.removesuffix(".state_dict()")
                if not value or not _kept(tree, branch, name) or not _in_loop(tree, branch, owner):
                    continue
                what = "the model itself" if value in models else "the model's own tensors"
                yield Evidence(
                    f"{name} is {what}, not a copy: each later step changes it too, so in the end the best is the last",
                    Place(file, statement.lineno),
                    fix=f"{name} = copy.deepcopy({value})",
                )


def _reference(value: ast.expr, models: set[str]) -> str:
    """Return the model or state_dict that an expression hands on uncopied; empty if it is none."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        inner = value.func.value
        if value.func.attr == "copy" and not value.args:
            return _reference(inner, set())
        if value.func.attr == "state_dict" and not value.args:
            owner = ast.unparse(inner)
            return f"{owner}.state_dict()" if "optim" not in owner.lower() and "sched" not in owner.lower() else ""
    text = ast.unparse(value)
    return text if text in models else ""


def _kept(tree: ast.AST, branch: ast.If, name: str) -> bool:
    """Whether what was kept is used only after the branch, and set nowhere else but to None."""
    if any(isinstance(node, ast.Break | ast.Return) for part in branch.body for node in ast.walk(part)):
        return False
    body = ast.Module(branch.body, [])
    inside = [node for node in ast.walk(body) if isinstance(node, ast.Call) and name in map(ast.unparse, node.args)]
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets) and node not in branch.body
    ]
    used = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and ast.unparse(node) == name
        and node.lineno > (branch.end_lineno or branch.lineno)
    ]  # fmt: skip
    return not inside and bool(used) and all(isinstance(value, ast.Constant) for value in values)


def _in_loop(tree: ast.AST, branch: ast.If, model: str) -> bool:
    """Whether a branch is in a loop, and the innermost one doesn't make the model anew."""
    loops = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.While) and node.lineno < branch.lineno <= (node.end_lineno or 0)
    ]
    if not loops:
        return False
    inner = max(loops, key=lambda node: node.lineno)
    made = {target for node in ast.walk(inner) for target in _targets(node)}
    return model not in made and not (isinstance(inner, ast.For) and model in ast.unparse(inner.target))
