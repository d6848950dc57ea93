"""Comparison lines of *Implementing Gradient Descent with Backpropagation*.

The right values are computed here with one record at a time and explicit sums, or by finite differences, in
float64. Every size differs from every other, and all inputs are drawn at random, away from saturation.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.course.compare import Lines, exercise

LESSON = "Implementing Gradient Descent with Backpropagation"
Array = NDArray[np.float64]


@exercise("sigmoid", number=1, lesson=LESSON)
def _sigmoid(fn: Any, rng: np.random.Generator) -> Lines:
    x = rng.normal(size=(5, 3)) * 2
    kept = x.copy()
    yield "sigmoid(0)", fn(0.0), 0.5
    yield "a number", fn(x[0, 0]), _squash(kept[0, 0])
    yield "a vector (3,)", fn(x[1].copy()), _squash(kept[1])
    yield "an array (5, 3)", fn(x), _squash(kept)
    yield "the array that was passed in, afterwards", x, kept
    with np.errstate(over="ignore"):  # a naive formula overflows here on its way to the right value
        yield "far out: sigmoid([-1000, 1000])", fn(np.array([-1000.0, 1000.0])), [0.0, 1.0]


@exercise("forward_pass", number=2, lesson=LESSON)
def _forward_pass(fn: Any, rng: np.random.Generator) -> Lines:
    x, w_ih, w_ho = rng.normal(size=(6, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
    hidden = _squash(x @ w_ih)
    output = _squash(hidden @ w_ho)
    h, o = _pair(fn(x[0].copy(), w_ih.copy(), w_ho.copy()))
    yield "hidden_layer_out, one record", h, hidden[0]
    yield "output_layer_out, one record", o, output[0]
    h, o = _pair(fn(x.copy(), w_ih.copy(), w_ho.copy()))
    yield "hidden_layer_out, six records", h, hidden
    yield "output_layer_out, six records", o, output


@exercise("backward_pass", number=3, lesson=LESSON)
def _backward_pass(fn: Any, rng: np.random.Generator) -> Lines:
    x, w_ih, w_ho = rng.normal(size=5), rng.normal(size=(5, 3)), rng.normal(size=3)
    h, o = _predict(x, w_ih, w_ho)
    for target in (1.0, 0.0):
        learnrate = float(rng.uniform(0.3, 0.8))
        given = (x.copy(), target, learnrate, h.copy(), np.float64(o), w_ho.copy())
        delta_w_h_o, delta_w_i_h = _pair(fn(*given))
        right_i_h, right_h_o = _changes(x, target, w_ih, w_ho)
        yield f"delta_w_h_o, target {target:g}", delta_w_h_o, learnrate * right_h_o
        yield f"delta_w_i_h, target {target:g}", delta_w_i_h, learnrate * right_i_h
        yield (
            "the arrays that were passed in, afterwards",
            np.r_[given[0], given[3], given[5]],
            np.r_[x, h, w_ho],
        )


@exercise("update_weights", number=4, lesson=LESSON)
def _update_weights(fn: Any, rng: np.random.Generator) -> Lines:
    yield from _one_epoch(fn, rng)


@exercise("update_weights_matrix", number=5, lesson=LESSON)
def _update_weights_matrix(fn: Any, rng: np.random.Generator) -> Lines:
    yield from _one_epoch(fn, rng)


def _one_epoch(fn: Any, rng: np.random.Generator) -> Lines:
    """Compare one epoch on six records, and on one."""
    features, targets = rng.normal(size=(6, 5)), np.array([1, 0, 0, 1, 1, 0])[rng.permutation(6)]
    w_ih, w_ho = rng.normal(size=(5, 3)), rng.normal(size=3)
    learnrate = float(rng.uniform(0.3, 0.8))
    for count in (6, 1):
        given = (w_ih.copy(), w_ho.copy(), features[:count].copy(), targets[:count].copy())
        new_i_h, new_h_o = _pair(fn(*given, learnrate))
        changes = [_changes(*record, w_ih, w_ho) for record in zip(features, targets, strict=True)][:count]
        step_i_h, step_h_o = (learnrate * np.mean([pair[k] for pair in changes], axis=0) for k in (0, 1))
        records = "six records" if count == 6 else "one record"
        yield f"change of weights_input_to_hidden, {records}", _minus(new_i_h, w_ih), step_i_h
        yield f"change of weights_hidden_to_output, {records}", _minus(new_h_o, w_ho), step_h_o
        yield (
            "the weights that were passed in, afterwards",
            np.r_[given[0].ravel(), given[1]],
            np.r_[w_ih.ravel(), w_ho],
        )
        yield "the records that were passed in, afterwards", given[2], features[:count]


@exercise("activation", number=6, lesson=LESSON)
def _activation(pair: Any, rng: np.random.Generator) -> Lines:
    """Compare a learner's own activation with nothing but itself: its slope must be the slope it has."""
    fn, slope = pair
    z = rng.uniform(-3, 3, size=(7, 4))
    kept, h = z.copy(), 1e-5
    with np.errstate(all="ignore"):
        value = fn(z)
        yield "activation(z) has z's shape", np.shape(value), z.shape
        yield "activation_slope(z) = finite difference", slope(z), (fn(kept + h) - fn(kept - h)) / (2 * h)
        yield "the array that was passed in, afterwards", z, kept
        a, b = rng.uniform(-4, 0, size=50), rng.uniform(0, 4, size=50)
        bend = np.abs(fn(a) + fn(b) - 2 * fn((a + b) / 2)).max()
        yield "not a straight line (1 = yes)", float(bend > 1e-3), 1.0
        far = np.array([-700.0, 700.0])
        yield "still numbers at z = ±700 (1 = yes)", _finite(fn(far), slope(far)), 1.0


