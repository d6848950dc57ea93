"""``chainrule run``: execute the lessons, write what they made, and show what they measured."""

import asyncio
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from chainrule.course.files import require_writable, write_notebook
from chainrule.course.lessons import CourseError, Lesson
from chainrule.course.progress import Display, display
from chainrule.course.progress import console as default_console
from chainrule.course.record import Result, not_passed, results
from chainrule.data.readers import IDX_NAMES
from chainrule.nn.files import write_whole

FULL_SIZE_SETS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}
IDX_FILES = (*IDX_NAMES["train"], *IDX_NAMES["test"])
NEEDED = ("torch", "torchvision", "ipykernel", "nbclient", "nbconvert", "latex2mathml")


@dataclass
class Outcome:
    """What became of one lesson's run: its rows, and its problem if it has one."""

    lesson: str
    results: list[Result]
    problem: str


def run(
    lessons: Sequence[Lesson],
    out: Path,
    *,
    data: str | None = None,
    data_root: Path | None = None,
    console: Console | None = None,
) -> list[Outcome]:
    """Execute solution notebooks, several at a time, and write each with an HTML copy to ``out``.

    Parameters
    ----------
    lessons : sequence of Lesson
        What to run. The longest starts first.
    out : Path
        Folder for the executed notebooks; made if it isn't there.
    data : {"mnist", "fashion-mnist"}, optional
        Also run the full-size sections, on this set from the data root.
    data_root : Path, optional
        Where that set is; else ``$CHAINRULE_DATA``, else the platform's cache folder.
    console : rich Console, optional
        Where progress and the table go: the standard output if not given.

    Returns
    -------
    list of Outcome
        One for each lesson, in the order given.

    Raises
    ------
    CourseError
        If ``out`` can't be written, a needed package or the full-size data is missing. Nothing has run then.
    """
    require_packages()
    require_writable(out)
    environment = {}
    if data or data_root:
        from chainrule.data import root

        environment["CHAINRULE_DATA"] = str(root(data_root).absolute())
    if data:
        require_data(data, Path(environment["CHAINRULE_DATA"]))
    notebooks = {lesson: _read(lesson) for lesson in lessons}
    if data and not sum(with_full_size(notebook, data) for notebook in notebooks.values()):
        raise CourseError(f"--data {data}: none of these lessons has a full-size section")
    start = perf_counter()
    console = console or default_console()
    outcomes = execute_lessons(notebooks, partial(_write, out), console, environment)
    _report(outcomes, out, perf_counter() - start, console)
    return outcomes


def execute_lessons(
    notebooks: Mapping[Lesson, Any],
    save: Callable[[str, Any], None],
    console: Console,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> list[Outcome]:
    """Execute notebooks in place, several at a time, and show how far each is.

    Parameters
    ----------
    notebooks : mapping of Lesson to NotebookNode
        What to execute. The lesson that takes longest starts first.
    save : callable
        Called with the lesson's name and its notebook after it ran, also if a cell raised. A CourseError
        or OSError of it is the lesson's problem.
    console : rich Console
        Where the progress is shown.
    environment : mapping of str to str
        Environment variables for the kernels.

    Returns
    -------
    list of Outcome
        One for each lesson, in the order given.
    """
    with display(console) as progress:
        try:
            return asyncio.run(_execute_all(notebooks, save, progress, {"OMP_NUM_THREADS": "1", **environment}))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


def require_packages() -> None:
    """Raise a CourseError that says what to install, if the lessons can't run without it."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise CourseError(
            f"running the lessons needs {', '.join(missing)}, not installed here: pip install 'chainrule[all]'"
        )


def require_data(name: str, root: Path) -> None:
    """Raise a CourseError if the files of a full-size dataset aren't in the data root."""
    if name not in FULL_SIZE_SETS:
        raise CourseError(f"--data must be one of {', '.join(FULL_SIZE_SETS)}; got {name!r}")
    folder = root / FULL_SIZE_SETS[name] / "raw"
    missing = [file for file in IDX_FILES if not ((folder / file).is_file() or (folder / f"{file}.gz").is_file())]
    if missing:
        raise CourseError(
            f"{name} is not in the data root {root}: {folder} must have {', '.join(missing)} (plain or .gz). "
            "Name another root with --data-root or CHAINRULE_DATA"
        )


def with_full_size(notebook: Any, data: str) -> bool:
    """Switch a notebook's full-size section on; return whether it has one.

    A cell ``FULL_SIZE = …`` goes in after the cell with the tag "parameters", if that one sets FULL_SIZE.
    """
    import nbformat

    for index, cell in enumerate(notebook.cells):
        if "parameters" in cell.metadata.get("tags", ()) and re.search(r"^FULL_SIZE\b", cell.source, re.MULTILINE):
            injected = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
                f"FULL_SIZE = {data!r}", id="full-size", metadata={"tags": ["injected-parameters"]}
            )
            notebook.cells.insert(index + 1, injected)
            return True
    return False


