"""Penalties on large weights: an entry is a value and its slope.

A penalty's value is a number that is added to the loss: λ·Σ|w| or λ·Σw² over the weights. Biases are left
out unless asked for: a bias sets a level, it does not make the function rougher. With ``proximal=True``, `fit`
takes the exact step `prox` after the optimizer's, in place of following the slope: L1 then gives exact zeros.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.parameter import Parameter
from chainrule.registry import Registry

Array = NDArray[Any]

PENALTIES: Registry["type[_Penalty]"] = Registry("penalty")


class _Penalty:
    """What penalties share: which parameters they see, and how they enter a training step."""

    def __init__(self, *strengths: float, biases: bool, proximal: bool) -> None:
        for lam in strengths:
            if not (np.isfinite(lam) and lam >= 0):
                raise ValueError(f"a penalty's strength must be a finite number of at least 0; got {lam}")
        self.biases, self.proximal = biases, proximal

    def __call__(self, parameters: Iterable[Parameter]) -> float:
        """Return the penalty's value over a network's ``parameters()``."""
        return sum((self.value(p.data) for p in self.of(parameters)), 0.0)

    def of(self, parameters: Iterable[Parameter]) -> list[Parameter]:
        """Return those of ``parameters`` that are penalised: weights, of two dimensions or more, unless ``biases``."""
        return [p for p in parameters if self.biases or len(p.shape) > 1]

    def add_gradient(self, parameters: Iterable[Parameter]) -> None:
        """Add the penalty's gradient to each penalised parameter's ``grad``."""
        for p in self.of(parameters):
            p.grad += self.gradient(p.data)

    def apply_prox(self, parameters: Iterable[Parameter], lr: float) -> None:
        """Replace each penalised parameter by `prox` of it, after a step of size ``lr`` on the loss alone."""
        for p in self.of(parameters):
            p.data = self.prox(p.data, lr)

    def value(self, w: Array) -> float:
        """Return the penalty of the array ``w``."""
        raise NotImplementedError

    def gradient(self, w: Array) -> Array:
        """Return the slope of `value`, an array of the shape of ``w``."""
        raise NotImplementedError

    def prox(self, w: Array, lr: float) -> Array:
        """Return argmin over v of ½‖v - w‖² + lr · value(v): the exact step, in place of the gradient's."""
        raise NotImplementedError


@PENALTIES.add("l1")
class L1(_Penalty):
    """λ·Σ|w|, of slope λ·sign(w), with 0 at 0."""

    def __init__(self, lam: float, *, biases: bool = False, proximal: bool = False) -> None:
        super().__init__(lam, biases=biases, proximal=proximal)
        self.lam = lam

    def __repr__(self) -> str:
        return f"L1({self.lam:g})"

    def value(self, w: Array) -> float:
        return float(self.lam * np.abs(w).sum())

    def gradient(self, w: Array) -> Array:
        return w.dtype.type(self.lam) * np.sign(w)

    def prox(self, w: Array, lr: float) -> Array:
        """Soft threshold: move each weight towards 0 by lr·λ, and stop there (Parikh and Boyd, 2014, 6.5.2)."""
        return np.sign(w) * np.maximum(np.abs(w) - w.dtype.type(lr * self.lam), 0)


@PENALTIES.add("l2")
class L2(_Penalty):
    """λ·Σw², of slope 2λw; PyTorch's ``weight_decay`` is 2λ."""

    def __init__(self, lam: float, *, biases: bool = False, proximal: bool = False) -> None:
        super().__init__(lam, biases=biases, proximal=proximal)
        self.lam = lam

    def __repr__(self) -> str:
        return f"L2({self.lam:g})"

    def value(self, w: Array) -> float:
        return float(self.lam * np.vdot(w, w))

    def gradient(self, w: Array) -> Array:
        return w.dtype.type(2 * self.lam) * w

    def prox(self, w: Array, lr: float) -> Array:
        """Shrink: (w - v) = 2·lr·λ·v is solved by v = w / (1 + 2·lr·λ)."""
        return w / w.dtype.type(1 + 2 * lr * self.lam)


@PENALTIES.add("elastic_net")
class ElasticNet(_Penalty):
    """l1·Σ|w| + l2·Σw² (Zou and Hastie, 2005)."""

    def __init__(self, l1: float, l2: float, *, biases: bool = False, proximal: bool = False) -> None:
        super().__init__(l1, l2, biases=biases, proximal=proximal)
        self.l1, self.l2 = L1(l1), L2(l2)

    def __repr__(self) -> str:
        return f"ElasticNet({self.l1.lam:g}, {self.l2.lam:g})"

    def value(self, w: Array) -> float:
        return self.l1.value(w) + self.l2.value(w)

    def gradient(self, w: Array) -> Array:
        return self.l1.gradient(w) + self.l2.gradient(w)

    def prox(self, w: Array, lr: float) -> Array:
        """Threshold, then shrink: in this order the two compose exactly (Parikh and Boyd, 2014, 6.5.3)."""
        return self.l2.prox(self.l1.prox(w, lr), lr)