@exercise("softmax", number=7, lesson=LESSON)
def _softmax(fn: Any, rng: np.random.Generator) -> Lines:
    z = rng.normal(size=(5, 3)) * 2
    kept = z.copy()
    with np.errstate(all="ignore"):
        p = fn(z)
        yield "softmax(z) for z of shape (5, 3)", p, _share(kept)
        yield "the sum of each row", np.sum(p, axis=-1), np.ones(5)
        yield "one row alone, shape (1, 3)", fn(kept[:1].copy()), _share(kept[:1])
        yield "the array that was passed in, afterwards", z, kept
        far = rng.normal(size=(4, 3)) * 2 + np.array([[0.0], [800.0], [-800.0], [9e4]])
        yield "rows of very different height", fn(far.copy()), _share(far)
        narrow = (kept + 95).astype(np.float32)
        yield "float32, around 95 (1 = close)", float(np.allclose(fn(narrow.copy()), _share(narrow), atol=1e-4)), 1.0


@exercise("cross_entropy_loss", number=8, lesson=LESSON)
def _cross_entropy_loss(fn: Any, rng: np.random.Generator) -> Lines:
    logits, labels = rng.normal(size=(6, 4)) * 2, rng.permutation([0, 1, 2, 3, 3, 1])
    kept = logits.copy()

    def loss_of(z: Array) -> float:
        return float(-np.mean([np.log(row[label]) for row, label in zip(_share(z), labels, strict=True)]))

    loss, grad = _pair(fn(logits, labels.copy()))
    yield "loss", loss, loss_of(kept)
    yield "gradient", grad, _slope(loss_of, kept)
    yield "the logits that were passed in, afterwards", logits, kept
    equal_loss, _ = _pair(fn(np.zeros((5, 4)), labels[:5].copy()))
    yield "loss of equal logits: ln 4", equal_loss, np.log(4)
    some = labels < 3  # a small batch need not hold every class
    _, some_grad = _pair(fn(kept[some], labels[some]))
    right = (_share(kept[some]) - np.eye(4)[labels[some]]) / np.count_nonzero(some)
    yield "gradient of a batch without the last class", some_grad, right


