"""Watching a PyTorch training run, and saying which silent mistakes are in it.

A `Recorder` listens to a run; what it hears goes into a `Recording`; the catalogue's entries look at that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.diagnosis.preflight_checks import preflight
    from chainrule.diagnosis.run import diagnose

__all__ = ["diagnose", "preflight"]


def __getattr__(name: str) -> Any:
    if name == "diagnose":
        return import_module("chainrule.diagnosis.run").diagnose
    if name == "preflight":
        return import_module("chainrule.diagnosis.preflight_checks").preflight
    raise AttributeError(f"module 'chainrule.diagnosis' has no attribute {name!r}")
