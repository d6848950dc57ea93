"""Mistakes in functions as such: arguments, names, shapes, the order of results."""

import math
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING, Misfit
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import forward as f

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

name_too_early = Mistake(
    code="GD106",
    title="a name is used before it has a value",
    symptom="NameError or UnboundLocalError; in a notebook where an older cell has left that name, no error at all.",
    explanation="Python runs line by line: what is computed further down doesn't exist yet, and what another cell has "
    "left behind is an old value.",
    fix="Put the lines in the order of the chain rule: error, output error term, hidden error, hidden error term.",
    wrong="hidden_error = output_error_term * w\noutput_error_term = error * o * (1 - o)",
    right="output_error_term = error * o * (1 - o)\nhidden_error = output_error_term * w",
    seen=5,
)

one_shape_only = Mistake(
    code="GD109",
    title="works for one record or for many, but not for both",
    symptom="An error, or a wrong result without one, as soon as x has one axis more or one less.",
    explanation="A fixed axis, a function of the module math, or an if on an array takes one shape only; the task asks "
    "for a single one as well as for many.",
    fix="Use what takes any shape: np.exp rather than math.exp, x @ w rather than a sum over axis 0, np.where rather "
    "than if, axis=-1.",
    wrong="return 1 / (1 + math.exp(-x))",
    right="return 1 / (1 + np.exp(-x))",
    seen=7,
)


@one_shape_only.instead_of(f.sigmoid_of_x)
def _(sigmoid: Any, x: Any) -> Any:
    return Misfit(sigmoid(x)) if np.ndim(x) else sigmoid(x)


@one_shape_only.instead_of(f.sigmoid_of_x)
def _(sigmoid: Any, x: Any) -> Any:
    return sigmoid(x) if np.ndim(x) else Misfit(sigmoid(x))


@one_shape_only.instead_of(f.sigmoid_of_x)
def _(sigmoid: Any, x: Any) -> Any:
    return sigmoid(x) if np.ndim(x) <= 1 else Misfit(sigmoid(x))


@one_shape_only.instead_of(f.sigmoid)
def _(x: Any) -> Any:
    return 1 / (1 + math.exp(-x))


def _only_for(axes: int) -> None:
    one_shape_only.replaces(
        {
            f.hidden_layer_out: lambda hidden, x: hidden if x.ndim == axes else Misfit(hidden),
            f.output_layer_out: lambda output, x: output if x.ndim == axes else Misfit(output),
            f.weights_are_set_to_0: lambda x: False if x.ndim == axes else ANYTHING,
        }
    )


_only_for(1)
_only_for(2)

one_shape_only.replaces(  # an epoch that can't be made on a single record
    {
        b.new_weights_input_to_hidden: lambda updated_i_h, features: updated_i_h if len(features) > 1 else ANYTHING,
        b.new_weights_hidden_to_output: lambda updated_h_o, features: updated_h_o if len(features) > 1 else ANYTHING,
        b.the_same_when_called_again: lambda features: True if len(features) > 1 else ANYTHING,
    }
)

swapped = Mistake(
    code="GD151",
    title="two results are returned or unpacked in the wrong order",
    symptom="An error about shapes; none where the shapes happen to fit.",
    explanation="Python unpacks by position: the first name gets the first result, whatever the two are called.",
    fix="Compare the order of names in the return with that in the line that calls the function.",
    wrong="delta_w_i_h, delta_w_h_o = backward_pass(...)",
    right="delta_w_h_o, delta_w_i_h = backward_pass(...)",
)

for _first, _second in (
    (f.hidden_layer_out, f.output_layer_out),
    (b.hidden_layer_out, b.output_layer_out),
    (b.delta_w_h_o, b.delta_w_i_h),
    (b.new_weights_input_to_hidden, b.new_weights_hidden_to_output),
):
    swapped.replaces({_first: _second.function, _second: _first.function})


@swapped.instead_of(b.total_h_o)
def _(delta_w_i_h: Any, weights_hidden_to_output: Any) -> Any:
    total = np.zeros_like(weights_hidden_to_output)
    total += delta_w_i_h[0]
    return total


debug_code_left = Mistake(
    code="GD149",
    title="exit() or other debugging code is left in the function",
    symptom="The kernel or the program ends without an error.",
    explanation="exit() and quit() end Python itself, not just the function.",
    fix="Delete that line; return ends a function.",
    wrong="print(hidden_layer_out); exit()",
    right="return hidden_layer_out, output_layer_out",
    seen=1,
)
