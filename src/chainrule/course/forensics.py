"""Findings in words: the named mistake with its numbers, or what can be said about a result that none explains."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.course import location
from chainrule.course.comparison import as_array, compatible, equal
from chainrule.course.exercise import Exercise
from chainrule.course.judge import Naming
from chainrule.course.observation import Observation, Raised
from chainrule.course.trace import Place
from chainrule.mistakes.finding import Finding
from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.step import Replaced, needs

Wrong = Sequence[tuple[Observation, Observation]]
ALTERNATIVES = 3


def is_unwritten(seen: Sequence[Observation]) -> bool:
    """Say whether the answer is still a stub: it raises NotImplementedError, or computes and returns nothing at all."""
    return (gives_nothing(seen) and not seen[0].watch()) or all(
        one.raised is not None
        and (
            one.raised.kind == "NotImplementedError"
            or (one.raised.kind == "Exception" and "implement" in one.raised.text.lower())
        )
        for one in seen
    )


def gives_nothing(seen: Sequence[Observation]) -> bool:
    """Say whether nothing came back in any case."""
    return all(one.raised is None and one.facts and all(fact is None for fact in one.facts.values()) for one in seen)


def unwritten(task: Exercise, seen: Sequence[Observation]) -> Finding:
    """Return the finding for a stub; where it is an earlier one that the answer calls, for that one."""
    which, is_other, _ = (seen[0].raised.text if seen[0].raised else "").partition(", is not written yet")
    return Finding(
        "CR001",
        f"{which if is_other else task} is not written yet",
        fix="Fill it in, run its cell, then run this one.",
    )


def borrowed(name: str, right: bool) -> Finding:
    """Return the finding for an answer that reads another cell's data."""
    return Finding(
        "CR005" if right else CATALOGUE["GD106"].code,
        f"your code reads {name!r} from another cell",
        "warning" if right else "error",
        explanation="Where a function takes its data from outside, an old value of that name is used without a word.",
        fix=f"Use the function's own arguments, or give {name!r} its value inside.",
    )


def nothing(task: Exercise, wrong: Wrong) -> list[Finding]:
    """Return the finding for an answer that computes something and gives nothing back, if it is that."""
    empty = gives_nothing([one for one, _ in wrong])
    return [of(CATALOGUE["TR203"], numbers(task, wrong), None)] if empty else []


def changed(one: Observation) -> Finding:
    """Return the finding for an answer that changed its caller's arrays."""
    evidence = f"After the call with {one.case.name}, {' and '.join(one.changed)} had other values than before."
    return of(CATALOGUE["GD102"], evidence, one.changing)


def of(mistake: Mistake, evidence: str, place: Place | None, *, title: str = "") -> Finding:
    """Return a finding in a mistake's own words."""
    return Finding(
        mistake.code,
        title or mistake.title,
        mistake.severity,
        "\n".join(filter(None, (evidence, "" if place is None or str(place) in evidence else str(place)))),
        mistake.explanation,
        mistake.fix,
        place.file if place else None,
        place.line if place else None,
    )


def named(task: Exercise, namings: Sequence[Naming], wrong: Wrong) -> list[Finding]:
    """Return a finding for each mistake that explains the result; of several explanations the likelier ones first."""
    alternatives: dict[frozenset[Mistake], Naming] = {}
    for naming in namings:
        alternatives.setdefault(frozenset(mistake for mistake, _ in naming), naming)
    likely = sorted(alternatives.items(), key=lambda item: -min(mistake.seen for mistake in item[0]))[:ALTERNATIVES]
    certain = frozenset.intersection(*alternatives) if alternatives else frozenset()
    (one, _), *_ = wrong
    evidence = numbers(task, wrong)
    findings: list[Finding] = []
    for number, (_, naming) in enumerate(likely):
        for mistake, replaced in naming:
            if number and mistake in certain:
                continue
            place = location.of_mistake(task, one, replaced) or (
                one.raised.place if one.raised and not findings else None
            )
            text = "This would give exactly the same numbers." if number else "" if findings else evidence
            text = "\n".join(filter(None, (text, _as_if(mistake, replaced))))
            findings.append(of(mistake, text, place, title=f"or: {mistake.title}" if number else ""))
    return findings


