"""The pre-flight: what can be known of a model, its data, criterion and optimizer in seconds, before the long run."""

import copy
import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from chainrule.diagnosis.probe import untouched
from chainrule.diagnosis.tensors import summarise, tensors_in
from chainrule.mistakes.finding import Finding, Report

STEPS = 200  # on one batch, at most
LEARNT = 0.1  # of the first loss: below this, a batch counts as learnt by heart


@dataclass(frozen=True, repr=False)
class Preflight(Report):
    """The report before a run, with the numbers it rests on.

    Parameters
    ----------
    initial_loss, expected_loss : float or None
        The loss of the untrained model on the first batch, and what ignorance costs: ln C for the cross-entropy over C
        classes.
    losses : list of float
        The losses of a copy that learns this one batch by heart.
    unreached : list of str
        Parameters to which no gradient comes.
    mixed : bool or None
        Whether a record's output depends on the other records of its batch.
    ratios : dict of str to float
        ‖change‖/‖weight‖ of each parameter in the first step.
    """

    initial_loss: float = float("nan")
    expected_loss: float | None = None
    losses: list[float] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    mixed: bool | None = None
    ratios: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """``ready`` or ``not ready``."""
        return "ready" if self.passed else "not ready"

    def __str__(self) -> str:
        return super().__str__()

    __repr__ = __str__


def preflight(model: nn.Module, loader: Any, criterion: Any, optimizer: torch.optim.Optimizer) -> Preflight:
    """Check a model, its data, criterion and optimizer before training. Neither the model nor the optimizer is changed.

    Parameters
    ----------
    model : nn.Module
        The untrained model.
    loader : iterable
        The training loader; its first batch ``(x, y)`` is used.
    criterion : callable
        ``criterion(model(x), y)`` is the loss.
    optimizer : torch.optim.Optimizer
        The optimizer of the model's parameters.

    Returns
    -------
    Preflight
        A report that draws itself; its numbers are attributes.

    Raises
    ------
    ValueError
        If the loader's batches are not pairs of tensors.
    """
    with untouched():
        return _check(model, loader, criterion, optimizer)


def _check(model: nn.Module, loader: Any, criterion: Any, optimizer: torch.optim.Optimizer) -> Preflight:
    generator = getattr(loader, "generator", None)
    order = None if generator is None else generator.get_state()
    batch = list(tensors_in(next(iter(loader))))
    if order is not None:
        loader.generator.set_state(order)
    if len(batch) != 2:
        raise ValueError(
            f"the loader must hand out pairs of tensors (x, y); its first batch holds {len(batch)} tensors"
        )
    device = next(model.parameters()).device
    x, y = batch[0].to(device), batch[1].to(device)
    found: list[Finding] = list(_about_inputs(x))
    twin, step = _twins(model, optimizer)
    mixed = _mixes(copy.deepcopy(model), x)
    with torch.enable_grad():
        losses, unreached, ratios, scores = _learn(twin, step, criterion, x, y)
    expected = _expected(criterion, scores, y)
    found += [
        *_about_losses(losses, expected),
        *_about_gradients(unreached, ratios),
        *_about_mixing(mixed),
    ]
    found.sort(key=lambda each: ("error", "warning", "remark").index(each.severity))
    note = f"first loss {losses[0]:.4g}" + (f"; ignorance costs {expected:.4g}" if expected is not None else "")
    note += f"; one batch of {len(x)}: loss {losses[-1]:.2g} after {len(losses) - 1} steps"
    if ratios:
        low, high = min(ratios.values()), max(ratios.values())
        note += f"; the first step changed the weights by {low:.1e} to {high:.1e} of their size"
    return Preflight(
        "pre-flight",
        found,
        note + ".",
        initial_loss=losses[0],
        expected_loss=expected,
        losses=losses,
        unreached=unreached,
        mixed=mixed,
        ratios=ratios,
    )


