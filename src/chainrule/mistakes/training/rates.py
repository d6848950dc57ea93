"""Optimizers and schedulers: which weights they hold, how large their steps are, when the rate changes."""

import ast
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from chainrule.mistakes.catalogue.training_loop import new_optimizer, scheduler_per_batch
from chainrule.mistakes.catalogue.training_loss import another_models, part_of_parameters, strong_decay, unsuitable_rate
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Batch, Optimizer, Recording, Step

COUNT_EPOCHS = {"StepLR", "MultiStepLR", "ExponentialLR", "ReduceLROnPlateau"}
COUPLED = {"SGD", "Adam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "ASGD", "NAdam", "RAdam"}


def _steps(run: "Recording", optimizer: "Optimizer") -> "list[tuple[Batch, Step]]":
    return [(batch, step) for batch in run.batches for step in batch.steps if step.optimizer == optimizer.number]


@another_models.observed()
def _another_models(run: "Recording") -> Iterator[Evidence]:
    for optimizer in run.optimizers:
        taken = _steps(run, optimizer)
        trained = {f.model for batch, _ in taken for f in batch.forwards if f.trained and batch.backwards}
        wanted = {p.number for number in trained for p in run.models[number].parameters if p.requires_grad}
        looked = [step for _, step in taken if step.sampled]
        if not wanted or not looked or wanted & set(optimizer.parameters):
            continue
        if all(not step.norm for step in looked):
            model = run.models[max(trained)]
            yield Evidence(
                f"none of the {len(optimizer.parameters)} tensors in {optimizer.name or optimizer.class_name} belongs "
                f"to the network that was trained, {model.name or model.class_name}; none of them got a gradient",
                optimizer.place,
            )


@part_of_parameters.observed()
def _part_of_parameters(run: "Recording") -> Iterator[Evidence]:
    held = {number for optimizer in run.optimizers for number in optimizer.parameters}
    for model in run.models:
        numbers = {p.number for p in model.parameters}
        batches = [b for b in run.batches if b.steps and any(f.model == model.number for f in b.forwards)]
        optimizers = {s.optimizer for b in batches for s in b.steps}
        own = [run.optimizers[number] for number in optimizers if numbers & set(run.optimizers[number].parameters)]
        backward = next((each for b in batches for each in b.backwards if each.sampled), None)
        if not own or backward is None:
            continue
        left = [
            p for p in model.parameters if p.requires_grad and p.number not in held and p.number not in backward.missing
        ]
        if left:
            names = ", ".join(p.name for p in left[:4]) + (", …" if len(left) > 4 else "")
            yield Evidence(
                f"{len(left)} of the {len(numbers)} tensors of weights are in no optimizer and stay at their "
                f"first, random values: {names}",
                own[0].place,
                "error" if all(p.fresh for p in left) else "remark",
            )


@new_optimizer.observed()
@once
def _new_optimizer(run: "Recording") -> Iterator[Evidence]:
    for optimizer in run.optimizers:
        place = optimizer.place
        alike = [o for o in run.optimizers if o.place == place and o.parameters == optimizer.parameters and o.steps]
        if len(alike) > 2 and place is not None and _in_loop(run, place):
            steps = sum(len(each.steps) for each in alike) / len(alike)
            keeps = optimizer.class_name != "SGD" or any(group.get("momentum") for group in optimizer.groups)
            rest = "its averages or momentum start at 0 each time" if keeps else "plain SGD keeps nothing, so no harm"
            yield Evidence(
                f"{len(alike)} {optimizer.class_name} objects were made in this line for the same weights, for "
                f"{steps:.0f} steps each; {rest}",
                place,
                "error" if keeps else "remark",
            )


def _in_loop(run: "Recording", place: Place) -> bool:
    """Whether a line stands in a loop of its own function."""
    tree = run.program.trees.get(place.file)
    inner: tuple[int, bool] = (0, False)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.For | ast.While | ast.FunctionDef) and node.lineno < place.line <= (
            node.end_lineno or 0
        ):
            inner = max(inner, (node.lineno, not isinstance(node, ast.FunctionDef)))
    return inner[1]