def _as_if(mistake: Mistake, replaced: Replaced) -> str:
    """Say which number of the learner's own was found in the place of a part."""
    for part in mistake.numbers:
        if part in replaced and set(needs(replaced[part])) <= {"given"}:
            return f"as if the {part.name} were {replaced[part]():.6g}, whatever is asked for"
    return ""


def named_in_part(task: Exercise, found: Sequence[tuple[Sequence[Naming], Wrong]], left: Wrong) -> list[Finding]:
    """Return findings for mistakes that explain only some of the cases, and one for the cases that are left."""
    findings = [finding for namings, wrong in found for finding in named(task, namings, wrong)]
    if not findings or not left:
        return findings
    (rest,) = unnamed(task, left)
    return [*findings, replace(rest, title=f"and that is not all: {rest.title}")]


def unnamed(task: Exercise, wrong: Wrong) -> list[Finding]:
    """Return what can be said where no known mistake gives the result."""
    one, _ = wrong[0]
    if one.raised is not None:
        return [error(one.case.name, one.raised)]
    evidence = numbers(task, wrong)
    good, bad = location.right_until(task, one)
    if good:
        evidence += f"\nright so far: {', '.join(good)}"
    if bad is not None and bad.name != "return":
        evidence += f"\nthe first value that the right step doesn't have: {bad.name}, {bad.place}"
    file, line = (bad.place.file, bad.place.line) if bad else (None, None)
    return [Finding("CR003", "the result is wrong, in none of the known ways", evidence=evidence, file=file, line=line)]


def error(case: str, raised: Raised) -> Finding:
    """Return the finding for an error in the learner's code, shown as theirs."""
    place = raised.place
    evidence = f"{raised}\nraised with {case}"
    if raised.kind == "UnboundLocalError":
        return of(CATALOGUE["GD106"], evidence, place)
    if raised.kind == "SystemExit":
        return of(CATALOGUE["GD149"], evidence, place)
    if raised.kind == "TookTooLong":
        file, line = (place.file, place.line) if place else (None, None)
        return Finding("CR004", "your code runs on and on", evidence=f"{raised.text}\n{place}", file=file, line=line)
    title = f"your code raised {raised.kind}" if place else f"what your code returned can't be used: {raised.kind}"
    file, line = (place.file, place.line) if place else (None, None)
    return Finding("CR002", title, evidence=f"{evidence}\n{place}" if place else evidence, file=file, line=line)


def numbers(task: Exercise, wrong: Wrong) -> str:
    """Return the wrong facts beside the right ones, and how they are related where that is simple."""
    one, right = wrong[0]
    if one.raised is not None:
        return f"with {one.case.name}: {one.raised}" + (f"\n{one.raised.place}" if one.raised.place else "")
    if right.raised is not None:
        return f"with {one.case.name}: should raise {right.raised}"
    bad = [key for key, want in right.facts.items() if not equal(one.facts.get(key), want, task.tolerance)]
    good = [words(task, key) for key in right.facts if key not in bad]
    if any(isinstance(one.facts.get(key), str) for key in bad):  # it says in words why the others are missing
        bad = [key for key in bad if one.facts.get(key) is not None]
    lines = [
        f"{words(task, key)}, with {one.case.name}: {relation(one.facts.get(key), right.facts[key], one)}"
        for key in bad[:3]
    ]
    return "\n".join(lines + ([f"right: {', '.join(good)}"] if good else []))


def words(task: Exercise, fact: str) -> str:
    """Return a fact's name as it is read: a result keeps the name that it has in the exercise."""
    return fact if task.observe is None else fact.replace("_", " ")


