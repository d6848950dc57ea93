"""A training run: what it consists of, how to stop and go on, and what to say when it diverges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.network import Sequential
from chainrule.optim.optimizers import Optimizer
from chainrule.training.history import History


class DivergenceError(FloatingPointError):
    """Training produced NaN or infinity; the message says when, where, and what to try."""


@dataclass
class Run:
    """A training run as its callbacks see it."""

    net: Sequential
    optimizer: Optimizer
    callbacks: Sequence[Any]
    rng: np.random.Generator
    history: History = field(default_factory=History)
    epoch: int = 0
    stop: bool = False

    def state(self) -> dict[str, Any]:
        """Return everything that the run's future depends on."""
        return {
            "epoch": self.epoch,
            "stop": self.stop,
            "history": dict(self.history),
            "net": self.net.state_dict(),
            "optimizer": self.optimizer.state(),
            "callbacks": [callback.state() for callback in self.callbacks],
            "generators": [self.rng.bit_generator.state, self.net.rng.bit_generator.state],
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Go back to where `state` was taken."""
        if len(state["callbacks"]) != len(self.callbacks):
            raise ValueError(
                f"it was written with {len(state['callbacks'])} callbacks; there are {len(self.callbacks)}"
            )
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state(state["optimizer"])
        for callback, kept in zip(self.callbacks, state["callbacks"], strict=True):
            callback.load_state(kept)
        self.rng.bit_generator.state, self.net.rng.bit_generator.state = state["generators"]
        self.epoch, self.stop, self.history = state["epoch"], state["stop"], History(state["history"])


def diagnosis(run: Run, x: NDArray[Any], step: int) -> str:
    """Say where NaN or infinity first appeared, by going through the layers once more with the batch ``x``."""
    where = "in the loss"
    for i, layer in enumerate(run.net.layers):
        if not all(np.isfinite(p.data).all() for p in layer.parameters()):
            where = f"in the weights of layer {i}, {layer!r}, by an earlier step"
            break
        x = layer.forward(x.astype(run.net.dtype, copy=False))
        if not np.isfinite(x).all():
            where = f"in the output of layer {i}, {layer!r}"
            break
    return f"training diverged: NaN or infinity in epoch {run.epoch}, batch {step}, first seen {where}. {remedy(run)}"


def remedy(run: Run) -> str:
    """Say what to try against divergence."""
    return (
        f"Try a smaller learning rate (it is {run.optimizer.lr:g}), inputs of a smaller scale (data.standardize), "
        "or max_norm=1"
    )
