"""Mistakes in the forward pass."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import ANYTHING, Replaced
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import forward as f

precedence = Mistake(
    code="GD123",
    title="the sigmoid's denominator has no brackets",
    symptom="Values above 1; the loss explodes.",
    explanation="Division comes before addition: 1 / 1 + exp(-x) is 1 + exp(-x).",
    fix="Put the whole denominator in brackets.",
    wrong="1 / 1 + np.exp(-x)",
    right="1 / (1 + np.exp(-x))",
    seen=2,
)


@precedence.instead_of(f.sigmoid)
def _(x: Any) -> Any:
    return 1 / 1 + np.exp(-x)


@precedence.instead_of(f.sigmoid)
def _(x: Any) -> Any:
    return 1 + np.exp(-x) ** -1


wrong_exponent = Mistake(
    code="GD160",
    title="the sigmoid falls where it should rise",
    symptom="Large sums give answers near 0. The network may still learn, with its slopes the wrong way round.",
    explanation="The sigmoid is 1 / (1 + exp(-x)). With exp(x) in the denominator it is 1 minus that.",
    fix="Put a minus in front of x in the denominator.",
    wrong="1 / (1 + np.exp(x))",
    right="1 / (1 + np.exp(-x))",
)


@wrong_exponent.instead_of(f.sigmoid)
def _(x: Any) -> Any:
    return 1 / (1 + np.exp(x))


@wrong_exponent.instead_of(f.sigmoid)
def _(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.abs(x)))


overflows = Mistake(
    code="GD161",
    title="far out the result is not a number",
    symptom="nan as soon as a sum is large: the loss is nan and stays so.",
    explanation="exp(x) overflows at about 709 in float64: infinity divided by infinity is not a number. In "
    "1 / (1 + exp(-x)) an infinity does no harm, since 1 / infinity is 0.",
    fix="Use 1 / (1 + exp(-x)), or 0.5 * (1 + tanh(x / 2)), which never overflows.",
    wrong="np.exp(x) / (1 + np.exp(x))",
    right="1 / (1 + np.exp(-x))",
)


@overflows.instead_of(f.sigmoid_of_x)
def _(x: Any) -> Any:
    return np.exp(x) / (1 + np.exp(x))


too_steep = Mistake(
    code="GD174",
    title="the sigmoid is made of tanh, without halving the sum",
    symptom="Right at 0, and twice as steep: it learns, and its slope o(1 - o) is no longer its slope.",
    explanation="The sigmoid is 1/2 (1 + tanh(x/2)). With tanh(x) it is the sigmoid of 2x.",
    fix="Halve the sum: 0.5 * (1 + np.tanh(x / 2)).",
    wrong="0.5 * (1 + np.tanh(x))",
    right="0.5 * (1 + np.tanh(x / 2))",
)


@too_steep.instead_of(f.sigmoid)
def _(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(x))


no_hidden_activation = Mistake(
    code="GD111",
    title="the hidden activation is skipped",
    symptom="The loss settles higher, the accuracy is often only a little lower.",
    explanation="What goes on to the output is the hidden layer's sum, not its sigmoid: so the two layers together are "
    "one linear function of x.",
    fix="Pass on hidden_layer_out, the sigmoid of the sum.",
    wrong="output_layer_in = hidden_layer_in @ weights_hidden_to_output",
    right="output_layer_in = hidden_layer_out @ weights_hidden_to_output",
    seen=4,
)

no_hidden_activation.instead_of(f.hidden_layer_out)(lambda hidden_layer_in: hidden_layer_in)  # only in what comes back

linear_in_between = Mistake(
    code="GD129",
    title="no activation between the two layers",
    symptom="The loss settles higher; with the sigmoid's slope left in the backward pass it may not fall at all.",
    explanation="A product of two matrices is one matrix: without a bend in between, two layers do no more than one.",
    fix="Apply the sigmoid to the hidden layer's sum before it is multiplied by the next weights.",
    wrong="hidden_layer_out = x @ weights_input_to_hidden",
    right="hidden_layer_out = sigmoid(x @ weights_input_to_hidden)",
    seen=1,
)


@no_hidden_activation.instead_of(f.output_layer_in)
def _(hidden_layer_in: Any, weights_hidden_to_output: Any) -> Any:
    return hidden_layer_in @ weights_hidden_to_output


@no_hidden_activation.instead_of(f.hidden)
@linear_in_between.instead_of(f.hidden)
def linear(hidden_layer_in: Any) -> Any:
    return hidden_layer_in


# A network which is linear throughout is trained with the slope 1 in the hidden layer.
for _mistake in (no_hidden_activation, linear_in_between):
    _mistake.replaces({f.hidden: linear, b.hidden_slope: lambda hidden_layer_out: np.ones_like(hidden_layer_out)})

other_hidden_activation = Mistake(
    code="GD166",
    title="the hidden layer has another activation than asked for",
    symptom="None, where its own slope goes with it: another network, which may learn as well. With h(1 - h) it "
    "learns badly.",
    explanation="The hidden units of this network are sigmoids, and the slope h(1 - h) belongs to them alone.",
    fix="Use the sigmoid in the hidden layer, forwards and, with its slope, backwards.",
    wrong="hidden_layer_out = np.tanh(x @ weights_input_to_hidden)",
    right="hidden_layer_out = sigmoid(x @ weights_input_to_hidden)",
)


def _activates(activation: Callable[[Any], Any], slope: Callable[[Any], Any]) -> None:
    """Enter another hidden activation, with the sigmoid's slope and with its own, a function of its value."""
    activated: Replaced = {f.hidden: lambda hidden_layer_in: activation(hidden_layer_in)}
    other_hidden_activation.replaces(activated)
    other_hidden_activation.replaces({**activated, b.hidden_slope: lambda hidden_layer_out: slope(hidden_layer_out)})


