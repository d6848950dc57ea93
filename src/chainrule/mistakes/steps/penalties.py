"""L1 and L2 penalties, their slopes, and what is made of them, in named parts."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

# What all of these have in common: how strongly the penalty counts.
_strength = Step("strength", inputs="lamb", returns="strength")


@_strength.part
def strength(lamb: Any) -> Any:
    return lamb


# What both values have in common: their terms are added up, and a second call gives the same again.
_value = Step("penalty", inputs="weights lamb", returns="added_by_second_call", include=[_strength])


@_value.operation
def add_up(terms: Any) -> Any:
    return np.sum(terms)


@_value.part
def added_by_second_call() -> Any:
    return 0.0


l1_regularization = Step(
    "l1_regularization", inputs="weights lamb", returns="l1_penalty added_by_second_call", include=[_value]
)
l2_regularization = Step(
    "l2_regularization", inputs="weights lamb", returns="l2_penalty added_by_second_call", include=[_value]
)
l1_gradient = Step("l1_gradient", inputs="weights lamb", returns="l1_slope", include=[_strength])
l2_gradient = Step("l2_gradient", inputs="weights lamb", returns="l2_slope", include=[_strength])


@l1_regularization.part
def magnitudes(weights: Any) -> Any:
    return np.abs(weights)


@l1_regularization.part
def sum_of_magnitudes(magnitudes: Any, add_up: Any) -> Any:
    return add_up(magnitudes)


@l1_regularization.part
def l1_penalty(strength: Any, sum_of_magnitudes: Any) -> Any:
    return strength * sum_of_magnitudes


@l2_regularization.part
def squares(weights: Any) -> Any:
    return weights**2


@l2_regularization.operation
def squared(size: Any) -> Any:
    """Return the sum of squares as it is; its root would be the norm."""
    return size


@l2_regularization.part
def sum_of_squares(squares: Any, add_up: Any, squared: Any) -> Any:
    return squared(add_up(squares))


@l2_regularization.part
def l2_penalty(strength: Any, sum_of_squares: Any) -> Any:
    return strength * sum_of_squares


@l1_gradient.operation
def slope_of_magnitude(weights: Any) -> Any:
    return np.sign(weights)


@l1_gradient.part
def l1_slope(strength: Any, slope_of_magnitude: Any, weights: Any) -> Any:
    return strength * slope_of_magnitude(weights)


@l2_gradient.operation
def slope_of_square(weights: Any) -> Any:
    return 2 * weights


@l2_gradient.part
def l2_slope(strength: Any, slope_of_square: Any, weights: Any) -> Any:
    return strength * slope_of_square(weights)


# The form that returns value and slope together.
l1_with_gradient = Step(
    "l1_regularization",
    inputs="weights lamb",
    returns="l1_penalty l1_slope added_by_second_call",
    include=[l1_regularization, l1_gradient],
)
l2_with_gradient = Step(
    "l2_regularization",
    inputs="weights lamb",
    returns="l2_penalty l2_slope added_by_second_call",
    include=[l2_regularization, l2_gradient],
)

# One step of gradient descent on loss + λ·Σw² for a list of three matrices.
regularized_step = Step(
    "regularized_step", inputs="weights grads lr lamb", returns="first second third", include=[_strength]
)
regularized_step.parts["slope_of_square"] = slope_of_square


@regularized_step.part
def penalty_slopes(weights: Any, strength: Any, slope_of_square: Any) -> Any:
    return [strength * slope_of_square(w) for w in weights]


@regularized_step.part
def slopes(grads: Any, penalty_slopes: Any) -> Any:
    return [g + p for g, p in zip(grads, penalty_slopes, strict=True)]


@regularized_step.part
def rate(lr: Any) -> Any:
    return lr


@regularized_step.part
def moves(slopes: Any, rate: Any) -> Any:
    return [-rate * s for s in slopes]


@regularized_step.part
def new_weights(weights: Any, moves: Any) -> Any:
    return [w + move for w, move in zip(weights, moves, strict=True)]


@regularized_step.part
def first(new_weights: Any) -> Any:
    return new_weights[0]


@regularized_step.part
def second(new_weights: Any) -> Any:
    return new_weights[1]


@regularized_step.part
def third(new_weights: Any) -> Any:
    return new_weights[2]


soft_threshold = Step("soft_threshold", inputs="weights t", returns="shrunk")


@soft_threshold.part
def distance(t: Any) -> Any:
    return t


@soft_threshold.part
def shrunk(weights: Any, distance: Any) -> Any:
    return np.sign(weights) * np.maximum(np.abs(weights) - distance, 0)


decay_for = Step("decay_for", inputs="lamb", returns="weight_decay", include=[_strength])


@decay_for.part
def weight_decay(strength: Any) -> Any:
    return 2 * strength


# The tables have a row for each candidate and a column for each seed.
choose_lambda = Step("choose_lambda", inputs="candidates train_loss valid_accuracy test_accuracy", returns="chosen")


@choose_lambda.part
def scores(valid_accuracy: Any) -> Any:
    return valid_accuracy


@choose_lambda.part
def score(scores: Any) -> Any:
    return scores.mean(axis=1)


@choose_lambda.part
def best(score: Any) -> Any:
    return np.argmax(score)


@choose_lambda.part
def chosen(candidates: Any, best: Any) -> Any:
    return candidates[best]
