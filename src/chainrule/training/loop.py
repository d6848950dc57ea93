"""`fit`: the loop of the lessons, with a history and a progress bar."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from chainrule.data.dataset import Dataset, dataset_from
from chainrule.nn.checks import generator, whole
from chainrule.nn.losses import Loss
from chainrule.nn.network import Sequential
from chainrule.optim.optimizers import Optimizer, clip_grad_norm_
from chainrule.training.checkpoint import Checkpoint
from chainrule.training.evaluation import Data, evaluate, records_in
from chainrule.training.history import History
from chainrule.training.run import DivergenceError, Run, diagnosis, remedy


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
    max_norm: float | None = None,
    callbacks: Sequence[Any] = (),
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
        Its gradient is added to the loss's; with ``proximal=True`` it is applied after the step instead. The
        history's losses are without it.
    max_norm : float, optional
        The gradients are scaled down together where their norm is above this.
    callbacks : sequence of Callback or Schedule
    progress : bool
        Whether to draw a progress bar.
    seed : int, optional
        Seed of the order of the batches: with the network's own seed it makes a run reproducible bit for bit.

    Returns
    -------
    History
        ``train_loss``, the mean over the records as they were seen, and with ``valid`` also ``valid_loss`` and,
        for classes, ``valid_accuracy``.

    Raises
    ------
    DivergenceError
        If the loss or a weight becomes NaN or infinite.
    """
    epochs, batch_size = whole(epochs=epochs, batch_size=batch_size)
    train, valid = dataset_from(train), None if valid is None else dataset_from(valid)
    if not set(optimizer.parameters) & set(net.parameters()):
        raise ValueError("the optimizer has none of this network's parameters: build it with net.parameters()")
    # Checkpoints come last, so that they keep what the other callbacks did.
    callbacks = sorted(callbacks, key=lambda callback: isinstance(callback, Checkpoint))
    run = Run(net, optimizer, callbacks, generator(seed))
    for callback in callbacks:
        callback.train_begin(run)
    with tqdm(total=epochs, initial=run.epoch, disable=not progress, unit="epoch") as bar:
        while run.epoch < epochs and not run.stop:
            run.epoch += 1
            net.train()
            run.history.add(train_loss=_epoch(run, train, criterion, batch_size, penalty, max_norm))
            if valid is not None:
                with np.errstate(over="ignore", invalid="ignore"):
                    loss, accuracy = evaluate(net, valid, criterion)
                if not math.isfinite(loss):
                    raise DivergenceError(
                        f"training diverged: the validation loss is {loss} after epoch {run.epoch}. {remedy(run)}"
                    )
                run.history.add(valid_loss=loss, **({} if accuracy is None else {"valid_accuracy": accuracy}))
            for callback in callbacks:
                callback.epoch_end(run)
            bar.set_postfix({name: f"{values[-1]:.4g}" for name, values in run.history.items()}, refresh=False)
            bar.update()
    for callback in callbacks:
        callback.train_end(run)
    net.eval()
    return run.history


def _epoch(run: Run, train: Dataset, criterion: Loss, batch_size: int, penalty: Any, max_norm: float | None) -> float:
    """Train on every record once; return the mean loss over the records."""
    net, optimizer, total, step = run.net, run.optimizer, 0.0, 0
    parameters, share = optimizer.parameters, records_in(criterion)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows shows in the loss, and is reported there
        for step, (x, y) in enumerate(train.batches(batch_size, seed=int(run.rng.integers(2**32))), start=1):
            loss = criterion(net(x), y)
            if not math.isfinite(loss):
                raise DivergenceError(diagnosis(run, x, step))
            optimizer.zero_grad()
            net.backward(criterion.backward())
            if penalty is not None and not penalty.proximal:
                penalty.add_gradient(parameters)
            if max_norm is not None:
                clip_grad_norm_(parameters, max_norm)
            optimizer.step()
            if penalty is not None and penalty.proximal:
                penalty.apply_prox(parameters, optimizer.lr)
            total += loss * share(x)
        if not all(np.isfinite(p.data).all() for p in parameters):
            raise DivergenceError(diagnosis(run, x, step))
    return total / len(train)
