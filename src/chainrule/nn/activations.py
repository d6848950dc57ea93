"""Activations: each one entry, a function and its slope.

An entry is a class with `f`, the function, and `slope`, its derivative, both elementwise and written into
``out``. That is all there is to adding one: the class is in the registry, in ``nn.LAYERS``, in the gradient
tests and wherever else activations are listed. Where an entry has a PyTorch twin, its name is the twin's.
`rectifiers` has the rest of them: those that let large inputs through.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.layer import Layer
from chainrule.registry import Registry

Array = NDArray[Any]

ACTIVATIONS: Registry["type[Activation]"] = Registry("activation")


class Activation(Layer):
    """An elementwise function; by the chain rule, dL/dz = dL/da · f'(z)."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        """Return the function of ``z``."""
        raise NotImplementedError

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        """Return f'(z), from ``z`` or, where that is simpler, from ``a = f(z)``."""
        raise NotImplementedError

    def forward(self, x: Array, out: Array | None = None) -> Array:
        """Return f(x), of the same shape."""
        a = self.f(x, out)
        return self.keep(a, x, a)

    def backward(self, grad: Array, out: Array | None = None, inputs: bool = True) -> Array | None:
        """Return grad · f'(x)."""
        z, a = self.recall(grad)
        out = self.slope(z, a, out)
        out *= grad
        return out


@ACTIVATIONS.add("identity")
class Identity(Activation):
    """f(z) = z."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        return np.positive(z, out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.empty_like(z) if out is None else out
        out.fill(1)
        return out


@ACTIVATIONS.add("sigmoid")
class Sigmoid(Activation):
    """f(z) = 1 / (1 + e^-z), and f' = f (1 - f)."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        return sigmoid(z, out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.subtract(1, a, out=out)
        out *= a
        return out


@ACTIVATIONS.add("tanh")
class Tanh(Activation):
    """f(z) = tanh z, and f' = 1 - f²."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        return np.tanh(z, out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.multiply(a, a, out=out)
        return np.subtract(1, out, out=out)


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """Return 1 / (1 + e^-z), elementwise; e^-z is kept below overflow, so any finite z has a finite answer."""
    out = np.negative(z, out=out)
    np.minimum(out, 88 if out.dtype == np.float32 else 709, out=out)
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)
