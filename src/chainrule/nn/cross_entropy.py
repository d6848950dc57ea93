"""Softmax, and the loss that goes with it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule.data.dataset import as_labels, require_finite
from chainrule.nn.checks import require_floats
from chainrule.nn.losses import LOSSES, Loss
from chainrule.nn.reuse import constant, numbers, ones

Array = NDArray[Any]


def softmax(z: Array) -> Array:
    """Return e^z / Σ e^z over the last axis; its maximum is subtracted first, which changes nothing but overflow."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    e /= e.sum(axis=-1, keepdims=True)
    return e


@LOSSES.add("cross_entropy")
class CrossEntropyLoss(Loss):
    """-log softmax(logits)[label], averaged over the records; its slope is softmax(logits) - onehot(label).

    Parameters
    ----------
    weight : array of shape (C,), optional
        What a record of each class counts; the mean is then a weighted one, as PyTorch's.
    reduction : str
        ``"mean"``, ``"sum"`` or ``"none"``.
    label_smoothing : float in [0, 1]
        This share of each label is spread evenly over all classes (Szegedy et al., 2016).
    """

    def __init__(self, weight: ArrayLike | None = None, reduction: str = "mean", label_smoothing: float = 0.0) -> None:
        super().__init__(reduction)
        if not 0 <= label_smoothing <= 1:
            raise ValueError(f"label_smoothing must be in [0, 1]; got {label_smoothing}")
        self.weight = None if weight is None else np.asarray(weight, dtype=np.float64)
        if self.weight is not None:
            require_finite(self.weight, "weight")
        self.label_smoothing = label_smoothing

    def forward(self, prediction: Array, target: ArrayLike) -> Any:
        """Return the loss of ``logits`` of shape (N, C) for labels of shape (N,), integers in [0, C).

        Raises
        ------
        ValueError
            If the shapes don't fit, or a label is out of range (the error says which).
        TypeError
            If the logits are no array of floats.
        """
        self._gradient = None
        require_floats(prediction)
        if prediction.ndim != 2:
            raise ValueError(f"logits must have shape (N, C), one row a record; got {prediction.shape}")
        n, n_classes = prediction.shape
        labels, at = self._checked(target, n, n_classes)
        # Turned to (C, N), so that sums over the classes run along the memory: several times quicker.
        z = prediction.T.copy()
        z -= np.maximum.reduce(z)
        p = np.exp(z)
        total = ones(n_classes, p.dtype).dot(p)
        log_total = np.log(total)
        if self.weight is None and not self.label_smoothing:
            losses, weight = log_total - z.take(at), float(n)
            share = constant(1 / n if self.reduction == "mean" else 1.0, p.dtype)
            p *= share / total
            p.ravel()[at] -= share
        else:
            q = self._targets(labels, n_classes).astype(p.dtype)
            mass = np.add.reduce(q, axis=0)
            losses, weight = mass * log_total - np.einsum("cn,cn->n", q, z), self._weight_of(labels)
            p *= mass / total  # -Σ q log softmax(z) has the slope softmax(z) · Σq - q
            p -= q
            if self.reduction == "mean":
                p /= weight
        self._gradient = p.T
        return self._reduce(losses, weight)

    def _sum(self, losses: Array) -> Any:
        return ones(len(losses), losses.dtype).dot(losses)

    def _targets(self, labels: Array, n_classes: int) -> Array:
        """Return the weighted, smoothed one-hot columns q, of shape (C, N): the loss is -Σ q · log softmax."""
        weight = np.ones(n_classes) if self.weight is None else self.weight
        if weight.shape != (n_classes,):
            raise ValueError(f"weight must have one value for each of {n_classes} classes; got shape {weight.shape}")
        q = np.tile(self.label_smoothing / n_classes * weight[:, None], (1, len(labels)))
        q[labels, np.arange(len(labels))] += (1 - self.label_smoothing) * weight[labels]
        return q

    def _weight_of(self, labels: Array) -> float:
        if self.weight is None:
            return float(len(labels))
        total = float(self.weight[labels].sum())
        if total == 0 and self.reduction == "mean":
            raise ValueError("the labels of this batch all have weight 0: their mean loss is not defined")
        return total

    @staticmethod
    def _checked(target: ArrayLike, n: int, n_classes: int) -> tuple[Array, Array]:
        """Return the labels, and where each record's label is in the flat (C, N)."""
        labels = np.asarray(target)
        if labels.shape != (n,) or labels.dtype != np.int64:
            labels = as_labels(labels, n_classes)
            if len(labels) != n:
                raise ValueError(f"{n} rows of logits need {n} labels; got {len(labels)}")
        try:
            return labels, np.ravel_multi_index((labels, numbers(n)), (n_classes, n))
        except ValueError:
            as_labels(labels, n_classes)  # says which label is out of range
            raise
