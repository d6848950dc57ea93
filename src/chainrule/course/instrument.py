"""What a training loop is looked at with: a small network, its batches, an optimizer, and a watch over all of them.

It imports PyTorch, so exercises import it where they use it. Everything is small, on the CPU and the same each time:
uneven last batches, batches of 1, 3 and 7 records, several parameter groups, a dropout without chance.
"""

from collections.abc import Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, TensorDataset

N_CLASSES = 10
IMAGE = (1, 28, 28)


class EveryOther(nn.Dropout):
    """A dropout that drops every other unit: in training mode it differs from evaluation mode, but is no surprise."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the input; in training mode the even units doubled and the odd ones 0."""
        if not self.training:
            return input
        return input * (2.0 * (torch.arange(input.shape[-1]) % 2 == 0))


class Recorded(nn.CrossEntropyLoss):
    """Cross-entropy that notes what it is asked for: of each batch the loss, the scores and the labels."""

    def __init__(self, label_smoothing: float = 0.0) -> None:
        super().__init__(label_smoothing=label_smoothing)
        self.batches: list[tuple[Tensor, Tensor, Tensor]] = []

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the mean cross-entropy of a batch."""
        loss = super().forward(input, target)
        self.batches.append((loss.detach(), input.detach(), target))
        return loss


class Faint(nn.CrossEntropyLoss):
    """Cross-entropy, a million times smaller: as if the network had learnt already."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return a millionth of the mean cross-entropy of a batch."""
        return super().forward(input, target) / 1e6


def network(seed: int, *, dropout: bool) -> nn.Sequential:
    """Return a network for images of 28 × 28 pixels and ten classes, the same for the same seed."""
    return twin(_network(seed, dropout))


def twin(module: Any) -> Any:
    """Return a copy with weights of its own; `copy.deepcopy` takes five times as long."""
    copy = module.__class__.__new__(module.__class__)
    nn.Module.__init__(copy)
    vars(copy).update({name: value for name, value in vars(module).items() if name not in vars(copy)})
    for name, parameter in module.named_parameters(recurse=False):
        copy.register_parameter(name, nn.Parameter(parameter.detach().clone()))
    for name, child in module.named_children():
        copy.add_module(name, twin(child))
    return copy


@lru_cache(16)
def _network(seed: int, dropout: bool) -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        first, last = nn.Linear(784, 6), nn.Linear(6, N_CLASSES)
        first.weight.data *= 8  # images as small as these need it: scores that differ, slopes that nobody has to clip
        last.weight.data *= 2
        extra = [EveryOther()] if dropout else []
        return nn.Sequential(nn.Flatten(), first, nn.Tanh(), *extra, last)


@lru_cache(64)
def records(seed: int, n: int, dropout: bool) -> tuple[Tensor, Tensor]:
    """Return n images and labels; about half of the labels are what `network` says at the start."""
    rng = np.random.default_rng((seed, n))
    x = torch.from_numpy(rng.normal(0, 0.05, (n, *IMAGE)).astype(np.float32))
    with torch.no_grad():
        said = _network(seed, dropout).eval()(x).argmax(1)
    guessed = torch.from_numpy(rng.integers(N_CLASSES, size=n))
    mine = torch.from_numpy(rng.permutation(n) < (n + 1) // 2)
    return x, torch.where(mine, said, guessed)


def loader(x: Tensor, y: Tensor, batch_size: int, seed: int | None = None) -> DataLoader[Any]:
    """Return batches in order, or shuffled with a seed; the global random numbers are left alone."""
    generator = torch.Generator().manual_seed(seed or 0)
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=seed is not None, generator=generator)


def optimizer(net: nn.Module, *, groups: bool) -> torch.optim.SGD:
    """Return gradient descent with momentum; with groups, the two layers have learning rates of their own."""
    parameters = list(net.parameters())
    if not groups:
        return torch.optim.SGD(parameters, lr=0.3, momentum=0.5, foreach=False)
    two = [{"params": parameters[:2], "lr": 0.4}, {"params": parameters[2:], "lr": 0.17}]
    return torch.optim.SGD(two, lr=0.1, momentum=0.5, foreach=False)


def weights(net: nn.Module) -> np.ndarray[Any, Any]:
    """Return all parameters in one array, a copy."""
    return torch.cat([parameter.detach().reshape(-1) for parameter in net.parameters()]).double().numpy().copy()


