"""What the page on exploring shows: commands that are run, and pictures that tests have taken of the playground."""

import contextlib
import io
import shutil
import tempfile
from pathlib import Path

from typer.testing import CliRunner

from chainrule.cli import app

SCREENSHOTS = Path(__file__).parents[2] / "out" / "screenshots"
SHOWN = {
    "train": [
        "chainrule train --data digits --hidden 32 --lr 0.01 --epochs 12 --out runs/relu",
        "chainrule train --data digits --hidden 32 --lr 0.01 --epochs 12 --activation sigmoid --out runs/sigmoid",
    ],
    "show": ["chainrule show runs/relu runs/sigmoid"],
    "sweep": ["chainrule sweep lr=1e-3..1:log activation=relu,tanh,sigmoid optimizer=sgd --epochs 4 --trials 12"],
}
PICTURES = {
    "runs/relu/learning_curves.png": "learning-curves.png",
    "runs/relu/confusion_matrix.png": "confusion-matrix.png",
    "curves.png": "curves.png",
    "sweep/contours.png": "contours.png",
}


def write(folder: Path) -> None:
    """Run the commands in an empty folder, and keep what they print and draw."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    with tempfile.TemporaryDirectory() as empty, contextlib.chdir(empty):
        for name, lines in SHOWN.items():
            (folder / f"{name}.txt").write_text("\n".join(map(printed, lines)), encoding="utf-8")
        for picture, name in PICTURES.items():
            shutil.copy(picture, folder / name)
    (folder / "playground.md").write_text(playground(folder), encoding="utf-8")


def printed(line: str) -> str:
    """Return a command with what it prints.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    with contextlib.redirect_stderr(io.StringIO()):  # where progress is shown
        done = CliRunner().invoke(app, line.split()[1:], env={"COLUMNS": "96"})
    if done.exit_code:
        raise RuntimeError(f"{line} failed: {done.output}")
    return f"$ {line}\n{done.stdout}"


def playground(folder: Path) -> str:
    """Copy the screenshots, and return what shows them; where none were taken, nothing is shown."""
    parts = []
    for file in sorted(SCREENSHOTS.glob("*.png")) if SCREENSHOTS.is_dir() else []:
        shutil.copy(file, folder / file.name)
        words = file.stem.replace("-", " ").replace("_", " ")
        alternative = f":alt: The playground in a browser: {words}"
        parts.append(f"```{{figure}} pictures/{file.name}\n{alternative}\n\nThe playground: {words}.\n```")
    return "\n\n".join(parts) + "\n"
