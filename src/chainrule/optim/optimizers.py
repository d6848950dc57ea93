"""Optimizers with PyTorch's names, arguments and arithmetic.

Each works on flat blocks of memory, in which many parameters lie side by side: a step of a small network costs
a few calls, however many layers it has, and one of a large network goes through memory once. An entry is `update`,
on one block.
"""

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.parameter import Parameter, aligned_zeros, spans
from chainrule.registry import Registry

Array = NDArray[Any]

OPTIMIZERS: Registry["type[Optimizer]"] = Registry("optimizer")


class Optimizer:
    """What optimizers share: the parameters, a learning rate, and state that begins at zero.

    Parameters
    ----------
    parameters : list of Parameter
    lr : float
        The learning rate; may be changed between steps.
    weight_decay : float
        ``weight_decay · w`` is added to each gradient (decoupled in AdamW).
    """

    def __init__(self, parameters: Sequence[Parameter], lr: float, weight_decay: float = 0) -> None:
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("an optimizer needs at least one parameter; got an empty list")
        for p in self.parameters:
            if not isinstance(p, Parameter):
                raise TypeError(f"an optimizer takes parameters, as net.parameters() gives them; got {p!r}")
        if len(set(map(id, self.parameters))) < len(self.parameters):
            raise ValueError("a parameter is in the list more than once")
        at_least_0(lr=lr, weight_decay=weight_decay)
        self.lr, self.weight_decay, self.steps = lr, weight_decay, 0
        self._spans = spans(self.parameters)
        self._state: list[dict[str, Array]] = [{} for _ in self._spans]
        self._work: dict[Any, Array] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(lr={self.lr:g})"

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for p in self.parameters:
            p.stale = True

    def step(self) -> None:
        """Move each parameter once, by its gradient."""
        self.steps += 1
        for p in self.parameters:
            if p.stale:
                p.grad  # noqa: B018 (writes the zeros that zero_grad has put off)
        for (storage, here), state in zip(self._spans, self._state, strict=True):
            if not storage.in_use:
                raise RuntimeError("a parameter has joined a network since: build the optimizer after the network")
            self.update(storage.data[here], storage.grad[here], state)

    def update(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        """Change ``w``, of shape (n,), in place by its gradient ``g``, which is left as it is."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint has to keep: the step count, the learning rate, a copy of each running array."""
        kept = [{name: array.copy() for name, array in state.items()} for state in self._state]
        return {"optimizer": type(self).__name__, "steps": self.steps, "lr": self.lr, "arrays": kept}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        ValueError
            If it came from another kind of optimizer, or from other parameters.
        """
        if state["optimizer"] != type(self).__name__ or len(state["arrays"]) != len(self._state):
            raise ValueError(f"this state is of an optimizer {state['optimizer']} of other parameters, not of {self!r}")
        for (storage, here), own, arrays in zip(self._spans, self._state, state["arrays"], strict=True):
            for name, array in arrays.items():
                running(own, name, storage.data[here])[...] = array
        self.steps, self.lr = int(state["steps"]), float(state["lr"])

    def decayed(self, w: Array, g: Array) -> Array:
        """Return g + weight_decay · w."""
        if not self.weight_decay:
            return g
        d = np.multiply(w, self.weight_decay, out=self.work("decayed", w))
        d += g
        return d

    def move(self, w: Array, factor: float, direction: Array) -> None:
        """Do ``w += factor * direction``."""
        w += np.multiply(direction, factor, out=self.work("move", w))

    def work(self, name: str, like: Array) -> Array:
        """Return an array shaped as ``like`` for an intermediate result; all blocks of parameters share it."""
        key = name, len(like), like.dtype
        if key not in self._work:
            self._work[key] = aligned_zeros(*key[1:])
        return self._work[key]


def running(state: dict[str, Array], name: str, like: Array) -> Array:
    """Return the array of this name that goes on from step to step, zeros at first."""
    if name not in state:
        state[name] = aligned_zeros(len(like), like.dtype)
    return state[name]


def at_least_0(**values: float) -> None:
    """Raise a ValueError for the first value that isn't a finite number of at least 0."""
    for name, value in values.items():
        if not isinstance(value, Real) or not (np.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be a finite number of at least 0; got {value!r}")


@OPTIMIZERS.add("sgd")
class SGD(Optimizer):
    """Stochastic gradient descent: v ← momentum · v + g; w ← w - lr · v (Nesterov: w ← w - lr · (g + momentum · v)).

    Parameters
    ----------
    parameters : list of Parameter
    lr, momentum, weight_decay : float
    nesterov : bool
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        lr: float = 1e-3,
        momentum: float = 0,
        nesterov: bool = False,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        at_least_0(momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov needs a momentum above 0")
        self.momentum, self.nesterov = momentum, nesterov

    def update(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        g = self.decayed(w, g)
        if not self.momentum:
            self.move(w, -self.lr, g)
            return
        v = running(state, "v", w)
        v *= self.momentum
        v += g
        if self.nesterov:
            self.move(w, -self.lr, g)
        self.move(w, -self.lr * (self.momentum if self.nesterov else 1), v)


def clip_grad_norm_(parameters: Iterable[Parameter], max_norm: float) -> float:
    """Scale all gradients together so that their norm is at most ``max_norm``, and return what it was.

    As ``torch.nn.utils.clip_grad_norm_``: the factor is ``max_norm / (norm + 1e-6)``, where that is below 1.
    """
    at_least_0(max_norm=max_norm)
    parameters = list(parameters)  # gone through twice
    norm = float(np.sqrt(sum(float(np.vdot(p.grad, p.grad)) for p in parameters)))
    if (factor := max_norm / (norm + 1e-6)) < 1:
        for p in parameters:
            p.grad *= factor
    return norm
