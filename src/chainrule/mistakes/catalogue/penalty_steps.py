"""How steps with a penalty go wrong: its slope, the step, the soft threshold, and the choice of λ."""

from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.penalties import (
    accumulates,
    chosen_on_test,
    chosen_on_training,
    half_apart,
    luckiest_seed,
    mean_for_sum,
    moves_the_weights,
    never_used,
    no_factor_two,
    no_magnitudes,
    norm,
    not_shrunk,
    not_the_candidate,
    one_forgotten,
    one_side_only,
    only_the_last,
    over_batch,
    past_zero,
    pushed_from_zero,
    root_at_zero,
    shrunk_after,
    subtracted,
    twice_over,
    value_for_slope,
    wrong_norm,
    wrong_strength,
)
from chainrule.mistakes.catalogue.penalty_values import without_first
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.steps import penalties as p

# Slopes -----------------------------------------------------------------------------------------------------------

no_factor_two.instead_of(p.slope_of_square)(lambda weights: weights)
no_factor_two.instead_of(p.weight_decay)(lambda strength: strength)
half_apart.instead_of(p.weight_decay)(lambda strength: strength / 2)
half_apart.instead_of(p.weight_decay)(lambda strength: 4 * strength)
for _value, _slope in (
    (lambda squares, add_up: add_up(squares), lambda weights: weights),
    (lambda squares, add_up: add_up(squares) / 2, lambda weights: 2 * weights),
    (lambda squares, add_up: 2 * add_up(squares), lambda weights: 2 * weights),
    (lambda squares, add_up: add_up(squares), lambda weights: 4 * weights),
):
    half_apart.replaces({p.sum_of_squares: _value, p.slope_of_square: _slope})
half_apart.instead_of(p.sum_of_squares)(lambda squares, add_up: add_up(squares) / 2)

norm.instead_of(p.slope_of_square)(lambda weights: weights / np.linalg.norm(weights))
norm.replaces(
    {p.squared: lambda size: np.sqrt(size), p.slope_of_square: lambda weights: weights / np.linalg.norm(weights)}
)

for _share in (
    lambda weights: 2 * weights / len(weights),
    lambda weights: 2 * weights / weights.shape[-1],
    lambda weights: weights / len(weights),
):
    over_batch.instead_of(p.slope_of_square)(_share)
over_batch.instead_of(p.slope_of_magnitude)(lambda weights: np.sign(weights) / len(weights))
over_batch.replaces(
    {
        p.add_up: lambda terms: np.sum(terms) / len(terms),
        p.slope_of_square: lambda weights: 2 * weights / len(weights),
    }
)

mean_for_sum.instead_of(p.slope_of_square)(lambda weights: 2 * weights / weights.size)
mean_for_sum.instead_of(p.slope_of_square)(lambda weights: 2 * weights.mean())
mean_for_sum.instead_of(p.slope_of_magnitude)(lambda weights: np.sign(weights) / weights.size)
mean_for_sum.instead_of(p.slope_of_magnitude)(lambda weights: np.sign(weights).mean())
mean_for_sum.replaces(
    {
        p.add_up: lambda terms: np.mean(terms),
        p.slope_of_square: lambda weights: 2 * weights / weights.size,
    }
)
mean_for_sum.replaces(
    {
        p.add_up: lambda terms: np.mean(terms),
        p.slope_of_magnitude: lambda weights: np.sign(weights) / weights.size,
    }
)

for _slope in (
    lambda weights: np.ones_like(weights),
    lambda weights: np.sign(weights.sum()) * np.ones_like(weights),
    lambda weights: (weights > 0) * 1.0,
    lambda weights: np.abs(np.sign(weights)),
    lambda weights: 1.0,
):
    no_magnitudes.instead_of(p.slope_of_magnitude)(_slope)
no_magnitudes.replaces(
    {p.magnitudes: lambda weights: weights, p.slope_of_magnitude: lambda weights: np.ones_like(weights)}
)

