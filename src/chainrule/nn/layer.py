"""What a layer is.

A layer is a pair: ``forward(x)`` caches what ``backward(grad)`` needs; ``backward`` takes dL/dout, adds to each
parameter's ``grad``, and returns dL/din. ``out`` is where a network lets the result be written, to save
allocations; without it a fresh array is returned.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.parameter import Parameter
from chainrule.registry import Registry

Array = NDArray[Any]

LAYERS: Registry["type[Layer]"] = Registry("layer")


class Layer:
    """A step of a network: ``forward``, ``backward``, and what it can learn."""

    training = True
    network: object = None  # the one network that this layer belongs to
    rng: np.random.Generator = np.random.default_rng()  # the network's, once it belongs to one
    _cache: tuple[Any, ...] | None = None
    _shape: tuple[int, ...] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.__name__.startswith("_"):
            LAYERS[cls.__name__] = cls

    def __call__(self, x: Array) -> Array:
        """Return `forward` of ``x``."""
        return self.forward(x)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what one batch has left behind: a copy starts with a forward of its own."""
        return {name: value for name, value in vars(self).items() if name not in ("_cache", "_scratch")}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.config().items())})"

    def config(self) -> dict[str, Any]:
        """Return the arguments that build this layer again."""
        return {}

    def parameters(self) -> list[Parameter]:
        """Return what the layer learns, in PyTorch's order."""
        return []

    def buffers(self) -> dict[str, Array]:
        """Return what the layer remembers besides, by PyTorch's names: a normalisation's running statistics."""
        return {}

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return the layer's output for ``x``, and cache what `backward` needs."""
        raise NotImplementedError

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Take dL/dout, add to the parameters' gradients, return dL/din (None unless ``inputs``)."""
        raise NotImplementedError

    def scratch(self, name: str, like: Array, dtype: Any = None) -> Array:
        """Return an array shaped as ``like`` for an intermediate result: the same one each time, never handed out."""
        kept = self.__dict__.setdefault("_scratch", {})
        dtype = like.dtype if dtype is None else dtype
        if name not in kept or kept[name].shape != like.shape or kept[name].dtype != dtype:
            kept[name] = np.empty_like(like, dtype=dtype)
        array: Array = kept[name]
        return array

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
