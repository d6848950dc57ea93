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

PLAYGROUND = {
    "trained": (
        "While it trains.",
        "The page with a network that has been trained on rings of points: settings above, the data on the left, in "
        "the middle the neurons with a small picture of what each gives, on the right losses and decision boundary",
    ),
    "record": (
        "One record, step by step: each value, and each slope with the sum that makes it.",
        "The tab One record: values in the neurons, slopes below them, and the backward pass of a layer as formulas",
    ),
    "broken": (
        "Break it: a mistake is switched on, and the run without it goes on beside.",
        "The tab Break it: the mistake GD121 is on; its symptom, what check says of it, and both runs' curves",
    ),
    "your-code": (
        "A learner's own functions drive the network.",
        "The tab Your code: functions that a learner wrote, and the network that they train",
    ),
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
    """Copy the screenshots, and return what shows them; one that no test has taken is not shown."""
    parts = []
    for name, (title, alternative) in PLAYGROUND.items():
        file = SCREENSHOTS / f"{name}.png"
        if file.exists():
            shutil.copy(file, folder / f"playground-{name}.png")
            figure = f"```{{figure}} pictures/playground-{name}.png"
            parts.append(f"{figure}\n:alt: {alternative}\n\n{title}\n```")
    return "\n\n".join(parts) + "\n"