def relation(got: Any, want: Any, one: Observation) -> str:
    """Say in words how a wrong value is related to the right one."""
    if got is None:
        return "nothing came back (None): is a return missing, or one of its results?"
    have, right = as_array(got), as_array(want)
    if have is None or right is None or right.dtype == bool or isinstance(want, bool | str):
        return f"yours is {_plain(got)}, right is {_plain(want)}"
    if not compatible(have, right):
        return f"yours has shape {have.shape}, right is {right.shape}"
    have = have.reshape(right.shape)
    beside = f"yours is {_short(have)}, right is {_short(right)}"
    return "; ".join([beside, *_ratio(have, right, one), *_where(have, right, one)])


def _ratio(have: np.ndarray[Any, Any], right: np.ndarray[Any, Any], one: Observation) -> Iterator[str]:
    """Yield what a constant ratio means: a known size, a known number, the wrong way round."""
    known = right != 0
    with np.errstate(all="ignore"):
        ratios = have[known] / right[known]
    if not ratios.size or not np.isfinite(ratios).all() or np.any(have[~known]):
        return
    if not np.allclose(ratios, ratios.flat[0], rtol=1e-6):
        return
    ratio = float(ratios.flat[0])
    if ratio == 0:
        yield "yours is 0"
    elif np.isclose(ratio, 1):
        yield "almost the same, but not to rounding"
    elif np.isclose(ratio, -1):
        yield "the same size, but the wrong way round"
    elif (meaning := "".join(_meaning(ratio, one))) or np.isclose(ratio * 12, round(ratio * 12)):
        size = f"{ratio:.6g} times too large" if abs(ratio) > 1 else f"{ratio:.6g} times the right one"
        yield f"yours is exactly {size}{meaning}"
    else:
        yield f"yours is {ratio:.6g} times the right one throughout"


def _meaning(ratio: float, one: Observation) -> Iterator[str]:
    """Yield which number among the inputs a ratio is, or is one over."""
    for name, value in one.case.inputs.items():
        if isinstance(value, float) and np.isclose(ratio, value):
            yield f", and that is {name}"
            return
        if isinstance(value, np.ndarray) and value.ndim and len(value) > 1:
            count = f"{len(value)} {'records' if f'{len(value)} records' in one.case.name else name}"
            if np.isclose(ratio, len(value)):
                yield f"; there are {count}"
                return
            if np.isclose(ratio, 1 / len(value)):
                yield f", which is 1/{len(value)}; there are {count}"
                return


def _where(have: np.ndarray[Any, Any], right: np.ndarray[Any, Any], one: Observation) -> Iterator[str]:
    """Yield which entries are wrong, where that has a pattern."""
    if right.ndim == 2 and right.shape[0] == right.shape[1] and np.allclose(have, right.T):
        yield "yours is the transpose"
    bad = ~np.isclose(have, right, rtol=1e-6)
    if bad.all() or not bad.any():
        return
    for name, value in one.case.inputs.items():
        if isinstance(value, np.ndarray) and value.shape == bad.shape:
            for sign, word in ((-1, "<"), (1, ">")):
                if np.array_equal(bad, value * sign > 0):
                    yield f"wrong exactly where {name} {word} 0"
                    return
    rows = bad.reshape(len(bad), -1).any(axis=1)
    if bad.ndim > 1 and rows.sum() < len(rows):
        yield f"wrong in rows {', '.join(map(str, np.flatnonzero(rows)))} of {len(rows)} (counted from 0)"
    else:
        yield f"{bad.sum()} of {bad.size} values are wrong"


def _plain(value: Any) -> str:
    """Return words as they are, several numbers in short, and anything else as Python shows it."""
    array = as_array(value)
    if isinstance(value, str):
        return value
    return _short(array) if array is not None and array.ndim and array.size else repr(value)


def _short(values: np.ndarray[Any, Any]) -> str:
    shown = ", ".join(f"{value:.4g}" for value in values.flat[:3])
    return f"[{shown}{', …' if values.size > 3 else ''}]" if values.size > 1 else f"{values.item():.6g}"
