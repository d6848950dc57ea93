"""Pooling: one number for each window of an image of shape (N, C, H, W)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.convolution import Windowed

Array = NDArray[Any]


class _Pool(Windowed):
    """Pooling windows do not overlap unless ``stride`` says so."""

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__(kernel_size, kernel_size if stride is None else stride)

    def config(self) -> dict[str, Any]:
        return {"kernel_size": self.kernel_size, "stride": self.stride}


class MaxPool2d(_Pool):
    """The largest value of each window; its gradient goes to that value, the first of equals. PyTorch's twin."""

    def forward(self, x: Array, out: Array | None = None) -> Array:
        self.checked(x)
        views = self.views(x)
        out = np.positive(next(views), out=out)
        for view in views:
            np.maximum(out, view, out=out)
        return self.keep(out, x, out)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        x, largest = self.recall(grad)
        dx = zeros(x, out)
        free, here = self.scratch("free", grad, bool), self.scratch("here", grad, bool)
        share = self.scratch("share", grad)
        free.fill(True)
        for view, target in zip(self.views(x), self.views(dx), strict=True):
            np.equal(view, largest, out=here)
            here &= free
            free ^= here
            target += np.multiply(grad, here, out=share)
        return dx


class AvgPool2d(_Pool):
    """The mean of each window; each of its values gets an equal share of the gradient. PyTorch's twin."""

    def forward(self, x: Array, out: Array | None = None) -> Array:
        self.checked(x)
        views = self.views(x)
        out = np.positive(next(views), out=out)
        for view in views:
            out += view
        out /= self.kernel_size**2
        return self.keep(out, x)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        (x,) = self.recall(grad)
        dx, share = zeros(x, out), np.multiply(grad, 1 / self.kernel_size**2, out=self.scratch("share", grad))
        for target in self.views(dx):
            target += share
        return dx


def zeros(like: Array, out: Array | None) -> Array:
    """Return zeros shaped as ``like``, in ``out`` if it is given."""
    if out is None:
        return np.zeros_like(like)
    out.fill(0)
    return out
