"""Comparison lines of "Implementing Regularization"."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.course.compare import Lines, exercise

LESSON = "Implementing Regularization"
SHAPES = ((7,), (3, 4), (2, 3, 3))  # in the last one, np.dot(w, w.T) gives an array too, not an error
LAMBDAS = (0.0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2)

Array = NDArray[np.float64]


@exercise("l2_regularization", number=1, lesson=LESSON)
def _l2_regularization(fn: Any, rng: np.random.Generator) -> Lines:
    for shape in SHAPES:
        weights, lamb = rng.normal(size=shape), rng.uniform(0.1, 0.9)
        yield f"λ·Σw² of weights of shape {shape}", fn(weights.copy(), lamb), lamb * np.square(weights).sum()
    yield from _one_negative_weight(fn, squared=True)
    yield from _weights_unchanged(lambda w: fn(w, 0.5), rng)


@exercise("l1_regularization", number=2, lesson=LESSON)
def _l1_regularization(fn: Any, rng: np.random.Generator) -> Lines:
    for shape in SHAPES:
        weights, lamb = rng.normal(size=shape), rng.uniform(0.1, 0.9)
        yield f"λ·Σ|w| of weights of shape {shape}", fn(weights.copy(), lamb), lamb * np.abs(weights).sum()
    yield from _one_negative_weight(fn, squared=False)
    yield from _weights_unchanged(lambda w: fn(w, 0.5), rng)


@exercise("l2_gradient", number=3, lesson=LESSON)
def _l2_gradient(fn: Any, rng: np.random.Generator) -> Lines:
    for shape in SHAPES:
        weights, lamb = rng.normal(size=shape), rng.uniform(0.1, 0.9)
        yield f"slope of λ·w², weights of shape {shape}", fn(weights.copy(), lamb), 2 * lamb * weights
    yield from _weights_unchanged(lambda w: fn(w, 0.5), rng)


@exercise("l1_gradient", number=3, lesson=LESSON)
def _l1_gradient(fn: Any, rng: np.random.Generator) -> Lines:
    for shape in SHAPES:
        weights, lamb = rng.normal(size=shape), rng.uniform(0.1, 0.9)
        yield f"slope of λ·|w|, weights of shape {shape}", fn(weights.copy(), lamb), lamb * np.sign(weights)
    yield "weights of exactly 0 get slope 0", fn(np.zeros((2, 3)), 0.7), np.zeros((2, 3))
    yield from _weights_unchanged(lambda w: fn(w, 0.5), rng)


@exercise("regularized_step", number=4, lesson=LESSON)
def _regularized_step(fn: Any, rng: np.random.Generator) -> Lines:
    shapes = ((5, 4), (3, 5), (2, 3))
    lr, lamb = rng.uniform(0.05, 0.2), rng.uniform(0.1, 0.9)
    weights, grads = [rng.normal(size=s) for s in shapes], [rng.normal(size=s) for s in shapes]
    handed, handed_grads = [w.copy() for w in weights], [g.copy() for g in grads]
    for strength, label in ((lamb, "with λ"), (0.0, "with λ = 0, a plain step")):
        new = fn([w.copy() for w in weights], [g.copy() for g in grads], lr, strength)
        count = len(new) if isinstance(new, list | tuple) else 0
        yield f"{label}: number of arrays in the list", count, len(shapes)
        if count == len(shapes):
            for k, (w, g) in enumerate(zip(weights, grads, strict=True)):
                yield f"{label}: weights[{k}], shape {shapes[k]}", new[k], w - lr * (g + 2 * strength * w)
    fn(handed, handed_grads, lr, lamb)
    yield "the weights handed in are left alone", np.hstack([w.ravel() for w in handed]), _flat(weights)
    yield "the gradients handed in are left alone", np.hstack([g.ravel() for g in handed_grads]), _flat(grads)


@exercise("soft_threshold", number=5, lesson=LESSON)
def _soft_threshold(fn: Any, rng: np.random.Generator) -> Lines:
    for shape in SHAPES:
        weights, t = rng.normal(size=shape), rng.uniform(0.3, 0.8)
        weights.flat[:4] = (1.9, -1.7, 0.1, -0.2)
        expected = np.sign(weights) * np.maximum(np.abs(weights) - t, 0)
        yield f"weights of shape {shape}", fn(weights.copy(), t), expected
    ladder = np.array([-0.5, -0.2, -0.1, 0.0, 0.1, 0.2, 0.5])
    expected = np.array([-0.35, -0.05, 0, 0, 0, 0.05, 0.35])
    yield "-.5 -.2 -.1 0 .1 .2 .5 with t = .15", fn(ladder, 0.15), expected
    got = fn(np.full(8, 0.1), 0.15)
    yield "weights smaller than t become exactly 0", np.count_nonzero(got), 0
    yield "t = 0 changes nothing", fn(ladder.copy(), 0.0), ladder
    yield from _weights_unchanged(lambda w: fn(w, 0.5), rng)


@exercise("l1_torch", number=6, lesson=LESSON)
def _l1_torch(fn: Any, rng: np.random.Generator) -> Lines:
    yield from _torch_penalty(fn, rng, squared=False)


@exercise("l2_torch", number=6, lesson=LESSON)
def _l2_torch(fn: Any, rng: np.random.Generator) -> Lines:
    yield from _torch_penalty(fn, rng, squared=True)


@exercise("decay_for", number=7, lesson=LESSON)
def _decay_for(fn: Any, rng: np.random.Generator) -> Lines:
    for lamb in (0.0, 0.003, float(rng.uniform(0.1, 0.9))):
        label = f"decay_for({lamb:g})" if lamb < 0.1 else "decay_for(λ) for a λ drawn at random"
        yield label, fn(lamb), 2 * lamb


@exercise("choose_lambda", number=8, lesson=LESSON)
def _choose_lambda(fn: Any, rng: np.random.Generator) -> Lines:
    for seeds in (1, 4, 7):
        train_loss, valid_accuracy, test_accuracy = _tables(seeds, rng)
        best = LAMBDAS[int(np.argmax(valid_accuracy.mean(axis=1)))]
        got = fn(list(LAMBDAS), train_loss.copy(), valid_accuracy.copy(), test_accuracy.copy())
        yield f"the λ chosen from {len(LAMBDAS)} candidates × {seeds} seed{'s' * (seeds > 1)}", got, best


def _one_negative_weight(fn: Any, *, squared: bool) -> Lines:
    weights = np.array([1.0, -2.0, 3.0, -4.0])
    yield "weights [1, -2, 3, -4], λ = ½", fn(weights, 0.5), 15.0 if squared else 5.0


def _weights_unchanged(call: Any, rng: np.random.Generator) -> Lines:
    weights = rng.normal(size=(4, 3))
    handed = weights.copy()
    call(handed)
    yield "the weights handed in are left alone", handed, weights


def _flat(arrays: list[Array]) -> Array:
    return np.hstack([a.ravel() for a in arrays])


def _torch_penalty(fn: Any, rng: np.random.Generator, *, squared: bool) -> Lines:
    """Compare value and gradient; a penalty on the weights alone, without the biases, counts as right too."""
    import torch

    torch.manual_seed(int(rng.integers(1 << 30)))
    lamb = float(rng.uniform(0.1, 0.9))
    models = {
        "5-4-3 network": torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3)),
        "convolution": torch.nn.Sequential(torch.nn.Conv2d(2, 3, 2), torch.nn.Flatten(), torch.nn.Linear(12, 2)),
    }
    for name, model in models.items():
        model = model.double()
        got = fn(model, lamb)
        everything, weights = (_reference(model, lamb, squared, biases=b) for b in (True, False))
        total = np.nan if got is None else torch.as_tensor(got).detach().double().sum().item()
        weights_only = abs(total - weights[0]) < abs(total - everything[0])
        value, gradients = weights if weights_only else everything
        yield f"{name}: the penalty", got, value
        in_graph = isinstance(got, torch.Tensor) and got.requires_grad
        yield f"{name}: 1 if backward() can reach the weights", float(in_graph), 1.0
        if in_graph:
            parameters = dict(model.named_parameters())
            slopes = torch.autograd.grad(got.sum(), list(parameters.values()), allow_unused=True)
            for key, slope in zip(parameters, slopes, strict=True):
                zeros = np.zeros_like(gradients[key])
                yield f"{name}: gradient of {key}", zeros if slope is None else slope, gradients[key]


def _reference(model: Any, lamb: float, squared: bool, *, biases: bool) -> tuple[float, dict[str, Array]]:
    value, gradients = 0.0, {}
    for key, parameter in model.named_parameters():
        w = parameter.detach().numpy()
        counts = float(biases or w.ndim > 1)
        value += counts * lamb * float(np.square(w).sum() if squared else np.abs(w).sum())
        gradients[key] = counts * lamb * (2 * w if squared else np.sign(w))
    return value, gradients


def _tables(seeds: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw a sweep's tables in which training loss, test set and luckiest single run all point elsewhere."""
    n = len(LAMBDAS)
    train_loss = np.sort(rng.uniform(0.01, 2, n))[:, None] + rng.uniform(0, 0.001, (n, seeds))
    while True:
        valid, test = rng.uniform(0.5, 0.98, (2, n, seeds))
        best = int(valid.mean(axis=1).argmax())
        luckiest = int(valid.max(axis=1).argmax())
        if best not in (0, int(test.mean(axis=1).argmax())) and (seeds == 1 or best != luckiest):
            return train_loss, valid, test
