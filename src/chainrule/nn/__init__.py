"""The engine: layers that compute forwards, and their gradients backwards, in NumPy alone.

Read it in this order: `parameter` (an array and its gradient), `layer` (what a layer is), `layers` (the linear
one), `activations`, `losses`, `cross_entropy`, `network` (the loop that connects them). The rest stands beside.
"""

from chainrule.nn.activations import ACTIVATIONS, Activation, Identity, Sigmoid, Tanh, sigmoid
from chainrule.nn.convolution import Conv2d
from chainrule.nn.cross_entropy import CrossEntropyLoss, softmax
from chainrule.nn.files import load, save
from chainrule.nn.initializers import INITIALIZERS
from chainrule.nn.layer import LAYERS, Layer
from chainrule.nn.layers import Dropout, Flatten, Linear, Unflatten
from chainrule.nn.losses import LOSSES, BCELoss, BCEWithLogitsLoss, HuberLoss, L1Loss, Loss, MSELoss
from chainrule.nn.network import Sequential
from chainrule.nn.normalization import BatchNorm1d, LayerNorm
from chainrule.nn.parameter import Parameter
from chainrule.nn.penalties import L1, L2, PENALTIES, ElasticNet
from chainrule.nn.pooling import AvgPool2d, MaxPool2d
from chainrule.nn.rectifiers import ELU, GELU, SELU, GELUTanh, LeakyReLU, ReLU, SiLU, Softplus

__all__ = [
    "ACTIVATIONS",
    "ELU",
    "GELU",
    "INITIALIZERS",
    "L1",
    "L2",
    "LAYERS",
    "LOSSES",
    "PENALTIES",
    "SELU",
    "Activation",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "ElasticNet",
    "Flatten",
    "GELUTanh",
    "HuberLoss",
    "Identity",
    "L1Loss",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "Loss",
    "MSELoss",
    "MaxPool2d",
    "Parameter",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Tanh",
    "Unflatten",
    "load",
    "save",
    "sigmoid",
    "softmax",
]
