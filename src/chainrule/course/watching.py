"""Check a learner's notebooks again whenever one is saved."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep, strftime

from rich.console import Console

from chainrule.course import grades, journal
from chainrule.course.exercise import choose, load
from chainrule.course.grading import Grade, grade

PAUSE = 0.5


def watch(paths: Sequence[Path], exercises: Sequence[str], files: Sequence[Path], console: Console) -> None:
    """Check the files now, and each again when it is saved, until the learner stops it with Ctrl-C."""
    said: dict[tuple[Path, str], str] = {}
    console.print("Checked again whenever it is saved; Ctrl-C ends it.", style="dim")
    for path in saved(paths):
        for result in grade([path], exercises=exercises, files=files):
            _tell(result, said, console)


def saved(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield each path once, and again each time its file has changed."""
    seen: dict[Path, tuple[int, int]] = {}
    while True:
        for path in paths:
            try:
                stat = path.stat()
            except FileNotFoundError:  # an editor replaces a file in two steps; it will be back
                continue
            now = (stat.st_mtime_ns, stat.st_size)
            if seen.get(path) != now:
                seen[path] = now
                yield path
        sleep(PAUSE)


def _tell(result: Grade, said: dict[tuple[Path, str], str], console: Console) -> None:
    """Print the reports that say something new, and note them in the journal."""
    console.print(f"{strftime('%H:%M:%S')} {result.path}", style="dim", highlight=False)
    changed = [report for report in result.reports if said.get((result.path, report.exercise)) != str(report)]
    said.update({(result.path, report.exercise): str(report) for report in changed})
    if changed or result.problems or not result.reports:
        grades.show(Grade(result.path, changed, result.limits, result.problems), console)
    for report in changed:
        exercise = choose(None, report.exercise, load().values())
        if exercise is not None and report.verdict != "not written yet":
            journal.note(exercise, report.passed)
