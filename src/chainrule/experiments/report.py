"""What the commands say about runs: before, after, and several side by side."""

import math
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from chainrule.experiments import build, folder
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import Parts
from chainrule.experiments.runs import Run

NAMES = {"valid": "validation", "test": "test"}


def opening(config: Config, parts: Parts, out: Path) -> str:
    """Say what is trained on what, and which columns were left out."""
    inputs = parts.inputs
    kind = f"{len(inputs.classes)} classes" if inputs.classes else "quantities to predict"
    net = build.network_for(config, parts)
    sizes = [parts.train.x.shape[1], *config.hidden, len(inputs.classes) or parts.train.y.shape[1]]
    weights = sum(p.size for p in net.parameters())
    counts = " + ".join(f"{len(part):,}" for part in (parts.train, parts.valid, parts.test))
    lines = [
        f"{inputs.name}: {counts} records to learn from, validate and test; {kind}",
        f"network: {'-'.join(map(str, sizes))}, {config.activation if config.hidden else 'no hidden layer'}, "
        f"{weights:,} weights; writing to {out}",
    ]
    lines += [f"left out: column {name!r} ({reason})" for name, reason in inputs.left_out.items()]
    return "\n".join(lines)


def saved(out: Path, config: Config) -> str:
    """Say how far the run in a folder has been saved."""
    epochs = len(folder.history_of(out).get("train_loss", ()))
    return f"saved after epoch {epochs} of {config.epochs}" if epochs else "no epoch was finished"


def summary(run: Run) -> str:
    """Say how a run ended."""
    epochs = len(run.history["train_loss"])
    rows = [["", "loss", "accuracy" if run.parts.inputs.classes else "rmse"]]
    for part, name in NAMES.items():
        rows.append([name, f"{run.scores[f'{part}_loss']:.4g}", score(run, part)])
    lines = [f"{epochs} epochs, training loss {run.history['train_loss'][-1]:.4g}", *columns(rows)]
    if run.parts.inputs.classes:
        commonest = np.bincount(run.parts.train.y).argmax()
        lines.append(
            f"always saying {run.parts.inputs.classes[commonest]!r}: test accuracy "
            f"{np.mean(run.parts.test.y == commonest):.1%}"
        )
    if run.folder is not None:
        files = ", ".join(sorted(path.name for path in run.folder.iterdir() if not path.name.startswith(".")))
        lines.append(f"{run.folder}: {files}")
    return "\n".join(lines)


def score(run: Run, part: str) -> str:
    """Return an accuracy with its 95 % interval, or a root mean squared error in the target's unit."""
    if (rmse := run.scores.get(f"{part}_rmse")) is not None:
        return f"{rmse:.4g}"
    low, high = interval(share := run.scores[f"{part}_accuracy"], len(getattr(run.parts, part)))
    return f"{share:.1%} ({low:.1%} to {high:.1%})"


def interval(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of ``count`` records (Wilson, 1927): fit for shares near 0 and 1, too."""
    z2 = 1.96**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(z2 * (share * (1 - share) / count + z2 / (4 * count**2))) / (1 + z2 / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def compare(runs: Sequence[Path], picture: Path) -> str:
    """Return a table of the runs in these folders, and draw their curves into ``picture``.

    Raises
    ------
    ConfigError
        If a folder holds no run.
    """
    from chainrule.experiments.pictures import save
    from chainrule.plots.runs import learning_curves

    for path in runs:
        if not (path / folder.CONFIG).exists():
            raise ConfigError(f"{path} holds no run: it has no {folder.CONFIG}")
    configs = [Config.from_toml(path / folder.CONFIG) for path in runs]
    histories = [folder.history_of(path) for path in runs]
    varied = {name for config in configs for name in config.differences(configs[0])} - {"epochs"}
    differing = [f.name for f in fields(Config) if f.name in varied]
    rows = [["run", *differing, "epochs", "valid loss", "valid", "test"]]
    for path, config, history in zip(runs, configs, histories, strict=True):
        options = [_shown(getattr(config, name)) for name in differing]
        rows.append([str(path), *options, f"{len(history.get('train_loss', ()))}/{config.epochs}", *_results(path)])
    begun = {str(path): history for path, history in zip(runs, histories, strict=True) if history}
    lines = columns(rows)
    if begun:
        save(learning_curves(begun), picture)
        lines.append(f"curves: {picture}")
    return "\n".join(lines)


def _results(path: Path) -> list[str]:
    """Return a run's scores as far as it has any: of the network it kept, or else of its last epoch."""
    scores, history = folder.scores_of(path), folder.history_of(path)
    last = {name: values[-1] for name, values in history.items()}
    found = scores or last
    if not found:
        return ["", "", ""]
    shown = []
    for part in NAMES:
        if (accuracy := found.get(f"{part}_accuracy")) is not None:
            shown.append(f"{accuracy:.1%}")
        else:
            rmse = found.get(f"{part}_rmse")
            shown.append("" if rmse is None else f"rmse {rmse:.4g}")
    return [f"{found['valid_loss']:.4g}", *shown]


def _shown(value: object) -> str:
    return ",".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value) or "-"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines in which the cells stand below each other; the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
