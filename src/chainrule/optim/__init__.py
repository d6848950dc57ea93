"""Optimizers: what is done with a gradient."""

from chainrule.optim.optimizers import OPTIMIZERS as OPTIMIZERS
from chainrule.optim.optimizers import SGD as SGD
from chainrule.optim.optimizers import Adam as Adam
from chainrule.optim.optimizers import Optimizer as Optimizer
