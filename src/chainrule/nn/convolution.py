"""Convolution on images of shape (N, C, H, W), and the windows that pooling shares with it.

Both look at the image through shifted windows: for each place (i, j) of the kernel, one slice holds what
all windows see there. In memory an output lies channel by channel; the shapes are PyTorch's.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.checks import whole
from chainrule.nn.initializers import INITIALIZERS, uniform, zeros
from chainrule.nn.layer import Layer
from chainrule.nn.parameter import Parameter

Array = NDArray[Any]


class Windowed(Layer):
    """What convolution and pooling share: a square kernel that moves over the image by ``stride``."""

    def __init__(self, kernel_size: int, stride: int) -> None:
        self.kernel_size, self.stride = whole(kernel_size=kernel_size, stride=stride)

    def fit(self, length: int) -> int:
        """Return how many windows fit along ``length``."""
        return (length - self.kernel_size) // self.stride + 1

    def views(self, x: Array) -> Iterator[Array]:
        """Go through the kernel's places; yield, for each, the view of ``x`` that all windows have there."""
        h, w = (self.fit(n) * self.stride for n in x.shape[-2:])
        for i in range(self.kernel_size):
            for j in range(self.kernel_size):
                yield x[..., i : i + h : self.stride, j : j + w : self.stride]

    def checked(self, x: Array, channels: int | None = None, padding: int = 0) -> tuple[int, int, int, int]:
        """Return (N, C, H, W) of the output's windows, C still the input's."""
        if x.ndim != 4 or channels not in (None, x.shape[1]):
            raise ValueError(f"{self!r} takes x of shape (N, {channels or 'C'}, H, W); got {x.shape}")
        h, w = (self.fit(n + 2 * padding) for n in x.shape[2:])
        if min(h, w) < 1:
            raise ValueError(f"{self!r}: the kernel of {self.kernel_size} does not fit into an image of {x.shape[2:]}")
        return x.shape[0], x.shape[1], h, w


class Conv2d(Windowed):
    """A linear layer that sees one window of the image at a time, with the same weights; PyTorch's ``nn.Conv2d``.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding : int
        ``padding`` zeros are put around each image.
    bias : bool
    init : str
        As in `Linear`.

    Attributes
    ----------
    weight : Parameter of shape (out_channels, in_channels, kernel_size, kernel_size)
    bias : Parameter of shape (out_channels,), or None
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
        init: str = "default",
    ) -> None:
        super().__init__(kernel_size, stride)
        self.in_channels, self.out_channels = whole(in_channels=in_channels, out_channels=out_channels)
        if not isinstance(padding, int | np.integer) or isinstance(padding, bool) or padding < 0:
            raise ValueError(f"padding must be a whole number of at least 0; got {padding!r}")
        self.padding, self.init = int(padding), init
        shape = (self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        self.weight = Parameter(shape, INITIALIZERS[init], "weight")
        start = uniform(int(np.prod(shape[1:]))) if init == "default" else zeros
        self.bias = Parameter((self.out_channels,), start, "bias") if bias else None

    def config(self) -> dict[str, Any]:
        names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "init")
        return {name: getattr(self, name) for name in names} | {"bias": self.bias is not None}

    def parameters(self) -> list[Parameter]:
        return [self.weight, self.bias] if self.bias else [self.weight]

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Write each window as a column of a matrix; then all windows at once are ``weight @ columns + bias``."""
        n, c, h, w = self.checked(x, self.in_channels, self.padding)
        x = self._padded(x)
        k2 = self.kernel_size**2
        like = np.broadcast_to(x.dtype.type(0), (c, k2, n, h, w))
        columns = self.scratch("columns", like)
        for place, view in enumerate(self.views(x)):
            columns[:, place] = view.transpose(1, 0, 2, 3)
        columns = columns.reshape(c * k2, n * h * w)
        flat = None if out is None else out.transpose(1, 0, 2, 3).reshape(self.out_channels, -1)
        flat = np.matmul(self.weight.data.reshape(self.out_channels, -1), columns, out=flat)
        if self.bias:
            flat += self.bias.data[:, None]
        return self.keep(flat.reshape(-1, n, h, w).transpose(1, 0, 2, 3), columns, x.shape)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Do `Linear.backward` on the columns; a pixel collects the gradients of all windows that saw it."""
        columns, shape = self.recall(grad)
        flat = grad.transpose(1, 0, 2, 3).reshape(self.out_channels, -1)
        weight = self.weight.data.reshape(self.out_channels, -1)
        self.weight.accumulate(flat.dot, columns.T)
        if self.bias:
            self.bias.accumulate(partial(np.add.reduce, axis=1), flat)
        if not inputs:
            return None
        n, c, h, w = shape
        dcolumns = np.matmul(weight.T, flat, out=self.scratch("dcolumns", columns))
        dcolumns = dcolumns.reshape(c, self.kernel_size**2, n, *grad.shape[2:])
        dx = self.scratch("dx", np.broadcast_to(grad.dtype.type(0), (c, n, h, w)))
        dx.fill(0)
        for place, view in enumerate(self.views(dx)):
            view += dcolumns[:, place]
        p = self.padding
        return np.positive(dx[:, :, p : h - p, p : w - p].transpose(1, 0, 2, 3), out=out)

    def _padded(self, x: Array) -> Array:
        """Return ``x`` in a frame of ``padding`` zeros."""
        p = self.padding
        if not p:
            return x
        n, c, h, w = x.shape
        frame = self.scratch("frame", np.broadcast_to(x.dtype.type(0), (n, c, h + 2 * p, w + 2 * p)))
        frame.fill(0)
        frame[:, :, p : h + p, p : w + p] = x
        return frame
