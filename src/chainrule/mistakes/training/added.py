"""Penalties: what was added to the loss, beside the weights that it is about."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.penalties import (
    accumulates,
    mean_for_sum,
    no_magnitudes,
    norm,
    one_forgotten,
    only_the_last,
    root_at_zero,
    subtracted,
    twice_over,
)
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Backward, Batch, Model, Penalty, Recording

NAMED = re.compile(r"penal|(^|_)l[12](_|$)|l[12]_?(loss|norm|reg)|regul|(^|_)reg(_|$)|weight_?decay", re.IGNORECASE)


def penalties(run: "Recording") -> "Iterator[tuple[Model, Batch, Backward, Penalty]]":
    """Yield what was looked at, without losses that were only scaled."""
    for batch in run.batches:
        for backward in batch.backwards:
            found = backward.penalty
            if found is None or not batch.forwards or len(batch.losses) != 1:
                continue
            if not abs(found.cosine_loss) >= 0.9999:  # NaN, too, is none of a scaled loss
                yield run.models[batch.forwards[-1].model], batch, backward, found


def without_gradient(run: "Recording", constant: bool) -> "Iterator[tuple[Model, Backward, Penalty]]":
    """Yield, for models where nothing that was added had a gradient, the first look: it was constant, or it changed."""
    looks: dict[int, list[tuple[Model, Backward, Penalty]]] = {}
    for model, _, backward, found in penalties(run):
        looks.setdefault(model.number, []).append((model, backward, found))
    for each in looks.values():
        values = [found.value for _, _, found in each]
        same = max(values) - min(values) <= 1e-6 * max(abs(backward.value) for _, backward, _ in each)
        if len(each) > 1 and all(found.norm == 0 and found.value for _, _, found in each) and same == constant:
            yield each[0]


def degree(found: "Penalty") -> float:
    """Return 2 for a squared penalty, 1 for one that doubles with the weights."""
    return found.along / found.value if found.value else 0.0


def _speaks_of(run: "Recording", pattern: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for text in run.program.texts.values())


@norm.observed()
@once
def _norm(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        looks = [(backward, found) for owner, _, backward, found in penalties(run) if owner is model]
        if looks and all(_is_norm(found) for _, found in looks):
            backward, found = looks[0]
            yield Evidence(
                f"{found.value:.4g} was added to the loss. With weights twice as large it would be twice that; a sum "
                "of squares would be four times as large",
                backward.place,
                "error" if _speaks_of(run, r"l2|ridge|weight.?decay") else "remark",
            )


def _is_norm(found: "Penalty") -> bool:
    return found.norm > 0 and abs(degree(found) - 1) < 1e-2 and abs(found.cosine_sign) < 0.99 > abs(found.cosine_one)


@no_magnitudes.observed()
@once
def _no_magnitudes(run: "Recording") -> Iterator[Evidence]:
    for _, _, backward, found in penalties(run):
        if abs(found.cosine_one) > 0.9999 and abs(found.cosine_sign) < 0.99:
            yield Evidence(
                f"the penalty, {found.value:.4g}, has the same gradient for every weight, positive or negative",
                backward.place,
            )


@subtracted.observed()
@once
def _subtracted(run: "Recording") -> Iterator[Evidence]:
    for _, _, backward, found in penalties(run):
        if found.value < 0 and (found.cosine_w < -0.99 or found.cosine_sign < -0.99):
            yield Evidence(
                f"{-found.value:.4g} was taken away from the loss, and the step makes the weights larger",
                backward.place,
            )


@only_the_last.observed()
@once
def _only_the_last(run: "Recording") -> Iterator[Evidence]:
    for model, _, backward, found in penalties(run):
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
    for model, _, backward, found in penalties(run):
        weights = [p.name for p in model.parameters if len(p.shape) > 1 and p.requires_grad]
        left = [name for name in weights if name not in found.parameters]
        decays = max(found.cosine_w, found.cosine_sign) > 0.5
        if found.parameters and left and set(left) < set(weights) and decays and not _only_last(model, found):
            yield Evidence(f"the penalty doesn't reach {', '.join(left)}", backward.place, "remark")


@twice_over.observed()
@once
def _twice_over(run: "Recording") -> Iterator[Evidence]:
    for _, batch, backward, found in penalties(run):
        if abs(degree(found) - 2) > 1e-2 or found.cosine_w < 0.99:
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
    for model, batch, _, found in penalties(run):
        if not found.norm or abs(degree(found) - 2) > 1e-2 or found.value > 1e-3 * abs(batch.losses[-1].value):
            continue
        written = [place for place, text in lines(run) if re.search(r"\.mean\(|numel|len\(", text)]
        if written:
            yield Evidence(
                f"the penalty is {found.value:.2g} beside a loss of {batch.losses[-1].value:.3f}: a mean over "
                f"{sum(len(p.shape) > 0 for p in model.parameters)} tensors where a sum is meant",
                written[0],
                "remark",
            )


def lines(run: "Recording") -> Iterator[tuple[Place, str]]:
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
    for _, _, backward, found in penalties(run):
        if found.norm != found.norm and found.value == found.value:
            yield Evidence(
                f"the penalty is {found.value:.4g}, and its gradient is NaN: a root has an infinite slope at 0",
                backward.place,
            )


@accumulates.observed()
@once
def _accumulates(run: "Recording") -> Iterator[Evidence]:
    looks: dict[int, list[tuple[Backward, Penalty]]] = {}
    for model, _, backward, found in penalties(run):
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
