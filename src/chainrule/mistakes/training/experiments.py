"""A whole run: which weights an experiment begins with, which batches an epoch has, what is looked at twice, NaN."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_loop import weights_anew
from chainrule.mistakes.catalogue.training_metrics import fixed_batch_size, stops_early
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.reported import Tally, over, result_shown

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Model, Pass, Place, Recording

goes_on = Mistake(
    code="TR160",
    severity="remark",
    title="a new optimizer goes on with weights that are already trained",
    symptom="The second experiment starts with a low loss and does better, whatever was changed.",
    explanation="If this is meant as a new experiment, the comparison is not fair: the second one has had all the "
    "training of the first. If it is meant as a second phase of the same training, all is well.",
    fix="For a new experiment make a new model, and then its optimizer.",
    wrong="optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # the same model\ntrain(model, optimizer)",
    right="model = Net()\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\ntrain(model, optimizer)",
    seen=19,
)
same_again = Mistake(
    code="TR184",
    title="the same evaluation is repeated, though nothing has changed",
    symptom="As many equal lines as epochs.",
    explanation="An evaluation moves no weight, so a loop over epochs around it computes one number many times.",
    fix="Evaluate once, or move the evaluation into the loop that trains.",
    wrong="for epoch in range(10):\n    test(model, test_loader)",
    right="test(model, test_loader)",
    seen=2,
)
not_a_number = Mistake(
    code="TR187",
    title="the loss became NaN or infinite",
    symptom="loss: nan, and from then on nothing is learnt.",
    explanation="One NaN spreads through every sum it takes part in; after a single step all weights are NaN. The "
    "operation named here is the first whose inputs were finite and whose result was not.",
    fix="Cure the first operation: log of 0, division by 0 (a standard deviation of 0), exp of a large number, or a "
    "learning rate so high that the weights run away.",
    wrong="x = (x - x.mean(0)) / x.std(0)  # a pixel that is always 0",
    right="x = (x - x.mean()) / x.std()",
)


@goes_on.observed()
def _goes_on(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        numbers = {parameter.number for parameter in model.parameters}
        owners = [each for each in run.optimizers if each.steps and numbers and numbers <= set(each.parameters)]
        for old, new in pairwise(owners):
            if set(old.parameters) != set(new.parameters) or not old.steps[0] < new.at < new.steps[0]:
                continue
            epochs = [_epochs(run, each.number) for each in (old, new)]
            if min(epochs) < 2 or model.digest(new.steps[0]) in {model.digests[0][1], None}:
                continue  # one per epoch is another mistake; reset weights are as good as new
            losses = [_first_loss(run, each.steps[0]) for each in (old, new)]
            first = f"; the first batch's loss is {losses[1]:.3f}, at the first start it was {losses[0]:.3f}" if all(
                loss is not None for loss in losses
            ) else ""  # fmt: skip
            yield Evidence(
                f"{new.class_name} begins with the weights of {model.name or model.class_name} after "
                f"{epochs[0]} epochs with {old.class_name}{first}. Is it meant as a new experiment?",
                new.place,
                severity="remark",
                fix=f"{model.name or 'model'} = {model.class_name}(...)  # before the new optimizer",
            )


def _epochs(run: "Recording", optimizer: int) -> int:
    return sum(any(step.optimizer == optimizer for b in each.batches for step in b.steps) for each in run.training)


def _first_loss(run: "Recording", at: int) -> float | None:
    return next((b.loss for b in run.batches if b.steps and b.steps[0].at <= at <= b.steps[-1].at), None)


def in_epochs(run: "Recording", place: "Place | None") -> ast.For | None:
    """Return the loop around a line whose variable is called after epochs, in the same function; None without one."""
    if place is None:
        return None
    tree = run.program.trees.get(place.file)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.For) and node.lineno < place.line <= (node.end_lineno or 0):
            names = ast.unparse(node.target).lower()
            if "epoch" in names or names in {"e", "ep", "ep_"} or "epoch" in ast.unparse(node.iter).lower():
                return node
    return None


@weights_anew.observed(whole_epochs=True)
def _weights_anew(run: "Recording") -> Iterator[Evidence]:
    by_line: dict[object, list[Model]] = {}
    for model in run.models:
        by_line.setdefault(model.place, []).append(model)
    for models in by_line.values():
        if len(models) < 3:
            continue
        passes = [[each for each in run.training if model.number in each.models] for model in models]
        if any(len(each) != 1 for each in passes):
            continue
        loops = {id(in_epochs(run, each[0].place)) for each in passes if in_epochs(run, each[0].place)}
        if len(loops) != 1:
            continue  # folds, seeds, settings: each model is one of its own
        losses = [loss for each in passes if (loss := next(iter(each[0].losses), None)) is not None]
        first = f": their first losses are {', '.join(f'{loss:.2f}' for loss in losses[:4])}" if losses else ""
        yield Evidence(
            f"{len(models)} models were made in as many epochs, and each was trained for one{first}",
            models[0].place,
            fix=f"{models[0].name or 'model'} = {models[0].class_name}(...)  # once, before the epochs",
        )


@stops_early.observed(whole_epochs=True)
def _stops_early(run: "Recording") -> Iterator[Evidence]:
    complete = {each.loader for each in run.passes if each.complete}
    seen = set()
    for done in run.passes:
        length = None if done.loader is None else run.loaders[done.loader].length
        if length is None or length < 2 or done.complete or not any(done.forwards) or done.place in seen:
            continue
        leaves = _leaves(run, done)
        if leaves is None or (done.loader in complete and done.training) or len(done.batches) != 1:
            continue
        if not done.training and not _shown_after(run, done):
            continue
        seen.add(done.place)
        word = "return" if isinstance(leaves, ast.Return) else "break"
        assert done.place is not None
        yield Evidence(
            f"{word} ends the loop over {done.loader_name or 'the loader'} in its first turn: 1 of {length} batches is "
            "used",
            done.place._replace(line=leaves.lineno),
        )


def _leaves(run: "Recording", done: "Pass") -> ast.stmt | None:
    """Return the break or return that ends a pass's loop in its first turn, whatever happens; None without one."""
    loop = run.program.statement(done.place) if done.place else None
    body = loop.body if isinstance(loop, ast.For) else []
    while body:
        if isinstance(body[-1], ast.Break | ast.Return):
            return body[-1]
        body = body[-1].body if isinstance(body[-1], ast.With) else []
    return None