for _slope in (
    lambda weights: weights / np.abs(weights),
    lambda weights: np.abs(weights) / weights,
    lambda weights: weights / np.sqrt(weights**2),
):
    root_at_zero.instead_of(p.slope_of_magnitude)(_slope)

for _slope in (
    lambda weights: np.sign(weights),
    lambda weights: 2 * np.abs(weights),
    lambda weights: 2 * weights.sum(),
):
    wrong_norm.instead_of(p.slope_of_square)(_slope)
for _slope in (
    lambda weights: weights,
    lambda weights: 2 * weights,
    lambda weights: np.sign(weights).sum(),
):
    wrong_norm.instead_of(p.slope_of_magnitude)(_slope)

for _its_value in (
    lambda weights: weights**2,
    lambda weights: 2 * weights**2,
    lambda weights: np.square(weights).sum(),
):
    value_for_slope.instead_of(p.slope_of_square)(_its_value)
for _its_value in (lambda weights: np.abs(weights), lambda weights: np.abs(weights).sum()):
    value_for_slope.instead_of(p.slope_of_magnitude)(_its_value)
pushed_from_zero.instead_of(p.slope_of_magnitude)(lambda weights: np.where(weights > 0, 1.0, -1.0))
pushed_from_zero.instead_of(p.slope_of_magnitude)(lambda weights: np.where(weights < 0, -1.0, 1.0))

moves_the_weights.instead_of(p.l1_slope)(lambda weights, lamb: weights - lamb * np.sign(weights))
moves_the_weights.instead_of(p.l2_slope)(lambda weights, lamb: weights - 2 * lamb * weights)
moves_the_weights.instead_of(p.l2_slope)(lambda weights, lamb: weights - lamb * weights)

one_forgotten.instead_of(p.slope_of_magnitude)(lambda weights: np.sign(without_first(weights)))
one_forgotten.instead_of(p.slope_of_square)(lambda weights: 2 * without_first(weights))

# The step ---------------------------------------------------------------------------------------------------------

never_used.instead_of(p.slopes)(lambda grads: grads)
over_batch.instead_of(p.slopes)(
    lambda grads, penalty_slopes: [(g + s) / len(g) for g, s in zip(grads, penalty_slopes, strict=True)]
)
twice_over.instead_of(p.slope_of_square)(lambda weights: 4 * weights)


def _penalised(*which: int) -> Any:
    """Return a part that penalises these of the three matrices only."""

    def slopes(grads: Any, penalty_slopes: Any) -> Any:
        pairs = zip(grads, penalty_slopes, strict=True)
        return [g + s if number in which else g for number, (g, s) in enumerate(pairs)]

    return slopes


for _which in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
    one_forgotten.instead_of(p.slopes)(_penalised(*_which))
only_the_last.instead_of(p.slopes)(_penalised(2))
only_the_last.replaces({p.first: lambda new_weights: [new_weights[2]], p.second: lambda: None, p.third: lambda: None})
mean_for_sum.instead_of(p.penalty_slopes)(
    lambda weights, strength, slope_of_square: [strength * slope_of_square(w) / len(weights) for w in weights]
)


def _stepped(*which: int) -> None:
    """Enter a step of these of the three matrices only."""
    CATALOGUE["GD150"].instead_of(p.moves)(
        lambda slopes, rate: [-rate * s if number in which else 0 for number, s in enumerate(slopes)]
    )


for _which in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
    _stepped(*_which)


@accumulates.instead_of(p.slopes)
def _(grads: Any, weights: Any, strength: Any) -> Any:
    sums = np.cumsum([2 * strength * w.sum() for w in weights])
    return [g + total for g, total in zip(grads, sums, strict=True)]


@accumulates.instead_of(p.slopes)
def _(grads: Any, weights: Any, strength: Any) -> Any:
    costs = np.cumsum([strength * np.square(w).sum() for w in weights])
    return [g + cost for g, cost in zip(grads, costs, strict=True)]


@accumulates.instead_of(p.slopes)
def _(grads: Any, weights: Any, strength: Any) -> Any:
    cost = sum(strength * np.square(w).sum() for w in weights)
    return [g + cost for g in grads]


