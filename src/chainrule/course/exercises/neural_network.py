"""A network as a class: the well-known first project of many learners, which predicts how many bikes will be rented."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.catalogue import epoch
from chainrule.mistakes.steps.backpropagation import change
from chainrule.mistakes.steps.neural_network import neural_network

HUGE = 4.0  # no usual way to draw first weights comes near this root mean square


def some_records(rng: np.random.Generator) -> Iterator[Case]:
    """Yield six records, in two orders, four with other scores, and one alone."""
    features, targets = rng.normal(size=(6, 5)), rng.normal(size=6) * 2
    weights_input_to_hidden, weights_hidden_to_output = rng.normal(size=(5, 3)), rng.normal(size=3)
    for name, x, t, sign in (
        ("6 records", features, targets, 1),
        ("the 6 records reversed", features[::-1].copy(), targets[::-1].copy(), 1),
        ("4 records", features[:4], targets[:4], -1),
        ("1 record", features[:1], targets[:1], 1),
    ):
        weights = (weights_input_to_hidden, sign * weights_hidden_to_output)
        inputs = (*weights, x, t, float(rng.uniform(0.2, 0.8)))
        yield Case(name, dict(zip(neural_network.inputs, inputs, strict=True)))


def look_at_network(answer: Any, case: Case) -> Facts:
    """Look at what a network starts from, at its answers, and at what two calls of train do to its weights."""
    i_h, h_o, features, targets, learnrate = (case.inputs[name] for name in neural_network.inputs)
    if len(targets) == 1:
        targets = targets[:, None]  # one record often comes as a table of one row
    facts: Facts = dict.fromkeys(neural_network.returns)
    net, large = answer(*i_h.shape, 1, learnrate), answer(20, 30, 1, learnrate)
    fits = _sizes(net.weights_input_to_hidden) == [*i_h.shape] and _sizes(net.weights_hidden_to_output) == [*h_o.shape]
    facts["first_weights_have_the_right_shape"] = fits
    if not fits:
        return facts
    drawn = [np.asarray(weights) for weights in (large.weights_input_to_hidden, large.weights_hidden_to_output)]
    facts["hidden_units_start_alike"] = bool(np.ptp(drawn[0], axis=1).max() == 0 and np.ptp(drawn[1]) == 0)
    facts["first_weights_are_huge"] = any(not np.sqrt(np.mean(weights**2)) <= HUGE for weights in drawn)

    idle = answer(*i_h.shape, 1, 0.0)  # at a learning rate of 0 nothing may move
    _set(idle, i_h, h_o)
    try:
        idle.train(features, targets)
    except TypeError as error:
        if idle.run(features) is None:  # in the published template, each missing value is None
            raise NotImplementedError("a value is still None") from error
        raise
    idle.run(features)
    facts["weights_are_set_to_0"] = not (np.all(idle.weights_input_to_hidden) and np.all(idle.weights_hidden_to_output))
    if facts["weights_are_set_to_0"]:
        return facts

    answer(*i_h.shape, 1, learnrate).train(features[:2].copy(), targets[:2].copy())  # with its own first weights
    _set(net, i_h, h_o)
    facts["run"] = net.run(features)
    steps = []
    for _ in range(2):
        _set(net, i_h, h_o)
        net.train(features, targets)
        steps.append((change(net.weights_input_to_hidden, i_h), change(net.weights_hidden_to_output, h_o)))
    if facts["run"] is None and not any(np.any(moved) for moved in steps[0]):
        return dict.fromkeys(neural_network.returns)
    facts["change_of_weights_input_to_hidden"], facts["change_of_weights_hidden_to_output"] = steps[0]
    facts["second_step_is_larger"] = any(
        np.linalg.norm(second) > 1.5 * np.linalg.norm(first) for first, second in zip(*steps, strict=True)
    )
    return facts


def _sizes(weights: Any) -> list[int]:
    return [size for size in np.shape(weights) if size != 1]


def _set(net: Any, i_h: Any, h_o: Any) -> None:
    """Give a network weights of its own, which it may change in place."""
    net.weights_input_to_hidden, net.weights_hidden_to_output = i_h.copy(), h_o[:, None].copy()


exercise(
    "NeuralNetwork",
    neural_network,
    some_records,
    observe=look_at_network,
    hints=(
        "The output isn't squashed: it predicts a number, and its slope is 1. In the hidden layer nothing is new.",
        "train goes through the records: each adds its own share to both deltas, which start at 0 in every call.",
        "hidden_error = weights_hidden_to_output @ error; hidden_error_term = hidden_error * h * (1 - h). The deltas "
        "grow by X[:, None] * hidden_error_term and h[:, None] * error; update_weights adds lr * delta / n_records.",
    ),
    solution="""\
class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        rng = np.random.default_rng()
        self.weights_input_to_hidden = rng.normal(0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = rng.normal(0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        deltas = np.zeros_like(self.weights_input_to_hidden), np.zeros_like(self.weights_hidden_to_output)
        for X, y in zip(features, targets):
            deltas = self.backpropagation(*self.forward_pass_train(X), X, y, *deltas)
        self.update_weights(*deltas, len(features))

    def forward_pass_train(self, X):
        hidden_outputs = 1 / (1 + np.exp(-(X @ self.weights_input_to_hidden)))
        return hidden_outputs @ self.weights_hidden_to_output, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = (self.weights_hidden_to_output @ error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += X[:, None] * hidden_error_term
        delta_weights_h_o += hidden_outputs[:, None] * error
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]
""",
    why="Right: train and run compute the same outputs, and the records' changes are averaged before the weights move.",
    commonest=epoch.not_divided,
)
