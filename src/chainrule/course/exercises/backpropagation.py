"""Exercises of lesson 1's first half: one hidden layer of sigmoids, trained on ½(target − output)² by hand."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.catalogue import backward, epoch, forward
from chainrule.mistakes.steps import backpropagation as steps
from chainrule.mistakes.steps.forward import forward_pass, sigmoid_alone

LESSON = "Implementing Gradient Descent with Backpropagation"
WEIGHTS = ("weights_input_to_hidden", "weights_hidden_to_output")


def sums(rng: np.random.Generator) -> Iterator[Case]:
    """Yield numbers, a vector, a table, and sums so large that exp overflows."""
    yield Case("the number 0", {"x": 0.0})
    yield Case("a number", {"x": float(rng.normal() * 2)})
    yield Case("a vector (3,)", {"x": rng.normal(size=3) * 2})
    yield Case("a table (5, 3)", {"x": rng.normal(size=(5, 3)) * 2})
    yield Case("-1000 and 1000", {"x": np.array([-1000.0, 1000.0])})
    yield Case("whole numbers", {"x": rng.permutation([-2, -1, 1, 3])})


exercise(
    "sigmoid",
    sigmoid_alone,
    sums,
    lesson=LESSON,
    number=1,
    hints=(
        "What is σ(0)? Work it out by hand and compare.",
        "The whole sum 1 + e⁻ˣ is the denominator: it needs brackets.",
        "At x = −1000 the term e¹⁰⁰⁰ is too large for a number, and NumPy warns; the value still comes out right. "
        "Without a warning: σ(x) is also ½ (1 + tanh(x/2)), and np.tanh never overflows.",
    ),
    solution="def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n",
    why="Right: the whole sum is in the denominator, and NumPy's exp takes numbers and arrays alike.",
    commonest=forward.precedence,
)


def records_and_weights(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one record, several, one row, and several whose scores have the other sign."""
    x, weights_input_to_hidden, weights_hidden_to_output = (rng.normal(size=shape) for shape in ((6, 5), (5, 3), 3))
    for name, rows, sign in (
        ("1 record, shape (5,)", x[0], 1),
        ("6 records", x, 1),
        ("1 row, shape (1, 5)", x[:1], 1),
        ("6 records, weights_hidden_to_output turned round", x, -1),
    ):
        weights = (weights_input_to_hidden, sign * weights_hidden_to_output)
        yield Case(name, dict(zip(forward_pass.inputs, (rows, *weights), strict=True)))


def look_at_forward_pass(answer: Callable[..., Any], case: Case) -> Facts:
    """Call the answer; also note whether it sets weights to 0 for good."""
    weights = case.inputs["weights_input_to_hidden"], case.inputs["weights_hidden_to_output"]
    result = answer(case.inputs["x"], *weights)
    if result is None:
        return dict.fromkeys(forward_pass.returns)
    hidden, output = result if isinstance(result, tuple | list) and len(result) == 2 else (result, None)
    return {
        "hidden_layer_out": hidden,
        "output_layer_out": output,
        "weights_are_set_to_0": not all(np.all(array) for array in weights),
    }


exercise(
    "forward_pass",
    forward_pass,
    records_and_weights,
    observe=look_at_forward_pass,
    lesson=LESSON,
    number=2,
    hints=(
        "The shapes decide the order: (n,) @ (n, h) gives (h,).",
        "The output is squashed, too.",
        "hidden_layer_out = sigmoid(x @ weights_input_to_hidden); the output does the same with hidden_layer_out and "
        "its own weights. Print the shapes: (h,) and () for one record.",
    ),
    solution="""\
def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = sigmoid(x @ weights_input_to_hidden)
    output_layer_out = sigmoid(hidden_layer_out @ weights_hidden_to_output)
    return hidden_layer_out, output_layer_out
""",
    why="Right: each layer sums what comes in through its weights and squashes the sum before it goes on.",
    commonest=forward.no_hidden_activation,
)


def one_record(rng: np.random.Generator) -> Iterator[Case]:
    """Yield single records in the middle of a training, for both targets and for one in between."""
    for target in (1.0, 0.0, 0.3):
        x, weights_input_to_hidden, weights_hidden_to_output = (rng.normal(size=shape) for shape in (5, (5, 3), 3))
        weights = {"weights_hidden_to_output": weights_hidden_to_output}
        outputs = forward_pass.values(
            {"x": x, "weights_input_to_hidden": weights_input_to_hidden, **weights},
            names=["hidden_layer_out", "output_layer_out"],
        )
        learnrate = float(rng.uniform(0.2, 0.8))
        yield Case(f"target {target:g}", {"x": x, "target": target, "learnrate": learnrate, **outputs, **weights})


exercise(
    "backward_pass",
    steps.backward_pass,
    one_record,
    caller="update_weights",
    lesson=LESSON,
    number=3,
    hints=(
        "Start at the end: the error, target − output, times the slope of the output neuron. That one number is δₒ.",
        "Share δₒ out to the hidden neurons through their weights to the output, and multiply each share by the slope "
        "of that hidden neuron, h(1 − h). h is squashed already: no further sigmoid is needed.",
        "The change of a weight array has that array's shape. x[:, None] is x as a column (n, 1); times a row (h,) it "
        "gives a table (n, h). Multiply both changes by learnrate.",
    ),
    solution="""\
def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error = output_error_term * weights_hidden_to_output
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    delta_w_i_h = learnrate * x[:, None] * hidden_error_term
    return delta_w_h_o, delta_w_i_h
""",
    why="Right: each weight's change is its own share of the error, carried back along the path by the chain rule.",
    commonest=backward.raw_error,
)


