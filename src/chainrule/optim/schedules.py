"""Schedules: the learning rate as a function of the epoch, with PyTorch's names, arguments and values.

Call `step` after each epoch, or put the schedule among the callbacks of `fit`, which does that.
"""

import math
from typing import Any

from chainrule.nn.checks import whole
from chainrule.optim.optimizers import Optimizer, at_least_0
from chainrule.registry import Registry

SCHEDULES: Registry["type[Schedule]"] = Registry("schedule")


class Schedule:
    """Sets ``optimizer.lr`` to ``base_lr · factor(epoch)``: at once, and again at each `step`."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer, self.base_lr, self.epoch = optimizer, optimizer.lr, 0
        optimizer.lr = self.lr_at(0)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(epoch={self.epoch}, lr={self.optimizer.lr:g})"

    def factor(self, epoch: int) -> float:
        """Return the share of the first learning rate that remains at this epoch, counted from 0."""
        raise NotImplementedError

    def lr_at(self, epoch: int) -> float:
        """Return the learning rate at this epoch, counted from 0."""
        return self.base_lr * self.factor(epoch)

    def step(self) -> None:
        """Go on to the next epoch."""
        self.epoch += 1
        self.optimizer.lr = self.lr_at(self.epoch)

    def train_begin(self, run: Any) -> None:
        """Do nothing: the first learning rate is set already."""

    def epoch_end(self, run: Any) -> None:
        """Take the schedule's step, as a callback of `fit`."""
        self.step()

    def train_end(self, run: Any) -> None:
        """Do nothing."""

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint has to keep."""
        return {"epoch": self.epoch}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned."""
        self.__dict__.update(state)


@SCHEDULES.add("step")
class StepLR(Schedule):
    """Multiply by ``gamma`` every ``step_size`` epochs."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        (self.step_size,) = whole(step_size=step_size)
        at_least_0(gamma=gamma)
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, epoch: int) -> float:
        return self.gamma ** (epoch // self.step_size)


@SCHEDULES.add("exponential")
class ExponentialLR(Schedule):
    """Multiply by ``gamma`` every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        at_least_0(gamma=gamma)
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, epoch: int) -> float:
        return self.gamma**epoch


@SCHEDULES.add("cosine")
class CosineAnnealingLR(Schedule):
    """Go down along half a cosine, from the first learning rate to ``eta_min`` at epoch ``T_max``."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        (self.T_max,) = whole(T_max=T_max)
        at_least_0(eta_min=eta_min)
        self.eta_min = eta_min
        super().__init__(optimizer)

    def lr_at(self, epoch: int) -> float:
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * epoch / self.T_max)) / 2


@SCHEDULES.add("linear")
class LinearLR(Schedule):
    """Warm up: from ``start_factor`` in a straight line to ``end_factor`` at epoch ``total_iters``, and stay."""

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        if not 0 < start_factor <= 1 or not 0 <= end_factor <= 1:
            raise ValueError(f"start_factor must be in (0, 1], end_factor in [0, 1]; got {start_factor}, {end_factor}")
        (self.total_iters,) = whole(total_iters=total_iters)
        self.start_factor, self.end_factor = start_factor, end_factor
        super().__init__(optimizer)

    def factor(self, epoch: int) -> float:
        share = min(epoch, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * share


@SCHEDULES.add("plateau")
class ReduceLROnPlateau(Schedule):
    """Multiply by ``factor`` when ``monitor`` has not improved for more than ``patience`` epochs.

    Parameters
    ----------
    optimizer : Optimizer
    factor : float in (0, 1)
    patience : int
    threshold : float
        An improvement is a value below ``best · (1 - threshold)``.
    min_lr : float
    monitor : str
        The history's entry that is to become small, where `fit` calls.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        min_lr: float = 0.0,
        monitor: str = "valid_loss",
    ) -> None:
        if not 0 < factor < 1:
            raise ValueError(f"factor must be in (0, 1); got {factor}")
        self.reduce, self.patience, self.threshold, self.min_lr = factor, patience, threshold, min_lr
        self.monitor, self.best, self.waited = monitor, math.inf, 0
        super().__init__(optimizer)

    def factor(self, epoch: int) -> float:
        return 1.0

    def step(self, value: float | None = None) -> None:
        """Take in one epoch's ``value`` of what is monitored."""
        if value is None:
            raise ValueError("ReduceLROnPlateau.step needs the value that it watches")
        self.epoch += 1
        if value < self.best * (1 - self.threshold):
            self.best, self.waited = value, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            lower = max(self.optimizer.lr * self.reduce, self.min_lr)
            self.waited = 0
            if self.optimizer.lr - lower > 1e-8:  # PyTorch's eps: a smaller change is not made
                self.optimizer.lr = lower

    def epoch_end(self, run: Any) -> None:
        if self.monitor not in run.history:
            raise ValueError(f"the schedule watches {self.monitor!r}, but the history has {sorted(run.history)}")
        self.step(run.history[self.monitor][-1])

    def state(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "best": self.best, "waited": self.waited}
