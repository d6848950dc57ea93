"""How softmax goes wrong."""

from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.softmax import not_for_all_shapes, unstable, whole_batch
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.steps import softmax as s

# Softmax ----------------------------------------------------------------------------------------------------------


@whole_batch.instead_of(s.total)
def _(powers: Any) -> Any:
    return powers.sum()


@whole_batch.instead_of(s.total)
def _(powers: Any) -> Any:
    return powers.sum(axis=0)


@whole_batch.instead_of(s.total)
def _(powers: Any) -> Any:
    return powers.sum(axis=0, keepdims=True).T  # a shape error, but for a single record


@unstable.instead_of(s.shifted)
def _as_they_are(z: Any) -> Any:
    return z


@unstable.instead_of(s.shifted)
def _from_the_table(z: Any) -> Any:
    return z - z.max()


@unstable.instead_of(s.shifted)
def _from_the_columns(z: Any) -> Any:
    return z - z.max(axis=0)


@unstable.instead_of(s.shifted)
def _(z: Any) -> Any:
    return z - z.mean(axis=-1, keepdims=True)


@unstable.instead_of(s.shifted)
def _(z: Any) -> Any:
    return z - z.min(axis=-1, keepdims=True)


# The formula for a single vector, given a batch: both mistakes at once, and neither gives these numbers alone.
for _entry in (whole_batch, unstable):
    _entry.replaces({s.shifted: _as_they_are, s.total: lambda powers: powers.sum()})
    _entry.replaces({s.shifted: _as_they_are, s.total: lambda powers: powers.sum(axis=0)})

for _shift in (_from_the_table, _from_the_columns):  # with a sum over the same axis: one thing forgotten once
    whole_batch.replaces({s.shifted: _shift, s.total: lambda powers: powers.sum()})
    whole_batch.replaces({s.shifted: _shift, s.total: lambda powers: powers.sum(axis=0)})


@CATALOGUE["GD115"].instead_of(s.shifted)
def _cut_to_0(z: Any) -> Any:
    z = np.maximum(z, 0)
    return z - z.max(axis=-1, keepdims=True)


CATALOGUE["GD115"].replaces(
    {
        s.shifted: _cut_to_0,
        s.slope: lambda difference, average, table, predictions: (
            average(difference, table) * (np.atleast_2d(predictions) > 0)
        ),
    }
)


@CATALOGUE["GD121"].instead_of(s.shifted)
def _(z: Any) -> Any:
    return z.min(axis=-1, keepdims=True) - z


def _fails(axes: int, error: type[Exception]) -> None:
    """Enter: raises this error where the array has so many axes."""

    @not_for_all_shapes.instead_of(s.shifted)
    def _(z: Any) -> Any:
        if z.ndim == axes:
            raise error("this shape is not supported")
        return z - z.max(axis=-1, keepdims=True)

    @not_for_all_shapes.instead_of(s.table)
    def _(probs: Any) -> Any:
        if probs.ndim == axes:
            raise error("this shape is not supported")
        return np.atleast_2d(probs)


for _axes in (1, 2):
    for _error in (ValueError, TypeError, IndexError, np.exceptions.AxisError):
        _fails(_axes, _error)
_fails(1, AttributeError)  # a number has no .shape; with a table it is a slip of the pen


@not_for_all_shapes.instead_of(s.shares)
def _(powers: Any, total: Any) -> Any:
    return np.atleast_2d(powers / total)


@not_for_all_shapes.instead_of(s.dprediction)
def _(slope: Any) -> Any:
    return slope
