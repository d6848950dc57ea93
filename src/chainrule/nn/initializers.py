"""First values of a weight array, drawn so that signals keep their size from layer to layer."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.registry import Registry

Initializer = Callable[[np.random.Generator, tuple[int, ...]], NDArray[Any]]

INITIALIZERS: Registry[Initializer] = Registry("initializer")


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the numbers of inputs and outputs that one value of a weight (out, in, *kernel) connects."""
    field = int(np.prod(shape[2:], dtype=int))
    return shape[1] * field, shape[0] * field


@INITIALIZERS.add("default")
def default(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Draw from U(-1/√fan_in, 1/√fan_in), as PyTorch's layers do."""
    bound = 1 / np.sqrt(fans(shape)[0])
    return rng.uniform(-bound, bound, size=shape)


@INITIALIZERS.add("xavier_uniform")
def xavier_uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Draw from U(-a, a), a = √(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010)."""
    bound = np.sqrt(6 / sum(fans(shape)))
    return rng.uniform(-bound, bound, size=shape)


@INITIALIZERS.add("xavier_normal")
def xavier_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Draw from N(0, 2 / (fan_in + fan_out)) (Glorot and Bengio, 2010)."""
    return rng.normal(0, np.sqrt(2 / sum(fans(shape))), size=shape)


@INITIALIZERS.add("he_uniform")
def he_uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Draw from U(-a, a), a = √(6 / fan_in) (He et al., 2015)."""
    bound = np.sqrt(6 / fans(shape)[0])
    return rng.uniform(-bound, bound, size=shape)


@INITIALIZERS.add("he_normal")
def he_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Draw from N(0, 2 / fan_in) (He et al., 2015)."""
    return rng.normal(0, np.sqrt(2 / fans(shape)[0]), size=shape)


def zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return zeros: a bias beside weights that were scaled with care."""
    return np.zeros(shape)


def ones(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return ones: the scale of a normalisation that begins by changing nothing."""
    return np.ones(shape)


def uniform(fan_in: int) -> Initializer:
    """Return the initializer U(-1/√fan_in, 1/√fan_in): PyTorch's for the bias beside a weight of that fan_in."""
    bound = 1 / np.sqrt(fan_in)
    return lambda rng, shape: rng.uniform(-bound, bound, size=shape)
