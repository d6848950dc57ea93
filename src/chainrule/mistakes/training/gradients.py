"""The gradient that an optimizer's step takes: whose it is, and when it was cleared."""

from bisect import bisect
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_loop import (
    deleted_before_step,
    gradient_off,
    no_zero_grad,
    once_per_epoch,
    order_of_steps,
)
from chainrule.mistakes.evidence import Evidence

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Batch, Optimizer, Recording


@no_zero_grad.observed()
def _no_zero_grad(run: "Recording") -> Iterator[Evidence]:
    for optimizer in run.optimizers:
        steps = [step for step in run.steps if step.optimizer == optimizer.number and step.leftover is not None]
        later = steps[1:]  # the first step has nothing before it
        stale = [step for step in later if step.leftover is not None and step.leftover > 1e-3]
        cleared = any(steps[0].at < at < steps[-1].at for at, _ in optimizer.zero_grads) if steps else False
        if len(later) < 2 or len(stale) < len(later) or cleared:
            continue  # cleared now and then: that is another mistake, or accumulation
        last = stale[-1]
        name = optimizer.name or "optimizer"
        yield Evidence(
            f"at none of the {len(later) + 1} steps looked at had the gradients been cleared since the step before; "
            f"in the last one, what earlier batches left is {last.leftover:.1f} times as large as this batch's own",
            last.place,
            fix=f"{name}.zero_grad()  # before backward",
        )


@deleted_before_step.observed()
def _deleted_before_step(run: "Recording") -> Iterator[Evidence]:
    backwards = sorted(backward.at for batch in run.batches for backward in batch.backwards)
    calls = sorted(forward.at for batch in run.batches for forward in batch.forwards)
    for optimizer in run.optimizers:
        steps = [step for step in run.steps if step.optimizer == optimizer.number and step.backwards]
        cleared, deleted = [at for at, _ in optimizer.zero_grads], []
        for step in steps:
            last = backwards[bisect(backwards, step.at) - 1]
            called = bisect(calls, last) < bisect(calls, step.at)  # then backward belongs to an earlier batch
            if not called and not step.norm and bisect(cleared, last) < bisect(cleared, step.at):
                deleted.append(step)
        if not deleted or len(deleted) < len(steps) or not any(step.sampled for step in deleted):
            continue
        step = deleted[-1]
        where = next(place for at, place in reversed(optimizer.zero_grads) if at < step.at)
        yield Evidence(
            f"at all {len(steps):,} steps, zero_grad had deleted the gradient that backward had just computed: its "
            "norm was 0, and no weight moved",
            where,
            fix=f"{optimizer.name or 'optimizer'}.zero_grad()  # before backward",
        )


@order_of_steps.observed()
def _order_of_steps(run: "Recording") -> Iterator[Evidence]:
    if run.failure:
        return
    for optimizer in run.optimizers:
        if optimizer.class_name == "LBFGS" or _frozen(run, optimizer):
            continue  # its closure calls backward within the step
        batches = [batch for batch in run.batches if any(step.optimizer == optimizer.number for step in batch.steps)]
        steps = [step for batch in batches for step in batch.steps if step.optimizer == optimizer.number]
        if not steps:
            yield from _never_stepped(run, optimizer)
        elif not any(step.backwards for step in steps) and all(not step.norm for step in steps):
            if all(forward.grad_enabled for batch in batches for forward in batch.forwards):
                yield Evidence(
                    f"{len(steps):,} steps, and no backward pass before any of them: there was no gradient, and no "
                    "weight moved",
                    steps[0].place,
                )
        elif len(batches) > 1 and all(_too_early(batch, optimizer.number) for batch in batches):
            moved = "no gradient was there" if not any(step.norm for step in steps) else "it took the batch's before"
            yield Evidence(
                f"in all {len(batches):,} batches step came before backward: {moved}",
                steps[0].place,
                fix=f"{optimizer.name or 'optimizer'}.step()  # after backward",
            )


def _too_early(batch: "Batch", optimizer: int) -> bool:
    """Whether the one step in a batch came after the model's call and before the batch's only backward pass."""
    if len(batch.steps) != 1 or len(batch.backwards) != 1 or not batch.forwards:
        return False
    return batch.steps[0].optimizer == optimizer and batch.forwards[-1].at < batch.steps[0].at < batch.backwards[0].at


