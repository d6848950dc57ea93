"""What a learner has done so far: exercises passed and hints taken, kept in a small file of their own."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from chainrule.course.exercise import Exercise, load
from chainrule.course.lessons import CourseError


@dataclass
class Entry:
    """One exercise in the journal: the day it was first passed, how often it was checked, how many hints were taken."""

    passed: str = ""
    checks: int = 0
    hints: int = 0


def path() -> Path:
    """Return the journal's file: ``$CHAINRULE_JOURNAL``, else in the platform's folder for users' data."""
    from platformdirs import user_data_path

    return Path(os.environ.get("CHAINRULE_JOURNAL") or user_data_path("chainrule") / "progress.json")


def read() -> dict[str, Entry]:
    """Return the journal; an empty one where there is none yet.

    Raises
    ------
    CourseError
        If the file is there but is no journal.
    """
    file = path()
    if not file.exists():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {name: Entry(**entry) for name, entry in content.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CourseError(f"{file} is no journal of chainrule; move it away to start a new one") from error


def write(journal: dict[str, Entry]) -> None:
    """Write the journal whole, so that it is never half there."""
    from chainrule.nn.files import write_whole

    file = path()
    text = json.dumps({name: asdict(entry) for name, entry in sorted(journal.items())}, indent=1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode())
    except OSError as error:
        raise CourseError(f"progress can't be kept in {file}: {error.strerror}") from error


def note(exercise: Exercise, passed: bool) -> None:
    """Note a check, and the day if it is the first that passed."""
    journal = read()
    entry = journal.setdefault(exercise.name, Entry())
    entry.checks += 1
    if passed and not entry.passed:
        entry.passed = date.today().isoformat()
    write(journal)


def hint(exercise: Exercise) -> str:
    """Return the next hint of an exercise; after success its solution, and a word where there is no more."""
    journal = read()
    entry = journal.setdefault(exercise.name, Entry())
    if entry.passed and exercise.solution:
        return f"You have passed {exercise.name}. One right answer:\n\n{exercise.solution.strip()}"
    if not exercise.hints:
        return f"{exercise.name} has no hints."
    number = min(entry.hints, len(exercise.hints) - 1)
    entry.hints = number + 1
    write(journal)
    more = "" if entry.hints == len(exercise.hints) else "\nAsk again for the next one."
    return f"{exercise.name}, hint {number + 1} of {len(exercise.hints)}: {exercise.hints[number]}{more}"


def progress() -> list[tuple[Exercise, Entry]]:
    """Return every exercise of the lessons with its entry, in the course's order."""
    journal = read()
    known = load().values()
    lessons = list(dict.fromkeys(exercise.lesson for exercise in known if exercise.lesson))
    ordered = sorted(
        (exercise for exercise in known if exercise.number), key=lambda each: (lessons.index(each.lesson), each.number)
    )
    return [(exercise, journal.get(exercise.name, Entry())) for exercise in ordered]
