"""Running a script, a module or a notebook unchanged under the recorder."""

import io
import json
import linecache
import re
import runpy
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from chainrule.diagnosis.judge import RunReport
from chainrule.diagnosis.run import Run

HERE = str(Path(__file__).parent)


def diagnose_program(
    target: str, arguments: list[str], module: bool = False, batches: int | None = None, to_stderr: bool = False
) -> tuple[RunReport, bool]:
    """Run a program and return the report on it, and whether the program itself failed.

    Parameters
    ----------
    target : str
        A script, a notebook (``.ipynb``), or, with ``module``, a module's dotted name.
    arguments : list of str
        The program's own arguments.
    batches : int, optional
        End each epoch after so many batches.
    to_stderr : bool
        Send what the program prints to stderr.
    """
    run = Run(batches, show=False)
    program = run.recording.program
    program.name = target
    if not module:
        path = Path(target).resolve()
        if not path.is_file():
            raise FileNotFoundError(
                f"{target} is no file: give a script (.py), a notebook (.ipynb), or -m and a module"
            )
        if path.suffix != ".ipynb":
            program.add(str(path))
    namespace: dict[str, Any] = {}
    error: BaseException | None = None
    with _as_main(target, arguments, module), redirect_stdout(sys.stderr) if to_stderr else _nothing():
        with run.listening():
            try:
                namespace = _execute(target, module, run)
            except BaseException as stopped:  # whatever stops it, the report on what ran so far is due
                error = stopped
                namespace = _globals_of(stopped)
        if error is not None and not isinstance(error, SystemExit):
            _print_traceback(error)
        report = run.finish(namespace, error)
    if isinstance(error, KeyboardInterrupt):
        raise error
    return report, run.recording.failure is not None


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _as_main(target: str, arguments: list[str], module: bool) -> Iterator[None]:
    """Give the program the arguments and the import path it would have if Python ran it."""
    argv, path = sys.argv[:], sys.path[:]
    sys.argv = [target, *arguments]
    sys.path.insert(0, "" if module else str(Path(target).resolve().parent))
    try:
        yield
    finally:
        sys.argv, sys.path[:] = argv, path


def _execute(target: str, module: bool, run: Run) -> dict[str, Any]:
    if module:
        return runpy.run_module(target, run_name="__main__", alter_sys=True)
    if Path(target).suffix == ".ipynb":
        return _run_notebook(Path(target), run)
    return runpy.run_path(str(Path(target).resolve()), run_name="__main__")


def _run_notebook(path: Path, run: Run) -> dict[str, Any]:
    """Run a notebook's code cells in order, in one namespace, through IPython's own translation of magics."""
    from IPython.core.inputtransformer2 import TransformerManager

    translate: Any = TransformerManager  # untyped
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    namespace: dict[str, Any] = {"__name__": "__main__", "get_ipython": _shell, "display": print}
    for number, cell in enumerate((cell for cell in cells if cell["cell_type"] == "code"), 1):
        text = translate().transform_cell(_plain("".join(cell["source"])))
        name = f"{path.resolve()}#{number}"
        run.recording.program.add(name, text)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        run.recording.program.shown[name] = f"{path.name}, cell {number}"
        exec(compile(text, name, "exec"), namespace)
    return namespace


def _plain(source: str) -> str:
    """Return a cell's code without the magics that run it, ``%%time`` or ``%time train()``; line numbers stay."""
    source = re.sub(r"\A(\s*)%%((?:time|timeit|prun|capture|diagnose)\b.*)", r"\1# \2", source)
    return re.sub(r"^([ \t]*)%(?:time|prun)[ \t]+", r"\1", source, flags=re.MULTILINE)


class _shell:
    """Answers a notebook's magics: they set up its display, and have no part in the run."""

    def run_line_magic(self, name: str, line: str, *_: Any) -> None:
        """Do nothing."""

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Do nothing."""

    def system(self, command: str) -> None:
        """Do nothing: shell commands of a notebook are not run."""


def _globals_of(error: BaseException) -> dict[str, Any]:
    trace, found = error.__traceback__, {}
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == "__main__":
            found = trace.tb_frame.f_globals
        trace = trace.tb_next
    return found


def _print_traceback(error: BaseException) -> None:
    """Print a traceback as Python would, without our own frames."""
    summary = traceback.TracebackException.from_exception(error)
    ours = (HERE, str(Path(runpy.__file__)), "<frozen runpy>")
    summary.stack = traceback.StackSummary.from_list(
        [frame for frame in summary.stack if not frame.filename.startswith(ours)]
    )
    text = io.StringIO()
    print(*summary.format(), sep="", end="", file=text)
    sys.stderr.write(text.getvalue())
