"""The commands of the course's checks: check, hint, progress."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from chainrule.course.lessons import CourseError

ExerciseFiles = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE.py", help="A file with exercises of your own; may be given several times."),
]


def check(
    notebooks: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[NOTEBOOK]...", help="Or scripts. Default: those in work/."),
    ] = None,
    format: Annotated[str, typer.Option(metavar="table|json|csv", help="How the grades are written.")] = "table",
    exercise: Annotated[
        list[str] | None, typer.Option(help="Check this exercise only; may be given several times.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file is saved.")] = False,
    exercises: ExerciseFiles = None,
    seconds: Annotated[int, typer.Option(min=1, help="Processor time for each file.")] = 60,
    megabytes: Annotated[int, typer.Option(min=256, help="Memory for each file.")] = 4096,
) -> None:
    """Check what is written in notebooks, each in a process of its own with limits; name the mistakes."""
    from chainrule.course import grades, watching
    from chainrule.course.grading import grade
    from chainrule.course.progress import console
    from chainrule.registry import unknown

    if format not in list(grades.Format):
        raise CourseError(unknown("format", format, [str(each) for each in grades.Format]))
    paths = notebooks or sorted(Path("work").glob("*.ipynb"))
    if not paths:
        raise CourseError("no notebooks in work/: name one, or make your copies with chainrule lab")
    if watch:
        watching.watch(paths, exercise or (), exercises or (), console())
        return
    found = grade(paths, exercises=exercise or (), files=exercises or (), seconds=seconds, megabytes=megabytes)
    if not grades.write(found, grades.Format(format), sys.stdout, console()):
        raise typer.Exit(1)


def hint(
    exercise: Annotated[str, typer.Argument(help="The exercise's name, such as backward_pass.")],
    exercises: ExerciseFiles = None,
) -> None:
    """Give the next hint for an exercise; once it is passed, a right answer."""
    from chainrule.course import journal
    from chainrule.course.exercise import find, load

    load(exercises or ())
    print(journal.hint(find(None, exercise)))


def progress(exercises: ExerciseFiles = None) -> None:
    """Show which exercises are passed, and how many hints they took."""
    from rich.table import Table

    from chainrule.course import journal
    from chainrule.course.exercise import load
    from chainrule.course.progress import console

    table = Table("lesson", "exercise", "passed", "checks", "hints taken")
    load(exercises or ())
    done = journal.progress()
    lesson = ""
    for exercise, entry in done:
        title = exercise.lesson if exercise.lesson != lesson else ""
        lesson = exercise.lesson
        hints = f"{entry.hints} of {len(exercise.hints)}"
        table.add_row(title, f"{exercise.number} {exercise.name}", entry.passed or "-", str(entry.checks or "-"), hints)
    console().print(table)
    console().print(f"{sum(bool(entry.passed) for _, entry in done)} of {len(done)} exercises passed")


COMMANDS: dict[Callable[..., None], str] = {
    check: "Example: chainrule check work/*.ipynb --format csv > grades.csv",
    hint: "Example: chainrule hint backward_pass",
    progress: "Example: chainrule progress",
}