_activates(np.tanh, lambda h: 1 - h**2)
_activates(lambda z: np.maximum(0, z), lambda h: h > 0)

relu_in_layer = Mistake(
    code="GD130",
    title="the layer has a ReLU in it",
    symptom="Every score below 0 comes out as 0; after a sigmoid no answer is below one half.",
    explanation="The weighted sum of a layer is passed on as it is; the activation is a step of its own.",
    fix="Return x @ w alone, and apply the activation that is asked for.",
    wrong="return np.maximum(0, x @ w)",
    right="return x @ w",
    seen=1,
)


@relu_in_layer.instead_of(f.hidden_layer_in)
def rectified_hidden(x: Any, weights_input_to_hidden: Any) -> Any:
    return np.maximum(0, x @ weights_input_to_hidden)


relu_on_output = Mistake(
    code="GD115",
    title="the output layer's score goes through a ReLU",
    symptom="Scores below 0 are lost; the records that have them get no gradient.",
    explanation="A score may be negative, and it has to be: cut off at 0, one half of the answers is out of reach.",
    fix="Leave the ReLU out at the last layer.",
    wrong="output_layer_in = relu(hidden_layer_out @ weights_hidden_to_output)",
    right="output_layer_in = hidden_layer_out @ weights_hidden_to_output",
    seen=3,
)


@relu_on_output.instead_of(f.output_layer_in)
@relu_in_layer.instead_of(f.output_layer_in)
def rectified_output(hidden: Any, weights_hidden_to_output: Any) -> Any:
    return np.maximum(0, hidden @ weights_hidden_to_output)


relu_in_layer.replaces({f.hidden_layer_in: rectified_hidden, f.output_layer_in: rectified_output})


@relu_on_output.instead_of(f.output)
def _(output_layer_in: Any) -> Any:
    return np.maximum(0, output_layer_in)


other_output_activation = Mistake(
    code="GD107",
    title="the output goes through another activation than it should",
    symptom="Answers outside of 0 to 1 where a sigmoid is asked for; answers that never leave 0 to 1 for a regression.",
    explanation="The activation at the output belongs to the task, and has to be the same in training and in use.",
    fix="Squash the output where the task says so, and only there, in every function that computes it.",
    wrong="output_layer_out = output_layer_in",
    right="output_layer_out = sigmoid(output_layer_in)",
    seen=6,
)


@other_output_activation.instead_of(f.output)
def _(output_layer_in: Any) -> Any:
    return output_layer_in


@other_output_activation.instead_of(f.output)
def _(output_layer_in: Any) -> Any:
    return np.tanh(output_layer_in)


