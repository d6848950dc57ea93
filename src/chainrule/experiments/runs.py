"""One run from options to scores, in memory or in a folder; killed and resumed, it ends with the same bits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from chainrule import nn, optim
from chainrule.experiments import build, folder
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import Parts
from chainrule.experiments.parts import parts as parts_of
from chainrule.training import Checkpoint, EarlyStopping, History, evaluate, fit


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    config : Config
    history : History
        One number an epoch: ``train_loss``, ``valid_loss`` and, for classes, ``valid_accuracy``.
    scores : dict of str to float
        ``valid_loss``, ``test_loss``, and for classes ``valid_accuracy``, ``test_accuracy``; for quantities
        ``valid_rmse``, ``test_rmse`` in the target's own unit. Of the network as it is kept.
    net : nn.Sequential
    parts : Parts
        The records, as the network saw them.
    folder : Path or None
        Where it was written.
    """

    config: Config
    history: History
    scores: dict[str, float]
    net: nn.Sequential
    parts: Parts
    folder: Path | None = None

    def __repr__(self) -> str:
        scores = ", ".join(f"{name} {value:.4g}" for name, value in self.scores.items())
        return f"Run({self.config.data!r}, {len(self.history['train_loss'])} epochs; {scores})"


def run(
    config: Config,
    out: str | Path | None = None,
    *,
    checkpoint: str | Path | None = None,
    progress: bool = False,
    callbacks: Sequence[Any] = (),
) -> Run:
    """Train a network as ``config`` says, and measure it.

    Parameters
    ----------
    config : Config
    out : path, optional
        A folder for the weights, the history, the configuration and the checkpoint. A run that was begun there goes on
        from its last finished epoch.
    checkpoint : path, optional
        Another folder for the checkpoint, which is then kept without ``out``, too.
    progress : bool
        Whether to draw a progress bar.
    callbacks : sequence of Callback
        Called before and after the epochs, as `chainrule.fit` does.

    Raises
    ------
    ConfigError, DataError
        Before anything starts, if options or data do not fit.
    DivergenceError
        If the loss becomes NaN or infinite.
    OSError
        If a file can't be written; what was written before stays as it is.
    """
    parts, criterion, net, train = ready(config)
    hooks: list[Any] = [EarlyStopping(config.early_stopping)] if config.early_stopping else []
    if out is not None:
        folder.begin(Path(out), config, parts.inputs)
        hooks += folder.loggers(Path(out))
    if checkpoint is not None and checkpoint != out:
        folder.begin(Path(checkpoint), config, parts.inputs)
    if (kept := checkpoint or out) is not None:
        hooks.append(Checkpoint(Path(kept) / folder.CHECKPOINT))
    history = train(config, parts, net, criterion, [*callbacks, *hooks], progress)
    finished = Run(config, history, scores(net, parts, criterion), net, parts, None if out is None else Path(out))
    if out is not None:
        folder.finish(Path(out), finished.net, finished.scores)
    return finished


def ready(config: Config) -> tuple[Parts, nn.Loss, nn.Sequential, Callable[..., History]]:
    """Return what a run needs: records, loss, network and training loop. All that can't work is said here.

    Raises
    ------
    ConfigError, DataError
        If options or data do not fit.
    """
    parts = parts_of(config)
    criterion, net = build.criterion(config, parts.inputs), build.network_for(config, parts)
    return parts, criterion, net, _trainer(config, net)


def _fit_numpy(
    config: Config, parts: Parts, net: nn.Sequential, criterion: nn.Loss, callbacks: Sequence[Any], progress: bool
) -> History:
    optimizer = optim.OPTIMIZERS[config.optimizer](net.parameters(), lr=config.lr)
    if (schedule := build.schedule(config, optimizer)) is not None:
        callbacks = [schedule, *callbacks]
    return fit(
        net,
        parts.train,
        criterion=criterion,
        optimizer=optimizer,
        valid=parts.valid,
        epochs=config.epochs,
        batch_size=config.batch_size,
        penalty=build.penalty(config),
        callbacks=callbacks,
        progress=progress,
        seed=config.seed,
    )


def _trainer(config: Config, net: nn.Sequential) -> Callable[..., History]:
    """Return the engine's training loop, or raise a ConfigError if it can't train this network here."""
    if config.engine == "numpy":
        return _fit_numpy
    if find_spec("torch") is None:
        raise ConfigError("engine torch needs PyTorch, which is not installed: pip install 'chainrule[torch]'")
    from chainrule.pytorch import engine  # torch takes a second to import

    engine.device(config)
    engine.module_of(net)
    return engine.fit_twin


def scores(net: nn.Sequential, parts: Parts, criterion: nn.Loss) -> dict[str, float]:
    """Measure the network on the validation and the test part."""
    measured: dict[str, float] = {}
    for name, part in (("valid", parts.valid), ("test", parts.test)):
        loss, accuracy = evaluate(net, part, criterion)
        measured[f"{name}_loss"] = loss
        if accuracy is not None:
            measured[f"{name}_accuracy"] = accuracy
        if (target := parts.inputs.quantities) is not None:
            error = target.inverse(net(part.x)) - target.inverse(part.y)
            measured[f"{name}_rmse"] = float(np.sqrt(np.mean(error**2)))
    return measured
