"""Is the gradient right? Numerical gradients, and one aligned line for each comparison."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def numerical_gradient(f: Callable[[Array], float], w: ArrayLike, h: float = 1e-5) -> Array:
    """Return df/dw by central differences, (f(w + h) - f(w - h)) / 2h, one entry of ``w`` at a time.

    Parameters
    ----------
    f : callable
        Takes an array like ``w`` and returns a number. It is called twice for each entry.
    w : array of any shape
        Where to differentiate; taken as float64, and never changed.
    h : float
        The step. The formula's own error grows as h², rounding's as 1/h: 1e-5 is near the best in float64.

    Returns
    -------
    float64 array of the shape of ``w``
    """
    w = np.array(w, dtype=np.float64)
    gradient = np.empty_like(w)
    for at in np.ndindex(w.shape):
        kept = w[at]
        w[at] = kept + h
        above = float(f(w))
        w[at] = kept - h
        below = float(f(w))
        w[at] = kept
        gradient[at] = (above - below) / (2 * h)
    return gradient


def relative_error(ours: ArrayLike, reference: ArrayLike) -> float:
    """Return the largest difference divided by the largest reference value: max|a - b| / max|b|.

    Raises
    ------
    ValueError
        If the shapes differ: nothing is broadcast.
    """
    a, b = np.asarray(ours, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"the gradients must have the same shape; got {a.shape} and {b.shape}")
    if a.size == 0:
        return 0.0
    difference = float(np.abs(a - b).max())
    scale = float(np.abs(b).max())
    return difference / scale if scale > 0 else difference


def compare_gradients(ours: Mapping[str, ArrayLike], reference: Mapping[str, ArrayLike]) -> str:
    """Return one aligned line for each gradient: its name, whether it is exact or close, and how far off it is.

    Parameters
    ----------
    ours, reference : mapping of str to array
        Gradients by name; the names of ``reference`` are compared.
    """
    width = max(map(len, reference), default=0)
    lines = []
    for name, expected in reference.items():
        error = relative_error(ours[name], expected)
        exact = np.array_equal(np.asarray(ours[name]), np.asarray(expected))
        verdict = "exact" if exact else "close" if error < 1e-7 else "WRONG"
        lines.append(f"{name:<{width}}  {np.shape(expected)!s:<12} {verdict:<5}  largest difference {error:.1e}")
    return "\n".join(lines)
