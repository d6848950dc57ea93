"""Optimizers, what is done with a gradient; and schedules, how far it is followed as training goes on."""

from chainrule.optim.adaptive import Adagrad, Adam, AdamW, RMSprop
from chainrule.optim.optimizers import OPTIMIZERS, SGD, Optimizer, clip_grad_norm_
from chainrule.optim.schedules import (
    SCHEDULES,
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    ReduceLROnPlateau,
    Schedule,
    StepLR,
)

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "ExponentialLR",
    "LinearLR",
    "Optimizer",
    "RMSprop",
    "ReduceLROnPlateau",
    "Schedule",
    "StepLR",
    "clip_grad_norm_",
]
