"""Whether a penalty takes part in the training: cut off, computed once, never used, too strong, in the report."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.penalties import never_used
from chainrule.mistakes.catalogue.torch_penalties import cut_off, in_the_report, once_before, wrong_module
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.added import NAMED, degree, lines, penalties, without_gradient
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Pass, Recording

too_strong = Mistake(
    code="RG116",
    title="the penalty is far stronger than the loss of the data",
    symptom="The loss falls quickly to that of guessing and stays there.",
    explanation="The step makes the weights small, and nothing else: the data has no say.",
    fix="Divide the strength by 10 until the penalty is smaller than the data's loss.",
    wrong="loss = ce + 1.0 * l2",
    right="loss = ce + 1e-4 * l2",
)


@cut_off.observed()
@once
def _cut_off(run: "Recording") -> Iterator[Evidence]:
    if not any(True for _ in lines(run)):
        return
    for _, backward, found in without_gradient(run, constant=False):
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
        for _, _, found in without_gradient(run, constant=True):
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
    for model, backward, found in without_gradient(run, constant=True):
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
    for model, batch, backward, found in penalties(run):
        loss = batch.losses[-1].value
        along_weights = 0.9 < degree(found) < 2.1 and max(found.cosine_w, found.cosine_sign) > 0.5
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
