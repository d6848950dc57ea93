"""A weight array, and the gradient of the loss with respect to it."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chainrule.nn.initializers import Initializer

Array = NDArray[Any]


class Storage:
    """All values, and all gradients, of a network's parameters: two flat arrays.

    An optimizer's step is then a few calls over everything, instead of a few for each parameter.
    """

    def __init__(self, size: int, dtype: Any) -> None:
        self.data: Array = aligned_zeros(size, dtype)
        self.grad: Array = aligned_zeros(size, dtype)
        self.in_use = True


class Parameter:
    """A weight array of fixed shape, with its gradient; PyTorch's ``nn.Parameter``.

    Values are drawn when they are first needed: by the network the parameter joins, from the network's seed,
    or else at the first look at ``data``. What has been set is never drawn again.

    Parameters
    ----------
    shape : tuple of int
    init : callable
        ``init(rng, shape)`` returns the first values.
    name : str
        Its name within its layer: ``"weight"``, ``"bias"``.
    turned : bool
        Whether a matrix lies in memory as its transpose; its shape, and all that one sees, are the same.
    """

    def __init__(self, shape: tuple[int, ...], init: Initializer, name: str, turned: bool = False) -> None:
        self.shape, self.name, self._init, self.turned = shape, name, init, turned
        self.size = int(np.prod(shape))
        self.storage: Storage | None = None
        self.offset = 0
        self.stale = True

    def __repr__(self) -> str:
        return f"Parameter({self.name!r}, shape={self.shape})"

    def join(self, storage: Storage, offset: int, rng: np.random.Generator) -> None:
        """Move into ``storage`` at ``offset``; draw the values, unless someone has set or seen them already."""
        values = self._init(rng, self.shape) if self.storage is None else self._data.copy()
        if self.storage is not None:
            self.storage.in_use = False
        self._look_at(storage, offset)
        self.stale = True
        self._data[...] = values

    def _look_at(self, storage: Storage, offset: int) -> None:
        here = slice(offset, offset + self.size)
        self.storage, self.offset = storage, offset
        shape = self.shape[::-1] if self.turned else self.shape
        data, grad = storage.data[here].reshape(shape), storage.grad[here].reshape(shape)
        self._data: Array = data.T if self.turned else data
        self._grad: Array = grad.T if self.turned else grad
        self._memory: Array = grad if grad.ndim < 3 else grad.reshape(shape[0], -1)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the views out, so that a copy looks at its own storage and not at copies of parts of it."""
        storage = self.storage or self.settle()
        kept = {name: getattr(self, name) for name in ("shape", "name", "size", "offset", "stale", "turned")}
        return kept | {"storage": storage}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._look_at(state["storage"], state["offset"])

    def settle(self) -> Storage:
        """Draw the values of a parameter that stands alone, in a storage of its own: float64, to lose nothing."""
        storage = Storage(self.size, np.float64)
        self.join(storage, 0, np.random.default_rng())
        return storage

    @property
    def data(self) -> Array:
        """The values; setting them copies."""
        if self.storage is None:
            self.settle()
        return self._data

    @data.setter
    def data(self, values: ArrayLike) -> None:
        self.data[...] = self._fitting(values, "values")

    @property
    def grad(self) -> Array:
        """The gradient: zeros after `zero_grad`, and what backward passes have added since."""
        if self.storage is None:
            self.settle()
        if self.stale:
            self._grad.fill(0)
            self.stale = False
        return self._grad

    @grad.setter
    def grad(self, values: ArrayLike) -> None:
        self.grad[...] = self._fitting(values, "gradient")

    def zero_grad(self) -> None:
        """Forget the gradient. The zeros are written only if someone reads them before the next backward pass."""
        self.stale = True

    def accumulate(self, op: Callable[..., Array], operand: Array) -> None:
        """Add ``op(operand)`` to the gradient: written in place, as ``out``, where nothing was there yet.

        The operation's result is a matrix as it lies in memory: of ``shape[0]`` rows, or of ``shape[1]`` if turned.
        """
        if self.stale:
            try:
                op(operand, out=self._memory)
            except ValueError:  # a.dot writes its operands' dtype only, and a layer that stands alone may get another
                self._memory[...] = op(operand)
            self.stale = False
        else:
            self._memory += op(operand)

    def _fitting(self, values: ArrayLike, what: str) -> Array:
        array = np.asarray(values)
        if array.shape != self.shape:
            raise ValueError(f"{what} of {self.name!r} must have shape {self.shape}; got {array.shape}")
        return array


BLOCK = 2**15  # values: what an optimizer needs for so many stays in a core's cache from one operation to the next


def spans(parameters: Iterable[Parameter]) -> list[tuple[Storage, slice]]:
    """Join parameters that lie side by side in one storage, as a network's do, and cut these into blocks."""
    found: list[tuple[Storage, slice]] = []
    for p in parameters:
        storage = p.storage or p.settle()
        if found and found[-1][0] is storage and found[-1][1].stop == p.offset:
            found[-1] = (storage, slice(found[-1][1].start, p.offset + p.size))
        else:
            found.append((storage, slice(p.offset, p.offset + p.size)))
    return [
        (storage, slice(start, min(start + BLOCK, whole.stop)))
        for storage, whole in found
        for start in range(whole.start, whole.stop, BLOCK)
    ]


def aligned_zeros(size: int, dtype: Any) -> Array:
    """Return zeros that begin at a multiple of 64 bytes: no load of a vector register then spans two cache lines."""
    raw = np.zeros(size * np.dtype(dtype).itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size * np.dtype(dtype).itemsize].view(dtype)
