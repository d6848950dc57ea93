"""The commands for runs: train, predict, show, data. What a command needs is imported when it runs."""

import inspect
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from chainrule.experiments.config import Config, choices


class TrainCommand(TyperCommand):
    """A command whose help lists what the registries hold, which takes loading them."""

    def get_help(self, ctx: Any) -> str:
        """Return the help, with the known names in it."""
        known = {f"--{f.name.replace('_', '-')}": choices(f) for f in fields(Config)}
        for parameter in self.params:
            names = next((known[name] for name in parameter.opts if known.get(name)), ())
            if names and isinstance(text := getattr(parameter, "help", None), str):
                parameter.help = f"{text} One of: {', '.join(names)}."  # type: ignore[attr-defined]
        return super().get_help(ctx)


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each field of Config; it gets those that were used, as texts, in ``options``."""
    own = inspect.signature(command, eval_str=True)
    kept = [p for p in own.parameters.values() if p.name != "options"]
    added = []
    for f in fields(Config):
        default = f.default if not isinstance(f.default, tuple) else ",".join(map(str, f.default))
        shown = f.metadata["help"] + (f" Default: {default}." if default not in ("", False) else "")
        flag = f"--{f.name.replace('_', '-')}"
        info = typer.Option(flag, help=shown, metavar=METAVARS.get(f.type), show_default=False)
        annotation = Annotated[bool | None, info] if f.type is bool else Annotated[str | None, info]
        added.append(inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))

    def wrapped(**given: Any) -> None:
        options = {f.name: str(value) for f in fields(Config) if (value := given.pop(f.name)) is not None}
        command(**given, options=options)

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    ordered = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]
    wrapped.__signature__ = own.replace(parameters=[*added, *ordered])  # type: ignore[attr-defined]
    return wrapped


METAVARS: dict[Any, str] = {int: "N", float: "X", str: "NAME", tuple[int, ...]: "N,N"}


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a person can put right into one line on stderr and exit status 1; Ctrl-C is status 130."""
    try:
        yield
    except OSError as error:
        complain(_reason(error))
        raise typer.Exit(1) from error
    except (ValueError, FloatingPointError) as error:
        complain(" ".join(str(error).split()))
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        complain("stopped")
        raise typer.Exit(130) from None


def _reason(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def complain(message: str) -> None:
    """Print one line on stderr."""
    print(f"chainrule: {message}", file=sys.stderr)


@with_options
def train(
    options: dict[str, str],
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="A TOML file of options, as a run's folder has one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run's folder. Default: a new one in runs/.")
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="DIR", help="Folder for the checkpoint. Default: the run's folder."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out (or --checkpoint), with its options.")
    ] = False,
) -> None:
    """Train a network. Its folder gets the weights, the history, the options and the pictures.

    Each finished epoch is saved: after Ctrl-C, a crash or a power cut, --resume goes on, to the same result bit for
    bit. 70 % of the records are learned from, 15 % validate and 15 % test; of a set with a test part, 90 % and 10 %.
    """
    with plain_errors():
        from chainrule.experiments import report, session

        chosen, out = session.prepare(options, config, out, checkpoint, resume)
        words = ["chainrule", "train", "--resume", "--out", str(out)]
        words += ["--checkpoint", str(checkpoint)] if checkpoint else []
        try:
            finished = session.train(chosen, out, checkpoint)
        except KeyboardInterrupt:
            complain(f"stopped; {report.saved(out, chosen)}. Go on with: {shlex.join(words)}")
            raise typer.Exit(130) from None
        except OSError as error:
            if not session.begun(out):
                raise
            said = f"{_reason(error)}; {report.saved(out, chosen)}"
            complain(f"{said}. Put it right, and go on with: {shlex.join(words)}")
            raise typer.Exit(1) from error
        print(report.summary(finished))


def predict(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A run's folder.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, NPZ, an image, or images by class.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there, not to the terminal.")] = None,
) -> None:
    """Let a trained network answer: CSV with one line a record. Where FILE has the truth, it is compared."""
    with plain_errors():
        from chainrule.experiments.predict import predictions

        text, remark = predictions(model, file)
        if out is None:
            print(text, end="")
        else:
            from chainrule.nn.files import write_whole

            write_whole(out, text.encode())
        if remark:
            complain(remark)


def show(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs, finished or not.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the curves go.")] = Path("curves.png"),
) -> None:
    """Compare runs: a table of what they differ in and how they did, and their curves in one picture."""
    with plain_errors():
        from chainrule.experiments.report import compare

        print(compare(runs, out))


def data(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Datasets to verify. Default: list all.")
    ] = None,
    data_root: Annotated[
        Path | None, typer.Option("--data-root", metavar="DIR", help="As torchvision's root. Default: $CHAINRULE_DATA.")
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch what is missing into the data root.")] = False,
) -> None:
    """List the datasets, or verify those that are named: read them, and compare checksums with the published ones."""
    with plain_errors():
        from chainrule.experiments import inventory

        if not names:
            print(inventory.listing(data_root))
            return
        failures = 0
        for name in names:
            try:
                print(inventory.verify(name, data_root, download))
            except ValueError as error:
                failures += 1
                complain(str(error))
        if failures:
            raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(cls=TrainCommand, epilog="Example: chainrule train --data digits --hidden 64,32 --lr 0.01")(train)
    app.command(epilog="Example: chainrule predict runs/digits-1 new.csv --out answers.csv")(predict)
    app.command(epilog="Example: chainrule show runs/*")(show)
    app.command(epilog="Example: chainrule data mnist --download")(data)