@only_the_last.instead_of(p.slopes)
def _(grads: Any, weights: Any, strength: Any) -> Any:
    return [g + strength * np.square(weights[-1]).sum() for g in grads]


CATALOGUE["GD121"].instead_of(p.moves)(lambda slopes, rate: [rate * s for s in slopes])
CATALOGUE["GD121"].instead_of(p.slopes)(
    lambda grads, penalty_slopes: [s - g for g, s in zip(grads, penalty_slopes, strict=True)]
)
CATALOGUE["GD154"].instead_of(p.rate)(lambda lr: lr**2)


def _rate_of(value: float) -> None:
    CATALOGUE["GD120"].instead_of(p.rate)(lambda: value)


for _number in (1.0, 0.5, 0.3, 0.1, 0.05, 0.01, 0.001):
    _rate_of(_number)
CATALOGUE["GD120"].any_number(p.rate)


@CATALOGUE["GD120"].instead_of(p.new_weights)
def _(weights: Any, grads: Any, lr: Any, penalty_slopes: Any) -> Any:
    """Return the step with a rate for the data and none for the penalty."""
    return [w - lr * g - s for w, g, s in zip(weights, grads, penalty_slopes, strict=True)]


@CATALOGUE["GD154"].instead_of(p.new_weights)
def _(weights: Any, grads: Any, lr: Any, penalty_slopes: Any) -> Any:
    return [w - lr * (g + lr * s) for w, g, s in zip(weights, grads, penalty_slopes, strict=True)]


@shrunk_after.instead_of(p.new_weights)
def _(weights: Any, grads: Any, rate: Any, strength: Any) -> Any:
    return [(w - rate * g) * (1 - 2 * rate * strength) for w, g in zip(weights, grads, strict=True)]


# Soft threshold ---------------------------------------------------------------------------------------------------

for _cut in (
    lambda weights, distance: np.where(np.abs(weights) < distance, 0, weights),
    lambda weights, distance: np.where(weights < distance, 0, weights),
):
    not_shrunk.instead_of(p.shrunk)(_cut)

for _past in (
    lambda weights, distance: weights - distance * np.sign(weights),
    lambda weights, distance: np.sign(weights) * np.abs(np.abs(weights) - distance),
):
    past_zero.instead_of(p.shrunk)(_past)

for _side in (
    lambda weights, distance: np.maximum(np.abs(weights) - distance, 0),
    lambda weights, distance: weights - distance,
):
    one_side_only.instead_of(p.shrunk)(_side)

for _side in (
    lambda weights, distance: np.maximum(weights - distance, 0),
    lambda weights, distance: np.sign(weights) * np.maximum(weights - distance, 0),
    lambda weights, distance: np.sign(weights) * (weights - distance),
    lambda weights, distance: np.where(weights > distance, weights - distance, weights),
):
    no_magnitudes.instead_of(p.shrunk)(_side)

wrong_strength.instead_of(p.distance)(lambda t: 2 * t)
wrong_strength.instead_of(p.distance)(lambda t: t**2)
wrong_strength.instead_of(p.distance)(lambda t: t / 2)
subtracted.instead_of(p.shrunk)(lambda weights, distance: np.sign(weights) * (np.abs(weights) + distance))

# The choice of λ --------------------------------------------------------------------------------------------------

chosen_on_test.instead_of(p.scores)(lambda test_accuracy: test_accuracy)
chosen_on_training.instead_of(p.scores)(lambda train_loss: -train_loss)
luckiest_seed.instead_of(p.score)(lambda scores: scores.max(axis=1))
not_the_candidate.instead_of(p.chosen)(lambda best: best)
not_the_candidate.instead_of(p.chosen)(lambda score: score.max())
CATALOGUE["GD121"].instead_of(p.best)(lambda score: np.argmin(score))
CATALOGUE["GD121"].instead_of(p.scores)(lambda train_loss: train_loss)

CATALOGUE["RG115"].instead_of(p.l1_slope)(lambda weights: np.sign(weights))
