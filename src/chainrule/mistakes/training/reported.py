"""What a program reports, a printed number or a list that grows by one per epoch, beside what is true."""

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Number, Pass, Place, Recording

LOSS = re.compile(r"loss|cost|nll|entropy|error|mse|perte|verlust", re.IGNORECASE)
ACCURACY = re.compile(r"acc|correct|right|hits", re.IGNORECASE)
TEST, NOT_TEST = re.compile("test", re.IGNORECASE), re.compile("train|val|dev", re.IGNORECASE)
NEAR = 2e-5  # relative: sums that were made in float32


@dataclass
class Report:
    """One quantity that a program shows again and again: the same place in the same line, or the same list."""

    name: str
    numbers: "list[Number]" = field(default_factory=list)

    @property
    def kind(self) -> str:
        """``"loss"`` or ``"accuracy"`` where its name says so, else empty."""
        loss, accuracy = LOSS.search(self.name), ACCURACY.search(self.name)
        return "" if bool(loss) == bool(accuracy) else "loss" if loss else "accuracy"

    @property
    def place(self) -> "Place | None":
        """The line."""
        return self.numbers[0].place


@lru_cache(maxsize=2)
def reports(run: "Recording") -> list[Report]:
    """Return the numbers of a run by what they report; a list that is appended to more than once a pass is left out."""
    found: dict[tuple[object, ...], Report] = {}
    before: tuple[object, ...] = ()
    ordinal = 0
    for number in run.shown():
        moment = (number.at, number.place)
        ordinal = ordinal + 1 if moment == before and number.how != "appended" else 0
        before = moment
        key = (number.how, number.place, number.label, ordinal)
        found.setdefault(key, Report(number.label or number.text[:40])).numbers.append(number)
    return [
        each
        for each in found.values()
        if len({number.at for number in each.numbers}) == len(each.numbers)
        and any(number.decimals != 0 for number in each.numbers)
    ]


@dataclass
class Tally:
    """What can be counted and added up over one pass."""

    done: "Pass"

    @cached_property
    def batches(self) -> int:
        """How many batches a model saw."""
        return sum(1 for batch in self.done.batches if batch.forwards)

    @cached_property
    def sizes(self) -> NDArray[np.float64]:
        """The records of each batch, (batches,)."""
        return self.done.sizes.astype(np.float64)

    @cached_property
    def counts(self) -> list[tuple[int, int]]:
        """The right answers and of how many they are: as the recorder counts them, and as the program compares them."""
        counts = [] if self.done.correct is None else [(self.done.correct, self.done.counted)]
        matched = [batch for batch in self.done.batches if batch.forwards]
        if matched and all(batch.matches is not None and len(set(batch.sides)) == 1 for batch in matched):
            own = sum(batch.matches or 0 for batch in matched), sum(int(np.prod(b.compared)) for b in matched)
            if own not in counts:
                counts.append(own)
        return counts

    @cached_property
    def parts(self) -> list[tuple[int, int]]:
        """The counts of each call: without a loader, calls in a row may be evaluations of their own."""
        if self.done.loader is not None or self.done.training:
            return []
        return [(batch.correct, batch.counted) for batch in self.done.batches if batch.correct is not None]

    @cached_property
    def losses(self) -> list[NDArray[np.float64]]:
        """The loss of each batch, (batches,), in up to three ways: the last call's, all calls' sum, backward's."""
        batches = [batch for batch in self.done.batches if batch.forwards]
        found: list[NDArray[np.float64]] = []
        for kind in ("last", "all", "backward"):
            values: list[float] = []
            for batch in batches:
                part = [each.value for each in (batch.backwards if kind == "backward" else batch.losses)]
                values += [sum(part) if kind == "all" else part[-1]] if part else []
            row = np.array(values)
            if len(row) == len(batches) and len(row) and not any(np.array_equal(row, other) for other in found):
                found.append(row)
        return found

    @cached_property
    def summed(self) -> bool:
        """Whether the loss function adds up over the batch."""
        return any(loss.reduction == "sum" for batch in self.done.batches for loss in batch.losses)

    @cached_property
    def tokens(self) -> NDArray[np.float64]:
        """How many answers each batch has, (batches,), for losses over sequences."""
        batches = [batch for batch in self.done.batches if batch.forwards]
        return np.array([np.prod(batch.losses[-1].target_shape) if batch.losses else batch.size for batch in batches])

    @cached_property
    def truths(self) -> list[float]:
        """All that may rightly be reported of this pass, but for percentages."""
        right: list[float] = []
        for correct, of in [*self.counts, *self.parts]:
            share = correct / of if of else 0.0
            right += [share, 1 - share, float(correct), float(of - correct)]
        for row in self.losses:
            right.append(float(np.average(row, weights=self.sizes)) if self.sizes.sum() else float(row.mean()))
            if len(self.tokens) == len(row) and self.tokens.sum():
                right.append(float(np.average(row, weights=self.tokens)))
            if len(row) == 1 or self.parts:
                right += row.tolist()
            if self.summed:
                right += [float(row.sum()), float(row.sum() / self.sizes.sum()), float(row.mean())]
        return right + [value**0.5 for value in right if value > 0]  # the root of a mean square

    @cached_property
    def percentages(self) -> list[float]:
        """The share of right answers and of wrong ones in per cent."""
        counts = [*self.counts, *self.parts]
        return [100 * part / of for correct, of in counts if of for part in (correct, of - correct)]


