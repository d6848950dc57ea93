"""The lessons: their names and order, and where their sources and notebooks are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chainrule.registry import unknown


class CourseError(Exception):
    """Something that the person at the keyboard can put right; the message says how."""


@dataclass(frozen=True)
class Lesson:
    """One lesson: its name, which is its notebook's file name, and how long it runs.

    Parameters
    ----------
    name : str
        The notebook's file name, without ``.ipynb``.
    seconds : float
        A rough running time on one core; the runner starts the longest lesson first.
    """

    name: str
    seconds: float

    @property
    def source(self) -> Path:
        """The jupytext script that both notebooks are made from; only a checkout has it."""
        return checkout() / "lessons" / f"{self.name}.py"

    @property
    def stub(self) -> Path:
        """The learner's notebook."""
        return notebooks() / f"{self.name}.ipynb"

    @property
    def solution(self) -> Path:
        """The executed solution notebook."""
        return notebooks() / "solutions" / f"{self.name}.ipynb"


LESSONS = (
    Lesson("Implementing Gradient Descent with Backpropagation", seconds=35),
    Lesson("Implementing Regularization", seconds=50),
    Lesson("Training a Neural Network", seconds=70),
    Lesson("Further Exploration", seconds=70),
)


def checkout() -> Path:
    """Return the folder of the source checkout that this package is imported from."""
    return Path(__file__).parents[3]


def notebooks() -> Path:
    """Return the folder of the notebooks: inside the installed package, else in the checkout."""
    packaged = Path(__file__).with_name("notebooks")
    return packaged if packaged.is_dir() else checkout() / "notebooks"


def select(words: Sequence[str]) -> list[Lesson]:
    """Return the lessons that the words mean, in the course's order; all of them for no words.

    Parameters
    ----------
    words : sequence of str
        Each is a lesson's number (from 1), or a part of its name that no other lesson has.

    Raises
    ------
    CourseError
        If a word means no lesson, or several.
    """
    chosen = {_find(word) for word in words} or set(LESSONS)
    return [lesson for lesson in LESSONS if lesson in chosen]


def _find(word: str) -> Lesson:
    if word.isdecimal() and 1 <= int(word) <= len(LESSONS):
        return LESSONS[int(word) - 1]
    matches = [lesson for lesson in LESSONS if word.lower().removesuffix(".ipynb") in lesson.name.lower()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise CourseError(f"{word!r} means several lessons: {', '.join(lesson.name for lesson in matches)}")
    raise CourseError(unknown("lesson", word, [lesson.name for lesson in LESSONS]))
