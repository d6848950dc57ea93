"""Runs by their options: `Config` says what to train, `run` trains it, alone or with a folder to keep it in."""

from typing import TYPE_CHECKING, Any

from chainrule.experiments.config import Config as Config
from chainrule.experiments.config import ConfigError as ConfigError

if TYPE_CHECKING:
    from chainrule.experiments.runs import Run as Run
    from chainrule.experiments.runs import run as run

__all__ = ["Config", "ConfigError", "Run", "run"]


def __getattr__(name: str) -> Any:
    """Load what needs NumPy when it is first used: the command line lists its options without."""
    if name in ("Run", "run"):
        from chainrule.experiments import runs

        return getattr(runs, name)
    raise AttributeError(f"module 'chainrule.experiments' has no attribute {name!r}")