def _twins(model: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[nn.Module, torch.optim.Optimizer]:
    """Return copies of model and optimizer that belong together as the originals do."""
    memo: dict[int, Any] = {}
    twin = copy.deepcopy(model, memo)
    step = copy.deepcopy(optimizer, memo)  # with the same memo its parameters are the twin's
    return twin, step


def _learn(
    model: nn.Module, optimizer: torch.optim.Optimizer, criterion: Any, x: Tensor, y: Tensor
) -> tuple[list[float], list[str], dict[str, float], Tensor]:
    """Learn one batch by heart; return losses, parameters not reached, the first step's ratios and scores."""
    model.train()
    losses: list[float] = []
    unreached: list[str] = []
    ratios: dict[str, float] = {}
    first: Tensor | None = None
    for number in range(STEPS + 1):
        scores = model(x)
        loss = criterion(scores, y)
        losses.append(float(loss.detach()))
        first = scores.detach() if first is None else first
        done = not math.isfinite(losses[-1]) or losses[-1] < LEARNT**2 * abs(losses[0])
        if number == STEPS or done or loss.grad_fn is None:
            break
        optimizer.zero_grad()
        loss.backward()
        before = {name: p.detach().clone() for name, p in model.named_parameters()} if number == 0 else {}
        if number == 0:
            unreached = [
                name
                for name, p in model.named_parameters()
                if p.requires_grad and (p.grad is None or not bool(p.grad.any()))
            ]
        optimizer.step()
        for name, old in before.items():
            size = float(old.norm())
            p = model.get_parameter(name)
            if p.requires_grad and size:
                ratios[name] = float((p.detach() - old).norm()) / size
    assert first is not None
    return losses, unreached, ratios, first


def _mixes(model: nn.Module, x: Tensor) -> bool | None:
    """Whether a record's output in eval mode changes with its neighbours."""
    if len(x) < 2:
        return None
    model.eval()
    whole, alone = model(x), model(x[:1])
    if len(whole) != len(x):
        return None
    scale = float(whole.abs().max()) + 1e-6
    return bool((whole[:1] - alone).abs().max() > 1e-3 * scale)


def _expected(criterion: Any, scores: Tensor, y: Tensor) -> float | None:
    """Return what ignorance costs: ln C for the cross-entropy over C classes, ln 2 for a binary one."""
    mean = getattr(criterion, "reduction", "mean") == "mean" and getattr(criterion, "weight", None) is None
    if isinstance(criterion, nn.CrossEntropyLoss | nn.NLLLoss) and mean and scores.ndim > 1:
        return math.log(scores.shape[1])
    if isinstance(criterion, nn.BCELoss | nn.BCEWithLogitsLoss) and mean:
        return math.log(2)
    return None


def _about_inputs(x: Tensor) -> list[Finding]:
    seen = summarise(x)
    if not seen.finite:
        return [Finding("CR201", "the inputs hold NaN or infinity", "error", f"in the first batch, {seen.shape}")]
    if x.is_floating_point() and (abs(seen.mean) > 10 or seen.std > 10):
        text = f"values from {seen.minimum:.3g} to {seen.maximum:.3g}, mean {seen.mean:.3g}, std {seen.std:.3g}"
        fix = "Subtract the training mean and divide by the training standard deviation."
        return [Finding("CR202", "the inputs are not normalised", "warning", text, fix=fix)]
    return []


def _about_losses(losses: list[float], expected: float | None) -> list[Finding]:
    found = []
    if not all(map(math.isfinite, losses)):
        found.append(Finding("CR203", "the loss is not finite", "error", f"after {len(losses) - 1} steps"))
    elif losses[0] < 0:
        why = "A cross-entropy can't be negative: NLLLoss wants log-probabilities (log_softmax)."
        found.append(Finding("CR204", "the first loss is negative", "error", f"{losses[0]:.4g}", why))
    elif expected is not None and losses[0] > expected + 2:
        why = "Something between the inputs and the loss is too large: the inputs, or the initial weights."
        text = f"{losses[0]:.4g}; ignorance costs {expected:.4g}"
        found.append(Finding("CR205", "the first loss is far above that of guessing", "warning", text, why))
    if len(losses) == 1 and math.isfinite(losses[0]):
        found.append(Finding("CR206", "the loss is cut off from the network", "error", "it has no graph behind it"))
    elif all(map(math.isfinite, losses)) and expected is not None and min(losses) > LEARNT * abs(losses[0]):
        why = "A sound network learns one batch by heart. One that can't will not learn a large dataset either."
        text = f"loss {losses[0]:.4g} at first, {min(losses):.4g} at best in {len(losses) - 1} steps on the same batch"
        found.append(Finding("CR207", "one batch could not be learnt by heart", "warning", text, why))
    return found


def _about_gradients(unreached: list[str], ratios: dict[str, float]) -> list[Finding]:
    found = []
    if unreached:
        names = ", ".join(unreached[:6]) + (", …" if len(unreached) > 6 else "")
        text = f"{len(unreached)} tensors got none, or zero only: {names}"
        found.append(Finding("CR208", "gradients do not reach every parameter", "warning", text))
    if ratios and max(ratios.values()) == 0:
        text = "the optimizer's step changed nothing"
        fix = "Create the optimizer from this model's parameters."
        found.append(Finding("CR209", "the step does not move the model's weights", "error", text, fix=fix))
    still = [name for name, ratio in ratios.items() if ratio == 0 and name not in unreached]
    if still and max(ratios.values()) > 0:
        text = f"the optimizer does not hold {', '.join(still[:6])}"
        found.append(Finding("CR210", "part of the model is not trained", "remark", text))
    return found


def _about_mixing(mixed: bool | None) -> list[Finding]:
    if not mixed:
        return []
    why = "Some operation runs over the batch dimension: softmax(dim=0), a flatten or view that merges records."
    text = "the first record alone gets another output than within its batch, in eval mode"
    return [Finding("CR211", "a record's answer depends on the other records of its batch", "error", text, why)]
