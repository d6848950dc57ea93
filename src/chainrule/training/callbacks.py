"""What can be hooked into `fit`: an object that is called after each epoch, and at the end."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from chainrule.training.loop import Run


class Callback:
    """Does nothing; override what you need. ``run`` has the net, the optimizer, the history and the epoch."""

    def epoch_end(self, run: "Run") -> None:
        """Come after each epoch; ``run.stop = True`` ends the training."""

    def train_end(self, run: "Run") -> None:
        """Come once, when training ends."""


class EarlyStopping(Callback):
    """Stop when the validation loss has not improved for ``patience`` epochs, and restore the best weights.

    Parameters
    ----------
    patience : int
        How many epochs without improvement to wait.
    monitor : str
        The history's entry that is to become small.
    """

    def __init__(self, patience: int = 5, monitor: str = "valid_loss") -> None:
        if patience < 1:
            raise ValueError(f"patience must be at least 1; got {patience}")
        self.patience, self.monitor = patience, monitor
        self.best, self.best_epoch, self._state = np.inf, 0, dict[str, Any]()

    def __repr__(self) -> str:
        return f"EarlyStopping(patience={self.patience}, monitor={self.monitor!r})"

    def epoch_end(self, run: "Run") -> None:
        if self.monitor not in run.history:
            raise ValueError(f"early stopping watches {self.monitor!r}, but the history has {sorted(run.history)}")
        value = run.history[self.monitor][-1]
        if value < self.best:
            self.best, self.best_epoch, self._state = value, run.epoch, run.net.state_dict()
        elif run.epoch - self.best_epoch >= self.patience:
            run.stop = True

    def train_end(self, run: "Run") -> None:
        if self._state:
            run.net.load_state_dict(self._state)
