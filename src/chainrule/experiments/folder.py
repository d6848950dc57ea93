"""A run's folder: what is in it, and how it is written so that no crash costs an earlier result."""

import csv
import json
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from chainrule import nn
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import Inputs
from chainrule.nn.files import write_whole
from chainrule.training import CSVLogger, History, TensorBoard

CONFIG, INPUTS, HISTORY, SCORES = "config.toml", "inputs.json", "history.csv", "scores.json"
WEIGHTS, CHECKPOINT, TENSORBOARD = "weights.safetensors", "checkpoint.safetensors", "tensorboard"


def begin(out: Path, config: Config, inputs: Inputs) -> None:
    """Make the folder, or take up the run that is in it.

    Raises
    ------
    ConfigError
        If the run in the folder has other options (more epochs, another device or data root are fine), or other data.
    """
    out.mkdir(parents=True, exist_ok=True)
    if (out / CONFIG).exists():
        before = Config.from_toml(out / CONFIG)
        free = {"data_root", "device"} | ({"epochs"} if config.epochs >= before.epochs else set())
        other = {name: pair for name, pair in before.differences(config).items() if name not in free}
        if other:
            changed = "; ".join(f"{name} was {a!r}, is now {b!r}" for name, (a, b) in other.items())
            raise ConfigError(f"{out} holds a run with other options: {changed}. Name another folder with --out")
        if (out / INPUTS).exists() and inputs_of(out) != inputs:
            raise ConfigError(f"{out} holds a run on other data: {config.data} has changed since. Name another --out")
        for left in out.glob(".*.[0-9]*"):  # what a killed process was writing
            left.unlink(missing_ok=True)
    config.to_toml(out / CONFIG)
    write_json(out / INPUTS, inputs.as_json())


def fresh(name: str, above: Path = Path("runs")) -> Path:
    """Make and return the first folder ``above/name-1``, ``above/name-2``, … that is not there yet."""
    above.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        try:
            (out := above / f"{name}-{number}").mkdir()
        except FileExistsError:
            continue
        return out
    raise AssertionError


def inputs_of(out: Path) -> Inputs:
    """Read what the network of a run's folder takes and gives.

    Raises
    ------
    ConfigError
        If the file is missing or damaged.
    """
    try:
        return Inputs.of_json(json.loads((out / INPUTS).read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{out} holds no run: {INPUTS} can't be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{out / INPUTS} is damaged: {error!r}") from error


def history_of(out: Path) -> History:
    """Read a run's history, as far as it has come; empty if its first epoch never ended.

    Raises
    ------
    ConfigError
        If the file is damaged.
    """
    try:
        with (out / HISTORY).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        names = [name for name in (rows[0] if rows else ()) if name != "epoch"]
        return History({name: [float(row[name]) for row in rows] for name in names})
    except FileNotFoundError:
        return History()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{out / HISTORY} can't be read: {error}") from error


def scores_of(out: Path) -> dict[str, float]:
    """Read a finished run's scores; empty if it has not finished.

    Raises
    ------
    ConfigError
        If the file is damaged.
    """
    try:
        content = json.loads((out / SCORES).read_text(encoding="utf-8"))
        return {str(name): float(value) for name, value in content.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"{out / SCORES} can't be read: {error}") from error


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
