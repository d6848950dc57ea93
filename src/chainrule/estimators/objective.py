"""What an estimator's training makes small: the weighted mean of a batch's losses, and penalties on its weights."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule import nn

Array = NDArray[Any]


class Records(NamedTuple):
    """Inputs, targets and weights, one record a row; the inputs may be sparse, and the weights all 1 (None)."""

    x: Any
    y: Array
    weights: Array | None = None

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.y)

    def rows(self, at: Array | slice) -> "Records":
        """Return the records at these rows: copies at indices, views of a slice."""
        return Records(self.x[at], self.y[at], None if self.weights is None else self.weights[at])

    def dense(self) -> Array:
        """Return the inputs as an array."""
        return self.x if isinstance(self.x, np.ndarray) else self.x.toarray()


@dataclass(frozen=True)
class Objective:
    """The loss of a batch of total weight m: Σ weight · loss / m + ½ · alpha · Σw² / m + l1 · Σ|w| / m.

    Parameters
    ----------
    criterion : nn.Loss
        With ``reduction="none"``.
    alpha, l1 : float
        scikit-learn's alpha, and the same for the weights' absolute values. Biases are free.
    outputs : int
        What the reported loss, but not its gradient, is divided by: scikit-learn descends the sum of the
        outputs' squared errors and reports their mean.
    """

    criterion: nn.Loss
    alpha: float
    l1: float
    outputs: int = 1

    def backward(self, net: nn.Sequential, batch: Records) -> float:
        """Return the batch's loss, and leave its slope by each parameter of ``net`` in that one's ``grad``."""
        mass = float(batch.n if batch.weights is None else batch.weights.sum())
        losses = self.criterion(net(batch.dense()), batch.y)
        share = 1 / mass if batch.weights is None else _spread(batch.weights / mass, losses)
        net.zero_grad()
        net.backward(self.criterion.backward(share))
        loss = float((losses * share).sum()) / self.outputs
        if self.alpha or self.l1:
            penalty = self._penalty(mass)
            penalty.add_gradient(net.parameters())
            loss += penalty(net.parameters())
        return loss

    def _penalty(self, mass: float) -> nn.L2 | nn.ElasticNet:
        l1, l2 = self.l1 / mass, 0.5 * self.alpha / mass
        return nn.ElasticNet(l1, l2) if l1 else nn.L2(l2)


class SquaredError(nn.Loss):
    """½(p - t)², as scikit-learn and older textbooks count it."""

    def f(self, p: Array, t: Array) -> Array:
        return 0.5 * (p - t) ** 2

    def slope(self, p: Array, t: Array) -> Array:
        return p - t


class PoissonDeviance(nn.Loss):
    """Half the deviance of counts t from a rate e^z: t·log t - t·z - t + e^z, of slope e^z - t."""

    def f(self, p: Array, t: Array) -> Array:
        from scipy.special import xlogy

        return xlogy(t, t) - t * p - t + np.exp(p)

    def slope(self, p: Array, t: Array) -> Array:
        return np.exp(p) - t


def _spread(weights: Array, losses: Array) -> Array:
    """Give every loss of a record, of which there may be one an output, its record's weight."""
    return np.broadcast_to(weights if losses.ndim == 1 else weights[:, None], losses.shape)
