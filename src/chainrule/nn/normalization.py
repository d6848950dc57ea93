"""Normalisation: shift and scale values to mean 0 and variance 1, then let the network choose a scale and a level."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.checks import whole
from chainrule.nn.initializers import ones, zeros
from chainrule.nn.layer import Layer
from chainrule.nn.parameter import Parameter

Array = NDArray[Any]


class _Normalization(Layer):
    """``out = x̂ · weight + bias``, where x̂ = (x - mean) / √(variance + eps) over ``axis``."""

    axis: int

    def __init__(self, features: int, eps: float) -> None:
        if not (np.isfinite(eps) and eps >= 0):
            raise ValueError(f"eps must be a finite number of at least 0; got {eps}")
        self.eps = eps
        self.weight = Parameter((features,), ones, "weight")
        self.bias = Parameter((features,), zeros, "bias")

    def parameters(self) -> list[Parameter]:
        """Return the scale and the level."""
        return [self.weight, self.bias]

    def _checked(self, x: Array) -> Array:
        if x.ndim != 2 or x.shape[1] != self.weight.size:
            raise ValueError(f"{self!r} takes x of shape (N, {self.weight.size}); got {x.shape}")
        return x

    def _scaled(self, x: Array, mean: Array, variance: Array, out: Array | None, moving: bool) -> Array:
        """Return the output; ``moving`` says that mean and variance depend on ``x``, which matters backwards."""
        inverse = 1 / np.sqrt(variance + x.dtype.type(self.eps))
        x_hat = np.subtract(x, mean, out=self.scratch("x_hat", x))
        x_hat *= inverse
        out = np.multiply(x_hat, self.weight.data, out=out)
        out += self.bias.data
        return self.keep(out, x_hat, inverse, moving)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Return dL/dx = (d - mean(d) - x̂ · mean(d · x̂)) / σ, with d = grad · weight.

        The two means are what x moves by moving its own mean and variance: x̂ always has mean 0 and mean square
        1, so no change of x can move it along 1 or along x̂, and d loses its parts in those two directions.
        """
        x_hat, inverse, moving = self.recall(grad)
        product = np.multiply(grad, x_hat, out=self.scratch("product", grad))
        self.weight.accumulate(np.add.reduce, product)
        self.bias.accumulate(np.add.reduce, grad)
        if not inputs:
            return None
        d = np.multiply(grad, self.weight.data, out=out)
        if moving:
            np.multiply(d, x_hat, out=product)
            along = product.mean(axis=self.axis, keepdims=True)
            d -= d.mean(axis=self.axis, keepdims=True)
            d -= np.multiply(x_hat, along, out=product)
        d *= inverse
        return d


class BatchNorm1d(_Normalization):
    """Normalise each column over the batch (Ioffe and Szegedy, 2015); PyTorch's ``nn.BatchNorm1d``.

    In evaluation mode, running statistics stand in for the batch's:
    ``running ← (1 - momentum) · running + momentum · batch``, with the unbiased variance.

    Parameters
    ----------
    num_features : int
    eps, momentum : float
    """

    axis = 0

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        (self.num_features,) = whole(num_features=num_features)
        super().__init__(self.num_features, eps)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be in [0, 1]; got {momentum}")
        self.momentum = momentum
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.num_batches_tracked = np.zeros((), dtype=np.int64)

    def config(self) -> dict[str, Any]:
        return {"num_features": self.num_features, "eps": self.eps, "momentum": self.momentum}

    def buffers(self) -> dict[str, Array]:
        return {name: getattr(self, name) for name in ("running_mean", "running_var", "num_batches_tracked")}

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return the normalised ``x``, of shape (N, num_features)."""
        if not self.training:
            mean, variance = self.running_mean.astype(x.dtype), self.running_var.astype(x.dtype)
            return self._scaled(self._checked(x), mean, variance, out, moving=False)
        n = len(self._checked(x))
        if n < 2:
            raise ValueError(f"{self!r} needs at least 2 records to train on; got {n}: change the batch size")
        mean, variance = x.mean(axis=0), x.var(axis=0)
        for running, batch in ((self.running_mean, mean), (self.running_var, variance * (n / (n - 1)))):
            running *= 1 - self.momentum
            running += self.momentum * batch
        self.num_batches_tracked += 1
        return self._scaled(x, mean, variance, out, moving=True)


class LayerNorm(_Normalization):
    """Normalise each record over its columns (Ba et al., 2016); PyTorch's ``nn.LayerNorm`` of one dimension.

    Parameters
    ----------
    normalized_shape : int
        The number of columns.
    eps : float
    """

    axis = 1

    def __init__(self, normalized_shape: int, eps: float = 1e-5) -> None:
        (self.normalized_shape,) = whole(normalized_shape=normalized_shape)
        super().__init__(self.normalized_shape, eps)

    def config(self) -> dict[str, Any]:
        return {"normalized_shape": self.normalized_shape, "eps": self.eps}

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return the normalised ``x``, of shape (N, normalized_shape)."""
        self._checked(x)
        return self._scaled(x, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True), out, moving=True)
