"""The training loop, kept for you: `fit`, its history, and what can be hooked into it."""

from chainrule.training.callbacks import Callback, CSVLogger, EarlyStopping, TensorBoard
from chainrule.training.checkpoint import Checkpoint
from chainrule.training.evaluation import evaluate
from chainrule.training.history import History
from chainrule.training.loop import fit
from chainrule.training.run import DivergenceError, Run

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
