"""Exercises of lesson 2: L1 and L2 penalties, their slopes, and what is made of them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise, unpack
from chainrule.course.observation import quiet
from chainrule.mistakes.catalogue import penalties as mistakes
from chainrule.mistakes.step import Replaced, Step
from chainrule.mistakes.steps import penalties as steps

LESSON = "Implementing Regularization"
SHAPES = ((7,), (3, 4), (2, 3, 3))  # in the last one np.dot(w, w.T) gives an array too, not an error
LAMBDAS = (0.0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2)

# Right as well, where value and slope come together: λ/2·Σw² with the slope λw.
half: Replaced = {
    steps.squares: lambda weights: weights**2 / 2,
    steps.slope_of_square: lambda weights: weights,
}


def weights_of_all_shapes(rng: np.random.Generator) -> Iterator[Case]:
    """Yield weights of both signs, as a vector, a matrix and more, each with a λ of its own."""
    for shape in SHAPES:
        inputs = {"weights": rng.normal(size=shape), "lamb": float(rng.uniform(0.1, 0.9))}
        yield Case(f"weights of shape {shape}", inputs)
    yield Case("weights [1, -2, 3, -4], λ = ½", {"weights": np.array([1.0, -2.0, 3.0, -4.0]), "lamb": 0.5})


def weights_and_zeros(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the same, and weights of exactly 0."""
    yield from weights_of_all_shapes(rng)
    yield Case("weights of exactly 0", {"weights": np.zeros((2, 3)), "lamb": 0.7})