def one_epoch(rng: np.random.Generator) -> Iterator[Case]:
    """Yield whole sets of records: seven, in two orders, four with targets in between and other scores, one alone."""
    features, targets = rng.normal(size=(7, 5)), np.array([1, 0, 0, 1, 1, 0, 1])[rng.permutation(7)]
    weights_input_to_hidden, weights_hidden_to_output = rng.normal(size=(5, 3)), rng.normal(size=3)
    for name, x, t, sign in (
        ("7 records", features, targets, 1),
        ("the 7 records reversed", features[::-1].copy(), targets[::-1].copy(), 1),
        ("4 records", features[:4], rng.uniform(size=4), -1),
        ("1 record", features[:1], targets[:1], 1),
    ):
        weights = (weights_input_to_hidden, sign * weights_hidden_to_output)
        inputs = (*weights, x, t, float(rng.uniform(0.2, 0.8)))
        yield Case(name, dict(zip(steps.update_weights.inputs, inputs, strict=True)), updates=WEIGHTS)


class Frame(np.ndarray[Any, Any]):
    """Records that answer to what a table of pandas is asked for, which the published exercise hands out."""

    @property
    def values(self) -> np.ndarray[Any, Any]:
        """The records as a plain array."""
        return np.asarray(self)

    def to_numpy(self) -> np.ndarray[Any, Any]:
        """Return the records as a plain array."""
        return np.asarray(self)


def look_at_changes(answer: Callable[..., Any], case: Case) -> Facts:
    """Look at new − old weights, however they were computed, and whether a second call does the same."""
    first, second = (_changes(answer, case) for _ in range(2))
    if all(change is None for change in first.values()):
        return dict.fromkeys(steps.update_weights.returns)
    same = all(
        np.array_equal(one, other) or (np.shape(one) == np.shape(other) and np.allclose(one, other))
        for one, other in zip(first.values(), second.values(), strict=True)
    )
    return {**first, "the_same_when_called_again": same}


def _changes(answer: Callable[..., Any], case: Case) -> Facts:
    """Call the answer with weights of its own, which it may change in place, and subtract the old ones."""
    i_h, h_o, features, targets, learnrate = (case.inputs[name] for name in steps.update_weights.inputs)
    try:
        result = answer(i_h.copy(), h_o.copy(), features, targets, learnrate)
    except AttributeError as error:
        if error.name not in vars(Frame):
            raise
        result = answer(i_h.copy(), h_o.copy(), features.view(Frame), targets.view(Frame), learnrate)
    new_i_h, new_h_o = result if isinstance(result, tuple | list) and len(result) == 2 else (result, None)
    return {
        "change_of_weights_input_to_hidden": steps.change(new_i_h, i_h),
        "change_of_weights_hidden_to_output": steps.change(new_h_o, h_o),
    }


exercise(
    "update_weights",
    steps.update_weights,
    one_epoch,
    observe=look_at_changes,
    lesson=LESSON,
    number=4,
    hints=(
        "Two arrays of zeros before the loop, np.zeros_like.",
        "What should two records do together? Both must leave their mark in the sum: +=.",
        "Divide once, after the loop; and the weights don't move until then. backward_pass has already multiplied by "
        "the learning rate. Mind the order in which it returns its two results.",
    ),
    solution="""\
def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sum_i_h = np.zeros_like(weights_input_to_hidden)
    sum_h_o = np.zeros_like(weights_hidden_to_output)
    for x, target in zip(features, targets):
        h, o = forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)
        delta_w_h_o, delta_w_i_h = backward_pass(x, target, learnrate, h, o, weights_hidden_to_output)
        sum_i_h += delta_w_i_h
        sum_h_o += delta_w_h_o
    n_records = len(features)
    return weights_input_to_hidden + sum_i_h / n_records, weights_hidden_to_output + sum_h_o / n_records
""",
    why="Right: the records' changes are summed, divided by their number once, and then added to the weights.",
    commonest=epoch.overwrites,
)

exercise(
    "update_weights_matrix",
    steps.update_weights,
    one_epoch,
    observe=look_at_changes,
    lesson=LESSON,
    number=5,
    hints=(
        "One row per record: the error terms of the output are then an array (N,), those of the hidden neurons a table "
        "(N, h).",
        "Which axis has to disappear? The records'. features.T @ … is (n, N) @ (N, h): it multiplies and sums over the "
        "records in one go.",
        "Don't forget the division by N.",
    ),
    solution="""\
def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    h, o = forward_pass(features, weights_input_to_hidden, weights_hidden_to_output)
    output_error_term = (targets - o) * o * (1 - o)
    hidden_error_term = np.outer(output_error_term, weights_hidden_to_output) * h * (1 - h)
    rate = learnrate / len(features)
    return (
        weights_input_to_hidden + rate * features.T @ hidden_error_term,
        weights_hidden_to_output + rate * h.T @ output_error_term,
    )
""",
    why="Right: a product with the transposed records multiplies and sums over them in one go.",
    commonest=epoch.not_divided,
)
