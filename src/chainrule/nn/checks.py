"""What is asked of arguments: each check says what came in, what was expected, and under which name."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array = NDArray[Any]


def whole(**sizes: Any) -> tuple[int, ...]:
    """Return the sizes as ints, or raise a ValueError for the first that isn't a whole number of at least 1."""
    for name, value in sizes.items():
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1; got {value!r}")
    return tuple(int(value) for value in sizes.values())


def generator(seed: int | None) -> np.random.Generator:
    """Return a random generator, or raise a ValueError if ``seed`` is none that NumPy takes."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise ValueError(f"seed must be a whole number of at least 0, or None; got {seed!r}") from error


def as_floats(values: ArrayLike, dtype: DTypeLike, what: str) -> Array:
    """Return ``values`` as an array of ``dtype``, or raise a TypeError if they aren't real numbers."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what} must be an array of real numbers; got {type(values).__name__} of dtype {array.dtype}")
    return array.astype(dtype, copy=False)


def require_floats(prediction: Array) -> None:
    """Raise an error unless ``prediction`` is a non-empty array of floats: integers would round what is done here."""
    if not isinstance(prediction, np.ndarray) or prediction.dtype.kind != "f":
        kind = prediction.dtype if isinstance(prediction, np.ndarray) else type(prediction).__name__
        raise TypeError(f"prediction must be an array of floats, as a network's output is; got {kind}")
    if prediction.ndim == 0 or prediction.size == 0:
        raise ValueError(f"prediction must have at least one record; got shape {prediction.shape}")
