"""The training loop, kept for you: `fit`, its history, and what can be hooked into it."""

from chainrule.training.callbacks import Callback as Callback
from chainrule.training.callbacks import EarlyStopping as EarlyStopping
from chainrule.training.history import History as History
from chainrule.training.loop import Run as Run
from chainrule.training.loop import evaluate as evaluate
from chainrule.training.loop import fit as fit
