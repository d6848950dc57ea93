"""The PyTorch twins of what the lessons write by hand."""

from chainrule.pytorch.penalties import l1_torch as l1_torch
from chainrule.pytorch.penalties import l2_torch as l2_torch
