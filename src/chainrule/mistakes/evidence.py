"""What an observer hands over: the numbers of one run that show a mistake, and where in the program."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chainrule.mistakes.finding import Severity

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording


class Place(NamedTuple):
    """A line of the user's program: the file or cell, the line counted from 1, and the function it is in."""

    file: str
    line: int
    function: str = "<module>"


@dataclass(frozen=True)
class Evidence:
    """One occurrence of a mistake in a run.

    Parameters
    ----------
    text : str
        The numbers of this very run, as sentences: ``printed 31.87; 9,612 of 10,000 are right: 96.12 %``.
    place : Place or None
        The line to look at.
    severity : {"error", "warning", "remark"}
        An error or a warning is certain. What may be meant that way is a remark.
    fix : str
        The corrected line in the user's own names; empty: the mistake's own words.
    """

    text: str
    place: Place | None = None
    severity: Severity = "error"
    fix: str = ""


@dataclass(frozen=True)
class Observer:
    """How a mistake is seen in a recording.

    Parameters
    ----------
    look : callable
        From the recording to an `Evidence` for each occurrence; nothing where there is none.
    whole_epochs : bool
        It judges epochs or metrics, so it has no say over a run whose epochs were cut short.
    """

    look: "Callable[[Recording], Iterable[Evidence]]"
    whole_epochs: bool = False