transposed = Mistake(
    code="GD127",
    title="the weights are used the wrong way round",
    symptom="An error about shapes; nothing at all where there are as many inputs as hidden units.",
    explanation="Row i of the weights belongs to input i, column j to hidden unit j. Transposed or reshaped, a weight "
    "meets an input that isn't its own.",
    fix="Multiply x @ w, from the left; a change of w has the shape of w: x[:, None] * hidden_error_term.",
    wrong="weights_input_to_hidden @ x",
    right="x @ weights_input_to_hidden",
    seen=2,
)


@transposed.instead_of(f.hidden_layer_in)
def _(x: Any, weights_input_to_hidden: Any) -> Any:
    return weights_input_to_hidden @ x


@transposed.instead_of(f.hidden_layer_in)
def _(x: Any, weights_input_to_hidden: Any) -> Any:
    return x @ weights_input_to_hidden.reshape(weights_input_to_hidden.shape[::-1]).T


@transposed.instead_of(f.hidden_layer_in)
def _(x: Any, weights_input_to_hidden: Any) -> Any:
    return x @ weights_input_to_hidden.T.reshape(weights_input_to_hidden.shape)


@transposed.instead_of(b.change_i_h)
def _(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    return rate * x[..., None, :] * hidden_error_term[..., :, None]


@transposed.instead_of(b.change_i_h)
def _(rate: Any, hidden_error_term: Any, x: Any) -> Any:
    turned = rate * x[..., None, :] * hidden_error_term[..., :, None]
    return turned.reshape(*x.shape, hidden_error_term.shape[-1])


twice = Mistake(
    code="GD142",
    title="a layer is applied twice, or its change is never added up",
    symptom="The output layer's weights hardly matter or never move; the loss stalls.",
    explanation="Each layer is applied once on the way forward, and each weight array gets its own change on the way "
    "back: a sum that is set to 0 and never added to changes nothing.",
    fix="Follow one record through your lines: each weight array once forwards, once backwards.",
    wrong="del_w_hidden_output = np.zeros(n_hidden)  # and no += anywhere",
    right="del_w_hidden_output += output_error_term * hidden_layer_out",
    seen=1,
)


@twice.instead_of(f.output_layer_in)
def _(hidden: Any, weights_hidden_to_output: Any) -> Any:
    return np.multiply.outer(hidden @ weights_hidden_to_output, weights_hidden_to_output)


@twice.instead_of(f.output)
def _(sigmoid: Any, output_layer_in: Any) -> Any:
    return sigmoid(sigmoid(output_layer_in))


@twice.instead_of(f.hidden)
def _(sigmoid: Any, hidden_layer_in: Any) -> Any:
    return sigmoid(sigmoid(hidden_layer_in))


entry_by_entry = Mistake(
    code="GD162",
    title="numbers are multiplied one by one where their products should be summed",
    symptom="An error about shapes, or a result with an axis too many.",
    explanation="A neuron adds up what comes in through its weights. * multiplies and leaves the products apart; "
    "@ multiplies and adds.",
    fix="Use @ (or np.dot) between values and weights.",
    wrong="hidden_layer_out * weights_hidden_to_output",
    right="hidden_layer_out @ weights_hidden_to_output",
)


@entry_by_entry.instead_of(f.output_layer_in)
def _(hidden: Any, weights_hidden_to_output: Any) -> Any:
    return hidden * weights_hidden_to_output


@entry_by_entry.instead_of(f.hidden_layer_in)
def _(x: Any, weights_input_to_hidden: Any) -> Any:
    return x * weights_input_to_hidden


dropped_weights = Mistake(
    code="GD141",
    title="the 'dropout' sets stored weights to zero for good",
    symptom="More and more weights are 0, with every call; the network forgets what it has learned.",
    explanation="Dropout hides some activations during one pass. Multiplied in place, the mask deletes weights, and "
    "nothing brings them back.",
    fix="Multiply the activations of this pass by the mask, and leave the weights alone.",
    wrong="weights_input_to_hidden *= rng.random(weights_input_to_hidden.shape) > 0.5",
    right="hidden_layer_out = hidden_layer_out * (rng.random(hidden_layer_out.shape) > 0.5)",
    seen=1,
)

dropped_weights.replaces(  # which ones is random
    {
        f.weights_are_set_to_0: lambda: True,
        f.hidden_layer_out: lambda: ANYTHING,
        f.output_layer_out: lambda: ANYTHING,
    }
)