@exercise("Linear", number=9, lesson=LESSON)
def _linear(cls: Any, rng: np.random.Generator) -> Lines:
    layer = cls(5, 3, np.random.default_rng(0))
    weight, bias = rng.normal(size=(3, 5)), rng.normal(size=3)
    layer.weight.data, layer.bias.data = weight.copy(), bias.copy()
    x, upstream = rng.normal(size=(6, 5)), rng.normal(size=(6, 3))

    def through(w: Array, b: Array, inputs: Array) -> float:
        return float(np.sum(upstream * (np.einsum("nd,kd->nk", inputs, w) + b)))

    yield "forward(x): (6, 3)", layer.forward(x.copy()), np.einsum("nd,kd->nk", x, weight) + bias
    _zero(layer)
    yield (
        "backward(grad): dL/dx, (6, 5)",
        layer.backward(upstream.copy()),
        _slope(lambda v: through(weight, bias, v), x),
    )
    right_weight = _slope(lambda v: through(v, bias, x), weight)
    right_bias = _slope(lambda v: through(weight, v, x), bias)
    yield "weight.grad: (3, 5)", layer.weight.grad, right_weight
    yield "bias.grad: (3,)", layer.bias.grad, right_bias
    layer.forward(x.copy())
    layer.backward(upstream.copy())
    yield "weight.grad after a second backward: doubled", layer.weight.grad, 2 * right_weight
    yield "bias.grad after a second backward: doubled", layer.bias.grad, 2 * right_bias
    yield "the weights, afterwards", layer.weight.data, weight


@exercise("ReLU", number=9, lesson=LESSON)
def _relu(cls: Any, rng: np.random.Generator) -> Lines:
    layer = cls()
    x = rng.uniform(0.1, 2, size=(6, 4)) * rng.choice([-1, 1], size=(6, 4))
    x[0] = [0.5, -0.5, 1.5, -1.5]
    kept, upstream = x.copy(), rng.normal(size=(6, 4))
    yield "forward(x): (6, 4)", layer.forward(x), np.where(kept > 0, kept, 0.0)
    right = np.where(kept > 0, upstream, 0.0)
    yield "backward(grad): (6, 4)", layer.backward(upstream.copy()), right
    yield "the array that was passed in, afterwards", x, kept


@exercise("train_epoch", number=10, lesson=LESSON)
def _train_epoch(fn: Any, rng: np.random.Generator) -> Lines:
    records, classes, batch, lr = 22, 3, 5, 0.4
    x, y = rng.normal(size=(records, 4)), rng.permutation(np.arange(records) % classes)
    kept_x, kept_y = x.copy(), y.copy()
    net = _Probe(rng.normal(size=(classes, 4)))
    weight = net.weight.data.copy()
    seed = int(rng.integers(1000))
    draws = np.random.default_rng(seed)
    loss = fn(net, x, y, lr, batch, draws)
    rows = [[int(np.abs(kept_x - row).sum(axis=1).argmin()) for row in seen] for seen in net.seen]
    order = [row for batch_rows in rows for row in batch_rows]
    yield "sizes of the batches", [len(batch_rows) for batch_rows in rows], [5, 5, 5, 5, 2]
    yield "every record once", sorted(order), range(records)
    yield "in a new order (1 = yes)", float(order != sorted(order)), 1.0
    total = 0.0
    for k, batch_rows in enumerate(rows):  # the same batches again, as they ought to go
        share = _share(kept_x[batch_rows] @ weight.T)
        truth = np.eye(classes)[kept_y[batch_rows]]
        total -= float(np.log(share[truth == 1]).sum())
        upstream = (share - truth) / len(batch_rows)
        if k == 0:
            yield "gradient of the first batch", net.upstream[0] if net.upstream else None, upstream
        weight -= lr * upstream.T @ kept_x[batch_rows]
    yield "weights after the epoch", net.weight.data, weight
    yield "the mean loss that is returned", loss, total / records
    yield "x and y, afterwards", np.c_[x, y], np.c_[kept_x, kept_y]
    orders = [np.concatenate(net.seen)]
    for generator in (draws, np.random.default_rng(seed)):
        another = _Probe(rng.normal(size=(classes, 4)))
        fn(another, kept_x.copy(), kept_y.copy(), lr, batch, generator)
        orders.append(np.concatenate(another.seen))
    yield "next epoch: another order (1 = yes)", float(not np.array_equal(orders[0], orders[1])), 1.0
    yield "an equal rng: the same order (1 = yes)", float(np.array_equal(orders[0], orders[2])), 1.0


