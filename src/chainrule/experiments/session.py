"""What ``chainrule train`` does around a run: options and folder settled, the data named, the pictures drawn."""

import os
from pathlib import Path

from chainrule.experiments import folder, report
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import parts
from chainrule.experiments.runs import Run, ready, run


def prepare(
    options: dict[str, str], file: Path | None, out: Path | None, checkpoint: Path | None, resume: bool
) -> tuple[Config, Path]:
    """Return the options of a run and its folder, new or, to resume, the one that is there.

    Raises
    ------
    ConfigError
        If an option is invalid, a folder holds a run already and ``resume`` is off, or there is nothing to resume.
    """
    if resume:
        return _resumed(options, file, out, checkpoint)
    config = Config.parse(options, Config.from_toml(file) if file else None)
    if _processes() > 1 and config.engine != "torch":
        raise ConfigError("several processes train together with engine torch alone: add --engine torch")
    if _rank():
        return config, out or Path()  # the folder is process 0's business
    for kept in filter(None, (out, checkpoint)):
        if (kept / folder.CONFIG).exists() or (kept / folder.CHECKPOINT).exists():
            raise ConfigError(f"{kept} holds a run already: go on with it by --resume, or name another folder")
    ready(config)  # what can't work is said before a folder is made
    return config, out or folder.fresh(Path(config.data).name.split(".")[0] or "data")


def _resumed(
    options: dict[str, str], file: Path | None, out: Path | None, checkpoint: Path | None
) -> tuple[Config, Path]:
    found = out or checkpoint
    if found is None:
        raise ConfigError(f"--resume needs the run's folder: --resume --out {_latest()}")
    if file is not None:
        raise ConfigError(f"--resume takes the options from {found / folder.CONFIG}: leave --config out")
    if not (found / folder.CONFIG).exists():
        raise ConfigError(f"{found} holds no run to resume; the latest is {_latest()}")
    if folder.history_of(found) and not ((checkpoint or found) / folder.CHECKPOINT).exists():
        raise ConfigError(f"{checkpoint or found} holds no checkpoint: name its folder with --checkpoint")
    return Config.parse(options, Config.from_toml(found / folder.CONFIG)), found


def _processes() -> int:
    """Return how many processes torchrun started, 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def _rank() -> int:
    return int(os.environ.get("RANK", "0")) if _processes() > 1 else 0


def begun(out: Path) -> bool:
    """Return whether the folder has a run that can be resumed."""
    return (out / folder.CONFIG).exists()


def _latest() -> Path:
    """Return the folder in runs/ that was written to last, as a suggestion."""
    there = sorted(Path("runs").glob(f"*/{folder.CONFIG}"), key=lambda path: path.stat().st_mtime)
    return there[-1].parent if there else Path("runs/digits-1")


def train(config: Config, out: Path, checkpoint: Path | None = None) -> Run:
    """Train with a progress bar, and put the pictures beside the results.

    Of several processes that torchrun started, the first does so; the others train along, write nothing and end here.
    """
    if _rank():
        try:
            run(config)
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        raise SystemExit(0)
    print(report.opening(config, parts(config), out))
    finished = run(config, out, checkpoint=checkpoint, progress=True)
    from chainrule.experiments.pictures import draw

    draw(finished, out)
    return finished
