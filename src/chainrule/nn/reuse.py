"""Arrays that are kept from batch to batch instead of being made anew: constants, and places for results."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@lru_cache(maxsize=16)
def ones(n: int, dtype: Any) -> Array:
    """Return n ones: ``ones.dot(a)`` is a sum, as BLAS does it."""
    return np.ones(n, dtype)


@lru_cache(maxsize=16)
def constant(value: float, dtype: Any) -> Array:
    """Return a number as an array of shape (), which NumPy takes sooner than a float of Python's."""
    return np.array(value, dtype)


@lru_cache(maxsize=16)
def numbers(n: int) -> Array:
    """Return 0, 1, …, n - 1."""
    return np.arange(n)


def reusable(kept: dict[Any, list[Array | None]], key: Any, n: int) -> list[Array | None]:
    """Return the arrays that a batch of this shape wrote its intermediate results to, None where there is none yet.

    The first and last results of a pass are given to the caller and never kept: nothing handed out is
    written to again. A run sees few shapes (the batch, the last batch, the validation set); more are forgotten.
    """
    if key not in kept:
        if len(kept) >= 4:
            kept.clear()
        kept[key] = [None] * n
    return kept[key]


def hand_out(result: Array | None, kept: list[Array | None]) -> None:
    """Forget the arrays that ``result`` is a view of: it goes to the caller, and must not be written to again."""
    for i, array in enumerate(kept):
        if array is not None and result is not None and np.may_share_memory(array, result):
            kept[i] = None
