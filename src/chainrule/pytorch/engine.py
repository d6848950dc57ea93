"""The torch engine: the NumPy network's twin, trained by PyTorch through the same loop.

It starts from the same weights and sees the same batches in the same order as the NumPy engine, so that without
dropout the two differ by rounding alone. What is trained goes back into the NumPy network in the end.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from chainrule import nn
from chainrule.data import Dataset
from chainrule.experiments import build
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import Parts
from chainrule.optim import OPTIMIZERS
from chainrule.pytorch.distributed import World, world
from chainrule.training import Checkpoint, DivergenceError, History, Run

# What goes by another name in PyTorch; everything else in the registries goes by its own.
RENAMED = {"GELUTanh": lambda: torch.nn.GELU("tanh")}


class Net:
    """A PyTorch module as a run's callbacks see a network: its values are NumPy arrays."""

    def __init__(self, module: torch.nn.Module) -> None:
        self.module = module

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of all values."""
        return {key: values.detach().cpu().numpy().copy() for key, values in self.module.state_dict().items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over values; ValueError if they do not fit."""
        try:
            self.module.load_state_dict({key: torch.from_numpy(values.copy()) for key, values in state.items()})
        except RuntimeError as error:
            raise ValueError(str(error).replace("\n", " ")) from error


class Optimizer:
    """A PyTorch optimizer as schedules and checkpoints see one."""

    def __init__(self, inner: torch.optim.Optimizer) -> None:
        self.inner = inner

    @property
    def lr(self) -> float:
        """The learning rate."""
        return float(self.inner.param_groups[0]["lr"])

    @lr.setter
    def lr(self, value: float) -> None:
        for group in self.inner.param_groups:
            group["lr"] = value

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint has to keep."""
        kept = [
            {name: value.cpu().numpy().copy() if isinstance(value, Tensor) else value for name, value in state.items()}
            for state in self.inner.state_dict()["state"].values()
        ]
        return {"optimizer": f"torch {type(self.inner).__name__}", "lr": self.lr, "arrays": kept}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned."""
        if state["optimizer"] != f"torch {type(self.inner).__name__}":
            raise ValueError(f"this state is of the optimizer {state['optimizer']}")
        arrays = [
            {name: torch.from_numpy(v.copy()) if isinstance(v, np.ndarray) else v for name, v in kept.items()}
            for kept in state["arrays"]
        ]
        own = self.inner.state_dict()
        self.inner.load_state_dict({"state": dict(enumerate(arrays)), "param_groups": own["param_groups"]})
        self.lr = float(state["lr"])


@dataclass
class TorchRun(Run):
    """A run whose random numbers, those of dropout, come from PyTorch."""

    net: Any
    optimizer: Any

    def state(self) -> dict[str, Any]:
        """Return everything that the run's future depends on."""
        self.net.rng = self.rng  # the NumPy network draws nothing here
        drawn = [torch.get_rng_state().numpy()]
        if torch.cuda.is_available():
            drawn.append(torch.cuda.get_rng_state().numpy())
        return super().state() | {"torch": drawn}

    def given(self) -> dict[str, Any]:
        """Return what the processes that train together have to have alike."""
        self.net.rng = self.rng
        told = {type(callback).__name__: callback.state() for callback in self.callbacks}
        return super().state() | {"callbacks": told} if self.epoch else {}

    def take(self, given: dict[str, Any]) -> None:
        """Take over what process 0's `given` returned."""
        self.net.rng = self.rng
        if given and not self.epoch:
            told = [given["callbacks"][type(callback).__name__] for callback in self.callbacks]
            super().load_state(given | {"callbacks": told})

    def load_state(self, state: dict[str, Any]) -> None:
        """Go back to where `state` was taken."""
        self.net.rng = self.rng
        super().load_state(state)
        torch.set_rng_state(torch.from_numpy(state["torch"][0].copy()))
        if torch.cuda.is_available() and len(state["torch"]) > 1:
            torch.cuda.set_rng_state(torch.from_numpy(state["torch"][1].copy()))


