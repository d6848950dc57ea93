"""A run's folder: what is in it, and how it is written so that no crash costs an earlier result."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chainrule import nn
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import Inputs
from chainrule.nn.files import write_whole
from chainrule.training import CSVLogger, TensorBoard

CONFIG, INPUTS, HISTORY, SCORES = "config.toml", "inputs.json", "history.csv", "scores.json"
WEIGHTS, CHECKPOINT, TENSORBOARD = "weights.safetensors", "checkpoint.safetensors", "tensorboard"


def begin(out: Path, config: Config, inputs: Inputs) -> None:
    """Make the folder, or take up the run that is in it.

    Raises
    ------
    ConfigError
        If the run in the folder has other options (more epochs are fine), or the folder holds something else.
    """
    out.mkdir(parents=True, exist_ok=True)
    if (out / CONFIG).exists():
        other = Config.from_toml(out / CONFIG).differences(config)
        other.pop("epochs", None)
        if other:
            changed = "; ".join(f"{name} was {a!r}, is now {b!r}" for name, (a, b) in other.items())
            raise ConfigError(f"{out} holds a run with other options: {changed}. Name another folder with --out")
    config.to_toml(out / CONFIG)
    write_json(out / INPUTS, inputs.as_json())


def loggers(out: Path) -> list[Any]:
    """Return the callbacks that keep the history: as CSV, and for TensorBoard where tensorboardX is installed."""
    board = [TensorBoard(out / TENSORBOARD)] if find_spec("tensorboardX") else []
    return [CSVLogger(out / HISTORY), *board]


def finish(out: Path, net: nn.Sequential, scores: dict[str, float]) -> None:
    """Write the weights, and last the scores: a folder with scores holds a finished run."""
    nn.save(net, out / WEIGHTS)
    write_json(out / SCORES, scores)


def write_json(path: Path, content: Any) -> None:
    """Write ``content``, whole or not at all."""
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode())
