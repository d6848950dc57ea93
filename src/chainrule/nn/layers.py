"""What a layer is, and the linear one.

A layer is a pair: ``forward(x)`` caches what ``backward(grad)`` needs; ``backward`` takes dL/dout, adds to each
parameter's ``grad``, and returns dL/din. ``out`` is where a network lets the result be written, to save
allocations; without it a fresh array is returned.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.initializers import INITIALIZERS, uniform, zeros
from chainrule.nn.parameter import Parameter
from chainrule.registry import Registry

Array = NDArray[Any]

LAYERS: Registry["type[Layer]"] = Registry("layer")


class Layer:
    """A step of a network: ``forward``, ``backward``, and what it can learn."""

    training = True
    network: object = None  # the one network that this layer belongs to
    _cache: tuple[Any, ...] | None = None
    _shape: tuple[int, ...] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.__name__.startswith("_"):
            LAYERS[cls.__name__] = cls

    def __call__(self, x: Array) -> Array:
        return self.forward(x)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.config().items())})"

    def config(self) -> dict[str, Any]:
        """Return the arguments that build this layer again."""
        return {}

    def parameters(self) -> list[Parameter]:
        """Return what the layer learns, in PyTorch's order."""
        return []

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return the layer's output for ``x``, and cache what `backward` needs."""
        raise NotImplementedError

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Take dL/dout, add to the parameters' gradients, return dL/din (None unless ``inputs``)."""
        raise NotImplementedError

    def keep(self, result: Array, *cache: Any) -> Array:
        """Cache what `backward` will ask for through `recall`, and return ``result``."""
        self._cache, self._shape = cache, result.shape
        return result

    def recall(self, grad: Array) -> Any:
        """Return what the last `forward` cached, once, if ``grad`` has that forward's shape."""
        cache, self._cache = self._cache, None
        if cache is None:
            raise RuntimeError(f"{self!r}: backward needs a forward of its own first; each forward serves one backward")
        if grad.shape != self._shape:
            raise ValueError(f"{self!r}: the gradient must have the output's shape {self._shape}; got {grad.shape}")
        return cache


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
        for name, value in (("in_features", in_features), ("out_features", out_features)):
            if not isinstance(value, int | np.integer) or value < 1:
                raise ValueError(f"{name} must be a whole number of at least 1; got {value!r}")
        self.in_features, self.out_features, self.init = int(in_features), int(out_features), init
        self.weight = Parameter((self.out_features, self.in_features), INITIALIZERS[init], "weight")
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
        out = np.matmul(x, self.weight.data.T, out=out)
        if self.bias:
            out += self.bias.data
        return self.keep(out, x)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Each weight met one input and one output in every record: dL/dW = gradᵀ x, dL/db = Σ grad, dL/dx = grad W."""
        (x,) = self.recall(grad)
        self.weight.accumulate(np.matmul, grad.T, x)
        if self.bias:
            self.bias.accumulate(np.add.reduce, grad, axis=0)
        return np.matmul(grad, self.weight.data, out=out) if inputs else None


class Flatten(Layer):
    """Turn each record into a row: (N, C, H, W) into (N, C·H·W); PyTorch's ``nn.Flatten``."""

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return a view of ``x`` of shape (N, everything else)."""
        return self.keep(x.reshape(len(x), -1), x.shape)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Give the gradient the shape that ``x`` had."""
        (shape,) = self.recall(grad)
        return grad.reshape(shape)
