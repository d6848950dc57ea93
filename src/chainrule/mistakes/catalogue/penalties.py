"""Mistakes in L1 and L2 regularization with NumPy; the PyTorch penalties have the same ones."""

from typing import Any

import numpy as np

from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.step import ANYTHING
from chainrule.mistakes.steps import penalties as p

norm = Mistake(
    code="RG101",
    title="the L2 penalty is the norm, not its square",
    symptom="None: the accuracy is the same. Doubled weights double the penalty, where they should quadruple it.",
    explanation="The norm is the square root of Σw². Its slope, w/‖w‖, has the same size however large the "
    "weights are.",
    fix="Sum the squares: np.sum(w**2), or np.linalg.norm(w)**2.",
    wrong="lamb * np.linalg.norm(w)",
    right="lamb * np.sum(w**2)",
    seen=19,
)

for_vectors_only = Mistake(
    code="RG102",
    title="right for a vector of weights only: np.dot(w, w.T)",
    symptom="One number in the test with a vector, a matrix for a real layer.",
    explanation="For a vector this is Σw². For a matrix it is the matrix product with its own transpose, all "
    "rows with all rows.",
    fix="Square entry by entry, then sum: np.sum(w**2).",
    wrong="lamb * np.dot(w, w.T)",
    right="lamb * np.sum(w**2)",
    seen=4,
)

builtin_sum = Mistake(
    code="RG103",
    title="Python's own sum adds up only the rows of a matrix",
    symptom="One number for a vector; for a matrix, one number per column.",
    explanation="sum goes through the first axis and adds what it finds there, and that is whole rows.",
    fix="Use np.sum(w**2) or (w**2).sum(), which add everything.",
    wrong="lamb * sum(abs(w))",
    right="lamb * np.sum(np.abs(w))",
    seen=2,
)

over_batch = Mistake(
    code="RG104",
    title="the penalty is divided by a number of rows or records",
    symptom="None; the penalty is the weaker the larger the batch, or the matrix, is.",
    explanation="λ·Σw² doesn't know how many records there are. Only the loss of the data is a mean.",
    fix="Divide the data's part only, before the penalty's is added.",
    wrong="(data + 2 * lamb * w) / N",
    right="data / N + 2 * lamb * w",
    seen=2,
)

never_used = Mistake(
    code="RG105",
    title="the penalty is computed, but not used in the step",
    symptom="The curves with and without regularization are the same.",
    explanation="Weights move by the slope alone. What isn't in the slope doesn't reach them, even if it is in "
    "the printed loss.",
    fix="Add the penalty's slope to the gradient before the step.",
    wrong="w - lr * g",
    right="w - lr * (g + 2 * lamb * w)",
    seen=3,
)

mean_for_sum = Mistake(
    code="RG107",
    title="a mean in place of the sum",
    symptom="The curves look like those without a penalty: λ acts thousands of times weaker.",
    explanation="Each weight has its own price, so twice as many weights cost twice as much. A mean divides this "
    "out again.",
    fix="Take the sum: np.sum.",
    wrong="lamb * np.mean(w**2)",
    right="lamb * np.sum(w**2)",
    seen=2,
)

one_forgotten = Mistake(
    code="RG108",
    title="one of the weight matrices is left out of the penalty",
    symptom="None.",
    explanation="The penalty is meant for all weights. A matrix that is left out can grow in place of the others.",
    fix="Go through the whole list of weights.",
    wrong="slopes[1:] = [g + 2 * lamb * w …]",
    right="slopes = [g + 2 * lamb * w for w, g in zip(weights, grads)]",
    seen=2,
)

half_apart = Mistake(
    code="RG109",
    title="a factor ½ in the cost and not in its slope, or the other way round",
    symptom="None; the penalty acts twice or half as strongly as its value says.",
    explanation="λ/2·Σw² has the slope λw, and λ·Σw² has 2λw. Taken from two books, the two don't fit.",
    fix="Choose one form for both. Here it is λ·Σw² and 2λw.",
    wrong="cost = lamb * np.sum(w**2); slope = lamb * w",
    right="cost = lamb * np.sum(w**2); slope = 2 * lamb * w",
    seen=1,
)

