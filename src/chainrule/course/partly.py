"""Where no mistake and no pair of them explains all that is wrong: what explains a part of it.

A learner's code often has three mistakes, or one and an error for some shapes. A mistake that gives exactly what was
seen in every case of one kind, and spoils no case that is right, is there; what it doesn't explain is said as well.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from chainrule.course.comparison import has_another_shape, same
from chainrule.course.exercise import Exercise
from chainrule.course.judge import OF_THE_PROGRAM, Naming
from chainrule.course.observation import Observation, expected
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.step import NOTHING, Replaced

Kinds = dict[str, list[Observation]]
Explained = tuple[frozenset[str], Naming]
Pairs = list[tuple[Observation, Observation]]


def explained(exercise: Exercise, seen: Sequence[Observation]) -> tuple[list[tuple[list[Naming], Pairs]], Pairs]:
    """Return the mistakes that explain some kinds of cases, with their alternatives and these cases; and those left.

    Parameters
    ----------
    exercise : Exercise
        What was asked for. Of a program nothing is explained in part: running it takes its time.
    seen : sequence of Observation
        What was observed in each case. Cases of one name are of one kind.
    """
    errors = [one.raised.kind for one in seen if one.raised is not None]
    if exercise.program or len(errors) == len(seen) or OF_THE_PROGRAM & set(errors):
        return [], []
    kinds: Kinds = {}
    for one in seen:
        kinds.setdefault(one.case.name, []).append(one)
    worlds = [(_wrong_kinds(exercise, kinds, world), world) for world in (NOTHING, *exercise.right)]
    wrong, world = min(worlds, key=lambda each: len(each[0]))
    known = list(_explaining(exercise, kinds, wrong, world))
    found: list[tuple[list[Naming], Pairs]] = []
    left = set(wrong)

    def pairs(names: Iterable[str]) -> Pairs:
        return [(one, expected(exercise, one.case, world)) for name in wrong if name in names for one in kinds[name]]

    covered = frozenset[str]().union(*(names for names, _ in known))
    if 3 * len(covered) < sum(name in covered or kinds[name][0].raised is None for name in wrong):
        known = []  # so little may be chance: with two rows, half is a division by the number of rows
    while known:
        most = max(len(names & left) for names, _ in known)
        best = [(names, naming) for names, naming in known if most and len(names & left) == most]
        if not best:
            break
        covered = best[0][0] & left
        found.append(([naming for names, naming in best if names & left == covered], pairs(covered)))
        left -= covered
        known = [each for each in known if each[0] & left and not _touches(exercise, kinds, covered, each[1], world)]
    if not found and _is_for_one_record(kinds, pairs(left)):
        found = [
            ([((mistake, parts),)], pairs(left))
            for mistake, parts in exercise.mistakes()
            if mistake is CATALOGUE["GD109"]
        ]
        return found[:1], []
    return found, pairs(left)


def _is_for_one_record(kinds: Kinds, wrong: Pairs) -> bool:
    """Say whether an answer is right for each single record, and for each batch fails or gives another shape."""
    batches = {name for name, ones in kinds.items() if _records(ones[0]) > 1}
    return batches == {one.case.name for one, _ in wrong} != kinds.keys() and all(
        one.raised is not None or any(has_another_shape(one.facts.get(key), want) for key, want in right.facts.items())
        for one, right in wrong
    )


def _records(one: Observation) -> int:
    """Return how many records a case has."""
    first = next(iter(one.case.inputs.values()))
    return len(first) if isinstance(first, np.ndarray) and first.ndim == 2 else 1


def _wrong_kinds(exercise: Exercise, kinds: Kinds, world: Replaced) -> list[str]:
    """Return the kinds of cases in which the answer is wrong by a convention."""
    return [name for name, ones in kinds.items() if not _same(exercise, ones, world)]


def _same(exercise: Exercise, ones: Sequence[Observation], replaced: Replaced) -> bool:
    return all(same(one, expected(exercise, one.case, replaced), exercise.tolerance) for one in ones)


def _explaining(exercise: Exercise, kinds: Kinds, wrong: Sequence[str], world: Replaced) -> list[Explained]:
    """Return the mistakes that give what was seen in some kinds of cases, and spoil none that is right."""
    found: list[Explained] = []
    for mistake, parts in exercise.mistakes():
        if mistake.severity != "error":  # a warning must not stand before what is really wrong
            continue
        names = frozenset(name for name in wrong if _same(exercise, kinds[name], {**world, **parts}))
        if names and not _touches(exercise, kinds, kinds.keys() - set(wrong), ((mistake, parts),), world):
            naming: Naming = ((mistake, parts),)
            found.append((names, naming))
    return found


def _touches(
    exercise: Exercise, kinds: Kinds, names: frozenset[str] | set[str], naming: Naming, world: Replaced
) -> bool:
    """Say whether a mistake changes anything in these kinds of cases."""
    (_, parts), *_ = naming
    return any(
        not same(
            expected(exercise, one.case, {**world, **parts}), expected(exercise, one.case, world), exercise.tolerance
        )
        for name in names
        for one in kinds[name]
    )
