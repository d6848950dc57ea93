"""The gradient that an optimizer's step takes: whose it is, and when it was cleared."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording

no_zero_grad = Mistake(
    code="TR174",
    title="zero_grad is missing: each step takes the sum of all gradients so far",
    symptom="The loss falls at first, then wavers or rises; accuracy stays well below what the network can do.",
    explanation="backward adds to the gradients that are there. Without zero_grad a step goes along the sum of this "
    "batch's gradient and all earlier ones, taken at weights that are long gone.",
    fix="Call optimizer.zero_grad() once per step, before loss.backward().",
    wrong="loss.backward()\noptimizer.step()",
    right="optimizer.zero_grad()\nloss.backward()\noptimizer.step()",
)


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
