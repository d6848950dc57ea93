"""What was added to the loss before backward: its gradient is what remains when the loss's own is taken away."""

import math
from collections import Counter

import torch
from torch import Tensor

from chainrule.diagnosis.records import Backward, Penalty
from chainrule.diagnosis.watcher import Watcher

LOOKS = 4  # for each model; an extra backward pass each


class Penalties:
    """Finds the penalty's gradient in a few sampled backward passes.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.loss: Tensor | None = None  # what the last loss function call returned
        self._own: dict[str, Tensor | None] = {}
        self._looks: Counter[str] = Counter()  # of each model

    def before(self, backward: Backward, parameters: dict[str, Tensor]) -> None:
        """Find the loss's own gradient, if backward starts from something else."""
        loss, self.loss, self._own = self.loss, None, {}
        if loss is None or not loss.requires_grad or loss.ndim or not parameters:
            return
        value = float(loss.detach())
        if not math.isfinite(value) or abs(backward.value - value) <= 1e-6 * max(abs(value), 1e-6):
            return
        wanted = {name: p for name, p in parameters.items() if p.requires_grad}
        if any(p._backward_hooks for p in wanted.values()) or not wanted:
            return  # the program's own hooks would be called once too often
        model = next(iter(parameters)).partition(":")[0]
        if self._looks[model] >= LOOKS:
            return
        self._looks[model] += 1
        gradients = torch.autograd.grad(loss, list(wanted.values()), retain_graph=True, allow_unused=True)
        self._own = dict(zip(wanted, gradients, strict=True))
        backward.penalty = Penalty(backward.value - value, 0.0, 0.0, 0.0, 0.0, 0.0)

    def after(self, backward: Backward, before: dict[str, Tensor | None], parameters: dict[str, Tensor]) -> None:
        """Compare what was added with the weights."""
        if backward.penalty is None:
            return
        sums = dict.fromkeys(("gg", "gw", "gs", "gl", "g1", "ww", "ss", "ll", "11"), 0.0)
        reached = []
        for name, own in self._own.items():
            p, old = parameters[name], before.get(name)
            if p.grad is None:
                continue
            total = p.grad.detach() if old is None else p.grad.detach() - old
            rest = (total if own is None else total - own).double().flatten()
            w, loss = p.detach().double().flatten(), torch.zeros_like(rest) if own is None else own.double().flatten()
            size = float(rest @ rest)
            if size <= 1e-12 * float(loss @ loss):  # rounding
                continue
            reached.append(name.partition(":")[2])
            pairs = {"gg": (rest, rest), "gw": (rest, w), "gs": (rest, w.sign()), "gl": (rest, loss)}
            pairs |= {"ww": (w, w), "ss": (w.sign(), w.sign()), "ll": (loss, loss)}
            pairs |= {"g1": (rest, torch.ones_like(rest)), "11": (torch.ones_like(rest), torch.ones_like(rest))}
            for key, (one, other) in pairs.items():
                sums[key] += float(one @ other)
        found = backward.penalty
        found.norm, found.along, found.parameters = math.sqrt(sums["gg"]), sums["gw"], tuple(reached)
        found.cosine_w, found.cosine_sign, found.cosine_loss, found.cosine_one = (
            sums["g" + key] / math.sqrt(sums["gg"] * sums[key * 2]) if sums["gg"] * sums[key * 2] else 0.0
            for key in "wsl1"
        )
        self._own = {}
