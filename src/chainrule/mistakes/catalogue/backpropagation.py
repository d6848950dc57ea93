"""Mistakes in the forward pass and in backpropagation."""

from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import backpropagation as b

changes_input = Mistake(
    code="GD102",
    title="the function changes its caller's array",
    symptom="The first call is right; the next one with the same array is wrong.",
    explanation="An array is handed over, not copied: what you change in place changes for the caller too.",
    fix="Make a new array: z = z - z.max() rather than z -= z.max().",
    wrong="z -= z.max()",
    right="z = z - z.max()",
    seen=14,
)

overwrites = Mistake(
    code="GD105",
    title="each record overwrites the change of the one before",
    symptom="The loss still falls in every epoch, to a higher value: it looks like a weak model.",
    explanation="Only the last record moves the weights: = replaces what the records before it have added up.",
    fix="Add each record's change to the sum with +=.",
    wrong="delta_w_h_o = step_h_o",
    right="delta_w_h_o += step_h_o",
    seen=5,
)


@overwrites.instead_of(b.accumulate)
def _(changes: Any) -> Any:
    return changes[-1]


raw_error = Mistake(
    code="GD119",
    title="the hidden error is made from the raw error, not from the output's error term",
    symptom="None: the loss falls as it should, in the same direction with steps of another size.",
    explanation="What goes back through the weights is the slope at the output's sum: the error times y(1 - y).",
    fix="Multiply the weights by output_error_term, not by the error.",
    wrong="hidden_error = error * weights_hidden_to_output",
    right="hidden_error = output_error_term * weights_hidden_to_output",
    seen=2,
)


@raw_error.instead_of(b.hidden_error)
def _(output_error: Any, weights_hidden_to_output: Any) -> Any:
    return np.multiply.outer(output_error, weights_hidden_to_output)
