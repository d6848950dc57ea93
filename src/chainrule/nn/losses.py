"""Losses: a number to make small, and its slope with respect to the prediction.

`forward` returns the loss, `backward` dL/dprediction. An elementwise loss is an entry with `f` and `slope`,
as an activation is; `cross_entropy`, which looks at a whole row, stands in a file of its own.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule.nn.activations import sigmoid
from chainrule.nn.checks import require_floats
from chainrule.registry import Registry

Array = NDArray[Any]

LOSSES: Registry["type[Loss]"] = Registry("loss")


class Loss:
    """A loss with PyTorch's ``reduction``: ``"mean"``, ``"sum"``, or ``"none"`` for one value an element."""

    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction must be 'mean', 'sum' or 'none'; got {reduction!r}")
        self.reduction = reduction
        self._gradient: Array | None = None
        self._returned: tuple[int, ...] = ()

    def __call__(self, prediction: Array, target: ArrayLike) -> Any:
        """Return `forward` of both."""
        return self.forward(prediction, target)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self.reduction == 'mean' else f'reduction={self.reduction!r}'})"

    def f(self, p: Array, t: Array) -> Array:
        """Return the loss of each element."""
        raise NotImplementedError

    def slope(self, p: Array, t: Array) -> Array:
        """Return the derivative of `f` by ``p``, a fresh array."""
        raise NotImplementedError

    def forward(self, prediction: Array, target: ArrayLike) -> Any:
        """Return the loss: a float, or with ``reduction="none"`` an array of the prediction's shape.

        Parameters
        ----------
        prediction : array of shape (N, ...)
        target : array of the same shape; (N,) also goes with (N, 1)

        Raises
        ------
        ValueError
            If the shapes differ: nothing is broadcast.
        TypeError
            If the prediction is no array of floats.
        """
        self._gradient = None
        require_floats(prediction)
        t = np.asarray(target, dtype=prediction.dtype)
        if t.shape != prediction.shape:
            if prediction.shape != (*t.shape, 1):
                raise ValueError(f"target must have the prediction's shape {prediction.shape}; got {t.shape}")
            t = t.reshape(prediction.shape)
        loss = self._reduce(self.f(prediction, t), prediction.size)
        self._gradient = self.slope(prediction, t)
        if self.reduction == "mean":
            self._gradient /= prediction.size
        return loss

    def backward(self, grad: ArrayLike | None = None) -> Array:
        """Return dL/dprediction of the last `forward`, times the slope of what comes after, if given.

        Parameters
        ----------
        grad : float or array, optional
            Of the shape that `forward` returned: a number, or with ``reduction="none"`` one an element or record.

        Raises
        ------
        RuntimeError
            If there was no forward since the last backward.
        ValueError
            If ``grad`` has another shape.
        """
        gradient, self._gradient = self._gradient, None
        if gradient is None:
            raise RuntimeError(f"{self!r}: backward needs a forward of its own first; each forward serves one backward")
        if grad is None:
            return gradient
        grad = np.asarray(grad, dtype=gradient.dtype)
        if grad.ndim and grad.shape not in (self._returned, self._returned[:1]):
            raise ValueError(f"grad must be a number or have the loss's shape {self._returned}; got {grad.shape}")
        return gradient * grad.reshape(grad.shape + (1,) * (gradient.ndim - grad.ndim))

    def _reduce(self, losses: Array, weight: float) -> Any:
        self._returned = losses.shape if self.reduction == "none" else ()
        if self.reduction == "none":
            return losses
        total = float(self._sum(losses))
        return total / weight if self.reduction == "mean" else total

    def _sum(self, losses: Array) -> Any:
        return np.add.reduce(losses, axis=None)


@LOSSES.add("mse")
class MSELoss(Loss):
    """(p - t)²."""

    def f(self, p: Array, t: Array) -> Array:
        return (p - t) ** 2

    def slope(self, p: Array, t: Array) -> Array:
        return 2 * (p - t)


@LOSSES.add("l1")
class L1Loss(Loss):
    """|p - t|, of slope 0 at 0."""

    def f(self, p: Array, t: Array) -> Array:
        return np.abs(p - t)

    def slope(self, p: Array, t: Array) -> Array:
        return np.sign(p - t)


@LOSSES.add("huber")
class HuberLoss(Loss):
    """½(p - t)² up to a distance of delta, and from there on the straight line that goes on (Huber, 1964)."""

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        if not delta > 0:
            raise ValueError(f"delta must be above 0; got {delta}")
        self.delta = delta

    def f(self, p: Array, t: Array) -> Array:
        distance = np.abs(p - t)
        near = np.minimum(distance, self.delta)
        return near * (distance - 0.5 * near)

    def slope(self, p: Array, t: Array) -> Array:
        return np.clip(p - t, -self.delta, self.delta)


@LOSSES.add("bce")
class BCELoss(Loss):
    """Binary cross-entropy, -t log p - (1 - t) log(1 - p), of probabilities; as in PyTorch logs stop at -100."""

    def f(self, p: Array, t: Array) -> Array:
        if not ((p >= 0) & (p <= 1)).all():
            raise ValueError("BCELoss takes probabilities in [0, 1]; for raw outputs take BCEWithLogitsLoss")
        with np.errstate(divide="ignore"):
            return -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))

    def slope(self, p: Array, t: Array) -> Array:
        return (p - t) / np.maximum(p * (1 - p), 1e-12)


@LOSSES.add("bce_with_logits")
class BCEWithLogitsLoss(Loss):
    """Binary cross-entropy of σ(z), from z: max(z, 0) - z t + log(1 + e^-|z|), and its slope is σ(z) - t."""

    def f(self, p: Array, t: Array) -> Array:
        return np.maximum(p, 0) - p * t + np.log1p(np.exp(-np.abs(p)))

    def slope(self, p: Array, t: Array) -> Array:
        return sigmoid(p) - t
