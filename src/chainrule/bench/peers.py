"""The peers: each builds a task's network, and returns a function that trains it on every record once.

All draw a new order of the records and cut batches from it; all leave shuffling and cutting inside the timing.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.bench.tasks import Records, Task
from chainrule.registry import Registry

Epoch = Callable[[], None]
PEERS: Registry[Callable[[Task, Records], Epoch]] = Registry("peer")


@PEERS.add("chainrule")
def chainrule(task: Task, records: Records) -> Epoch:
    """Train through the public loop, on a Dataset, with all its checks."""
    from chainrule import data, nn, optim

    net = nn.Sequential(*task.layers(nn), seed=0)
    criterion = nn.CrossEntropyLoss()
    optimizer: optim.Optimizer = optim.Adam(net.parameters(), lr=task.lr)
    if task.optimizer == "sgd":
        optimizer = optim.SGD(net.parameters(), lr=task.lr, momentum=task.momentum)
    train = data.Dataset(*records, classes=tuple(map(str, range(task.sizes[-1]))))

    def epoch() -> None:
        for x, y in train.batches(task.batch, seed=0):
            criterion(net(x), y)
            optimizer.zero_grad()
            net.backward(criterion.backward())
            optimizer.step()

    return epoch


def _torch(task: Task, records: Records, fused: bool, compiled: bool) -> Epoch:
    import torch

    model: Any = torch.nn.Sequential(*task.layers(torch.nn))
    if task.optimizer == "sgd":
        optimizer: Any = torch.optim.SGD(model.parameters(), lr=task.lr, momentum=task.momentum, fused=fused)
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=task.lr, fused=fused)
    criterion = torch.nn.CrossEntropyLoss()
    inputs, labels = (torch.from_numpy(values) for values in records)

    def loss_of(x: Any, y: Any) -> Any:
        return criterion(model(x), y)

    if compiled:
        loss_of = torch.compile(loss_of)

    def epoch() -> None:
        for rows in torch.split(torch.randperm(len(inputs)), task.batch):
            loss = loss_of(inputs[rows], labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return epoch


@PEERS.add("torch")
def torch_plain(task: Task, records: Records) -> Epoch:
    """PyTorch, eager."""
    return _torch(task, records, fused=False, compiled=False)


@PEERS.add("torch-fused")
def torch_fused(task: Task, records: Records) -> Epoch:
    """PyTorch, eager, with the fused optimizer."""
    return _torch(task, records, fused=True, compiled=False)


@PEERS.add("torch.compile")
def torch_compiled(task: Task, records: Records) -> Epoch:
    """PyTorch with the loss compiled, and the fused optimizer."""
    return _torch(task, records, fused=True, compiled=True)


@PEERS.add("jax")
def jax_jit(task: Task, records: Records) -> Epoch:
    """JAX: the whole step, optimizer included, as one compiled function that reuses its arguments' memory."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(0)
    shapes = list(zip(task.sizes, task.sizes[1:], strict=False))
    weights = [(jnp.asarray(rng.uniform(-0.1, 0.1, s), jnp.float32), jnp.zeros(s[1], jnp.float32)) for s in shapes]
    each = jax.tree_util.tree_map
    zeros = each(jnp.zeros_like, weights)

    def loss_of(w: Any, x: Any, y: Any) -> Any:
        for weight, bias in w[:-1]:
            x = jax.nn.relu(x @ weight + bias)
        logits = x @ w[-1][0] + w[-1][1]
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1).mean()

    def sgd(w: Any, v: Any, g: Any, t: Any) -> Any:
        v = each(lambda v, g: task.momentum * v + g, v, g) if task.momentum else v
        return each(lambda w, d: w - task.lr * d, w, v if task.momentum else g), v

    def adam(w: Any, state: Any, g: Any, t: Any) -> Any:
        m = each(lambda m, g: 0.9 * m + 0.1 * g, state[0], g)
        v = each(lambda v, g: 0.999 * v + 0.001 * g * g, state[1], g)
        rate, c = task.lr / (1 - 0.9**t), 1 / (1 - 0.999**t)
        return each(lambda w, m, v: w - rate * m / (jnp.sqrt(v * c) + 1e-8), w, m, v), (m, v)

    update = sgd if task.optimizer == "sgd" else adam

    def step(w: Any, state: Any, t: Any, x: Any, y: Any) -> Any:
        loss, g = jax.value_and_grad(loss_of)(w, x, y)
        w, state = update(w, state, g, t)
        return w, state, t + 1, loss

    compiled = jax.jit(step, donate_argnums=(0, 1, 2))
    start = zeros if task.optimizer == "sgd" else (zeros, each(jnp.zeros_like, weights))
    now: list[Any] = [weights, start, jnp.ones((), jnp.float32)]
    inputs, labels = records[0], records[1].astype(np.int32)

    def epoch() -> None:
        order = np.random.default_rng(0).permutation(len(inputs))
        for i in range(0, len(order), task.batch):
            rows = order[i : i + task.batch]
            *now[:], loss = compiled(*now, inputs[rows], labels[rows])
        loss.block_until_ready()

    return epoch


@PEERS.add("scikit-learn")
def scikit_learn(task: Task, records: Records) -> Epoch:
    """scikit-learn's MLPClassifier, one epoch of its own loop at a time."""
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier(
        task.sizes[1:-1], solver=task.optimizer, batch_size=task.batch, learning_rate_init=task.lr, max_iter=1,
        momentum=task.momentum, nesterovs_momentum=False, alpha=0, warm_start=True, tol=0, n_iter_no_change=10**9,
    )  # fmt: skip
    x, y = records

    def epoch() -> None:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns that one epoch is not enough
            net.fit(x, y)

    return epoch


@PEERS.add("per-record")
def per_record(task: Task, records: Records) -> Epoch:
    """Backpropagation as textbooks write it: one record after another, in column vectors, gradients summed by hand."""
    rng = np.random.default_rng(0)
    shapes = list(zip(task.sizes, task.sizes[1:], strict=False))
    weights = [rng.normal(0, a**-0.5, (b, a)) for a, b in shapes]
    biases = [np.zeros((b, 1)) for _, b in shapes]
    inputs, onehot = records[0].astype(np.float64)[:, :, None], np.eye(task.sizes[-1])[records[1]][:, :, None]

    def gradients(x: Any, t: Any) -> Any:
        activations = [x]
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            activations.append(1 / (1 + np.exp(-(w @ activations[-1] + b))))
        z = weights[-1] @ activations[-1] + biases[-1]
        e = np.exp(z - z.max())
        delta = e / e.sum() - t
        found = [(delta @ activations[-1].T, delta)]
        for w, a, below in zip(weights[:0:-1], activations[:0:-1], activations[-2::-1], strict=True):
            delta = (w.T @ delta) * a * (1 - a)
            found.append((delta @ below.T, delta))
        return found[::-1]

    def epoch() -> None:
        order = np.random.default_rng(0).permutation(len(inputs))
        for i in range(0, len(order), task.batch):
            rows = order[i : i + task.batch]
            sums = [(np.zeros_like(w), np.zeros_like(b)) for w, b in zip(weights, biases, strict=True)]
            for row in rows:
                for (dw, db), (w, b) in zip(sums, gradients(inputs[row], onehot[row]), strict=True):
                    dw += w
                    db += b
            for w, b, (dw, db) in zip(weights, biases, sums, strict=True):
                w -= task.lr / len(rows) * dw
                b -= task.lr / len(rows) * db

    return epoch
