"""Activations that let a large input through and hold a small one back: ReLU and its smoother kin."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.activations import ACTIVATIONS, Activation, sigmoid

Array = NDArray[Any]
ZERO = np.zeros((), np.float32)  # NumPy takes an array sooner than Python's 0, which it has to turn into one each time


@ACTIVATIONS.add("relu")
class ReLU(Activation):
    """f(z) = max(z, 0); its slope is 1 above 0 and, as in PyTorch, 0 at 0 and below: the sign of f."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        return np.maximum(z, ZERO, out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        return np.sign(a, out=out)


@ACTIVATIONS.add("leaky_relu")
class LeakyReLU(Activation):
    """f(z) = z above 0, and z / 100 below (Maas et al., 2013)."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        out = np.multiply(z, 0.01, out=out)
        return np.maximum(out, z, out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.greater(z, 0, out=np.empty_like(z) if out is None else out)
        return np.maximum(out, 0.01, out=out)


@ACTIVATIONS.add("elu")
class ELU(Activation):
    """f(z) = z above 0, and e^z - 1 below (Clevert et al., 2016)."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        out = np.expm1(np.minimum(z, 0, out=out), out=out)
        out += np.maximum(z, 0, out=self.scratch("positive", z))
        return out

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.minimum(z, 0, out=out)
        return np.exp(out, out=out)


@ACTIVATIONS.add("selu")
class SELU(Activation):
    """λz above 0, λα(e^z - 1) below; these λ, α keep a layer's mean at 0 and variance at 1 (Klambauer et al., 2017)."""

    ALPHA = 1.6732632423543772848170429916717
    LAMBDA = 1.0507009873554804934193349852946

    def f(self, z: Array, out: Array | None = None) -> Array:
        out = np.expm1(np.minimum(z, 0, out=out), out=out)
        out *= self.ALPHA
        out += np.maximum(z, 0, out=self.scratch("positive", z))
        out *= self.LAMBDA
        return out

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.minimum(z, 0, out=out)
        np.exp(out, out=out)
        out *= self.LAMBDA * self.ALPHA
        np.copyto(out, self.LAMBDA, where=np.greater(z, 0, out=self.scratch("above", z, bool)))
        return out


@ACTIVATIONS.add("gelu")
class GELU(Activation):
    """f(z) = z·Φ(z), Φ the normal distribution function (Hendrycks and Gimpel, 2016); f' = Φ + z·φ, φ its density."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        return np.multiply(z, self._Phi(z), out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.multiply(z, z, out=out)
        out *= -0.5
        np.exp(out, out=out)
        out *= z
        out *= 1 / math.sqrt(2 * math.pi)
        out += self._Phi(z)
        return out

    def _Phi(self, z: Array) -> Array:
        from scipy.special import erf

        phi = np.multiply(z, math.sqrt(0.5), out=self.scratch("Phi", z))
        erf(phi, out=phi)
        phi += 1
        phi *= 0.5
        return phi


@ACTIVATIONS.add("gelu_tanh")
class GELUTanh(Activation):
    """½ z (1 + t), t = tanh(c (z + 0.044715 z³)), c = √(2/π): close to GELU; PyTorch's ``nn.GELU("tanh")``."""

    C, K = math.sqrt(2 / math.pi), 0.044715

    def f(self, z: Array, out: Array | None = None) -> Array:
        t = self._tanh(z)
        t += 1
        t *= 0.5
        return np.multiply(z, t, out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        """Return ½ (1 + t) + ½ z (1 - t²) c (1 + 3·0.044715 z²) = ½ (1 + t) (1 + (1 - t) z c (1 + 3·0.044715 z²))."""
        t = self._tanh(z)
        out = np.multiply(z, z, out=out)
        out *= 3 * self.K
        out += 1
        out *= z
        out *= self.C
        out *= np.subtract(1, t, out=self.scratch("1 - t", z))
        out += 1
        t += 1
        out *= t
        out *= 0.5
        return out

    def _tanh(self, z: Array) -> Array:
        t = np.multiply(z, z, out=self.scratch("t", z))
        t *= self.K
        t += 1
        t *= z
        t *= self.C
        return np.tanh(t, out=t)


@ACTIVATIONS.add("silu")
class SiLU(Activation):
    """f(z) = z·σ(z) (Elfwing et al., 2017), and f' = σ + f·(1 - σ)."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        out = sigmoid(z, out)
        out *= z
        return out

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        s = sigmoid(z, self.scratch("sigmoid", z))
        out = np.subtract(1, s, out=out)
        out *= a
        out += s
        return out


@ACTIVATIONS.add("softplus")
class Softplus(Activation):
    """f(z) = log(1 + e^z), and f' = σ(z)."""

    def f(self, z: Array, out: Array | None = None) -> Array:
        return np.logaddexp(z, 0, out=out)

    def slope(self, z: Array, a: Array, out: Array | None = None) -> Array:
        return sigmoid(z, out)
