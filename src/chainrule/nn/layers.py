"""The linear layer, dropout, and two that only change a batch's shape."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.checks import whole
from chainrule.nn.initializers import INITIALIZERS, uniform, zeros
from chainrule.nn.layer import Layer
from chainrule.nn.parameter import Parameter
from chainrule.nn.reuse import ones

Array = NDArray[Any]


class Linear(Layer):
    """The affine map ``out = x @ weight.T + bias``; PyTorch's ``nn.Linear``.

    Parameters
    ----------
    in_features, out_features : int
        Numbers of columns of ``x`` and of the output.
    bias : bool
        Whether there is a bias.
    init : str
        The weights' initializer. ``"default"`` is PyTorch's, for weight and bias; with another the bias starts at 0.

    Attributes
    ----------
    weight : Parameter of shape (out_features, in_features)
    bias : Parameter of shape (out_features,), or None
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True, init: str = "default") -> None:
        self.in_features, self.out_features = whole(in_features=in_features, out_features=out_features)
        self.init = init
        self.weight = Parameter((self.out_features, self.in_features), INITIALIZERS[init], "weight", turned=True)
        bias_init = uniform(self.in_features) if init == "default" else zeros
        self.bias = Parameter((self.out_features,), bias_init, "bias") if bias else None

    def config(self) -> dict[str, Any]:
        """Return the arguments that build this layer again."""
        built: dict[str, Any] = {"in_features": self.in_features, "out_features": self.out_features}
        return built | ({} if self.bias else {"bias": False}) | ({} if self.init == "default" else {"init": self.init})

    def parameters(self) -> list[Parameter]:
        """Return the weight, and the bias if there is one."""
        return [self.weight, self.bias] if self.bias else [self.weight]

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return ``x @ weight.T + bias``, shape (N, out_features), for ``x`` of shape (N, in_features)."""
        if x.ndim != 2 or x.shape[1] != self.in_features:
            raise ValueError(f"{self!r} takes x of shape (N, {self.in_features}); got {x.shape}")
        out = x.dot(self.weight.data.T, out)
        if self.bias:
            out += self.bias.data
        return self.keep(out, x)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Each weight met one input and one output in every record: dL/dW = gradᵀ x, dL/db = Σ grad, dL/dx = grad W.

        The weight lies in memory as (in, out), which makes ``x @ weight.T`` quicker, and so its gradient is xᵀ grad.
        """
        (x,) = self.recall(grad)
        self.weight.accumulate(x.T.dot, grad)
        if self.bias:
            self.bias.accumulate(ones(len(grad), grad.dtype).dot, grad)  # a sum, as BLAS does it
        return grad.dot(self.weight.data, out) if inputs else None


class Flatten(Layer):
    """Turn each record into a row: (N, C, H, W) into (N, C·H·W); PyTorch's ``nn.Flatten``."""

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return a view of ``x`` of shape (N, everything else)."""
        if x.ndim < 2:
            raise ValueError(f"{self!r} takes x of two dimensions or more, (N, ...); got shape {x.shape}")
        return self.keep(x.reshape(len(x), int(np.prod(x.shape[1:]))), x.shape)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Give the gradient the shape that ``x`` had."""
        (shape,) = self.recall(grad)
        return grad.reshape(shape)


class Unflatten(Layer):
    """Turn each row into an array of a given shape, (N, C·H·W) into (N, C, H, W); PyTorch's ``nn.Unflatten``.

    Parameters
    ----------
    dim : int
        1, the dimension that is unfolded; PyTorch's name and place for it.
    unflattened_size : tuple of int
        The shape of a record: ``(1, 28, 28)``.
    """

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]) -> None:
        if dim != 1:
            raise ValueError(f"dim must be 1, the columns of a flat batch; got {dim}")
        self.size = whole(**{f"unflattened_size[{i}]": n for i, n in enumerate(unflattened_size)})

    def config(self) -> dict[str, Any]:
        return {"dim": 1, "unflattened_size": self.size}

    def forward(self, x: Array, out: Array | None = None) -> Array:
        if x.ndim != 2 or x.shape[1] != np.prod(self.size):
            raise ValueError(f"{self!r} takes x of shape (N, {np.prod(self.size)}); got {x.shape}")
        return self.keep(x.reshape(len(x), *self.size), x.shape)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        (shape,) = self.recall(grad)
        return grad.reshape(shape)


class Dropout(Layer):
    """In training, set each value to 0 with probability p and scale the others by 1/(1 - p) (Srivastava et al., 2014).

    In evaluation mode, nothing. Draws come from the network's generator; PyTorch's ``nn.Dropout``.
    """

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p < 1:
            raise ValueError(f"p must be in [0, 1); got {p}")
        self.p = p

    def config(self) -> dict[str, Any]:
        return {"p": self.p}

    def forward(self, x: Array, out: Array | None = None) -> Array:
        if not (self.training and self.p):
            return self.keep(np.positive(x, out=out), None)
        draws = self.rng.random(out=self.scratch("draws", x), dtype=x.dtype)
        mask = np.greater_equal(draws, self.p, out=draws)
        mask *= 1 / (1 - self.p)
        return self.keep(np.multiply(x, mask, out=out), mask)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        (mask,) = self.recall(grad)
        return np.positive(grad, out=out) if mask is None else np.multiply(grad, mask, out=out)