def device(config: Config) -> torch.device:
    """Return the device that ``config`` names.

    Raises
    ------
    ConfigError
        If there is none of this name here.
    """
    here = ["cpu", *(f"cuda:{i}" for i in range(torch.cuda.device_count()))]
    here += ["mps"] if torch.backends.mps.is_available() else []
    name = f"cuda:{torch.cuda.current_device()}" if config.device == "cuda" and len(here) > 1 else config.device
    if name not in here:
        raise ConfigError(
            f"device {config.device!r} is not available here: the nearest is 'cpu'. Known: {', '.join(here)}"
        )
    return torch.device(name)


def module_of(net: nn.Sequential) -> torch.nn.Sequential:
    """Return the PyTorch network of the same layers, with the same weights.

    Raises
    ------
    ConfigError
        If a layer has no counterpart in PyTorch.
    """
    layers = []
    for layer in net.layers:
        name, arguments = type(layer).__name__, layer.config()
        arguments.pop("init", None)
        kind = RENAMED.get(name) or getattr(torch.nn, name, None)
        if kind is None:
            raise ConfigError(f"PyTorch has no layer {name!r}: take engine numpy")
        layers.append(kind(**arguments))
    module = torch.nn.Sequential(*layers)
    module.load_state_dict({key: torch.from_numpy(values) for key, values in net.state_dict().items()})
    return module


def fit_twin(
    config: Config, parts: Parts, net: nn.Sequential, criterion: nn.Loss, callbacks: Sequence[Any], progress: bool
) -> History:
    """Train the twin of ``net`` as `chainrule.fit` would train ``net``, and put the result into ``net``.

    Under torchrun all processes train together, with the same result in each.
    """
    with world(config.device) as processes:
        try:
            return _fit(config, parts, net, criterion, callbacks, progress, processes)
        except RuntimeError as error:
            if type(error).__module__.startswith(("torch._dynamo", "torch._inductor")):
                reason = str(error).splitlines()[0]
                raise ConfigError(f"torch.compile does not work here ({reason}): leave --compile out") from error
            raise


def _fit(
    config: Config,
    parts: Parts,
    net: nn.Sequential,
    criterion: nn.Loss,
    callbacks: Sequence[Any],
    progress: bool,
    processes: World,
) -> History:
    where = device(config)
    torch.manual_seed(config.seed)  # dropout draws from here
    twin = Net(module_of(net).to(where))
    kind = getattr(torch.optim, OPTIMIZERS[config.optimizer].__name__)
    optimizer = Optimizer(kind(twin.module.parameters(), lr=config.lr))
    if (schedule := build.schedule(config, optimizer)) is not None:
        callbacks = [schedule, *callbacks]
    callbacks = sorted(callbacks, key=lambda callback: isinstance(callback, Checkpoint))
    run = TorchRun(twin, optimizer, callbacks, np.random.default_rng(config.seed))
    trainer = Trainer(config, twin.module, optimizer.inner, criterion, where, processes)
    train, valid = trainer.tensors(parts.train), trainer.tensors(parts.valid)
    for callback in callbacks:
        callback.train_begin(run)
    run.take(processes.same(run.given()))  # process 0 may have gone on from a checkpoint
    with tqdm(total=config.epochs, initial=run.epoch, disable=not progress, unit="epoch") as bar:
        while run.epoch < config.epochs and not run.stop:
            run.epoch += 1
            seed = int(run.rng.integers(2**32))
            if processes.size > 1:
                torch.manual_seed(seed + processes.rank)  # each process switches off other neurons, resumed or not
            order = np.random.default_rng(seed).permutation(len(parts.train))
            run.history.add(train_loss=trainer.epoch(*train, torch.from_numpy(order)))
            loss, accuracy = trainer.evaluate(*valid)
            run.history.add(valid_loss=loss, **({"valid_accuracy": accuracy} if parts.inputs.classes else {}))
            if not all(math.isfinite(values[-1]) for values in run.history.values()):
                raise DivergenceError(
                    f"training diverged: NaN or infinity in epoch {run.epoch}. "
                    f"Try a smaller learning rate (it is {optimizer.lr:g})"
                )
            for callback in callbacks:
                callback.epoch_end(run)
            bar.set_postfix({name: f"{values[-1]:.4g}" for name, values in run.history.items()}, refresh=False)
            bar.update()
    for callback in callbacks:
        callback.train_end(run)
    net.load_state_dict(twin.state_dict())
    net.eval()
    return run.history


