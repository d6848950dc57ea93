"""One epoch of mini-batches with NumPy as a program that is assembled from named operations."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

train_epoch = Step("train_epoch", inputs="", returns="train_epoch")


@train_epoch.operation
def order(rng: Any, records: int) -> Any:
    return rng.permutation(records)


@train_epoch.operation
def cuts(order: Any, batch: int) -> Any:
    """Return the rows of each batch."""
    return [order[start : start + batch] for start in range(0, len(order), batch)]


@train_epoch.operation
def labels_of(y: Any, rows: Any, start: int) -> Any:
    return y[rows]


@train_epoch.operation
def trained_labels(labels: Any, classes: int) -> Any:
    """Return the labels that the batch is trained to."""
    return labels


@train_epoch.operation
def loss_of(shares: Any, labels: Any) -> Any:
    return -np.log(shares[np.arange(len(labels)), labels]).mean()


@train_epoch.operation
def slope_of(shares: Any, labels: Any) -> Any:
    return (shares - np.eye(shares.shape[1])[labels]) / len(labels)


@train_epoch.operation
def handed_back(loss: Any, slope: Any) -> Any:
    """Return what goes backwards."""
    return slope


@train_epoch.operation
def clear(net: Any, batch_number: int) -> None:
    net.zero_grad()


@train_epoch.operation
def rate(lr: Any, x: Any, batch: int, start: int) -> Any:
    return lr


@train_epoch.operation
def moving(parameters: Any) -> Any:
    """Return the parameters that move."""
    return parameters


@train_epoch.operation
def mean_loss(losses: Any, sizes: Any, lr: Any, records: int) -> Any:
    return np.dot(losses, sizes) / records


@train_epoch.operation
def batches_done(batches: Any) -> Any:
    """Return the batches that come before the epoch ends."""
    return batches


@train_epoch.part
def program(
    order: Any,
    cuts: Any,
    labels_of: Any,
    trained_labels: Any,
    loss_of: Any,
    slope_of: Any,
    handed_back: Any,
    clear: Any,
    rate: Any,
    moving: Any,
    mean_loss: Any,
    batches_done: Any,
) -> Any:
    """Return the function that these operations make."""

    def train_epoch(net: Any, x: Any, y: Any, lr: float, batch: int, rng: Any) -> Any:
        losses, sizes, start = [], [], 0
        for number, rows in enumerate(batches_done(cuts(order(rng, len(x)), batch))):
            scores = net.forward(x[rows])
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares = powers / powers.sum(axis=1, keepdims=True)
            labels = trained_labels(labels_of(y, rows, start), scores.shape[1])
            losses.append(loss_of(shares, labels))
            sizes.append(len(rows))
            clear(net, number)
            net.backward(handed_back(losses[-1], slope_of(shares, labels)))
            for parameter in moving(net.parameters()):
                parameter.data = parameter.data - rate(lr, x, batch, start) * parameter.grad
            start += len(rows)
        return mean_loss(losses, sizes, lr, len(x))

    return train_epoch