no_factor_two = Mistake(
    code="RG110",
    title="the slope of w² without its factor 2",
    symptom="None; the penalty acts half as strongly as its value says.",
    explanation="The derivative of w² is 2w.",
    fix="Multiply by 2: the slope of λ·Σw² is 2λw.",
    wrong="lamb * w",
    right="2 * lamb * w",
)

no_magnitudes = Mistake(
    code="RG111",
    title="L1 without the absolute value of each weight",
    symptom="The penalty, and even the whole loss, can become negative; or weights of both signs cost next to nothing.",
    explanation="+3 and −3 are two large weights and cost 6. Added up first they cancel.",
    fix="Take the absolute value of each weight, then the sum; its slope is the sign of each weight.",
    wrong="lamb * np.sum(w)",
    right="lamb * np.sum(np.abs(w))",
)

subtracted = Mistake(
    code="RG112",
    title="the penalty is subtracted",
    symptom="The training loss falls nicely, and the weights grow.",
    explanation="A penalty makes large weights dear. With a minus it pays for them.",
    fix="Add it, with a plus.",
    wrong="loss - penalty",
    right="loss + penalty",
)

only_the_last = Mistake(
    code="RG114",
    title="in the loop over the weights only the last one's penalty is left",
    symptom="None; the penalty is that of the last array alone.",
    explanation="= in a loop replaces what the rounds before it have found.",
    fix="Treat every array in its own round, or add up with +=.",
    wrong="for w in weights: penalty = lamb * np.sum(w**2)",
    right="for w in weights: penalty += lamb * np.sum(w**2)",
)

wrong_strength = Mistake(
    code="RG115",
    title="λ is not applied, fixed to some number, or applied twice",
    symptom="Another λ changes nothing, or too much.",
    explanation="The penalty is proportional to λ: twice the λ, twice the penalty.",
    fix="Multiply by lamb, once.",
    wrong="0.01 * np.sum(np.abs(w))",
    right="lamb * np.sum(np.abs(w))",
)

twice_over = Mistake(
    code="RG117",
    title="the penalty is applied twice",
    symptom="The weights become too small; the best λ seems to be half of what others find.",
    explanation="The slope of the penalty in the gradient and a decay of the weights beside it do the same thing.",
    fix="Keep one of them.",
    wrong="(1 - 2 * lr * lamb) * w - lr * (g + 2 * lamb * w)",
    right="w - lr * (g + 2 * lamb * w)",
)

accumulates = Mistake(
    code="RG119",
    title="the penalty carries over from one array, or one step, to the next",
    symptom="The loss rises from step to step although the weights don't.",
    explanation="What was set to 0 once, outside the loop, still holds the penalties of all rounds before.",
    fix="Begin with 0 in each round.",
    wrong="penalty = 0\nfor w in weights:\n    penalty += …; new.append(w - lr * (g + penalty))",
    right="for w in weights:\n    new.append(w - lr * (g + 2 * lamb * w))",
)

root_at_zero = Mistake(
    code="RG120",
    title="a square root or a division that has no value at 0",
    symptom="NaN as soon as a weight is exactly 0.",
    explanation="|w| has a kink at 0, and w/|w| is 0/0 there.",
    fix="Use np.sign(w), which is 0 at 0.",
    wrong="lamb * w / np.abs(w)",
    right="lamb * np.sign(w)",
)

moves_the_weights = Mistake(
    code="RG122",
    title="changes the weights, where a penalty is asked for",
    symptom="The result has the shape of the weights; the caller's weights may have changed.",
    explanation="A penalty is a number that is added to the loss. The step comes later, from its slope.",
    fix="Return one number, λ·Σ|w| or λ·Σw².",
    wrong="w -= lamb * np.sign(w); return w",
    right="return lamb * np.sum(np.abs(w))",
)

wrong_norm = Mistake(
    code="RG123",
    title="a norm of another order, or along one axis only",
    symptom="Right for a vector; for a matrix the largest column, the largest singular value, or one number per row.",
    explanation="np.linalg.norm(W, 1) of a matrix is its largest column sum, and norm(W, 2) its largest singular "
    "value; neither "
    "adds up all weights. And |w| belongs to L1, w² to L2.",
    fix="Write the sum out: np.sum(np.abs(w)) or np.sum(w**2).",
    wrong="lamb * np.linalg.norm(W, 1)",
    right="lamb * np.sum(np.abs(W))",
)