@unsuitable_rate.observed()
def _unsuitable_rate(run: "Recording") -> Iterator[Evidence]:
    for optimizer in run.optimizers:
        taken = _steps(run, optimizer)
        ratios = [[r for r in step.ratios.values() if math.isfinite(r)] for _, step in taken if step.sampled]
        medians = [float(np.median(each)) for each in ratios if each]
        losses = [b.loss for b, _ in taken if b.loss is not None]
        if len(medians) < 4 or len(losses) < 20 or not any(medians) or run.nonfinite is not None:
            continue
        tenth = len(losses) // 10
        first, last = float(np.mean(losses[:tenth])), float(np.mean(losses[-tenth:]))
        fell = last < 0.95 * first
        rate = optimizer.groups[0].get("lr", 0.0)
        if any(len(made) > 1 for model in run.models for made in model.made_in_forward.values()):
            continue  # new weights in each call: no rate could suit them
        own = [p for model in run.models for p in model.parameters if p.number in optimizer.parameters]
        text = f"with a learning rate of {rate:g} a step changes the weights by {np.median(medians):.1e} of their size"
        if max(medians) < 1e-4 and not fell and own and all(p.fresh for p in own):
            sure = rate < 1e-4
            yield Evidence(
                f"{text} (about 1e-3 is usual); in {len(losses)} steps the loss went from {first:.3f} to {last:.3f}",
                optimizer.place,
                "warning" if sure else "remark",
            )
        elif np.median(medians) > 0.1 and not fell:
            yield Evidence(
                f"{text} (about 1e-3 is usual); in {len(losses)} steps the loss went from {first:.3f} to {last:.3f}",
                optimizer.place,
                "warning",
            )
        elif medians[0] > 0.5 and max(losses) > 10 * losses[0] > 0:
            yield Evidence(
                f"the first step changed the weights by {medians[0]:.1f} times their size, with a learning rate of "
                f"{rate:g}; the loss jumped from {losses[0]:.3f} to {max(losses):.3f}",
                optimizer.place,
                "warning",
            )


@strong_decay.observed()
def _strong_decay(run: "Recording") -> Iterator[Evidence]:
    for optimizer in run.optimizers:
        decay = max((group.get("weight_decay", 0.0) for group in optimizer.groups), default=0.0)
        rate = optimizer.groups[0].get("lr", 0.0) if optimizer.groups else 0.0
        taken = _steps(run, optimizer)
        losses = [b.loss for b, _ in taken if b.loss is not None]
        coupled = optimizer.class_name in COUPLED
        if not taken or not (decay >= 0.1 if coupled else decay * rate >= 0.05):
            continue
        tenth = max(1, len(losses) // 10)
        first, last = (float(np.mean(part)) if part else 0.0 for part in (losses[:tenth], losses[-tenth:]))
        stuck = len(losses) >= 20 and last > 0.8 * first
        yield Evidence(
            f"weight_decay={decay:g}" + (f"; the loss went from {first:.3f} to {last:.3f} only" if stuck else ""),
            optimizer.place,
            "warning" if stuck else "remark",
        )


@scheduler_per_batch.observed()
@once
def _scheduler(run: "Recording") -> Iterator[Evidence]:
    backwards = [each.at for batch in run.batches for each in batch.backwards]
    for scheduler in run.schedulers:
        if not scheduler.steps or not backwards or scheduler.optimizer is None:
            continue
        optimizer = run.optimizers[scheduler.optimizer]
        at, place, _ = scheduler.steps[0]
        name = scheduler.class_name
        own = [step for _, step in _steps(run, optimizer)]
        start = own[0].lr[0] if own and own[0].lr else 0.0
        if at < min(backwards) and not scheduler.given:
            yield Evidence(
                f"the first {name} step came before the first optimizer step, so the first rate is skipped", place
            )
        if name in COUNT_EPOCHS - {"ReduceLROnPlateau"} and any(each != round(each) for each in scheduler.given):
            yield Evidence(
                f"{name}.step was given {scheduler.given[0]:.4f}: it takes that for the epoch's number, so the rate "
                f"is {scheduler.steps[-1][2]:g} after {len(scheduler.steps)} steps",
                place,
            )
        per_batch = len(own) > 4 and len(scheduler.steps) > 0.8 * len(own)
        first_pass = next((t for t in run.training if any(s in own for b in t.batches for s in b.steps)), None)
        if (
            name in COUNT_EPOCHS
            and per_batch
            and first_pass is not None
            and (first_pass.complete or first_pass.loader is None)
        ):
            inside = [rate for when, _, rate in scheduler.steps if first_pass.at < when <= first_pass.end]
            if len(inside) > 4 and start and inside[-1] < 0.1 * start:
                yield Evidence(
                    f"{name} was stepped after each batch: within the first epoch the rate went from {start:g} to "
                    f"{inside[-1]:.2g}",
                    place,
                )
        total = scheduler.settings.get("total_steps", 0.0)
        if name == "OneCycleLR" and 0 < 5 * len(scheduler.steps) < min(total, len(own)):
            yield Evidence(
                f"OneCycleLR counts batches: it was made for {total:.0f} steps and got {len(scheduler.steps)}, while "
                f"the optimizer took {len(own)}; the rate never left its warm-up, {scheduler.steps[-1][2]:.2g}",
                place,
            )
