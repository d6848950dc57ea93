"""What can be hooked into `fit`: an object that is called before the first epoch, after each, and at the end."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.nn.files import write_whole

if TYPE_CHECKING:
    from chainrule.training.run import Run


class Callback:
    """Does nothing; override what you need. ``run`` has the net, the optimizer, the history and the epoch."""

    def train_begin(self, run: "Run") -> None:
        """Come once, before the first epoch."""

    def epoch_end(self, run: "Run") -> None:
        """Come after each epoch; ``run.stop = True`` ends the training."""

    def train_end(self, run: "Run") -> None:
        """Come once, when training ends."""

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint has to keep: numbers, strings, arrays, and lists and dicts of them."""
        return {}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned."""
        self.__dict__.update(state)


class EarlyStopping(Callback):
    """Stop when ``monitor`` has not improved for ``patience`` epochs, and restore the best weights.

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
        self.best, self.best_epoch, self.best_state = np.inf, 0, dict[str, Any]()

    def train_begin(self, run: "Run") -> None:
        """Forget an earlier run: its best weights are not this network's."""
        self.best, self.best_epoch, self.best_state = np.inf, 0, {}

    def __repr__(self) -> str:
        return f"EarlyStopping(patience={self.patience}, monitor={self.monitor!r})"

    def epoch_end(self, run: "Run") -> None:
        if self.monitor not in run.history:
            raise ValueError(f"early stopping watches {self.monitor!r}, but the history has {sorted(run.history)}")
        value = run.history[self.monitor][-1]
        if value < self.best:
            self.best, self.best_epoch, self.best_state = value, run.epoch, run.net.state_dict()
        elif run.epoch - self.best_epoch >= self.patience:
            run.stop = True

    def train_end(self, run: "Run") -> None:
        if self.best_state:
            run.net.load_state_dict(self.best_state)

    def state(self) -> dict[str, Any]:
        return {"best": self.best, "best_epoch": self.best_epoch, "best_state": self.best_state}


class CSVLogger(Callback):
    """Write the history to a CSV file, one row an epoch; a resumed run's file has each epoch once."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def epoch_end(self, run: "Run") -> None:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(["epoch", *run.history])
        writer.writerows((i, *row) for i, row in enumerate(zip(*run.history.values(), strict=True), start=1))
        write_whole(self.path, text.getvalue().encode())


class TensorBoard(Callback):
    """Write the history for TensorBoard into ``folder``; takes the library tensorboardX."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._writer: Any = None

    def train_begin(self, run: "Run") -> None:
        from tensorboardX import SummaryWriter

        self._writer = SummaryWriter(str(self.folder), purge_step=run.epoch + 1)

    def epoch_end(self, run: "Run") -> None:
        for name, values in run.history.items():
            self._writer.add_scalar(name, values[-1], run.epoch)

    def train_end(self, run: "Run") -> None:
        self._writer.close()
