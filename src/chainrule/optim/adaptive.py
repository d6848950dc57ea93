"""Optimizers that give each weight a step of its own, by the size of the gradients it has seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.parameter import Parameter
from chainrule.optim.optimizers import OPTIMIZERS, Optimizer, at_least_0, running

Array = NDArray[Any]


@OPTIMIZERS.add("adagrad")
class Adagrad(Optimizer):
    """s ← s + g²;  w ← w - lr · g / (√s + ε) (Duchi et al., 2011).

    Parameters
    ----------
    parameters : list of Parameter
    lr, weight_decay, eps : float
    """

    def __init__(
        self, parameters: Sequence[Parameter], lr: float = 1e-2, weight_decay: float = 0, eps: float = 1e-10
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        at_least_0(eps=eps)
        self.eps = eps

    def update(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        g = self.decayed(w, g)
        s, step = running(state, "s", w), self.work("step", w)
        s += np.multiply(g, g, out=step)
        np.sqrt(s, out=step)
        step += self.eps
        np.divide(g, step, out=step)
        self.move(w, -self.lr, step)


@OPTIMIZERS.add("rmsprop")
class RMSprop(Optimizer):
    """s ← α s + (1 - α) g²;  w ← w - lr · v, where v ← momentum · v + g / (√s + ε) (Hinton, 2012).

    Parameters
    ----------
    parameters : list of Parameter
    lr, alpha, eps, weight_decay, momentum : float
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        at_least_0(eps=eps, momentum=momentum)
        if not 0 <= alpha <= 1:
            raise ValueError(f"alpha must be in [0, 1]; got {alpha}")
        self.alpha, self.eps, self.momentum = alpha, eps, momentum

    def update(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        g = self.decayed(w, g)
        s, step = running(state, "s", w), self.work("step", w)
        np.multiply(g, g, out=step)
        step *= 1 - self.alpha
        s *= self.alpha
        s += step
        np.sqrt(s, out=step)
        step += self.eps
        np.divide(g, step, out=step)
        if self.momentum:
            v = running(state, "v", w)
            v *= self.momentum
            v += step
            step = v
        self.move(w, -self.lr, step)


@OPTIMIZERS.add("adam")
class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): a step of about lr for each weight, whatever its gradient's size.

    m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²;  w ← w - lr · m̂ / (√v̂ + ε), where m̂ and v̂ are
    m and v divided by 1 - β₁ᵗ and 1 - β₂ᵗ, which makes up for their start at zero.

    Parameters
    ----------
    parameters : list of Parameter
    lr : float
    betas : pair of float
        β₁ and β₂, in [0, 1).
    eps, weight_decay : float
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        at_least_0(eps=eps)
        if not isinstance(betas, Sequence) or len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be a pair of numbers in [0, 1); got {betas!r}")
        self.betas, self.eps = betas, eps

    def update(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        self._step(w, self.decayed(w, g), state)

    def _step(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        """Take Adam's step in three operations fewer than its formula has.

        ``m`` and ``v`` are kept as m/(1 - β₁) and v/(1 - β₂), so that new gradients are added as they are. With
        c = √((1 - β₂ᵗ)/(1 - β₂)), the step is then lr · c · (1 - β₁)/(1 - β₁ᵗ) · m / (√v + c·ε).
        """
        (beta1, beta2), t = self.betas, self.steps
        m, v, step = running(state, "m", w), running(state, "v", w), self.work("step", w)
        m *= beta1
        m += g
        v *= beta2
        v += np.multiply(g, g, out=step)
        c = float(np.sqrt((1 - beta2**t) / (1 - beta2)))
        np.sqrt(v, out=step)
        step += c * self.eps
        np.divide(m, step, out=step)
        self.move(w, -self.lr * c * (1 - beta1) / (1 - beta1**t), step)


@OPTIMIZERS.add("adamw")
class AdamW(Adam):
    """Adam with decoupled decay, w ← (1 - lr · weight_decay) · w before each step (Loshchilov and Hutter, 2019).

    Parameters
    ----------
    parameters : list of Parameter
    lr : float
    betas : pair of float
    eps, weight_decay : float
    """

    def __init__(
        self,
        parameters: Sequence[Parameter],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def update(self, w: Array, g: Array, state: dict[str, Array]) -> None:
        if self.weight_decay:
            w *= 1 - self.lr * self.weight_decay
        self._step(w, g, state)