def _shown_after(run: "Recording", done: "Pass") -> bool:
    """Whether a true result of a pass is reported."""
    return result_shown(run, done) is not None


@fixed_batch_size.observed(whole_epochs=True)
def _part_is_scored(run: "Recording") -> Iterator[Evidence]:
    complete = {each.loader for each in run.passes if each.complete}
    seen = set()
    for done in run.evaluations:
        length = None if done.loader is None else run.loaders[done.loader].length
        if length is None or done.complete or done.loader in complete or done.place in seen or _leaves(run, done):
            continue
        if len(done.batches) < 2 or len(done.batches) >= length or not _shown_after(run, done):
            continue
        seen.add(done.place)
        dataset = run.dataset_of(done)
        of = f" of {dataset.length:,}" if dataset and dataset.length else ""
        yield Evidence(
            f"{len(done.batches)} of {length} batches were scored: {done.total:,}{of} records",
            done.place,
            severity="warning" if _literal_range(run, done.place) else "remark",
        )


def _literal_range(run: "Recording", place: "Place | None") -> bool:
    """Whether a line is in a loop over range(a number)."""
    if place is None:
        return False
    tree = run.program.trees.get(place.file)
    return any(
        isinstance(node, ast.For)
        and node.lineno <= place.line <= (node.end_lineno or 0)
        and isinstance(node.iter, ast.Call)
        and ast.unparse(node.iter.func) == "range"
        and all(isinstance(argument, ast.Constant) for argument in node.iter.args)
        for node in (ast.walk(tree) if tree else ())
    )


@same_again.observed(whole_epochs=True)
def _same_again(run: "Recording") -> Iterator[Evidence]:
    groups: dict[object, list[Pass]] = {}
    moved = 0
    for done in run.passes:
        moved += done.training
        if done.training or not done.complete or done.loader is None:
            continue
        states = tuple(run.models[number].digest(done.end) for number in done.models)
        calls = list(done.forwards)
        if states and None not in states and not any(any(call.modes.values()) for call in calls):
            key = moved, done.place, done.loader, done.models[0], states, done.total, done.correct
            groups.setdefault(key, []).append(done)
    for same in groups.values():
        if len(same) < 3 or not run.training or not _shown_after(run, same[-1]):
            continue
        shown = [number for number in run.numbers if over(same[0], number) and number.decimals != 0]
        truths = Tally(same[0]).truths + Tally(same[0]).percentages
        lines: dict[object, int] = {}
        for number in shown:
            if any(number.shows(truth) for truth in truths):
                lines[number.place, number.label] = lines.get((number.place, number.label), 0) + 1
        if max(lines.values(), default=0) < 3:
            continue
        accuracy = same[0].accuracy
        result = f": {accuracy:.2%} each time" if accuracy is not None else ""
        yield Evidence(
            f"{same[0].loader_name or 'the same data'} was evaluated {len(same)} times with the same weights{result}",
            same[0].place,
            severity="warning",
        )


@not_a_number.observed()
def _not_a_number(run: "Recording") -> Iterator[Evidence]:
    met = run.nonfinite
    if met is None:
        return
    if met.op is not None:
        where = f" in {met.op.module}" if met.op.module else ""
        cause = f"the first to give one is {met.op.name}{where}, out of finite numbers"
    elif not met.weights_finite:
        cause = f"the weights held one already (the largest finite step before: {met.largest_weight:.3g})"
        cause = "the weights were no longer finite when it was met: they had run away"
    else:
        cause = "the inputs held one, or the loss's own operations gave it"
    batch = next((b for b in reversed(list(run.batches)) if b.at <= met.at), None)
    inputs = batch.forwards[-1].input if batch and batch.forwards else None
    if inputs is not None and not inputs.finite:
        cause = "the inputs of the model already hold one"
    yield Evidence(f"{met.what}: {cause}", met.op.place if met.op and met.op.place else met.place)
