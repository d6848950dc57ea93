"""Exercises of lesson 1's first half: one hidden layer of sigmoids, trained on ½(target − output)² by hand."""

from collections.abc import Iterator

import numpy as np

from chainrule.course.exercise import Case, exercise
from chainrule.mistakes.catalogue import backpropagation as mistakes
from chainrule.mistakes.steps import backpropagation as steps

LESSON = "Implementing Gradient Descent with Backpropagation"


def one_record(rng: np.random.Generator) -> Iterator[Case]:
    """Yield single records in the middle of a training, for both targets."""
    for target in (1.0, 0.0):
        x, weights_input_to_hidden, weights_hidden_to_output = (rng.normal(size=shape) for shape in (5, (5, 3), 3))
        inputs = {"x": x, "weights_input_to_hidden": weights_input_to_hidden}
        forward = steps.forward_pass.values(inputs | {"weights_hidden_to_output": weights_hidden_to_output})
        yield Case(
            f"target {target:g}",
            {
                "x": x,
                "target": target,
                "learnrate": float(rng.uniform(0.2, 0.8)),
                **forward,
                "weights_hidden_to_output": weights_hidden_to_output,
            },
        )


def one_epoch(rng: np.random.Generator) -> Iterator[Case]:
    """Yield whole sets of records: seven, in two orders, and one alone."""
    features, targets = rng.normal(size=(7, 5)), np.array([1, 0, 0, 1, 1, 0, 1])[rng.permutation(7)]
    weights = {"weights_input_to_hidden": rng.normal(size=(5, 3)), "weights_hidden_to_output": rng.normal(size=3)}
    for name, rows in (
        ("7 records", slice(None)),
        ("the 7 records reversed", slice(None, None, -1)),
        ("1 record", slice(1)),
    ):
        inputs = {"features": features[rows], "targets": targets[rows], "learnrate": float(rng.uniform(0.2, 0.8))}
        yield Case(name, {**weights, **inputs}, updates=tuple(weights))


exercise(
    "backward_pass",
    steps.backward_pass,
    one_record,
    caller="update_weights",
    lesson=LESSON,
    number=3,
    commonest=mistakes.raw_error,
    why="Right: each weight's change is its own share of the error, carried back along the path by the chain rule.",
)

exercise(
    "update_weights",
    steps.update_weights,
    one_epoch,
    lesson=LESSON,
    number=4,
    commonest=mistakes.overwrites,
    why="Right: the records' changes are summed, divided by their number once, and then added to the weights.",
)
