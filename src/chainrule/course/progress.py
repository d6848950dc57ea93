"""How far each lesson is: bars in a terminal, plain lines in a log."""

from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

WIDTH = 150


class Display(Protocol):
    """What is told about each lesson while it runs."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def start(self, lesson: str, cells: int) -> None:
        """Take note that a lesson of so many code cells starts."""

    def advance(self, lesson: str, done: int) -> None:
        """Take note that ``done`` cells are executed."""

    def finish(self, lesson: str, seconds: float, failed: bool) -> None:
        """Take note that a lesson is at its end."""


def console() -> Console:
    """Return a console as wide as its terminal; where there is none, wide enough for the table."""
    here = Console()
    return here if here.is_terminal else Console(width=WIDTH)


def display(console: Console) -> Display:
    """Return the display that suits the console."""
    return _Bars(console) if console.is_terminal else _Lines(console)


class _Bars:
    """Progress in a terminal: a bar for each lesson."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("cells"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[state]}"),
            console=console,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def start(self, lesson: str, cells: int) -> None:
        self._tasks[lesson] = self._progress.add_task(lesson, total=cells, state="")

    def advance(self, lesson: str, done: int) -> None:
        self._progress.update(self._tasks[lesson], completed=done)

    def finish(self, lesson: str, seconds: float, failed: bool) -> None:
        self._progress.update(self._tasks[lesson], state="[red]failed[/red]" if failed else "[green]done[/green]")
        self._progress.stop_task(self._tasks[lesson])


class _Lines:
    """Progress in a log: a line when a lesson starts, and one when it ends."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def start(self, lesson: str, cells: int) -> None:
        self._console.print(f"{lesson}: started, {cells} code cells", highlight=False)

    def advance(self, lesson: str, done: int) -> None:
        pass

    def finish(self, lesson: str, seconds: float, failed: bool) -> None:
        self._console.print(f"{lesson}: {'failed' if failed else 'done'} after {seconds:.0f} s", highlight=False)