def three_matrices(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the weights of three layers with their gradients; with a penalty, and with none."""
    shapes = ((5, 4), (3, 5), (2, 3))
    for name, lamb in (("λ > 0", float(rng.uniform(0.1, 0.9))), ("λ = 0, a plain step", 0.0)):
        weights, grads = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
        yield Case(name, {"weights": weights, "grads": grads, "lr": float(rng.uniform(0.06, 0.29)), "lamb": lamb})


def weights_and_thresholds(rng: np.random.Generator) -> Iterator[Case]:
    """Yield weights on both sides of a threshold, small and large."""
    for shape in SHAPES:
        weights = rng.normal(size=shape)
        weights.flat[:4] = (1.9, -1.7, 0.1, -0.2)
        yield Case(f"weights of shape {shape}", {"weights": weights, "t": float(rng.uniform(0.3, 0.8))})
    ladder = np.array([-0.5, -0.2, -0.1, 0.0, 0.1, 0.2, 0.5])
    yield Case("-.5 -.2 -.1 0 .1 .2 .5, t = .15", {"weights": ladder, "t": 0.15})
    yield Case("-.5 -.2 -.1 0 .1 .2 .5, t = 0", {"weights": ladder, "t": 0.0})
    yield Case("eight weights smaller than t", {"weights": np.full(8, 0.1), "t": 0.15})


def strengths(rng: np.random.Generator) -> Iterator[Case]:
    """Yield no penalty, a usual one and one drawn at random."""
    for lamb in (0.0, 0.003, float(rng.uniform(0.1, 0.9))):
        yield Case(f"λ = {lamb:.3g}", {"lamb": lamb})


def sweeps(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the tables of sweeps in which training loss, test set and luckiest single run all point elsewhere."""
    n = len(LAMBDAS)
    for seeds in (1, 4, 7):
        train_loss = np.sort(rng.uniform(0.01, 2, n))[:, None] + rng.uniform(0, 0.001, (n, seeds))
        best = luckiest = on_test = 0
        while best in (0, on_test) or (seeds > 1 and best == luckiest):
            valid, test = rng.uniform(0.5, 0.98, (2, n, seeds))
            best, on_test = int(valid.mean(axis=1).argmax()), int(test.mean(axis=1).argmax())
            luckiest = int(valid.max(axis=1).argmax())
        tables = {"train_loss": train_loss, "valid_accuracy": valid, "test_accuracy": test}
        yield Case(f"{n} candidates, {seeds} seed{'s' * (seeds > 1)}", {"candidates": list(LAMBDAS), **tables})


def called_twice(step: Step) -> Callable[[Any, Case], Facts]:
    """Return a look at what an answer gives, and at what a second call with the same weights adds to the penalty."""
    *results, added = step.returns

    def look(answer: Any, case: Case) -> Facts:
        again = deepcopy(case.inputs)
        first, second = (unpack(answer(*inputs.values()), tuple(results)) for inputs in (case.inputs, again))
        values = [facts[results[0]] for facts in (first, second)]
        return {**first, added: None if values[0] is None else np.sum(values[1]) - np.sum(values[0])}

    return look


def returns_a_pair(answer: Callable[..., Any]) -> bool:
    """Say whether this is the form of a penalty that returns value and slope together."""
    try:
        with quiet():
            result = answer(np.array([[1.0, -2.0, 3.0], [0.5, 1.5, -1.0]]), 0.5)
        return isinstance(result, tuple | list) and len(result) == 2
    except (Exception, SystemExit):  # whatever is wrong with it will be seen when it is checked
        return False


def returns_no_pair(answer: Callable[..., Any]) -> bool:
    """Say whether this is the form that returns the value alone."""
    return not returns_a_pair(answer)


exercise(
    "l2_regularization",
    steps.l2_regularization,
    weights_of_all_shapes,
    observe=called_twice(steps.l2_regularization),
    suits=returns_no_pair,
    lesson=LESSON,
    number=1,
    hints=(
        "Squares, not the norm: the norm is the square root of what we want.",
        "One number, for a matrix too. Python's own sum adds rows; NumPy's adds everything.",
        "No factor ½ here. Some books have one, to make the slope λw. We don't.",
    ),
    solution="""
def l2_regularization(weights, lamb):
    return lamb * np.sum(weights**2)
""",
    commonest=mistakes.norm,
    why="Right: one number, and weights twice as large cost four times as much.",
)

exercise(
    "l2_regularization_with_gradient",
    steps.l2_with_gradient,
    weights_of_all_shapes,
    observe=called_twice(steps.l2_with_gradient),
    called="l2_regularization",
    right=(half,),
    suits=returns_a_pair,
    hints=(
        "Two results: one number, and an array of the shape of W.",
        "The slope of w² is 2w.",
        "A ½ is fine if it is in both.",
    ),
    solution="""
def l2_regularization(W, reg_strength):
    return reg_strength * np.sum(W**2), 2 * reg_strength * W
""",
    commonest=mistakes.half_apart,
    why="Right: the slope belongs to the value.",
)

exercise(
    "l1_regularization",
    steps.l1_regularization,
    weights_of_all_shapes,
    observe=called_twice(steps.l1_regularization),
    suits=returns_no_pair,
    lesson=LESSON,
    number=2,
    hints=(
        "One number, for weights of any shape.",
        "Absolute value first, then the sum. The other way round, +3 and −3 would cost nothing together.",
        "np.abs and np.sum; Python's own sum would add rows only.",
    ),
    solution="""
def l1_regularization(weights, lamb):
    return lamb * np.sum(np.abs(weights))
""",
    commonest=mistakes.builtin_sum,
    why="Right: every weight costs its distance from 0, and nothing cancels.",
)

exercise(
    "l1_regularization_with_gradient",
    steps.l1_with_gradient,
    weights_and_zeros,
    observe=called_twice(steps.l1_with_gradient),
    called="l1_regularization",
    suits=returns_a_pair,
    hints=(
        "Two results: one number, and an array of the shape of W.",
        "The slope of |w| is 1 on one side of 0 and −1 on the other.",
        "np.sign gives it, and 0 at 0.",
    ),
    solution="""
def l1_regularization(W, reg_strength):
    return reg_strength * np.sum(np.abs(W)), reg_strength * np.sign(W)
""",
    commonest=mistakes.no_magnitudes,
    why="Right: the slope belongs to the value.",
)

SLOPE_HINTS = (
    "In the sum, each weight has a term of its own. Take the slope of that one; the others don't contain this weight.",
    "The derivative of w² brings a factor; λ stays a factor in both.",
    "np.sign is −1, 0 or 1, and sign(0) = 0.",
)

exercise(
    "l1_gradient",
    steps.l1_gradient,
    weights_and_zeros,
    lesson=LESSON,
    number=3,
    hints=SLOPE_HINTS,
    solution="""
def l1_gradient(weights, lamb):
    return lamb * np.sign(weights)
""",
    commonest=mistakes.wrong_strength,
    why="Right: L1 pulls on every weight with the same force λ, towards 0.",
)

exercise(
    "l2_gradient",
    steps.l2_gradient,
    weights_and_zeros,
    lesson=LESSON,
    number=3,
    hints=SLOPE_HINTS,
    solution="""
def l2_gradient(weights, lamb):
    return 2 * lamb * weights
""",
    commonest=mistakes.no_factor_two,
    why="Right: L2 pulls on a weight the harder the larger it is.",
)

exercise(
    "regularized_step",
    steps.regularized_step,
    three_matrices,
    lesson=LESSON,
    number=4,
    hints=(
        "Weights only: the list holds no biases, they have their own. So every array in it is treated alike.",
        "Add the penalty's slope to the gradient before the step. You have written that slope already.",
        "If the weights explode, look at the sign: the penalty's slope is on the same side as the loss's.",
    ),
    solution="""
def regularized_step(weights, grads, lr, lamb):
    return [w - lr * (g + 2 * lamb * w) for w, g in zip(weights, grads)]
""",
    commonest=mistakes.never_used,
    why="Right: the penalty acts through its slope, in every matrix, and the old weights are left alone.",
)

exercise(
    "soft_threshold",
    steps.soft_threshold,
    weights_and_thresholds,
    lesson=LESSON,
    number=5,
    hints=(
        "Every weight moves towards 0 by t, the large ones too. Cutting small weights and keeping the others is "
        "something else.",
        "Not past 0: what would become negative in abs(weights) - t becomes 0.",
        "The caller passes t = η·λ, so nothing in this function multiplies by λ or η.",
    ),
    solution="""
def soft_threshold(weights, t):
    return np.sign(weights) * np.maximum(np.abs(weights) - t, 0)
""",
    commonest=mistakes.not_shrunk,
    why="Right: all weights move towards 0 by the same distance, and stop there.",
)

exercise(
    "decay_for",
    steps.decay_for,
    strengths,
    lesson=LESSON,
    number=7,
    hints=(
        "Write both gradients down, one below the other: with the penalty in the loss, and with weight decay.",
        "One has 2λw. What must stand in its place in the other?",
        "weight_decay · w = 2λ · w.",
    ),
    solution="""
def decay_for(lamb):
    return 2 * lamb
""",
    commonest=mistakes.no_factor_two,
    why="Right: the slope of λ·Σw² is 2λw, and weight decay adds its number times w.",
)

exercise(
    "choose_lambda",
    steps.choose_lambda,
    sweeps,
    lesson=LESSON,
    number=8,
    hints=(
        "The training loss always votes for no penalty. The test set must not vote at all: a number that was used to "
        "choose is no longer a measurement.",
        "One seed can be lucky. Take the mean over the seeds first, then the best.",
        "argmax gives a row's number; the answer is the λ of that row.",
    ),
    solution="""
def choose_lambda(candidates, train_loss, valid_accuracy, test_accuracy):
    return candidates[np.argmax(valid_accuracy.mean(axis=1))]
""",
    commonest=mistakes.chosen_on_test,
    why="Right: chosen on the validation set, by the mean over all seeds.",
)
