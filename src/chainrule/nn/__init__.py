"""The engine: layers that compute forwards, and their gradients backwards, in NumPy alone.

Read it in this order: `parameter` (an array and its gradient), `layers` (one linear map), `activations`,
`losses`, `network` (the loop that connects them). The rest (`initializers`, `penalties`, `files`) stands beside.
"""

from chainrule.nn.activations import ACTIVATIONS, Identity, ReLU, Sigmoid, Tanh, sigmoid
from chainrule.nn.files import load, save
from chainrule.nn.initializers import INITIALIZERS
from chainrule.nn.layers import LAYERS, Flatten, Layer, Linear
from chainrule.nn.losses import LOSSES, BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, Loss, MSELoss, softmax
from chainrule.nn.network import Sequential
from chainrule.nn.parameter import Parameter
from chainrule.nn.penalties import L1, L2, PENALTIES, ElasticNet

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "L1",
    "L2",
    "LAYERS",
    "LOSSES",
    "PENALTIES",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "ElasticNet",
    "Flatten",
    "Identity",
    "Layer",
    "Linear",
    "Loss",
    "MSELoss",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "load",
    "save",
    "sigmoid",
    "softmax",
]