def _read(lesson: Lesson) -> Any:
    import nbformat

    try:
        return nbformat.read(lesson.solution, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CourseError(
            f"the solution of {lesson.name!r} can't be read: {error}. Make it with: make notebooks"
        ) from error


async def _execute_all(
    notebooks: Mapping[Lesson, Any], save: Callable[[str, Any], None], progress: Display, environment: Mapping[str, str]
) -> list[Outcome]:
    main = asyncio.current_task()
    if os.name == "posix" and main:  # as with Ctrl-C, stop the kernels before going
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    slots = asyncio.Semaphore(min(2, os.cpu_count() or 1))

    async def one(lesson: Lesson) -> Outcome:
        async with slots:
            return await _execute_one(lesson.name, notebooks[lesson], save, progress, environment)

    async with asyncio.TaskGroup() as group:
        longest_first = sorted(notebooks, key=lambda lesson: -lesson.seconds)
        tasks = {lesson: group.create_task(one(lesson)) for lesson in longest_first}
    return [tasks[lesson].result() for lesson in notebooks]


async def _execute_one(
    name: str, notebook: Any, save: Callable[[str, Any], None], progress: Display, environment: Mapping[str, str]
) -> Outcome:
    from chainrule.course.execution import CellError, execute

    problems = []
    start = perf_counter()
    progress.start(name, sum(cell.cell_type == "code" for cell in notebook.cells))
    try:
        await execute(notebook, environment, lambda done: progress.advance(name, done))
    except CellError as error:
        problems.append(str(error))
    problems += [f"{exercise}: {verdict}" for exercise, verdict in not_passed(notebook.cells)]
    rows = results(notebook.cells)
    if not rows and not problems:
        problems.append("it recorded no result: a lesson ends with a call of record(…)")
    try:
        save(name, notebook)
    except (CourseError, OSError) as error:
        problems.append(str(error))
    progress.finish(name, perf_counter() - start, bool(problems))
    return Outcome(name, rows, "; ".join(problems))


def _write(out: Path, name: str, notebook: Any) -> None:
    from chainrule.course.html import page

    write_notebook(out / f"{name}.ipynb", notebook)
    write_whole(out / f"{name}.html", page(notebook, name).encode())


def _report(outcomes: Sequence[Outcome], out: Path, seconds: float, console: Console) -> None:
    rows = [result.cells() for outcome in outcomes for result in outcome.results]
    if rows:
        table = Table(box=box.SIMPLE_HEAD)
        for title in rows[0]:
            table.add_column(title, justify="left" if title in ("lesson", "dataset", "network") else "right")
        for row in rows:
            table.add_row(*row.values())
        console.print(table)
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    verdict = (
        f"{len(outcomes) - failed} of {len(outcomes)} lessons ran through" if failed else "All lessons ran through"
    )
    console.print(f"{verdict} in {seconds:.0f} s. Executed notebooks and HTML pages: {out}", highlight=False)