class _Parameter:
    """What a learner's training loop may touch of a weight: its values and its gradient."""

    def __init__(self, data: Array) -> None:
        self.data, self.grad = data, np.zeros_like(data)

    def zero_grad(self) -> None:
        self.grad = np.zeros_like(self.data)


class _Probe:
    """A network of one layer without bias that remembers what a training loop did with it."""

    def __init__(self, weight: Array) -> None:
        self.weight = _Parameter(weight)
        self.seen: list[Array] = []
        self.upstream: list[Array] = []

    def forward(self, x: Array) -> Array:
        self.seen.append(np.array(x))
        return np.asarray(x @ self.weight.data.T)

    __call__ = forward

    def backward(self, grad: Array) -> Array:
        self.upstream.append(np.array(grad))
        self.weight.grad = self.weight.grad + grad.T @ self.seen[-1]
        return np.asarray(grad @ self.weight.data)

    def parameters(self) -> list[_Parameter]:
        return [self.weight]

    def zero_grad(self) -> None:
        self.weight.zero_grad()


def _squash(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _share(z: Any) -> Array:
    """Return softmax row by row, in float64."""
    wide = np.asarray(z, dtype=np.float64)
    e = np.exp(wide - wide.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _predict(x: Array, w_ih: Array, w_ho: Array) -> tuple[Array, Any]:
    h = _squash(np.einsum("i,ij->j", x, w_ih))
    return h, _squash(np.einsum("j,j->", h, w_ho))


def _changes(x: Array, target: float, w_ih: Array, w_ho: Array) -> tuple[Array, Array]:
    """Return minus the slopes of ½(target − output)² for one record, one weight at a time."""
    h, o = _predict(x, w_ih, w_ho)
    output_error_term = (target - o) * o * (1 - o)
    by_i_h = np.empty_like(w_ih)
    for i, j in np.ndindex(w_ih.shape):
        by_i_h[i, j] = output_error_term * w_ho[j] * h[j] * (1 - h[j]) * x[i]
    return by_i_h, np.array([output_error_term * h_j for h_j in h])


def _slope(f: Callable[[Array], float], at: Array) -> Array:
    """Return the slopes of ``f`` by central differences; right to about 1e-10 of the largest."""
    slopes, step = np.empty_like(at), 1e-5
    for k in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[k] += step
        down[k] -= step
        slopes[k] = (f(up) - f(down)) / (2 * step)
    return slopes


def _pair(answer: Any) -> tuple[Any, Any]:
    """Return a pair of results; what isn't one becomes a pair that compares as wrong."""
    if isinstance(answer, tuple | list) and len(answer) == 2:
        return answer[0], answer[1]
    return answer, None


def _minus(new: Any, old: Array) -> Any:
    """Return the change, if it can be computed; else what was given, for the comparison to complain about."""
    return new - old if isinstance(new, np.ndarray) and new.shape == old.shape else new


def _finite(*arrays: Any) -> float:
    return float(all(np.isfinite(array).all() for array in arrays))


def _zero(layer: Any) -> None:
    for parameter in (layer.weight, layer.bias):
        parameter.grad = np.zeros(np.shape(parameter.data))
