"""The command line's page: what each command says of itself when asked for help."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from chainrule.cli import app


def write(folder: Path) -> None:
    """Write the page."""
    folder.mkdir(exist_ok=True)
    (folder / "commands.md").write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page: a section for each command, in the order of the help."""
    parts = [
        "# Command line",
        "What each command says of itself; the same as `chainrule COMMAND --help`.",
        _block(_help()),
    ]
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    for name in group.commands:
        parts += [f"## chainrule {name}", _block(_help(name))]
    return "\n\n".join(parts) + "\n"


def _help(*words: str) -> str:
    done = CliRunner().invoke(
        app, [*words, "--help"], prog_name="chainrule", env={"COLUMNS": "88", "TERMINAL_WIDTH": "88"}
    )
    if done.exit_code:
        raise RuntimeError(f"chainrule {' '.join(words)} --help failed: {done.output}")
    return done.stdout.strip()


def _block(text: str) -> str:
    return f"```text\n{text}\n```"
