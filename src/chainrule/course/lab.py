"""``chainrule lab``: the learner's own copy of the notebooks, opened in Jupyter."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from chainrule.course.lessons import LESSONS, CourseError


def copy_stubs(folder: Path) -> dict[str, bool]:
    """Copy the learner's notebooks to ``folder``; a file that is there already is left alone.

    Parameters
    ----------
    folder : Path
        Made if it isn't there.

    Returns
    -------
    dict of str to bool
        For each notebook's file name, whether it is new. One that isn't was kept as it is, whatever is in
        it, also when the shipped notebook has changed since.

    Raises
    ------
    CourseError
        If the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {lesson.stub.name: _copy(lesson.stub, folder / lesson.stub.name) for lesson in LESSONS}
    except OSError as error:
        raise CourseError(f"the notebooks can't be copied to {folder}: {error.strerror} ({error.filename})") from error


def _copy(source: Path, target: Path) -> bool:
    content = source.read_bytes()
    try:
        file = target.open("xb")  # fails if it exists, with no moment between the look and the writing
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
    except OSError:
        target.unlink()
        raise
    return True


def open_jupyter(folder: Path, *, classic: bool = False, browser: bool = True) -> None:
    """Become a Jupyter server that shows ``folder``; this doesn't return.

    Parameters
    ----------
    folder : Path
        Where the notebooks are.
    classic : bool
        Open the classic Notebook rather than JupyterLab.
    browser : bool
        Open a browser as well.

    Raises
    ------
    CourseError
        If Jupyter isn't installed.
    """
    module = "notebook" if classic else "jupyterlab"
    if find_spec(module) is None:
        raise CourseError(f"opening the notebooks needs {module}, not installed here: pip install 'chainrule[all]'")
    options = [] if browser else ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in many containers; Jupyter would refuse to start
        options.append("--allow-root")
    sys.stdout.flush()
    os.chdir(folder)
    os.execv(sys.executable, [sys.executable, "-m", module, *options])
