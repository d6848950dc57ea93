"""Looking at gradients and weights around backward passes and optimizer steps; costly looks are sampled."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from chainrule.diagnosis.penalties import Penalties
from chainrule.diagnosis.recording import Batch
from chainrule.diagnosis.records import Backward, Step
from chainrule.diagnosis.tensors import mean_of
from chainrule.diagnosis.watcher import Watcher

HEAVY = 20_000_000  # models with more weights than this are looked at in part
FIRST, EVERY = 4, 50  # the first steps of an optimizer are looked at, and then every fiftieth
OVERDUE = 64  # so many backward passes without a step: the optimizer may never step again


class Gradients:
    """Watches what backward adds, and what a step takes.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.in_backward = 0
        self.met_nonfinite: Callable[[Batch, Backward], None] = lambda batch, backward: None
        self.penalties = Penalties(watcher)
        self.parameters: dict[int, dict[str, Tensor]] = {}  # of each model by name
        self._counts: dict[int, int] = {}  # steps of each optimizer
        self.backwards = 0  # so far
        self.since: dict[int, int] = {}  # of those, how many before an optimizer was made, or its last step
        self._window: dict[int, list[tuple[float, float]]] = {}  # parameter: (before, added) of each backward
        self._weights: list[tuple[str, Tensor, Tensor]] = []

    @property
    def sampling(self) -> bool:
        """Whether an optimizer's next step is one that is looked at, and not long overdue."""
        if not self.since:
            return self.backwards < OVERDUE
        return any(
            self.backwards - since < OVERDUE and self._looked_at(self._counts.get(number, 0))
            for number, since in self.since.items()
        )

    @staticmethod
    def _looked_at(count: int) -> bool:
        return count < FIRST or count % EVERY == 0

    # ---- backward

    def backward(self, func: Any, args: Any, kwargs: Any) -> Any:
        """Run a backward pass, and look at the gradients before and after it."""
        before: dict[str, Tensor | None] = {}
        entry: list[Backward] = []
        self.watcher.guard(self._before, args[0], before, entry)
        if entry and entry[0].sampled:
            self.watcher.guard(self._before_penalty, entry[0])
        self.in_backward += 1
        try:
            result = func(*args, **kwargs)
        finally:
            self.in_backward -= 1
        if entry and entry[0].sampled:
            self.watcher.guard(self._after, entry[0], before)
        return result

    def _before(self, loss: Tensor, before: dict[str, Tensor | None], entry: list[Backward]) -> None:
        watcher, batch = self.watcher, self.watcher.open_batch()
        value = mean_of(loss)
        backward = Backward(watcher.tick(), watcher.place(), value, sampled=self.sampling)
        entry.append(backward)
        batch.backwards.append(backward)
        if value - value != 0 and watcher.recording.nonfinite is None:
            self.met_nonfinite(batch, backward)
        for forward in batch.forwards:
            forward.trained = forward.trained or forward.grad_enabled
        self.backwards += 1
        if backward.sampled:
            before.update(
                {name: None if p.grad is None else p.grad.detach().clone() for name, p in self._concerned().items()}
            )

    def _before_penalty(self, backward: Backward) -> None:
        self.penalties.before(backward, self._concerned())

    def _concerned(self) -> dict[str, Tensor]:
        """Return the parameters of the models in the open batch, by model number and name."""
        batch = self.watcher.open_batch()
        found: dict[str, Tensor] = {}
        size = 0
        for number in dict.fromkeys(forward.model for forward in batch.forwards):
            for name, parameter in self.parameters.get(number, {}).items():
                size += parameter.numel()
                if size < HEAVY:
                    found[f"{number}:{name}"] = parameter
        return found

    def _after(self, backward: Backward, before: dict[str, Tensor | None]) -> None:
        concerned = self._concerned()
        added, left, missing = 0.0, 0.0, []
        for name, p in concerned.items():
            old = before.get(name)
            gradient = p.grad
            if gradient is None or gradient.is_sparse:
                if p.requires_grad and gradient is None:
                    missing.append(self.watcher.number("parameter", p) or 0)
                continue
            gradient = gradient.detach()
            norm_before = 0.0 if old is None else float(torch.linalg.vector_norm(old))
            fresh = gradient if old is None or norm_before == 0 else gradient - old
            norm = float(torch.linalg.vector_norm(fresh))
            added, left = added + norm**2, left + norm_before**2
            self._window.setdefault(self.watcher.number("parameter", p) or 0, []).append((norm_before, norm))
        backward.cleared = left == 0
        backward.norm, backward.before, backward.missing = added**0.5, left**0.5, tuple(missing)
        self.penalties.after(backward, before, concerned)

    # ---- steps

    def before_step(self, optimizer: Any, number: int, lr: tuple[float, ...]) -> Step:
        """Note a step that is about to be taken."""
        count = self._counts.get(number, 0)
        watcher, batch = self.watcher, self.watcher.open_batch()
        fresh = self.backwards - self.since.get(number, 0)
        step = Step(watcher.tick(), watcher.place(), number, fresh, lr)
        batch.steps.append(step)
        if self._looked_at(count):
            step.sampled = True
            self._look(step, optimizer)
        elif self._window:  # kept for another optimizer's sake
            for group in optimizer.param_groups:
                for p in group["params"]:
                    self._window.pop(watcher.number("parameter", p) or 0, None)
        self._counts[number], self.since[number] = count + 1, self.backwards
        return step

    def _look(self, step: Step, optimizer: Any) -> None:
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        without, total, stale, fresh, seen, size = [], 0.0, 0.0, 0.0, False, 0
        self._weights = []
        for p in parameters:
            number = self.watcher.number("parameter", p)
            name = self.name_of(number)
            norm = 0.0 if p.grad is None or p.grad.is_sparse else float(torch.linalg.vector_norm(p.grad.detach()))
            if norm == 0 and not (p.grad is not None and p.grad.is_sparse):
                without.append(name)
            total += norm**2
            window = self._window.pop(number, None) if number is not None else None
            if window:
                seen = True
                fresh += sum(added**2 for _, added in window)
                stale += 0.0 if any(before == 0 for before, _ in window) else window[0][0] ** 2
            size += p.numel()
            if size < HEAVY:
                self._weights.append((name, p, p.detach().clone()))
        step.norm, step.without = total**0.5, tuple(without)
        if seen:
            step.leftover = (stale / fresh) ** 0.5 if fresh else 0.0

    def after_step(self, step: Step) -> None:
        """Look at what a step did to the weights."""
        for name, p, old in self._weights:
            change = float(torch.linalg.vector_norm(p.detach() - old))
            size = float(torch.linalg.vector_norm(old))
            step.ratios[name] = change / size if size else (float("inf") if change else 0.0)
        self._weights = []

    def name_of(self, number: int | None) -> str:
        """Return a parameter's name in the model that has it; ``parameter 3`` where none is known to."""
        for model in self.watcher.recording.models:
            for parameter in model.parameters:
                if parameter.number == number:
                    return parameter.name
        return f"parameter {number}"
