"""The gradient that an optimizer's step takes: whose it is, and when it was cleared."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_loop import no_zero_grad
from chainrule.mistakes.evidence import Evidence

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording


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
