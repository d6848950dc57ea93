"""Listening to optimizers and schedulers."""

from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from chainrule.diagnosis.gradients import Gradients
from chainrule.diagnosis.made import Optimizer, Scheduler
from chainrule.diagnosis.modes import Quiet
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.records import Step
from chainrule.diagnosis.watcher import Watcher


class Optimizers:
    """Watches every optimizer and scheduler.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    gradients : Gradients
        Looks at gradients and weights around a step.
    quiet : Quiet
        Stops the listening to torch functions during a step.
    """

    def __init__(self, watcher: Watcher, gradients: Gradients, quiet: Quiet) -> None:
        self.watcher, self.gradients, self.quiet = watcher, gradients, quiet
        self._stepping: list[tuple[Step | None, bool]] = []

    def listen(self, patches: Patches) -> list[Any]:
        """Begin to listen; return what ends it by its ``remove``."""
        patches.wrap(torch.optim.Optimizer, "__init__", self._init)
        patches.wrap(torch.optim.Optimizer, "zero_grad", self._zero_grad)
        patches.wrap(nn.Module, "zero_grad", self._module_zero_grad)
        for kind in (LRScheduler, ReduceLROnPlateau):
            patches.wrap(kind, "step", self._scheduler_step)
        patches.wrap(LRScheduler, "__init__", self._scheduler_init)
        patches.wrap(ReduceLROnPlateau, "__init__", self._scheduler_init)
        return [register_optimizer_step_pre_hook(self._before), register_optimizer_step_post_hook(self._after)]

    def _init(self, original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> None:
        original(optimizer, *args, **kwargs)
        self.watcher.attempt(self._enter, optimizer)

    def _enter(self, optimizer: Any) -> None:
        self.gradients.since[self.known(optimizer).number] = self.gradients.backwards

    def known(self, optimizer: Any) -> Optimizer:
        """Return an optimizer's record; make it if it is new."""
        watcher = self.watcher
        number = watcher.number("optimizer", optimizer)
        if number is not None:
            record = watcher.recording.optimizers[number]
        else:
            number = watcher.enter("optimizer", optimizer)
            record = Optimizer(number, type(optimizer).__name__, "", watcher.tick(), watcher.place(), (), [])
            watcher.recording.optimizers.append(record)
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        if len(parameters) != len(record.parameters):
            numbers = []
            for p in parameters:
                known = watcher.number("parameter", p)
                numbers.append(watcher.enter("parameter", p) if known is None else known)
            record.parameters = tuple(numbers)
            plain = ("lr", "weight_decay", "momentum", "eps", "maximize")
            record.groups = [
                {key: float(group[key]) for key in plain if isinstance(group.get(key), int | float | torch.Tensor)}
                for group in optimizer.param_groups
            ]
        return record

    # ---- steps

    def _before(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        noted: list[Step] = []
        self.watcher.attempt(self._note, optimizer, noted)
        closure = bool(args[1:] and args[1] is not None) or kwargs.get("closure") is not None
        if not closure:  # a closure runs the model and the loss inside the step
            self.quiet.__enter__()
        self._stepping.append((noted[0] if noted else None, not closure))

    def _note(self, optimizer: Any, noted: list[Step]) -> None:
        record = self.known(optimizer)
        if not record.name:
            record.name = self.watcher.name_of(optimizer)
        lr = tuple(float(group["lr"]) for group in optimizer.param_groups if "lr" in group)
        step = self.gradients.before_step(optimizer, record.number, lr)
        record.steps.append(step.at)
        noted.append(step)

    def _after(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        if not self._stepping:
            return
        step, quiet = self._stepping.pop()
        if step is not None and step.sampled:
            self.watcher.attempt(self.gradients.after_step, step)
        if quiet:
            self.quiet.__exit__(None, None, None)

    # ---- zero_grad

    def _zero_grad(self, original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        with self.quiet:
            self.watcher.attempt(self._zeroed, optimizer)
            return original(optimizer, *args, **kwargs)

    def _module_zero_grad(self, original: Any, module: Any, *args: Any, **kwargs: Any) -> Any:
        with self.quiet:
            self.watcher.attempt(self._zeroed, module)
            return original(module, *args, **kwargs)

    def _zeroed(self, cleared: Any) -> None:
        if isinstance(cleared, nn.Module):
            held = {self.watcher.number("parameter", p) for p in cleared.parameters()}
            optimizers = [each for each in self.watcher.recording.optimizers if held.intersection(each.parameters)]
        else:
            optimizers = [self.known(cleared)]
        at, place = self.watcher.tick(), self.watcher.place()
        for optimizer in optimizers:
            optimizer.zero_grads.append((at, place))
        if self.watcher.batch is not None:
            self.watcher.batch.zero_grads.append(at)

    # ---- schedulers

    def _scheduler_init(self, original: Any, scheduler: Any, *args: Any, **kwargs: Any) -> None:
        self.watcher.enter("scheduler being made", scheduler)
        original(scheduler, *args, **kwargs)
        self.watcher.attempt(self._schedule, scheduler)

    def _schedule(self, scheduler: Any) -> None:
        watcher = self.watcher
        if watcher.number("scheduler", scheduler) is not None:
            return
        number = watcher.enter("scheduler", scheduler)
        optimizer = watcher.number("optimizer", scheduler.optimizer)
        watcher.recording.schedulers.append(
            Scheduler(number, type(scheduler).__name__, "", watcher.tick(), watcher.place(), optimizer)
        )
        plain = {key: value for key, value in vars(scheduler).items() if isinstance(value, int | float)}
        watcher.recording.schedulers[number].settings = {key: float(value) for key, value in plain.items()}

    def _scheduler_step(self, original: Any, scheduler: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(scheduler, *args, **kwargs)
        self.watcher.attempt(self._scheduled, scheduler, *args, *kwargs.values())
        return result

    def _scheduled(self, scheduler: Any, *given: Any) -> None:
        number = self.watcher.number("scheduler", scheduler)
        if number is None:
            return  # the first step, which the scheduler takes itself when it is made
        record = self.watcher.recording.schedulers[number]
        record.name = record.name or self.watcher.name_of(scheduler)
        rate = float(scheduler.optimizer.param_groups[0]["lr"])
        record.steps.append((self.watcher.tick(), self.watcher.place(), rate))
        record.given += [float(each) for each in given if each is not None]
