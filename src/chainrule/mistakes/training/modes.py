"""What a pass is for: train() and eval(), no_grad, and whether it may move the weights."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_modes import eval_stays, no_eval, no_no_grad, trains_in_test
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.training.reported import ACCURACY, LOSS, last_event, over, result_shown

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Forward, Model, Number, Pass, Recording

HELD_OUT = re.compile(r"(?:^|_)(?:test|val|valid|validation|dev|eval)(?:_|$|loader|dl|set|ds|iter|data)", re.IGNORECASE)


def _named(run: "Recording", done: "Pass") -> str:
    """Return a name of a pass's loader or dataset that says it is held out; empty where none does."""
    if done.loader is None:
        return ""
    loader = run.loaders[done.loader]
    names = [*done.names, loader.name, run.datasets[loader.dataset].name]
    return next((name for name in names if HELD_OUT.search(name)), "")


def _optimizers(done: "Pass") -> set[int]:
    return {step.optimizer for batch in done.batches for step in batch.steps}


def _training_on_held_out(run: "Recording") -> "list[tuple[Pass, str, list[Pass]]]":
    """Return the passes that moved the weights over held-out data, the data's name, and the passes that may."""
    stepped = [each for each in run.training if _optimizers(each) and each.loader is not None]
    found = []
    for done in stepped:
        others = [
            each
            for each in stepped
            if each.loader != done.loader and _optimizers(each) & _optimizers(done) and not _named(run, each)
        ]
        name = _named(run, done)
        if others and name and not any(each.loader == done.loader for each in run.evaluations):
            found.append((done, name, others))
    return found


@trains_in_test.observed()
def _trains_in_test(run: "Recording") -> Iterator[Evidence]:
    seen: set[str] = set()
    for done, name, others in _training_on_held_out(run):
        if name in seen:
            continue
        seen.add(name)
        steps = [step for batch in done.batches for step in batch.steps]
        also = others[0].names[-1] if others[0].names else others[0].loader_name
        yield Evidence(
            f"the pass over {name} took {len(steps):,} optimizer steps, with the optimizer that trains on "
            f"{also or 'the training data'}",
            steps[0].place,
        )


@eval_stays.observed()
def _eval_stays(run: "Recording") -> Iterator[Evidence]:
    held_out = {done.number for done, _, _ in _training_on_held_out(run)}
    for model in run.models:
        numbers = {parameter.number for parameter in model.parameters}
        passes = [  # where a part is frozen, its layers may be in evaluation mode on purpose
            each
            for each in run.training
            if each.number not in held_out
            and any(numbers <= set(run.optimizers[optimizer].parameters) for optimizer in _optimizers(each))
        ]
        if not all(parameter.requires_grad for parameter in model.parameters):
            continue
        switched = [
            each
            for each in passes
            if (calls := _trained(each, model.number))
            and not any(call.training or any(call.modes.values()) for call in calls)
        ]
        calls = [call for each in switched for call in _trained(each, model.number)]
        if not calls or not calls[0].modes or (model.probe and model.probe.modes_differ is False):
            continue
        layers = _named_layers(model, list(calls[0].modes))
        first = passes.index(switched[0]) + 1
        since = f"from training pass {first} on" if len(switched) == len(passes) - first + 1 else "now and then"
        name = model.name or "model"
        yield Evidence(
            f"{since}, {len(switched)} of {len(passes)} training passes ran in evaluation mode, with {layers} "
            "switched off",
            switched[0].place,
            fix=f"{name}.train()  # at the start of each epoch",
        )


def _named_layers(model: "Model", paths: list[str]) -> str:
    """Return up to three layers with their classes: ``drop (Dropout)``; in a Sequential the name is a number."""
    classes = {part.name: part.class_name for part in model.parts}
    return ", ".join(f"{path} ({classes[path]})" if classes.get(path) else path for path in paths[:3])


def _trained(done: "Pass", model: int) -> "list[Forward]":
    return [
        call for batch in done.batches if batch.steps for call in batch.forwards if call.trained and call.model == model
    ]


@no_no_grad.observed()
def _no_no_grad(run: "Recording") -> Iterator[Evidence]:
    if not run.training:
        return
    trainable = {model.number for model in run.models if any(p.requires_grad for p in model.parameters)}
    places = set()
    for done in run.evaluations:
        calls = [call for call in done.forwards if call.model in trainable]
        if not calls or not all(call.grad_enabled for call in calls) or done.place in places:
            continue
        if not any(batch.losses or batch.correct is not None for batch in done.batches):
            continue  # nothing is measured
        places.add(done.place)
        yield Evidence(
            f"{len(calls):,} calls over {done.loader_name or 'this data'} recorded a graph that no backward went "
            "through",
            done.place,
            severity="remark",
        )


@no_eval.observed()
def _no_eval(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        if model.probe is None or model.probe.modes_differ is False or model.probe.problem:
            continue
        trained = next((each.at for each in run.training if _trained(each, model.number)), None)
        places = set()
        for done in run.evaluations if trained is not None else []:
            calls = [call for call in done.forwards if call.model == model.number]
            on = [call for call in calls if call.training and any(call.modes.values())]
            if not on or len(on) < len(calls) or done.at < (trained or 0) or done.place in places:
                continue
            exact = result_shown(run, done)
            reported = exact or _shown_after(run, done)
            if reported is None:
                continue
            places.add(done.place)
            layers = _named_layers(model, [name for name, mode in on[0].modes.items() if mode])
            shown = f"{reported.how} {reported.value:.6g}{'%' if reported.percent else ''}"
            yield Evidence(
                f"{shown} ({reported.label.strip(' .,;:|')}); it was measured with the model in training mode, "
                f"with {layers} at work",
                done.place,
                severity="error" if exact else "warning",
                fix=f"{model.name or 'model'}.eval()  # before the loop",
            )


def _shown_after(run: "Recording", done: "Pass") -> "Number | None":
    """Return a number after a pass and before the next that is called a result on held-out data; None without one.

    Its value is not what it should be, but it is made of this pass.
    """
    if not any(batch.losses or batch.correct is not None for batch in done.batches):
        return None
    following = next((each.at for each in run.passes[done.number + 1 :] if each.at > last_event(done)), float("inf"))
    for number in run.shown():
        named = LOSS.search(number.label) or ACCURACY.search(number.label)
        held_out = _named(run, done) or HELD_OUT.search(re.sub(r"\W+", "_", number.label))
        if not over(done, number) or number.at >= following or number.decimals == 0:
            continue
        if named and held_out and not re.search("train", number.label, re.IGNORECASE):
            return number
    return None
