"""Comparison lines of the notebook Further Exploration."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.course.compare import Lines, exercise

LESSON = "Further Exploration"
PARTS = ("mean difference", "standard error", "seeds where b is better", "seeds where b is worse")


@exercise("verdict", number=1, lesson=LESSON)
def _verdict(fn: Callable[..., Any], rng: np.random.Generator) -> Lines:
    for seeds in (5, 10):
        # What a split is worth moves both settings of a seed together: pairing takes it out again.
        split = rng.normal(0.9, 0.05, size=seeds)
        a = split + rng.normal(0, 0.01, size=seeds)
        b = split + rng.normal(0.012, 0.01, size=seeds)
        b[0] = a[0]  # a tie counts for neither
        b[1] = a[1] - 0.02  # so that better and worse both happen
        difference = b - a
        expected = (
            difference.mean(),
            difference.std(ddof=1) / np.sqrt(seeds),
            np.count_nonzero(difference > 0),
            np.count_nonzero(difference < 0),
        )
        yield from _parts(fn(a.copy(), b.copy()), expected, f"{seeds} seeds")
        before = a.copy(), b.copy()
        fn(a, b)
        yield f"a and b are left as they were, {seeds} seeds", np.stack((a, b)), np.stack(before)


def _parts(got: Any, expected: tuple[Any, ...], label: str) -> Lines:
    if not isinstance(got, tuple | list | np.ndarray) or len(got) != len(PARTS):
        yield f"verdict(a, b) -> {', '.join(PARTS)}", got, np.zeros(len(PARTS))
        return
    for part, mine, right in zip(PARTS, got, expected, strict=True):
        yield f"{part}, {label}", mine, right