@lru_cache(maxsize=2)
def tallies(run: "Recording") -> list[Tally]:
    """Return a tally of each pass that called a model."""
    return [Tally(each) for each in run.passes if any(each.forwards)]


@lru_cache(maxsize=4)
def _truths(run: "Recording", percent: bool, of_test: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    pairs = [
        (tally.done.at, truth)
        for tally in tallies(run)
        if not of_test
        or any(TEST.search(name) for name in tally.done.names)
        or not NOT_TEST.search(" ".join(tally.done.names))
        for truth in (tally.percentages if percent else tally.truths + tally.percentages)
    ]
    return np.array([at for at, _ in pairs], dtype=np.int64), np.array([truth for _, truth in pairs])


def is_true(run: "Recording", number: "Number") -> bool:
    """Whether a number is a true result of any pass that began before it was shown."""
    percent = number.percent and bool(ACCURACY.search(number.text))
    ats, truths = _truths(run, percent, bool(TEST.search(number.label)))
    tolerance = 0.0 if number.decimals is None else 0.5001 * 10.0**-number.decimals
    near = np.abs(truths - number.value) <= tolerance + NEAR * np.maximum(np.abs(truths), 1e-3)
    return bool((near & (ats < number.at)).any())


def last_event(done: "Pass") -> int:
    """Return the moment of the last thing that happened in a pass."""
    batch = done.batches[-1]
    ats = [batch.at, *(each.at for each in batch.forwards), *(each.at for each in batch.losses)]
    return max(ats + [each.at for each in batch.backwards] + [each.at for each in batch.steps])


def over(done: "Pass", number: "Number") -> bool:
    """Whether all of a pass had happened when a number was shown."""
    return bool(done.batches) and last_event(done) < number.at


def candidates(run: "Recording", number: "Number") -> list[Tally]:
    """Return the passes a number can be about: the last of each loader and loop, the latest first, at most four."""
    found: dict[tuple[object, ...], Tally] = {}
    around = next((done for done in run.training if done.at < number.at < last_event(done)), None)
    for tally in reversed(tallies(run)):
        done = tally.done
        if around is not None and (done.training or done.at < around.at):
            continue  # in the middle of an epoch only what was evaluated within it
        if over(done, number):
            found.setdefault((done.training, done.loader, done.place), tally)
        if len(found) == 4:
            break
    return list(found.values())


def result_shown(run: "Recording", done: "Pass") -> "Number | None":
    """Return the first number, to three digits or more, that reports a true result of a pass; None without one."""
    tally = Tally(done)
    truths = tally.truths + tally.percentages
    later = (number for number in run.shown() if over(done, number) and number.value)
    for number in islice(later, 60):
        exact = number.decimals is None or 10.0**-number.decimals <= 0.011 * abs(number.value)
        if exact and any(number.shows(truth) for truth in truths):
            return number
    return None


def lengths(run: "Recording", tally: Tally) -> dict[int, str]:
    """Return the lengths of the run's datasets and passes by which a sum might have been divided, each with a name."""
    loader = None if tally.done.loader is None else run.loaders[tally.done.loader]
    found = {int(other.sizes.sum()): other.done.loader_name or "another pass" for other in tallies(run)[:40]}
    found |= {records: _assigned(run, place) for place, _, records in run.loader_lengths if records}
    found |= {each.length: each.name or each.class_name for each in run.datasets if each.length}
    if loader is not None and loader.drop_last:
        found.pop(run.datasets[loader.dataset].length or 0, None)  # the few that were dropped change next to nothing
    return found


@lru_cache(maxsize=2)
def loader_batches(run: "Recording") -> dict[int, str]:
    """Return how many batches the run's loaders have, those that it never used too, each with a loader's name."""
    found = {batches: _assigned(run, place) for place, batches, _ in run.loader_lengths if batches}
    return found | {each.length: each.name for each in run.loaders if each.length and each.name}


def _assigned(run: "Recording", place: "Place | None") -> str:
    """Return the name that a line gives to the loader it makes."""
    line = run.program.statement(place) if place else None
    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
        return line.targets[0].id
    return "another loader"
