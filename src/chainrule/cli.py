"""The command line: one thin command per verb. What a command needs is imported when it runs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from chainrule import __version__
from chainrule.course import explanation
from chainrule.course.commands import COMMANDS
from chainrule.diagnosis import command as diagnosis
from chainrule.experiments import commands, sweep_command
from chainrule.play.commands import COMMANDS as PLAY

app = typer.Typer(
    name="chainrule",
    help="Train a neural network from scratch, and know that every gradient is right.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class FullSize(StrEnum):
    """The datasets that the full-size sections run on."""

    MNIST = "mnist"
    FASHION_MNIST = "fashion-mnist"


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the user can put right into one line on stderr and exit status 1."""
    from chainrule.course.lessons import CourseError

    try:
        yield
    except CourseError as error:
        _complain(str(error))
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        _complain("stopped")
        raise typer.Exit(130) from None


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def run(**arguments: Any) -> None:
        with _plain_errors():
            command(**arguments)

    return run


def _complain(message: str) -> None:
    print(f"chainrule: {message}", file=sys.stderr)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"chainrule {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Train a neural network from scratch, and know that every gradient is right."""


@app.command(epilog="Example: chainrule run 1 2 --out results")
def run(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="Number or part of the name. Default: all.")
    ] = None,
    data: Annotated[
        FullSize | None, typer.Option(help="Also run the full-size sections, on this set from the data root.")
    ] = None,
    data_root: Annotated[
        Path | None, typer.Option(help="Folder laid out as torchvision's root. Default: $CHAINRULE_DATA.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the executed notebooks and their HTML pages.")] = Path("out"),
) -> None:
    """Train every network of the lessons, from first to last cell, and show what came of it."""
    with _plain_errors():
        from chainrule.course import lessons as course
        from chainrule.course import runner

        chosen = course.select(lessons or ())
        outcomes = runner.run(chosen, out, data=data.value if data else None, data_root=data_root)
        failed = [outcome for outcome in outcomes if outcome.problem]
        for outcome in failed:
            _complain(f"{outcome.lesson}: {outcome.problem}")
        if failed:
            raise typer.Exit(1)


@app.command(epilog="Example: chainrule lab my-notebooks")
def lab(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where your copies are.")] = Path("work"),
    classic: Annotated[bool, typer.Option("--classic", help="Open the classic Notebook, not JupyterLab.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open no browser.")] = False,
) -> None:
    """Copy the notebooks to a folder of yours and open them. A copy that is there is never overwritten."""
    with _plain_errors():
        from chainrule.course.lab import copy_stubs, open_jupyter

        for name, new in copy_stubs(folder).items():
            print(f"{'new ' if new else 'kept'}  {folder / name}")
        open_jupyter(folder, classic=classic, browser=not no_browser)


@app.command(epilog="Example: chainrule bench tiny digits")
def bench(
    tasks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TASK]...", help="tiny, digits, mnist, cifar, wide, textbook, cnn. Default: all."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Interleaved repetitions; medians are shown.")] = 15,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write them here, with machine and versions.")
    ] = None,
) -> None:
    """Time a training step beside PyTorch, JAX and scikit-learn, those that are installed, in one run."""
    from chainrule.bench.report import bench as measure
    from chainrule.bench.report import write

    try:
        rows = measure(tasks or (), repeats)
        if json is not None:
            write(rows, json)
    except ValueError as error:
        _complain(str(error))
        raise typer.Exit(1) from error


for _command, _example in (COMMANDS | PLAY).items():
    app.command(epilog=_example)(_plainly(_command))


commands.register(app)
sweep_command.register(app)
diagnosis.register(app)
explanation.register(app)