def _frozen(run: "Recording", optimizer: "Optimizer") -> bool:
    """Whether none of an optimizer's parameters wanted a gradient at its model's first call."""
    held = [p for model in run.models for p in model.parameters if p.number in optimizer.parameters]
    return bool(held) and not any(p.requires_grad for p in held)


def _never_stepped(run: "Recording", optimizer: "Optimizer") -> Iterator[Evidence]:
    held = set(optimizer.parameters)
    for model in run.models:
        if not held.intersection(parameter.number for parameter in model.parameters):
            continue
        numbers = {parameter.number for parameter in model.parameters}
        others = any(step for step in run.steps if numbers.intersection(run.optimizers[step.optimizer].parameters))
        backwards = [
            backward
            for batch in run.batches
            if any(forward.model == model.number for forward in batch.forwards)
            for backward in batch.backwards
        ]
        if len(backwards) > 1 and not others and len({digest for _, digest in model.digests}) == 1:
            yield Evidence(
                f"{len(backwards):,} backward passes, and not one {optimizer.name or 'optimizer'}.step(): the weights "
                "at the end are those of the start",
                backwards[0].place,
                fix=f"{optimizer.name or 'optimizer'}.step()  # after backward",
            )
            return


@once_per_epoch.observed(whole_epochs=True)
def _once_per_epoch(run: "Recording") -> Iterator[Evidence]:
    for optimizer in run.optimizers:
        passes = [
            each
            for each in run.training
            if len(each.batches) > 2
            and any(step.optimizer == optimizer.number for b in each.batches for step in b.steps)
        ]
        if len(passes) < 2:
            continue
        cleared = [sum(each.at < at < each.end for at, _ in optimizer.zero_grads) for each in passes]
        steps = [sum(step.optimizer == optimizer.number for b in each.batches for step in b.steps) for each in passes]
        backwards = [sum(len(batch.backwards) for batch in each.batches) for each in passes]
        batches = len(passes[0].batches)
        name = optimizer.name or "optimizer"
        if max(cleared) <= 1 and optimizer.zero_grads and min(steps) > 2:
            stale = [step.leftover for step in run.steps if step.optimizer == optimizer.number and step.leftover]
            if stale and max(stale) > 1e-3:
                yield Evidence(
                    f"zero_grad was called {len(optimizer.zero_grads)} times in {len(passes)} epochs of {batches} "
                    f"batches; what earlier batches left was up to {max(stale):.1f} times as large as a batch's own "
                    "gradient",
                    optimizer.zero_grads[0][1],
                    fix=f"{name}.zero_grad()  # inside the loop over the batches",
                )
        elif max(steps) == 1 and min(backwards) > 2 and min(cleared) >= min(backwards) - 1:
            last = next(step for step in reversed(run.steps) if step.optimizer == optimizer.number)
            yield Evidence(
                f"one step in each epoch of {batches} batches, and zero_grad at each batch: of {backwards[0]} "
                f"gradients, {backwards[0] - 1} were deleted unused",
                last.place,
                fix=f"{name}.step()  # inside the loop over the batches",
            )


@gradient_off.observed()
def _gradient_off(run: "Recording") -> Iterator[Evidence]:
    if run.failure and "does not require grad" in run.failure:
        last = next((batch.forwards[-1] for batch in reversed(list(run.batches)) if batch.forwards), None)
        if last is not None and not last.grad_enabled:
            yield Evidence(
                "the model was called with the gradient switched off, and backward stopped with: " + run.failure,
                last.place,
            )
    for optimizer in run.optimizers:
        batches = [batch for batch in run.batches if any(step.optimizer == optimizer.number for step in batch.steps)]
        steps = [step for batch in batches for step in batch.steps if step.optimizer == optimizer.number]
        if not steps or any(step.backwards or step.norm for step in steps):
            continue
        if _frozen(run, optimizer):
            yield Evidence(
                f"none of the {len(optimizer.parameters)} parameters of {optimizer.name or 'the optimizer'} wants a "
                f"gradient (requires_grad is False): {len(steps):,} steps moved nothing",
                steps[0].place,
                fix="model.requires_grad_(True)",
            )
        elif not any(forward.grad_enabled for batch in batches for forward in batch.forwards):
            yield Evidence(
                f"{len(steps):,} steps, and the gradient was switched off at each call of the model",
                batches[0].forwards[0].place if batches[0].forwards else steps[0].place,
            )
