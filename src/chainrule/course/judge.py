"""From what was observed to a verdict: right, or which mistake was made, or what can be said about the numbers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import isfinite
from typing import Any

import numpy as np

from chainrule.course.comparison import as_array, begins, equal, same, to_rounding
from chainrule.course.exercise import Case, Exercise, Facts
from chainrule.course.observation import Observation, expected, glimpsed, observe
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.step import NOTHING, Part, Replaced

SEEDS = (0, 1, 2)
KINDS = 6  # cases in which a pair of mistakes is weighed up; one of each kind
OF_THE_PROGRAM = {"UnboundLocalError", "NameError", "SystemExit", "TookTooLong"}  # no wrong formula raises these
Naming = tuple[tuple[Mistake, Replaced], ...]


def look(exercise: Exercise, answer: Any, seeds: Iterable[int] = SEEDS) -> list[Observation]:
    """Observe the answer in every case of the exercise, for every seed."""
    return [observe(exercise, answer, case) for seed in seeds for case in exercise.tried_on(seed)]


def wrong_ones(exercise: Exercise, seen: Sequence[Observation]) -> list[tuple[Observation, Observation]]:
    """Return the observations that differ from the right answer, each with the right one.

    An answer is right if it is so by the reference, or by one other convention throughout.
    """
    best: list[tuple[Observation, Observation]] | None = None
    for replaced in (NOTHING, *exercise.right):
        pairs = [(one, expected(exercise, one.case, replaced)) for one in seen]
        wrong = [(one, right) for one, right in pairs if not same(one, right, exercise.tolerance)]
        if best is None or not wrong:
            best = wrong
        if not wrong:
            break
    return best or []


def name(exercise: Exercise, seen: Sequence[Observation], wrong: Sequence[Observation]) -> list[Naming]:
    """Return the known mistakes, or else the pairs of them, that give what was observed in every case."""
    if any(one.raised is not None and one.raised.kind in OF_THE_PROGRAM for one in wrong):
        return []
    order = [*wrong, *(one for one in seen if not any(one is other for other in wrong))]
    glance = _glance(exercise, order[0])
    worlds = (NOTHING, *exercise.right)  # a mistake can be made in every convention

    def fits(naming: Naming, world: Replaced) -> bool:
        replaced = dict(world)
        for _, parts in naming:
            replaced.update(parts)
        return glance(replaced) and all(
            same(one, expected(exercise, one.case, replaced), exercise.tolerance) for one in order
        )

    for world in worlds:
        tried = (*_with_numbers(exercise, order[0], world), *_hopeful(exercise, order[0], world))
        single: list[Naming] = [(one,) for one in tried if fits((one,), world)]
        if single:
            return _in_the_same_words(exercise, single, world, order[0])
    if any(one.changed for one in seen):  # an answer that changes its inputs spoils its own numbers
        return []
    raised = [one.raised is not None for one in wrong]
    if any(raised) and not all(raised) and not exercise.program:  # `partly` explains the numbers by themselves
        return []
    for world in worlds:
        pairs = [pair for pair in _pairs(exercise, exercise.mistakes(), wrong, world) if fits(pair, world)]
        if pairs:
            return pairs
    return []


def _with_numbers(exercise: Exercise, one: Observation, world: Replaced) -> Iterator[tuple[Mistake, Replaced]]:
    """Yield the mistakes that put some number in the place of a part, with the number that what was seen tells of."""
    for mistake, part in exercise.numbered():
        low, high = (expected(exercise, one.case, {**world, part: _number(part, each)}) for each in (0.0, 1.0))
        found = next(filter(None, (_between(one, low, high, fact) for fact in one.facts)), None)
        if found:
            yield mistake, {part: _number(part, found)}


@lru_cache(1000)
def _number(part: Part, value: float) -> Callable[..., float]:
    return (lambda *given: value) if part.operation else (lambda: value)


def _between(one: Observation, low: Observation, high: Observation, fact: str) -> float | None:
    """Return how far a fact is from its value at 0 to its value at 1, if it is on the line through them."""
    got, *ends = (as_array(each.facts.get(fact)) for each in (one, low, high))
    if got is None or ends[0] is None or ends[1] is None or not got.shape == ends[0].shape == ends[1].shape:
        return None
    start, way = ends[0].ravel(), (ends[1] - ends[0]).ravel()
    share = float((got.ravel() - start) @ way / (way @ way or 1.0))
    return share if isfinite(share) and equal(start + share * way, got.ravel(), 1e-4) else None


def _in_the_same_words(exercise: Exercise, namings: list[Naming], world: Replaced, one: Observation) -> list[Naming]:
    """Return the namings that give the very words of the error that was seen; all, where none does or none was."""
    if one.raised is None:
        return namings
    errors = [expected(exercise, one.case, {**world, **naming[0][1]}).raised for naming in namings]
    words = [error and error.text for error in errors]
    return [naming for naming, text in zip(namings, words, strict=True) if text == one.raised.text] or namings


def remarked(exercise: Exercise, seen: Sequence[Observation]) -> list[tuple[Mistake, str]]:
    """Return the mistakes that leave an answer right and are worth a remark, each with what shows it."""
    if not exercise.remarks or any(one.raised for one in seen):
        return []
    right = [expected(exercise, one.case) for one in seen]
    found: dict[Mistake, str] = {}
    for mistake, replaced in exercise.mistakes():
        if mistake.severity == "remark":
            others = [expected(exercise, one.case, replaced) for one in seen]
            for name in exercise.remarks:
                if all(
                    equal(one.remarks[name], other.remarks[name], 0)
                    and not equal(other.remarks[name], best.remarks[name], 0)
                    for one, other, best in zip(seen, others, right, strict=True)
                ):
                    found[mistake] = str(seen[0].remarks[name])
    return list(found.items())


def _hopeful(exercise: Exercise, one: Observation, world: Replaced) -> Sequence[tuple[Mistake, Replaced]]:
    """Return the mistakes that may give what was seen; the others give another first number of a wrong fact."""
    telling = _telling(exercise, one) if exercise.glance is None else None
    got = None if telling is None else as_array(one.facts[telling])
    known = exercise.mistakes()
    if telling is None or got is None or not got.size:
        return known
    key = exercise, "first numbers", len(known), telling, frozenset(world.items())
    if key not in one.case.known:
        looked_at = None if exercise.program else telling
        looks = (expected(exercise, one.case, {**world, **parts}, fact=looked_at) for _, parts in known)
        one.case.known[key] = np.array([_first(look, telling, exercise.tolerance) for look in looks]).reshape(-1, 2)
    first, reach = one.case.known[key].T
    wider = to_rounding(one.facts[telling], exercise.tolerance) / exercise.tolerance
    other = np.abs(first - got.item(0)) > wider * reach  # never true of nan
    return [each for each, skip in zip(known, other, strict=True) if not skip]


def _first(one: Observation, fact: str, tolerance: float) -> tuple[float, float]:
    """Return the first number of a fact and how far it may be off; nan where it has none, infinity for an error."""
    value = None if one.raised is not None else as_array(one.facts.get(fact))
    if value is None or not value.size:
        return (np.inf if one.raised is not None else np.nan), 0.0
    scale = float(np.abs(value).max())
    return (value.item(0), tolerance * (scale or 1.0)) if isfinite(scale) else (np.nan, 0.0)


def _telling(exercise: Exercise, one: Observation) -> str | None:
    """Return the smallest of the facts that are wrong; None where an error was raised instead."""
    right = expected(exercise, one.case).facts
    wrong = [
        name for name in one.facts if name in right and not equal(one.facts[name], right[name], exercise.tolerance)
    ]
    return min(wrong, key=lambda name: np.size(right[name]), default=None)


def _glance(exercise: Exercise, one: Observation) -> Callable[[Replaced], bool]:
    """Return a quick look at one wrong fact: most mistakes don't give it, and need no closer look."""
    if exercise.glance is not None:
        return _glimpse(exercise, one)
    telling = _telling(exercise, one)
    if telling is None or exercise.program:
        return lambda replaced: True

    def look(replaced: Replaced) -> bool:
        glimpse = expected(exercise, one.case, replaced, fact=telling)
        return glimpse.raised is None and equal(one.facts[telling], glimpse.facts[telling], exercise.tolerance)

    return look


