"""Penalties: what was added to the loss, beside the weights that it is about."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.penalties import (
    accumulates,
    mean_for_sum,
    never_used,
    no_magnitudes,
    norm,
    one_forgotten,
    only_the_last,
    root_at_zero,
    subtracted,
    twice_over,
)
from chainrule.mistakes.catalogue.torch_penalties import cut_off, in_the_report, once_before, wrong_module
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Backward, Batch, Model, Pass, Penalty, Recording

NAMED = re.compile(r"penal|(^|_)l[12](_|$)|l[12]_?(loss|norm|reg)|regul|(^|_)reg(_|$)|weight_?decay", re.IGNORECASE)

too_strong = Mistake(
    code="RG116",
    title="the penalty is far stronger than the loss of the data",
    symptom="The loss falls quickly to that of guessing and stays there.",
    explanation="The step makes the weights small, and nothing else: the data has no say.",
    fix="Divide the strength by 10 until the penalty is smaller than the data's loss.",
    wrong="loss = ce + 1.0 * l2",
    right="loss = ce + 1e-4 * l2",
)


def _penalties(run: "Recording") -> "Iterator[tuple[Model, Batch, Backward, Penalty]]":
    """Yield what was looked at, without losses that were only scaled."""
    for batch in run.batches:
        for backward in batch.backwards:
            found = backward.penalty
            if found is None or not batch.forwards or len(batch.losses) != 1:
                continue
            if not abs(found.cosine_loss) >= 0.9999:  # NaN, too, is none of a scaled loss
                yield run.models[batch.forwards[-1].model], batch, backward, found


def _without_gradient(run: "Recording", constant: bool) -> "Iterator[tuple[Model, Backward, Penalty]]":
    """Yield, for models where nothing that was added had a gradient, the first look: it was constant, or it changed."""
    looks: dict[int, list[tuple[Model, Backward, Penalty]]] = {}
    for model, _, backward, found in _penalties(run):
        looks.setdefault(model.number, []).append((model, backward, found))
    for each in looks.values():
        values = [found.value for _, _, found in each]
        same = max(values) - min(values) <= 1e-6 * max(abs(backward.value) for _, backward, _ in each)
        if len(each) > 1 and all(found.norm == 0 and found.value for _, _, found in each) and same == constant:
            yield each[0]


def _degree(found: "Penalty") -> float:
    """2 for a squared penalty, 1 for one that doubles with the weights."""
    return found.along / found.value if found.value else 0.0


def _speaks_of(run: "Recording", pattern: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for text in run.program.texts.values())


@norm.observed()
@once
def _norm(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        looks = [(backward, found) for owner, _, backward, found in _penalties(run) if owner is model]
        if looks and all(_is_norm(found) for _, found in looks):
            backward, found = looks[0]
            yield Evidence(
                f"{found.value:.4g} was added to the loss. With weights twice as large it would be twice that; a sum "
                "of squares would be four times as large",
                backward.place,
                "error" if _speaks_of(run, r"l2|ridge|weight.?decay") else "remark",
            )


def _is_norm(found: "Penalty") -> bool:
    return found.norm > 0 and abs(_degree(found) - 1) < 1e-2 and abs(found.cosine_sign) < 0.99 > abs(found.cosine_one)


@no_magnitudes.observed()
@once
def _no_magnitudes(run: "Recording") -> Iterator[Evidence]:
    for _, _, backward, found in _penalties(run):
        if abs(found.cosine_one) > 0.9999 and abs(found.cosine_sign) < 0.99:
            yield Evidence(
                f"the penalty, {found.value:.4g}, has the same gradient for every weight, positive or negative",
                backward.place,
            )


@subtracted.observed()
@once
def _subtracted(run: "Recording") -> Iterator[Evidence]:
    for _, _, backward, found in _penalties(run):
        if found.value < 0 and (found.cosine_w < -0.99 or found.cosine_sign < -0.99):
            yield Evidence(
                f"{-found.value:.4g} was taken away from the loss, and the step makes the weights larger",
                backward.place,
            )


@only_the_last.observed()
@once
def _only_the_last(run: "Recording") -> Iterator[Evidence]:
    for model, _, backward, found in _penalties(run):
        if _only_last(model, found):
            yield Evidence(
                f"of {len(model.parameters)} tensors only {found.parameters[0]} is in the penalty", backward.place
            )


def _only_last(model: "Model", found: "Penalty") -> bool:
    weights = [p.name for p in model.parameters if len(p.shape) > 1]
    last = {model.parameters[-1].name, *weights[-1:]}
    return len(weights) > 1 and len(found.parameters) == 1 and found.parameters[0] in last


@one_forgotten.observed()
@once
def _one_forgotten(run: "Recording") -> Iterator[Evidence]:
    for model, _, backward, found in _penalties(run):
        weights = [p.name for p in model.parameters if len(p.shape) > 1 and p.requires_grad]
        left = [name for name in weights if name not in found.parameters]
        decays = max(found.cosine_w, found.cosine_sign) > 0.5
        if found.parameters and left and set(left) < set(weights) and decays and not _only_last(model, found):
            yield Evidence(f"the penalty doesn't reach {', '.join(left)}", backward.place, "remark")


@twice_over.observed()
@once
def _twice_over(run: "Recording") -> Iterator[Evidence]:
    for _, batch, backward, found in _penalties(run):
        if abs(_degree(found) - 2) > 1e-2 or found.cosine_w < 0.99:
            continue
        for step in batch.steps:
            decay = max(group.get("weight_decay", 0.0) for group in run.optimizers[step.optimizer].groups)
            if decay:
                yield Evidence(
                    f"a sum of squares, {found.value:.4g}, was added to the loss, and "
                    f"{run.optimizers[step.optimizer].class_name} has weight_decay={decay:g}",
                    backward.place,
                    "warning",
                )


@mean_for_sum.observed()
@once
def _mean_for_sum(run: "Recording") -> Iterator[Evidence]:
    for model, batch, _, found in _penalties(run):
        if not found.norm or abs(_degree(found) - 2) > 1e-2 or found.value > 1e-3 * abs(batch.losses[-1].value):
            continue
        written = [place for place, text in _lines(run) if re.search(r"\.mean\(|numel|len\(", text)]
        if written:
            yield Evidence(
                f"the penalty is {found.value:.2g} beside a loss of {batch.losses[-1].value:.3f}: a mean over "
                f"{sum(len(p.shape) > 0 for p in model.parameters)} tensors where a sum is meant",
                written[0],
                "remark",
            )


def _lines(run: "Recording") -> Iterator[tuple[Place, str]]:
    """Yield the statements that compute a penalty, by their names or by going through parameters."""
    for node, place in run.program.nodes(ast.Assign, ast.AugAssign, ast.Return):
        text = ast.unparse(node)
        function = _function(run, place)
        if NAMED.search(text) or "parameters()" in text or (function and NAMED.search(function.name)):
            yield place, text


def _function(run: "Recording", place: Place) -> ast.FunctionDef | None:
    tree = run.program.trees.get(place.file)
    around = [
        node
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.FunctionDef) and node.lineno <= place.line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno, default=None)


@root_at_zero.observed()
@once
def _root_at_zero(run: "Recording") -> Iterator[Evidence]:
    for _, _, backward, found in _penalties(run):
        if found.norm != found.norm and found.value == found.value:
            yield Evidence(
                f"the penalty is {found.value:.4g}, and its gradient is NaN: a root has an infinite slope at 0",
                backward.place,
            )


@accumulates.observed()
@once
def _accumulates(run: "Recording") -> Iterator[Evidence]:
    looks: dict[int, list[tuple[Backward, Penalty]]] = {}
    for model, _, backward, found in _penalties(run):
        looks.setdefault(model.number, []).append((backward, found))
    for each in looks.values():
        first = each[0][1]
        grown = [
            (found.value / first.value, found.norm / first.norm) for _, found in each if first.value and first.norm
        ]
        wanted = range(1, len(grown) + 1)
        if len(grown) >= 3 and all(
            abs(value / n - 1) < 0.15 and abs(size - 1) < 0.3 for n, (value, size) in zip(wanted, grown, strict=True)
        ):
            values = ", ".join(f"{found.value:.4g}" for _, found in each)
            yield Evidence(f"in the first {len(each)} steps {values} was added to the loss", each[0][0].place)


@cut_off.observed()
@once
def _cut_off(run: "Recording") -> Iterator[Evidence]:
    if not any(True for _ in _lines(run)):
        return
    for _, backward, found in _without_gradient(run, constant=False):
        yield Evidence(
            f"{found.value:.4g} was added to the loss, and adds nothing to the gradient of any weight", backward.place
        )


def _added(run: "Recording") -> list[float]:
    """Return what was added to the loss in each step, as far as there is one loss and one backward pass."""
    batches = [b for b in run.batches if len(b.losses) == 1 and len(b.backwards) == 1]
    return [b.backwards[0].value - b.losses[0].value for b in batches]


@once_before.observed()
@once
def _computed_once(run: "Recording") -> Iterator[Evidence]:
    for place, text in _before_loops(run):
        stopped = run.failure is not None and re.search(r"inplace|second time|freed", run.failure) is not None
        if stopped:
            yield Evidence(f"{text}\nstands before the loop; the program stopped with {run.failure}", place)
        for _, _, found in _without_gradient(run, constant=True):
            yield Evidence(f"in each step the same {found.value:.4g} was added to the loss, without a gradient", place)


def _before_loops(run: "Recording") -> Iterator[tuple[Place, str]]:
    """Yield assignments of penalties, by their names, to variables that a later loop of their block reads."""
    for node, place in run.program.nodes(ast.Module, ast.FunctionDef):
        body = getattr(node, "body", [])
        for index, line in enumerate(body):
            if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
                continue
            text, name = ast.unparse(line), line.targets[0].id
            calls = any(isinstance(part, ast.Call) for part in ast.walk(line.value))
            if not calls or not (NAMED.search(name) or "parameters()" in text):
                continue
            loops = [each for each in body[index + 1 :] if isinstance(each, ast.For | ast.While)]
            reads = any(isinstance(n, ast.Name) and n.id == name for loop in loops for n in ast.walk(loop))
            if reads and any("backward" in ast.unparse(loop) for loop in loops):
                yield Place(place.file, line.lineno), text


@wrong_module.observed()
@once
def _wrong_module(run: "Recording") -> Iterator[Evidence]:
    if not run.training:
        return
    added = _added(run)
    nothing = bool(added) and max(abs(value) for value in added) < 1e-7
    for node, place in run.program.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        called, given = ast.unparse(node.func), [ast.unparse(each) for each in node.args]
        of_loss = re.fullmatch(r"(\w+\.)*(crit\w*|loss_?f\w*|criterion)\.parameters", called)
        handed = NAMED.search(called) and any(
            re.fullmatch(r"(\w+\.)*(criterion|loss_?fn|loss_func\w*)", a) for a in given
        )
        if nothing and (of_loss or handed):
            yield Evidence("the loss function has no parameters, so the penalty was 0 in every step", place)
    if any(True for _ in _before_loops(run)) or len(run.models) + len(run.optimizers) < 3:
        return
    for model, backward, found in _without_gradient(run, constant=True):
        yield Evidence(
            f"in each step {found.value:.4g} was added to the loss, always the same and without a gradient for "
            f"{model.name or model.class_name}: it is about other weights",
            backward.place,
        )


@never_used.observed()
@once
def _never_used(run: "Recording") -> Iterator[Evidence]:
    added = _added(run)
    if not added or max(abs(value) for value in added) > 1e-7:
        return
    read = {n.id for n, _ in run.program.nodes(ast.Name) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    for loop, place in run.program.nodes(ast.For, ast.While):
        assert isinstance(loop, ast.For | ast.While)
        if not any(isinstance(line, ast.Expr) and ".backward(" in ast.unparse(line) for line in loop.body):
            continue
        for line in loop.body:
            if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
                continue
            name, text = line.targets[0].id, ast.unparse(line.value)
            calls = any(isinstance(part, ast.Call) for part in ast.walk(line.value))
            named = any(NAMED.search(each) for each in [name, *re.findall(r"\w+", text)])
            if calls and named and name not in read:
                yield Evidence(
                    f"{name} is computed and never read; backward started from the loss of the data alone",
                    place._replace(line=line.lineno),
                )


@too_strong.observed()
@once
def _too_strong(run: "Recording") -> Iterator[Evidence]:
    for model, batch, backward, found in _penalties(run):
        loss = batch.losses[-1].value
        along_weights = 0.9 < _degree(found) < 2.1 and max(found.cosine_w, found.cosine_sign) > 0.5
        if found.value <= abs(loss) or not along_weights:
            continue
        passes = [each for each in run.training if model.number in each.models and each.mean_loss is not None]
        last: Pass | None = passes[-1] if passes else None
        stuck = (
            last is not None and last.mean_loss is not None and last.mean_loss > 0.9 * loss and len(run.training) > 1
        )
        if stuck or found.value > 10 * abs(loss):
            after = f"; the data's loss was {last.mean_loss:.3f} at the end" if last and last.mean_loss else ""
            yield Evidence(
                f"at the start the penalty was {found.value:.3g}, {found.value / abs(loss):.0f} times the data's loss "
                f"of {loss:.3g}{after}",
                backward.place,
                "warning" if stuck else "remark",
            )


@in_the_report.observed(whole_epochs=True)
@once
def _reported_too(run: "Recording") -> Iterator[Evidence]:
    compared = any(number.shows(each.mean_loss) for number in run.shown() for each in run.last_passes(number.at)
                   if not each.training and each.mean_loss is not None)  # fmt: skip
    plain = {
        id(number)
        for number in run.shown()
        for each in run.last_passes(number.at)
        if each.mean_loss is not None and number.shows(each.mean_loss)
    }
    for number in run.shown():
        if id(number) in plain or (number.decimals is not None and number.decimals < 2):
            continue
        for each in run.last_passes(number.at):
            extra = _extra(run, each)
            if each.mean_loss is None or not extra or extra < 1e-3 * each.mean_loss:
                continue
            if each.training and not compared:
                continue  # nothing stands beside it that has no penalty
            slack = 0.05 * extra + (0.0 if number.decimals is None else 10.0**-number.decimals)
            if abs(number.value - each.mean_loss - extra) < slack < 0.3 * extra:
                kind = "training" if each.training else "evaluation"
                yield Evidence(
                    f"{number.how} {number.value:g}; the loss of the {kind} data is {each.mean_loss:.4f}, the rest is "
                    "the penalty",
                    number.place,
                    "remark",
                )


def _extra(run: "Recording", each: "Pass") -> float | None:
    """Return the penalty in a pass: the mean over a training pass, else its last value before."""
    source = each if each.training else next((t for t in reversed(run.training) if t.at < each.at), None)
    if source is None or not any(b.penalty for batch in run.batches for b in batch.backwards):
        return None
    pairs = [
        (b.backwards[-1].value - b.losses[-1].value, b.size)
        for b in source.batches
        if b.backwards and len(b.losses) == 1 and b.size
    ]
    if not pairs:
        return None
    return sum(v * n for v, n in pairs) / sum(n for _, n in pairs) if each.training else pairs[-1][0]