def unclip(arrived: dict[Tensor, Tensor]) -> None:
    """Take back the clipping of gradients, which is nobody's mistake: what came back from `backward` stands again.

    Parameters
    ----------
    arrived : dict
        Of each parameter the gradient as it came; its ``grad`` is what has become of it.
    """
    before = torch.cat([slope.reshape(-1) for slope in arrived.values()]) if arrived else torch.empty(0)
    after = torch.cat([each.grad.detach().reshape(-1) for each in arrived if each.grad is not None] or [before])
    if before.shape != after.shape or torch.equal(before, after) or not before.any():
        return
    norm, limit = float(torch.linalg.vector_norm(after)), float(after.abs().max())
    shrunk = before * (norm / float(torch.linalg.vector_norm(before)))
    cut = before.clamp(-limit, limit)
    if any(torch.allclose(after, each, rtol=1e-4) and is_chosen(size) for each, size in ((shrunk, norm), (cut, limit))):
        for parameter, slope in arrived.items():
            if parameter.grad is not None:
                parameter.grad.copy_(slope)


def is_chosen(limit: float) -> bool:
    """Say whether somebody chose this number as a limit, such as 1 or 0.25: it has two decimals."""
    return limit > 0 and abs(limit - round(limit, 2)) < 2e-5 * limit


class Watch:
    """Watch a network and its optimizer, from entering to leaving: forward passes, gradients, steps.

    Parameters
    ----------
    net : Module
        The network that is handed in.
    optimizer : Optimizer, optional
        The optimizer that is handed in.
    """

    def __init__(self, net: nn.Module, optimizer: torch.optim.Optimizer | None = None) -> None:
        self.net = net
        self.optimizer = optimizer
        self.forwards = 0
        self.graphs = 0
        self.gradients = 0
        self.steps = 0
        self.steps_of_others = 0
        self.drawn_anew = False
        self.switched_off = False
        self.rates: list[tuple[float, ...]] = []
        self.arrived: dict[Tensor, Tensor] = {}
        self.start = weights(net)
        *_, self.last_weight, _ = net.parameters()
        self.last = self.last_weight.detach().clone()

    def __enter__(self) -> Self:
        self._gradients_are_on = torch.is_grad_enabled()
        first, *_ = self.net.children()
        *_, last = self.net.children()
        parameters = list(self.net.parameters())
        self._handles: Sequence[Any] = (
            first.register_forward_pre_hook(self._before_forward),
            last.register_forward_hook(self._after_forward),
            register_optimizer_step_pre_hook(self._before_step),
            register_optimizer_step_post_hook(self._after_step),
            *(each.register_post_accumulate_grad_hook(self._gradient) for each in parameters),  # type: ignore[no-untyped-call]
        )
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        """Watch a copy of the network as well: its hooks stay ours."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.switched_off = self._gradients_are_on and not torch.is_grad_enabled()
        torch.set_grad_enabled(self._gradients_are_on)
        for handle in self._handles:
            handle.remove()

    def _before_forward(self, *_: Any) -> None:
        self.forwards += 1
        with torch.no_grad():
            change = torch.linalg.vector_norm(self.last_weight - self.last)
            self.drawn_anew |= bool(change > 0.3 * torch.linalg.vector_norm(self.last))

    def _after_forward(self, module: nn.Module, inputs: Any, output: Tensor) -> None:
        self.graphs += output.requires_grad

    def _gradient(self, parameter: Tensor) -> None:
        self.gradients += 1
        if parameter.grad is not None:
            self.arrived[parameter] = parameter.grad.detach().clone()

    def _before_step(self, optimizer: Any, *_: Any) -> None:
        if optimizer is self.optimizer:
            self.steps += 1
            unclip({each: slope for each, slope in self.arrived.items() if each.grad is not None})
            self.rates.append(tuple(group["lr"] for group in self.optimizer.param_groups))
        else:
            self.steps_of_others += 1

    def _after_step(self, *_: Any) -> None:
        self.last.copy_(self.last_weight.detach())

    @property
    def moved(self) -> bool:
        """Whether any weight is not what it was."""
        return not np.array_equal(weights(self.net), self.start, equal_nan=True)

    @property
    def course(self) -> str:
        """What was done, where that is so far from the task that numbers can't be compared; else ``as asked``."""
        if not self.forwards:
            return "the model was never called"
        if self.switched_off:
            return "gradients are switched off for everything that comes after"
        if self.drawn_anew:
            return "the weights were drawn anew"
        if self.steps_of_others:
            return "the steps are those of another optimizer"
        if len(set(self.rates)) > 1:
            return "the learning rate changes from step to step"
        return "as asked"

    @property
    def why_unmoved(self) -> str:
        """Say why no weight has moved."""
        if not self.gradients:
            return "unmoved: no gradient ever reached them"
        if not self.steps:
            return "unmoved: no step was taken"
        left = any(parameter.grad is not None and parameter.grad.any() for parameter in self.net.parameters())
        return f"unmoved: each gradient {'came after its step' if left else 'was deleted before its step'}"
