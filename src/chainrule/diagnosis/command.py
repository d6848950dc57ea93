"""The command ``chainrule diagnose``."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

EXAMPLE = "Example: chainrule diagnose train.py --epochs 3"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        epilog=EXAMPLE,
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    )(diagnose)


def diagnose(
    program: Annotated[
        list[str] | None,
        typer.Argument(metavar="SCRIPT [ARGS]...", help="A script or notebook, and its own arguments."),
    ] = None,
    module: Annotated[
        str | None, typer.Option("-m", metavar="MODULE", help="Run a module instead of a script.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as JSON; the program's own output goes to stderr.")
    ] = False,
    batches: Annotated[
        int | None, typer.Option(min=1, help="End each epoch after so many batches: a first look, silent on metrics.")
    ] = None,
) -> None:
    """Run a PyTorch program unchanged and say which silent mistakes are in it.

    Exit status: 0 no error or warning, 1 errors or warnings, 2 the program itself failed.
    """
    from chainrule.diagnosis.programs import diagnose_program

    words = list(program or ())
    target = module or (words.pop(0) if words else None)
    if target is None:
        raise typer.BadParameter("give a script, a notebook, or -m and a module", param_hint="SCRIPT")
    try:
        report, failed = diagnose_program(target, words, module is not None, batches, to_stderr=as_json)
    except FileNotFoundError as error:
        raise typer.BadParameter(str(error), param_hint="SCRIPT") from error
    if as_json:
        print(json.dumps({"findings": [asdict(finding) for finding in report]}))
    else:
        sys.stdout.flush()
        print(f"\n{report}")
    raise typer.Exit(2 if failed else 0 if report.passed else 1)
