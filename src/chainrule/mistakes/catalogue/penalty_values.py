"""How penalties go wrong: their values, and how strongly they count."""

from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.penalties import (
    accumulates,
    builtin_sum,
    for_vectors_only,
    mean_for_sum,
    moves_the_weights,
    no_magnitudes,
    norm,
    one_forgotten,
    only_the_last,
    over_batch,
    subtracted,
    wrong_norm,
    wrong_strength,
)
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.step import ANYTHING
from chainrule.mistakes.steps import penalties as p

# Values -----------------------------------------------------------------------------------------------------------

norm.instead_of(p.squared)(lambda size: np.sqrt(size))

for _product in (
    lambda weights: np.dot(weights, weights.T),
    lambda weights: weights @ weights.T,
    lambda weights: np.dot(weights.T, weights),
    lambda weights: weights.T @ weights,
    lambda weights: np.dot(weights, weights),
    lambda weights: np.inner(weights, weights),
    lambda weights: np.sum(np.dot(weights, weights.T)),
    lambda weights: np.sum(np.dot(weights.T, weights)),
):
    for_vectors_only.instead_of(p.sum_of_squares)(_product)
for _product in (
    lambda weights: np.dot(np.sign(weights), weights.T),
    lambda weights: np.sign(weights) @ weights.T,
    lambda weights: np.dot(weights, np.sign(weights).T),
    lambda weights: np.dot(weights.T, np.sign(weights)),
    lambda weights: np.dot(np.sign(weights).T, weights),
):
    for_vectors_only.instead_of(p.sum_of_magnitudes)(_product)

builtin_sum.instead_of(p.add_up)(lambda terms: sum(terms))
CATALOGUE["GD116"].instead_of(p.add_up)(lambda terms: terms)

for _divided in (
    lambda terms: np.sum(terms) / len(terms),
    lambda terms: np.sum(terms) / terms.shape[-1],
    lambda terms: np.sum(terms) / (2 * len(terms)),
):
    over_batch.instead_of(p.add_up)(_divided)
mean_for_sum.instead_of(p.add_up)(lambda terms: np.mean(terms))

for _without in (
    lambda weights: weights,
    lambda weights: np.abs(np.sum(weights)),
    lambda weights: np.abs(np.sum(weights, axis=0)),
    lambda weights: np.abs(np.sum(weights, axis=-1)),
    lambda weights: np.maximum(weights, 0),
):
    no_magnitudes.instead_of(p.magnitudes)(_without)

for _along in (
    lambda terms: np.sum(terms, axis=0),
    lambda terms: np.sum(terms, axis=1),
    lambda terms: np.sum(terms, axis=-1),
    lambda terms: np.sum(terms, axis=0).max(),
    lambda terms: np.sum(terms, axis=-1).max(),
    lambda terms: np.max(terms),
):
    wrong_norm.instead_of(p.add_up)(_along)

for _other_norm in (
    lambda weights: np.linalg.norm(weights, 1),
    lambda weights: np.linalg.norm(weights, np.inf),
    lambda weights: np.linalg.norm(weights),
    lambda weights: np.square(weights).sum(),
    lambda weights: np.linalg.norm(weights, axis=0).sum(),
    lambda weights: np.linalg.norm(weights, axis=-1).sum(),
):
    wrong_norm.instead_of(p.sum_of_magnitudes)(_other_norm)

for _other_norm in (
    lambda weights: np.linalg.norm(weights, 2),
    lambda weights: np.linalg.norm(weights, 2) ** 2,
    lambda weights: np.linalg.norm(weights, 1),
    lambda weights: np.linalg.norm(weights, 1) ** 2,
    lambda weights: np.abs(weights).sum() ** 2,
    lambda weights: np.abs(weights).sum(),
    lambda weights: np.linalg.norm(weights, axis=0),
    lambda weights: np.linalg.norm(weights, axis=-1),
    lambda weights: np.linalg.norm(weights, axis=0).sum(),
    lambda weights: np.linalg.norm(weights, axis=-1).sum(),
    lambda weights: np.sum(weights) ** 2,
):
    wrong_norm.instead_of(p.sum_of_squares)(_other_norm)

one_forgotten.instead_of(p.magnitudes)(lambda weights: np.abs(weights[1:]))
one_forgotten.instead_of(p.magnitudes)(lambda weights: np.abs(weights[:-1]))
one_forgotten.instead_of(p.squares)(lambda weights: weights[1:] ** 2)
one_forgotten.instead_of(p.squares)(lambda weights: weights[:-1] ** 2)
only_the_last.instead_of(p.magnitudes)(lambda weights: np.abs(weights[-1]))
only_the_last.instead_of(p.magnitudes)(lambda weights: np.abs(weights.flat[-1]))
only_the_last.instead_of(p.squares)(lambda weights: weights[-1] ** 2)
only_the_last.instead_of(p.squares)(lambda weights: weights.flat[-1] ** 2)

for _penalty, _again in (
    (p.l1_penalty, lambda strength, sum_of_magnitudes: strength * sum_of_magnitudes),
    (p.l2_penalty, lambda strength, sum_of_squares: strength * sum_of_squares),
):
    accumulates.replaces({_penalty: lambda: ANYTHING, p.added_by_second_call: _again})

for _penalty, _moved in (
    (p.l1_penalty, lambda weights, lamb: weights - lamb * np.sign(weights)),
    (p.l1_penalty, lambda weights, lamb: lamb * np.sign(weights)),
    (p.l1_penalty, lambda weights, lamb: weights - lamb * np.abs(weights)),
    (p.l2_penalty, lambda weights, lamb: weights - 2 * lamb * weights),
    (p.l2_penalty, lambda weights, lamb: weights - lamb * weights),
    (p.l2_penalty, lambda weights, lamb: weights - lamb * weights**2),
    (p.l2_penalty, lambda weights, lamb: 2 * lamb * weights),
    (p.l2_penalty, lambda weights, lamb: lamb * weights),
):
    moves_the_weights.instead_of(_penalty)(_moved)

# Strength ---------------------------------------------------------------------------------------------------------


def _fixed_to(value: float) -> None:
    wrong_strength.instead_of(p.strength)(lambda: value)


def _threshold_of(value: float) -> None:
    wrong_strength.instead_of(p.distance)(lambda: value)


for _number in (1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 1e-4):
    _fixed_to(_number)
    _threshold_of(_number)
wrong_strength.any_number(p.strength)

subtracted.instead_of(p.strength)(lambda lamb: -lamb)

for _strength in (lambda lamb: lamb**2, lambda lamb: 1 / lamb if lamb else np.inf, lambda lamb: np.sqrt(lamb)):
    wrong_strength.instead_of(p.strength)(_strength)


def without_first(weights: Any) -> Any:
    """Return the weights with 0 in the first place, or the first row."""
    left = weights.copy()
    left[0] = 0
    return left
