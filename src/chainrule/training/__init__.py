"""The training loop, kept for you: `fit`, its history, and what can be hooked into it."""

from chainrule.training.callbacks import Callback, CSVLogger, EarlyStopping, TensorBoard
from chainrule.training.checkpoint import Checkpoint
from chainrule.training.history import History
from chainrule.training.loop import DivergenceError, Run, evaluate, fit

__all__ = [
    "CSVLogger",
    "Callback",
    "Checkpoint",
    "DivergenceError",
    "EarlyStopping",
    "History",
    "Run",
    "TensorBoard",
    "evaluate",
    "fit",
]
