"""Files that are either there in full or not at all."""

import os
from pathlib import Path
from typing import Any

from chainrule.course.lessons import CourseError


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` so that no reader ever sees a part of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_notebook(path: Path, notebook: Any) -> None:
    """Check a notebook against its format and write it: keys in order, one newline at its end."""
    import nbformat

    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, str(nbformat.writes(notebook)).rstrip("\n") + "\n")  # type: ignore[no-untyped-call]


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
