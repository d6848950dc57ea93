"""The command ``chainrule sweep``."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chainrule.experiments.commands import TrainCommand, complain, plain_errors, with_options
from chainrule.experiments.config import Config, ConfigError


class Method(StrEnum):
    """How settings are chosen."""

    TPE = "tpe"
    RANDOM = "random"
    GRID = "grid"


@with_options
def sweep(
    options: dict[str, str],
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUES]...",
            help="What varies, any of the options below: lr=1e-4..1e-1:log (a range), activation=relu,tanh (choices), "
            "'hidden=64|128,64' (choices that have commas). None: go on with the sweep in --out.",
        ),
    ] = None,
    method: Annotated[
        Method, typer.Option("--method", help="TPE learns from earlier settings; a grid takes 4 values of a range.")
    ] = Method.TPE,
    trials: Annotated[
        int | None, typer.Option("--trials", min=1, metavar="N", help="Settings to try. Default: 30; a grid: all.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, metavar="N", help="Runs of each setting.")] = 3,
    prune: Annotated[
        bool, typer.Option(" /--no-prune", help="Finish every setting, even one that is worse than most.")
    ] = True,
    workers: Annotated[int, typer.Option("--workers", min=1, metavar="N", help="Processes on this machine.")] = 1,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the journal and the results.")] = Path(
        "sweep"
    ),
    storage: Annotated[
        str,
        typer.Option(
            "--storage",
            metavar="FILE|URL",
            help="Where workers on several machines meet: a journal file, or sqlite:///…, postgresql://…. The same "
            "command on each machine joins the same sweep. Default: a journal in --out.",
        ),
    ] = "",
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="A TOML file of options.")] = None,
) -> None:
    """Try many settings, each with several seeds, and say which options matter.

    It ends with a table, how much each option mattered and how sure that is, pictures, and the best options (best.toml,
    for train --config). Stopped or killed, the same command goes on; a worker that is killed loses only its setting.
    """
    with plain_errors():
        try:
            import optuna  # noqa: F401
        except ImportError:
            raise ConfigError("sweep needs Optuna: pip install 'chainrule[sweep]'") from None
        from rich.console import Console

        from chainrule.experiments import sweep as runner
        from chainrule.experiments.sweep_report import Report
        from chainrule.experiments.sweep_space import parse
        from chainrule.experiments.sweep_study import Sweep

        if values:
            base, axes = parse(values, Config.parse(options, Config.from_toml(config) if config else None))
            plan = Sweep(base, tuple(axes), method.value, trials or 30, seeds, prune)
        else:
            if options or config:
                raise ConfigError("say what varies, too, such as lr=1e-4..1e-1:log; or give no options, to go on")
            plan = Sweep.of(runner.load(storage or str(out / runner.JOURNAL)))
            plan = replace(plan, trials=trials or plan.trials)
        print(plan)
        try:
            study = runner.sweep(plan, out, storage=storage, workers=workers, progress=True)
        except KeyboardInterrupt:
            complain("stopped; what is done is kept. The same command goes on with it")
            raise typer.Exit(130) from None
        except RuntimeError as error:
            raise ConfigError(f"{error}. What is done is kept; the same command goes on with it") from error
        report = Report(study)
        console = Console()
        console.print(report.table())
        sentence = report.write(out)
        for line in (sentence, report.best() if report.finished else "No setting was finished."):
            console.print(line, highlight=False)
        console.print(f"In {out}: settings.csv, best.toml and the pictures.", highlight=False)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    example = (
        "Example: chainrule sweep lr=1e-4..1e-1:log 'hidden=64|128,64' activation=relu,tanh --data digits --workers 2"
    )
    app.command(cls=TrainCommand, epilog=example)(sweep)
