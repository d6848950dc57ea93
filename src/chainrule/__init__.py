"""Train a neural network from scratch, and know that every gradient is right.

``import chainrule`` is quick: the rooms below are loaded when they are first used, and PyTorch never by
accident. ``from chainrule import nn, optim, data, fit`` is all a training run needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule import data, estimators, gradcheck, nn, optim, plots, training
    from chainrule.course.check import check
    from chainrule.diagnosis import diagnose, preflight
    from chainrule.play.notebook import playground
    from chainrule.training import fit

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "check",
    "data",
    "diagnose",
    "estimators",
    "fit",
    "gradcheck",
    "nn",
    "optim",
    "playground",
    "plots",
    "preflight",
    "training",
]

_ROOMS = ("data", "estimators", "gradcheck", "nn", "optim", "plots", "training")
_FUNCTIONS = {
    "check": "course.check",
    "diagnose": "diagnosis",
    "fit": "training",
    "playground": "play.notebook",
    "preflight": "diagnosis",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"chainrule.{name}")
    if name in _FUNCTIONS:
        return getattr(import_module(f"chainrule.{_FUNCTIONS[name]}"), name)
    raise AttributeError(f"module 'chainrule' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


def load_ipython_extension(shell: Any) -> None:
    """Answer ``%load_ext chainrule``: register the cell magic ``%%diagnose``."""
    import_module("chainrule.diagnosis.magic").load(shell)
