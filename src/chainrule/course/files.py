"""Notebooks in files, and whether a folder can take them."""

import os
from pathlib import Path
from typing import Any

from chainrule.course.lessons import CourseError
from chainrule.nn.files import write_whole


def write_notebook(path: Path, notebook: Any) -> None:
    """Check a notebook against its format and write it: keys in order, one newline at its end."""
    import nbformat

    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = str(nbformat.writes(notebook)).rstrip("\n") + "\n"  # type: ignore[no-untyped-call]
    write_whole(path, text.encode())


def require_writable(folder: Path) -> None:
    """Make ``folder``, and try that a file can be written into it.

    Raises
    ------
    CourseError
        If it can't.
    """
    trial = folder / f".chainrule.{os.getpid()}.trial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise CourseError(f"{folder} can't be written: {error.strerror}; name another folder") from error
