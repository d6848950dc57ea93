"""Inputs for the solutions of the NumPy exercises and their mutants, and how each of them is used there.

They know nothing of the exercises' own cases: `tests/mutants.py` asks them what those may have missed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator


class Parameter:
    """What the lesson has in its notebook: values and their slope."""

    def __init__(self, data: Any) -> None:
        self.data, self.grad = data, np.zeros_like(data)


class OneLayer:
    """A network without a hidden layer, for a training loop."""

    def __init__(self, weight: Any) -> None:
        self.weight = Parameter(weight)

    def __call__(self, x: Any) -> Any:
        self.x = x
        return x @ self.weight.data.T

    def backward(self, grad: Any) -> None:
        self.weight.grad = self.weight.grad + grad.T @ self.x

    def parameters(self) -> list[Parameter]:
        return [self.weight]

    def zero_grad(self) -> None:
        self.weight.grad = np.zeros_like(self.weight.data)


NAMES: dict[str, Any] = {"np": np, "Parameter": Parameter}


def size(rng: Rng, *, least: int = 1) -> int:
    return int(rng.integers(least, 9))


def scores(rng: Rng, *shape: int) -> Any:
    return rng.normal(size=shape) * 10 ** rng.uniform(-1, 1)


def with_zeros(rng: Rng, values: Any) -> Any:
    return values * (rng.random(np.shape(values)) > rng.choice([0, 0.3]))


def network(rng: Rng, records: int) -> tuple[Any, ...]:
    n, h = size(rng), size(rng)
    return scores(rng, records, n), scores(rng, n, h), scores(rng, h), rng.uniform(size=records), rng.uniform(0.01, 2)


def _epoch(rng: Rng) -> tuple[Any, ...]:
    x, w_ih, w_ho, targets, rate = network(rng, size(rng))
    return w_ih, w_ho, x, targets.round() if rng.random() < 0.5 else targets, rate


def _one_record(rng: Rng) -> tuple[Any, ...]:
    x, w_ih, w_ho, targets, rate = network(rng, 1)
    h = 1 / (1 + np.exp(-x[0] @ w_ih))
    return x[0], float(targets[0]), rate, h, float(1 / (1 + np.exp(-h @ w_ho))), w_ho


def _forward(rng: Rng) -> tuple[Any, ...]:
    x, w_ih, w_ho, *_ = network(rng, size(rng))
    return x[0] if rng.random() < 0.3 else x, w_ih, w_ho


def _classified(rng: Rng, *, highest: float = 3.5) -> tuple[Any, ...]:
    n, c = size(rng), size(rng, least=2)
    return rng.normal(size=(n, c)) * 10 ** rng.uniform(-1, highest), rng.integers(c, size=n)


def _published(table: Any, labels: Any, rng: Rng) -> tuple[Any, ...]:
    """Return one record without an axis for records, or all with labels as a row or a column."""
    return [(table[0], int(labels[0])), (table, labels), (table, labels[:, None])][rng.integers(3)]


def _weights(rng: Rng) -> tuple[Any, ...]:
    return with_zeros(rng, scores(rng, *(size(rng) for _ in range(int(rng.integers(1, 4)))))), rng.uniform(0, 2)


def _matrices(rng: Rng) -> tuple[Any, ...]:
    shapes = [(size(rng), size(rng)) for _ in range(size(rng))]
    return [scores(rng, *shape) for shape in shapes], [scores(rng, *shape) for shape in shapes], *rng.uniform(0, 2, 2)


def _sweep(rng: Rng) -> tuple[Any, ...]:
    n, seeds = size(rng, least=2), size(rng)
    return sorted(rng.uniform(size=n).tolist()), *rng.uniform(size=(3, n, seeds))


def _shares(rng: Rng) -> tuple[Any, ...]:
    z, labels = _classified(rng, highest=1)
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return _published(powers / powers.sum(axis=1, keepdims=True), labels, rng)


def _layer(rng: Rng) -> tuple[Any, ...]:
    n_in, n_out = size(rng), size(rng)
    batches = [(scores(rng, n, n_in), scores(rng, n, n_out)) for n in (size(rng), size(rng))]
    return rng.integers(50, 100, size=2).tolist(), scores(rng, n_in, n_out), scores(rng, n_out), *batches


def _batches(rng: Rng) -> tuple[Any, ...]:
    n, features, n_classes = int(rng.integers(2, 30)), size(rng), size(rng, least=2)
    net = OneLayer(scores(rng, n_classes, features))
    lr, batch = float(rng.uniform(0.01, 1)), int(rng.integers(1, n + 1))
    return net, rng.normal(size=(n, features)), rng.integers(n_classes, size=n), lr, batch, rng.spawn(1)[0]


def _confused(rng: Rng) -> tuple[Any, ...]:
    n_classes = size(rng, least=2)
    return *rng.integers(n_classes, size=(2, size(rng))), n_classes


INPUTS: dict[str, Callable[[Rng], tuple[Any, ...]]] = {
    "sigmoid": lambda rng: (scores(rng, *(size(rng) for _ in range(int(rng.integers(3))))),),
    "forward_pass": _forward,
    "backward_pass": _one_record,
    "update_weights": _epoch,
    "update_weights_matrix": _epoch,
    "softmax": lambda rng: _classified(rng)[:1],
    "softmax_of_predictions": lambda rng: _published(*_classified(rng), rng)[:1],
    "cross_entropy_loss": _classified,
    "cross_entropy_of_shares": _shares,
    "softmax_with_cross_entropy": lambda rng: _published(*_classified(rng), rng),
    "accuracy": lambda rng: tuple(rng.integers(3, size=(2, size(rng)))),
    "l2_regularization": _weights,
    "l2_regularization_with_gradient": _weights,
    "l1_regularization": _weights,
    "l1_regularization_with_gradient": _weights,
    "l1_gradient": _weights,
    "l2_gradient": _weights,
    "regularized_step": _matrices,
    "soft_threshold": _weights,
    "decay_for": lambda rng: (float(rng.uniform(0, 2)),),
    "choose_lambda": _sweep,
    "NeuralNetwork": _epoch,
    "ReLU": lambda rng: tuple(with_zeros(rng, rng.normal(size=(2, size(rng), size(rng))))),
    "Sigmoid": lambda rng: tuple(rng.normal(size=(2, size(rng), size(rng)))),
    "MomentumSGD": lambda rng: (rng.choice([None, rng.uniform()]), rng.uniform(), *rng.normal(size=(4, size(rng)))),
    "activation": lambda rng: (scores(rng, size(rng), size(rng)),),
    "Linear": _layer,
    "Linear_with_two_sizes": _layer,
    "train_epoch": _batches,
    "confusion": _confused,
    "interval": lambda rng: (float(rng.uniform()), int(rng.integers(1, 20_000))),
    "verdict": lambda rng: tuple(rng.normal(size=(2, size(rng, least=2))).round(int(rng.integers(1, 9)))),
}


def _trained(cls: Any, w_ih: Any, w_ho: Any, x: Any, targets: Any, rate: float) -> Any:
    net, fresh = cls(*w_ih.shape, 1, rate), cls(9, 20, 1, 0.01)
    first = fresh.weights_input_to_hidden, fresh.weights_hidden_to_output
    start = _good(*first) or _good(*first[::-1])  # one of them is enough to make the hidden units differ
    fresh.train(np.eye(9)[:2], np.ones(2))
    net.weights_input_to_hidden, net.weights_hidden_to_output = w_ih, w_ho[:, None]
    before = net.run(x)
    net.train(x, targets)
    net.train(x, targets)
    return before, net.weights_input_to_hidden, net.weights_hidden_to_output, start, np.shape(fresh.run(np.eye(9)))


def _there_and_back(cls: Any, x: Any, grad: Any) -> Any:
    layer = cls()
    return layer.forward(x), layer.backward(grad)


def _three_steps(cls: Any, momentum: float | None, rate: float, w: Any, *gradients: Any) -> Any:
    optimizer = cls() if momentum is None else cls(momentum=momentum)
    steps = []
    for gradient in gradients:
        w = optimizer.update(w, gradient, rate)
        steps.append(w)
    return steps


def _both(pair: Any, z: Any) -> Any:
    return [function(z) for function in pair]


def _good(*weights: Any) -> bool:
    """Say whether first weights are numbers of a good size, and not all those of the first matrix the same."""
    usual = all(np.isfinite(each).all() and np.sqrt(np.mean(np.square(each))) < 3 for each in weights)
    return bool(usual and np.ptp(weights[0]) > 0)


def _two_batches(cls: Any, sizes: Any, weight: Any, bias: Any, *batches: Any) -> Any:
    large = cls(*sizes, np.random.default_rng(0))
    layer = cls(*weight.shape, np.random.default_rng(0))
    layer.weight.data[...], layer.bias.data[...] = weight.T, bias
    told = [(layer.forward(x), layer.backward(grad)) for x, grad in batches]
    known = {id(each) for each in layer.parameters()} == {id(layer.weight), id(layer.bias)}
    slopes = layer.weight.grad, layer.bias.grad
    return [*(each for pair in told for each in pair), *slopes, known, _good(large.weight.data, large.bias.data)]


def _two_sizes(cls: Any, sizes: Any, weight: Any, bias: Any, *batches: Any) -> Any:
    large, layer = cls(*sizes), cls(*weight.shape)
    layer.W[...], layer.B[...] = weight, bias
    told = [(layer.forward(x), layer.backward(grad), layer.dW.copy(), layer.dB.copy()) for x, grad in batches]
    return [*(each for part in told for each in part), _good(large.W, large.B)]


def _an_epoch(train_epoch: Any, net: "OneLayer", *arguments: Any) -> Any:
    return train_epoch(net, *arguments), net.weight.data


# Right as well: the loss may be a sum, the slope of ReLU at 0 is 0 or 1, and the records come in any other order.
CONVENTIONS = {
    "cross_entropy_of_shares": ((".mean()", ".sum()"),),
    "ReLU": (("x > 0", "x >= 0"),),
    "train_epoch": (("rng.permutation", "-rng.permutation"),),
}
USE: dict[str, Callable[..., Any]] = {
    "NeuralNetwork": _trained,
    "ReLU": _there_and_back,
    "Sigmoid": _there_and_back,
    "MomentumSGD": _three_steps,
    "activation": _both,
    "Linear": _two_batches,
    "Linear_with_two_sizes": _two_sizes,
    "train_epoch": _an_epoch,
}
