"""A learner's functions as a part of a script: their source, with what they call, and the lines that call them."""

# The functions below are read, not run: what they call is in the script that they become a part of.
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"

import inspect
from collections.abc import Sequence
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from chainrule.experiments.config import ConfigError
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import forward as f
from chainrule.play import lesson
from chainrule.play.packing import function
from chainrule.play.yours import Plugged

SLOPE = '''
def slope_of(penalty, weights, lamb):
    """Return the slope that a penalty returns beside its value, or else differences of its value."""
    result = penalty(weights.copy(), lamb)
    if isinstance(result, (tuple, list)):
        return np.asarray(result[1])
    slope = np.empty(weights.size)
    for i, weight in enumerate(weights.ravel()):
        values, h = [], 1e-5 * max(1.0, abs(weight))
        for sign in (1, -1):
            moved = weights.copy()
            moved.flat[i] = weight + sign * h
            values.append(float(penalty(moved, lamb)))
        slope[i] = (values[0] - values[1]) / (2 * h)
    return slope.reshape(weights.shape)
'''


def wired(plugged: Plugged) -> Replaced:
    """Return the parts of lesson 1's network with what calls the functions in their places, to be written down."""
    parts: dict[Any, Any] = {}
    if "forward_pass" in plugged.functions:
        parts[lesson.forward_results] = _forward
        parts[f.hidden] = lambda forward_results: forward_results[0]
        parts[f.output] = lambda forward_results: np.reshape(forward_results[1], -1)
    if "backward_pass" in plugged.functions:
        parts[lesson.backward_results] = _backward
        parts[b.delta_w_h_o] = lambda backward_results: backward_results[0]
        parts[b.delta_w_i_h] = lambda backward_results: backward_results[1]
    if "update_weights" in plugged.functions:
        parts[lesson.update_results] = _update
        parts[b.updated_i_h] = lambda update_results: update_results[0]
        parts[b.updated_h_o] = lambda update_results: update_results[1]
    return parts


def _forward(x: Any, weights_input_to_hidden: Any, weights_hidden_to_output: Any) -> Any:
    return forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)


def _backward(
    x: Any, target: Any, learnrate: Any, hidden_layer_out: Any, output_layer_out: Any, weights_hidden_to_output: Any
) -> Any:
    changes_h_o, changes_i_h = [], []
    for row in range(len(x)):
        record = x[row], target[row], learnrate, hidden_layer_out[row], output_layer_out[row]
        delta_w_h_o, delta_w_i_h = backward_pass(*record, weights_hidden_to_output)
        changes_h_o.append(np.reshape(delta_w_h_o, weights_hidden_to_output.shape))
        changes_i_h.append(np.reshape(delta_w_i_h, (x.shape[1], len(weights_hidden_to_output))))
    return np.array(changes_h_o), np.array(changes_i_h)


def _update(
    weights_input_to_hidden: Any, weights_hidden_to_output: Any, features: Any, targets: Any, learnrate: Any
) -> Any:
    new = update_weights(weights_input_to_hidden.copy(), weights_hidden_to_output.copy(), features, targets, learnrate)
    return np.reshape(new[0], weights_input_to_hidden.shape), np.reshape(new[1], weights_hidden_to_output.shape)


def written(plugged: Plugged) -> str:
    """Return a function ``yours`` that holds the learner's functions with what they call, and their names after it.

    Raises
    ------
    ConfigError
        If the source of one can't be found.
    """
    texts: dict[str, str] = {}
    taken: dict[str, FunctionType] = {}
    own = [_collect(name, each, texts, taken) for name, each in plugged.functions.items()]
    doc = "Return the functions that were plugged in; what they call stands with them."
    body = "\n\n".join(texts.values())
    returned = function("yours()", "", body, "", f"return {_tuple(own)}", doc=doc)
    return f"{returned}\n\n{_tuple(plugged.names)} = yours()"


def _tuple(names: Sequence[str]) -> str:
    return ", ".join(names) + "," * (len(names) == 1)


def _collect(name: str, each: Any, texts: dict[str, str], taken: dict[str, FunctionType]) -> str:
    """Add a function's source to the texts, after what it takes from around it; return the name it has there."""
    if not isinstance(each, FunctionType) or each.__name__ == "<lambda>":
        raise ConfigError(f"{name} can't be taken along: it is no function written with def")
    if taken.setdefault(each.__name__, each) is not each:
        raise ConfigError(f"{name} can't be taken along: two of your functions are called {each.__name__!r}")
    if each.__name__ in texts:
        return each.__name__
    try:
        source = inspect.cleandoc("\n" + inspect.getsource(each))
    except (OSError, TypeError) as error:
        raise ConfigError(f"{name} can't be taken along: its source is not there") from error
    texts[each.__name__] = ""  # it may call itself
    around = inspect.getclosurevars(each)
    for other, value in {**around.globals, **around.nonlocals}.items():
        if isinstance(value, ModuleType):
            texts.setdefault(other, f"import {value.__name__} as {other}")
        elif isinstance(value, FunctionType):
            own = _collect(other, value, texts, taken)
            if own != other:
                texts[other] = f"{other} = {own}"
        elif isinstance(value, int | float | str | bool | tuple | None):
            texts.setdefault(other, f"{other} = {value!r}")
    del texts[each.__name__]  # what it needs stands before it
    texts[each.__name__] = source
    return each.__name__
