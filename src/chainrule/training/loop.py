"""`fit`: the loop of the lessons, with a history and a progress bar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from chainrule.data.dataset import Dataset, dataset_from
from chainrule.nn.losses import Loss
from chainrule.nn.network import Sequential
from chainrule.optim.optimizers import Optimizer
from chainrule.training.callbacks import Callback
from chainrule.training.history import History

Data = Dataset | tuple[NDArray[Any], NDArray[Any]]


@dataclass
class Run:
    """A training run as its callbacks see it."""

    net: Sequential
    optimizer: Optimizer
    history: History = field(default_factory=History)
    epoch: int = 0
    stop: bool = False


def fit(
    net: Sequential,
    train: Data,
    *,
    criterion: Loss,
    optimizer: Optimizer,
    valid: Data | None = None,
    epochs: int,
    batch_size: int,
    penalty: Any = None,
    callbacks: Sequence[Callback] = (),
    progress: bool = False,
    seed: int | None = None,
) -> History:
    """Train ``net``: for each batch, forward, loss, backward, step.

    Parameters
    ----------
    net : nn.Sequential
        Changed in place; left in evaluation mode.
    train, valid : Dataset, or a pair of arrays (x, y)
        What is learned from, and what is only measured.
    criterion : loss
    optimizer : Optimizer
        Of this network's parameters.
    epochs, batch_size : int
    penalty : nn.L1, nn.L2 or nn.ElasticNet, optional
        Its gradient is added to the loss's. The history's losses are without it.
    callbacks : sequence of Callback
    progress : bool
        Whether to draw a progress bar.
    seed : int, optional
        Seed of the order of the batches: with the network's own seed it makes a run reproducible bit for bit.

    Returns
    -------
    History
        ``train_loss``, the mean over the records as they were seen, and with ``valid`` also ``valid_loss`` and, for
        classes, ``valid_accuracy``.

    Raises
    ------
    FloatingPointError
        If the loss becomes NaN or infinite.
    """
    if int(epochs) != epochs or epochs < 1:
        raise ValueError(f"epochs must be a whole number of at least 1; got {epochs}")
    train, valid = dataset_from(train), None if valid is None else dataset_from(valid)
    rng = np.random.default_rng(seed)
    run = Run(net, optimizer)
    with tqdm(range(1, epochs + 1), disable=not progress, unit="epoch") as bar:
        for run.epoch in bar:
            net.train()
            run.history.add(train_loss=_epoch(net, train, criterion, optimizer, batch_size, penalty, rng, run.epoch))
            if valid is not None:
                loss, accuracy = evaluate(net, valid, criterion)
                run.history.add(valid_loss=loss, **({} if accuracy is None else {"valid_accuracy": accuracy}))
            for callback in callbacks:
                callback.epoch_end(run)
            bar.set_postfix({name: f"{values[-1]:.4g}" for name, values in run.history.items()})
            if run.stop:
                break
    for callback in callbacks:
        callback.train_end(run)
    net.eval()
    return run.history


def _epoch(
    net: Sequential,
    train: Dataset,
    criterion: Loss,
    optimizer: Optimizer,
    batch_size: int,
    penalty: Any,
    rng: np.random.Generator,
    epoch: int,
) -> float:
    """Train on every record once; return the mean loss over the records."""
    total = 0.0
    for step, (x, y) in enumerate(train.batches(batch_size, seed=int(rng.integers(2**32)))):
        loss = criterion(net(x), y)
        if not math.isfinite(loss):
            raise FloatingPointError(
                f"the loss became {loss} in epoch {epoch}, batch {step + 1}: a smaller learning rate "
                f"(now {optimizer.lr:g}) or inputs of a smaller scale usually cure it"
            )
        optimizer.zero_grad()
        net.backward(criterion.backward())
        if penalty is not None:
            penalty.add_gradient(optimizer.parameters)
        optimizer.step()
        total += loss * len(x)
    return total / len(train)


def evaluate(net: Sequential, data: Data, criterion: Loss) -> tuple[float, float | None]:
    """Return the mean loss over the records and, for classes, the share that is classified correctly.

    The network is put into evaluation mode for this, and back afterwards.

    Returns
    -------
    loss : float
    accuracy : float in [0, 1], or None for a regression
    """
    data, mode = dataset_from(data), net.training
    net.eval()
    total, correct = 0.0, 0
    for x, y in data.batches(1024):
        output = net(x)
        total += criterion(output, y) * len(x)
        if data.classes:
            guess = output.argmax(axis=1) if output.shape[1] > 1 else output[:, 0] > _boundary(criterion)
            correct += int((guess == y).sum())
    net.train(mode)
    return total / len(data), correct / len(data) if data.classes else None


def _boundary(criterion: Loss) -> float:
    """Return where a single output changes from one class to the other: ½ for probabilities, 0 for logits."""
    return 0.0 if "Logits" in type(criterion).__name__ else 0.5