def _glimpse(exercise: Exercise, one: Observation) -> Callable[[Replaced], bool]:
    """Return a quick look at the first values that a program gives."""

    def look(replaced: Replaced) -> bool:
        first = glimpsed(exercise, one.case, replaced)
        if first is None or one.raised is not None:
            return first is None and one.raised is not None
        return all(begins(one.facts[name], value) for name, value in first.items() if name in one.facts)

    return look


def _pairs(
    exercise: Exercise, known: Sequence[tuple[Mistake, Replaced]], wrong: Sequence[Observation], world: Replaced
) -> Iterator[Naming]:
    """Yield the pairs that can explain what is wrong: together they touch all that is, and nothing else.

    What only one of the two touches it has to explain by itself.
    """
    each_kind = [*{one.case.name: one for one in reversed(wrong)}.values()][:KINDS]
    looked_at = wrong[:1] if exercise.program else each_kind  # running a program takes its time
    cases = [(one.case, expected(exercise, one.case, world), one) for one in looked_at]
    bad = [_touched(one, right, exercise.tolerance) for _, right, one in cases]
    hopeful: list[tuple[tuple[Mistake, Replaced], list[set[str]], list[set[str]]]] = []
    met: set[tuple[Any, ...]] = set()  # variations of one mistake that give the same alone give the same together
    for one in known:
        touched: list[set[str]] = []
        alike: list[Any] = [one[0].code]
        for (case, *_), many in zip(cases, bad, strict=True):
            names, numbers = _alone(exercise, case, one[1], world)
            touched.append(names)
            alike.append(numbers)
            if not names <= many:
                break
        if any(touched) and tuple(alike) not in met and touched[-1] <= many:
            missed = [
                _touched(seen, expected(exercise, case, {**world, **one[1]}), exercise.tolerance)
                for case, _, seen in cases
            ]
            hopeful.append((one, touched, missed))
            if not exercise.program:  # of a program one case is looked at: being alike there says little
                met.add(tuple(alike))
    for (one, some, not_by_one), (other, more, not_by_other) in combinations(hopeful, 2):
        together = all(
            facts == few | rest and not (few - rest) & first and not (rest - few) & second
            for facts, few, rest, first, second in zip(bad, some, more, not_by_one, not_by_other, strict=True)
        )
        if together and one[0] is not other[0] and not one[1].keys() & other[1].keys():
            yield one, other


def _alone(exercise: Exercise, case: Case, replaced: Replaced, world: Replaced) -> tuple[set[str], bytes]:
    """Return which facts a mistake alone changes in a case, and all facts as bytes; worked out once for each case."""
    key = exercise, "alone", frozenset(world.items()), frozenset(replaced.items())
    if key not in case.known:
        alone = expected(exercise, case, {**world, **replaced})
        case.known[key] = (
            _touched(alone, expected(exercise, case, world), exercise.tolerance),
            _bytes(alone.facts),
        )
    known: tuple[set[str], bytes] = case.known[key]
    return known


def _bytes(facts: Facts) -> bytes:
    arrays = ((fact, as_array(fact)) for fact in facts.values())
    return b"".join(repr(fact).encode() if array is None else np.round(array, 9).tobytes() for fact, array in arrays)


def _touched(one: Observation, right: Observation, tolerance: float) -> set[str]:
    """Return the names of the facts that are not right; an error is one of them."""
    if one.raised is not None:
        return set() if same(one, right, tolerance) else {*right.facts, one.raised.kind}
    return {key for key, want in right.facts.items() if not equal(one.facts.get(key), want, tolerance)}