class Trainer:
    """An epoch of training, and an evaluation, of a module on tensors that are where it is."""

    def __init__(
        self,
        config: Config,
        module: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        criterion: nn.Loss,
        where: torch.device,
        processes: World,
    ) -> None:
        self.config, self.module, self.optimizer, self.where = config, module, optimizer, where
        self.processes, model = processes, processes.wrap(module, where)
        self.model: Callable[[Tensor], Tensor] = torch.compile(model) if config.compile else model
        self.one_hot = isinstance(criterion, build.OneHot)
        inner = criterion.criterion if isinstance(criterion, build.OneHot) else criterion
        self.criterion = getattr(torch.nn, type(inner).__name__)()

    def tensors(self, part: Dataset) -> tuple[Tensor, Tensor, Tensor]:
        """Return inputs, targets as the loss takes them, and targets as they are."""
        x, y = torch.from_numpy(part.x).to(self.where), torch.from_numpy(part.y).to(self.where)
        target = torch.nn.functional.one_hot(y, len(part.classes)).to(x.dtype) if self.one_hot else y
        return x, target, y

    def epoch(self, x: Tensor, target: Tensor, _: Tensor, order: Tensor) -> float:
        """Train on every record once, in this order; return the mean loss over the records."""
        self.module.train()
        total = torch.zeros((), dtype=torch.float64 if self.where.type != "mps" else torch.float32, device=self.where)
        for rows in torch.split(order.to(self.where), self.config.batch_size):
            share = self.processes.share(rows)
            loss = self.loss(x[share], target[share])
            self.optimizer.zero_grad()
            weighted: Any = loss * (len(share) * self.processes.size / len(rows))
            weighted.backward()
            self.penalize()
            self.optimizer.step()
            total += loss.detach() * len(share)
        return self.processes.sum(float(total))[0] / len(x)

    def loss(self, x: Tensor, target: Tensor) -> Any:
        """Return the mean loss of these records; 0, with a graph, if there are none."""
        mixed = (
            torch.autocast(self.where.type, torch.bfloat16) if self.config.precision == "bfloat16" else nullcontext()
        )
        with mixed:
            output = self.model(x)
        output = output.to(x.dtype)
        return self.criterion(output, target) if len(x) else output.sum()

    @torch.no_grad()
    def penalize(self) -> None:
        """Add the slope of l1·Σ|w| + l2·Σw² to the weights' gradients; biases are left out."""
        for p in self.module.parameters():
            if p.ndim > 1 and p.grad is not None:
                if self.config.l1:
                    p.grad += self.config.l1 * p.sign()
                if self.config.l2:
                    p.grad += 2 * self.config.l2 * p

    @torch.no_grad()
    def evaluate(self, x: Tensor, target: Tensor, y: Tensor) -> tuple[float, float]:
        """Return the mean loss over the records, and the share whose largest output is at their label."""
        self.module.eval()
        total, right = 0.0, 0
        for rows in torch.split(self.processes.share(torch.arange(len(x), device=self.where)), 1024):
            output = self.module(x[rows])
            total += float(self.criterion(output, target[rows])) * len(rows)
            if y.ndim == 1:
                right += int((output.argmax(1) == y[rows]).sum())
        total, count = self.processes.sum(total, right)
        return total / len(x), count / len(x)
