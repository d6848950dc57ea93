"""The catalogue: every known mistake once, with its code, its words and what it puts in the place of which part."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chainrule.mistakes.evidence import Evidence, Observer
from chainrule.mistakes.finding import Severity
from chainrule.mistakes.step import Part, Replaced, Step
from chainrule.registry import Registry

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording

CATALOGUE: Registry["Mistake"] = Registry("mistake")
ENTERED: list[list[Any]] = []  # variations and numbers of all mistakes; by their count others know what is new


@dataclass(frozen=True, eq=False, repr=False)
class Mistake:
    """One known mistake; making one enters it into the catalogue.

    Parameters
    ----------
    code : str
        ``GD…`` gradient descent and backpropagation, ``RG…`` regularization, ``TR…`` training runs. A code never
        changes its meaning.
    title : str
        What was done, in a learner's words.
    symptom : str
        What one sees of it, as far as one sees anything.
    explanation : str
        Why it is wrong.
    fix : str
        What to do.
    wrong, right : str
        The mistake and its correction as a line or two of code.
    seen : int
        How many of the 320 authors of a study of published learner code made it.
    severity : {"error", "warning", "remark"}
        A remark is worth a look, and no reason to reject an answer.
    """

    code: str
    title: str
    symptom: str
    explanation: str
    fix: str
    wrong: str
    right: str
    seen: int = 0
    severity: Severity = "error"
    variations: list[Replaced] = field(default_factory=list, init=False)
    numbers: list[Part] = field(default_factory=list, init=False)
    observers: list[Observer] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        CATALOGUE.add(self.code)(self)
        ENTERED.extend((self.variations, self.numbers))

    def instead_of(self, *parts: Part) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function as what this mistake puts in the place of each of the parts, one at a time."""

        def enter(function: Callable[..., Any]) -> Callable[..., Any]:
            self.variations.extend({part: function} for part in parts)
            return function

        return enter

    def replaces(self, replaced: Replaced) -> None:
        """Register a variation of this mistake that replaces several parts at once."""
        self.variations.append(replaced)

    def any_number(self, *parts: Part) -> None:
        """Register parts in whose place this mistake puts some number; which one is found from the result."""
        self.numbers.extend(parts)

    def observed(
        self, *, whole_epochs: bool = False
    ) -> "Callable[[Callable[[Recording], Iterable[Evidence]]], Callable[[Recording], Iterable[Evidence]]]":
        """Register a function as the way this mistake is seen in a recorded run; see `Observer`."""

        def enter(look: "Callable[[Recording], Iterable[Evidence]]") -> "Callable[[Recording], Iterable[Evidence]]":
            self.observers.append(Observer(look, whole_epochs))
            return look

        return enter

    def in_step(self, step: Step) -> Iterator[Replaced]:
        """Yield the variations of this mistake that can be made in a step."""
        return (variation for variation in self.variations if step.fits(variation))

    def __repr__(self) -> str:
        return f"<{self.code} {self.title}>"