not_shrunk = Mistake(
    code="RG124",
    title="small weights are cut to 0, but the others are not shrunk",
    symptom="As many zeros as there should be, and large weights that no penalty touches.",
    explanation="Every weight moves towards 0 by t, the large ones too; only that is the step of the L1 penalty.",
    fix="Shrink first, then stop at 0: np.sign(w) * np.maximum(np.abs(w) - t, 0).",
    wrong="np.where(np.abs(w) < t, 0, w)",
    right="np.sign(w) * np.maximum(np.abs(w) - t, 0)",
)

past_zero = Mistake(
    code="RG125",
    title="small weights are moved past 0",
    symptom="No weight is exactly 0: small ones hop from one side to the other.",
    explanation="A weight that is nearer to 0 than t stops there.",
    fix="Stop at 0: np.maximum(np.abs(w) - t, 0).",
    wrong="w - t * np.sign(w)",
    right="np.sign(w) * np.maximum(np.abs(w) - t, 0)",
)

one_side_only = Mistake(
    code="RG126",
    title="negative weights lose their sign, or are set to 0",
    symptom="No weight is below 0 any more.",
    explanation="Both sides move towards 0, each from its own side.",
    fix="Give the sign back: np.sign(w) * np.maximum(np.abs(w) - t, 0).",
    wrong="np.maximum(w - t, 0)",
    right="np.sign(w) * np.maximum(np.abs(w) - t, 0)",
)

chosen_on_test = Mistake(
    code="RG127",
    title="λ is chosen on the test set",
    symptom="The reported accuracy is better than that on new data.",
    explanation="A number that was used to choose is no measurement any more.",
    fix="Choose on the validation set, and look at the test set once, afterwards.",
    wrong="candidates[test_accuracy.mean(axis=1).argmax()]",
    right="candidates[valid_accuracy.mean(axis=1).argmax()]",
)

chosen_on_training = Mistake(
    code="RG128",
    title="λ is chosen on the training set",
    symptom="Always the smallest λ.",
    explanation="A penalty can only make the training loss larger: there, no penalty is always best.",
    fix="Choose on the validation set.",
    wrong="candidates[train_loss.mean(axis=1).argmin()]",
    right="candidates[valid_accuracy.mean(axis=1).argmax()]",
)

luckiest_seed = Mistake(
    code="RG129",
    title="λ is chosen by its luckiest seed",
    symptom="Another λ is best as soon as it is tried again.",
    explanation="The best of many runs is mostly luck. The mean over the seeds is what can be had again.",
    fix="Take the mean over the seeds first, then the largest.",
    wrong="candidates[valid_accuracy.max(axis=1).argmax()]",
    right="candidates[valid_accuracy.mean(axis=1).argmax()]",
)

not_the_candidate = Mistake(
    code="RG130",
    title="returns the number of the row, or its accuracy, and not the λ",
    symptom="A λ that is far too large.",
    explanation="argmax says where the largest is; what is asked for stands in the list of candidates there.",
    fix="candidates[np.argmax(…)]",
    wrong="np.argmax(valid_accuracy.mean(axis=1))",
    right="candidates[np.argmax(valid_accuracy.mean(axis=1))]",
)


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


def _without_first(weights: Any) -> Any:
    left = weights.copy()
    left[0] = 0
    return left


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
    lambda weights: weights**2,
    lambda weights: 2 * weights.sum(),
    lambda weights: np.square(weights).sum(),
):
    wrong_norm.instead_of(p.slope_of_square)(_slope)
for _slope in (
    lambda weights: weights,
    lambda weights: 2 * weights,
    lambda weights: np.abs(weights),
    lambda weights: np.abs(weights).sum(),
    lambda weights: np.sign(weights).sum(),
):
    wrong_norm.instead_of(p.slope_of_magnitude)(_slope)

moves_the_weights.instead_of(p.l1_slope)(lambda weights, lamb: weights - lamb * np.sign(weights))
moves_the_weights.instead_of(p.l2_slope)(lambda weights, lamb: weights - 2 * lamb * weights)
moves_the_weights.instead_of(p.l2_slope)(lambda weights, lamb: weights - lamb * weights)

one_forgotten.instead_of(p.slope_of_magnitude)(lambda weights: np.sign(_without_first(weights)))
one_forgotten.instead_of(p.slope_of_square)(lambda weights: 2 * _without_first(weights))

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
