"""Findings in words: the named mistake with its numbers, or what can be said about a result that none explains."""

import linecache
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.course.exercise import Exercise
from chainrule.course.judge import Naming, as_array, compatible, equal
from chainrule.course.observation import Observation
from chainrule.mistakes.finding import Finding
from chainrule.mistakes.mistake import CATALOGUE

Wrong = Sequence[tuple[Observation, Observation]]


def is_unwritten(seen: Sequence[Observation]) -> bool:
    """Say whether the answer is still a stub: it raises NotImplementedError, or returns nothing at all."""
    return all(
        isinstance(one.error, NotImplementedError)
        or (one.error is None and bool(one.facts) and all(fact is None for fact in one.facts.values()))
        for one in seen
    )


def unwritten(task: Exercise) -> Finding:
    """Return the finding for a stub."""
    return Finding("CR001", f"{task.name} is not written yet", fix="Fill it in, run its cell, then run this one.")


def borrowed(name: str, right: bool) -> Finding:
    """Return the finding for an answer that reads another cell's data."""
    return Finding(
        "CR005",
        f"reads {name!r} from another cell",
        "warning" if right else "error",
        explanation="A function should get its data as arguments: an old value of that name is used without a word.",
        fix=f"Use the function's own arguments, or define {name!r} inside it.",
    )


def changed(task: Exercise, answer: Any, one: Observation) -> Finding:
    """Return the finding for an answer that changed its caller's arrays."""
    entry = CATALOGUE["GD102"]
    names = ", ".join(one.changed)
    return Finding(
        entry.code,
        entry.title,
        evidence=f"{names}: not the same after the call, with {one.case.name}.",
        explanation=entry.explanation,
        fix=entry.fix,
    )


def named(task: Exercise, answer: Any, namings: Sequence[Naming], wrong: Wrong) -> list[Finding]:
    """Return a finding for each mistake that explains the result; several explanations are said to be alternatives."""
    codes = {tuple(mistake.code for mistake in mistakes): mistakes for mistakes, _ in namings}
    findings = []
    for number, mistakes in enumerate(codes.values()):
        for mistake in mistakes:
            title = f"or: {mistake.title}" if number else mistake.title
            findings.append(
                Finding(mistake.code, title, evidence=numbers(wrong), explanation=mistake.explanation, fix=mistake.fix)
            )
    return findings


def unnamed(task: Exercise, answer: Any, wrong: Wrong) -> list[Finding]:
    """Return what can be said where no known mistake gives the result."""
    one, _ = wrong[0]
    if one.error is not None:
        file, line = _place(one.error)
        text = linecache.getline(file, line).strip() if file and line else ""
        said = f"{type(one.error).__name__}: {one.error}\nwith {one.case.name}" + (
            f", in the line: {text}" if text else ""
        )
        return [Finding("CR002", f"your code raised {type(one.error).__name__}", evidence=said, line=line)]
    return [Finding("CR003", "the result is wrong, and is none of the known mistakes", evidence=numbers(wrong))]


def numbers(wrong: Wrong) -> str:
    """Return the first wrong fact beside the right one, and how they are related where that is simple."""
    one, right = wrong[0]
    if one.error is not None:
        return f"with {one.case.name}: {type(one.error).__name__}: {one.error}"
    for key, want in right.facts.items():
        got = one.facts.get(key)
        if not equal(got, want, 1e-6):
            return f"{key}, with {one.case.name}: {relation(got, want)}"
    return ""


def relation(got: Any, want: Any) -> str:
    """Say in words how a wrong value is related to the right one."""
    have, right = as_array(got), as_array(want)
    if have is None or right is None:
        return f"got {got!r}, expected {want!r}"
    if not compatible(have, right):
        return f"has shape {have.shape}, expected {right.shape}"
    have = have.reshape(right.shape)
    with np.errstate(all="ignore"):
        ratios = (have / right)[right != 0]
    if ratios.size and np.allclose(ratios, ratios.flat[0], rtol=1e-6):
        return f"{ratios.flat[0]:.6g} times the right value"
    return f"got {np.round(have.ravel()[:4], 4)}, expected {np.round(right.ravel()[:4], 4)}"


def _place(error: BaseException) -> tuple[str | None, int | None]:
    """Return the file and line of the last frame in the learner's own code."""
    paths = sysconfig.get_paths()
    ours = [Path(__file__).parents[1], *(Path(paths[key]) for key in ("stdlib", "purelib", "platlib"))]
    place: tuple[str | None, int | None] = (None, None)
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not any(Path(file).is_relative_to(folder) for folder in ours):
            place = file, trace.tb_lineno
        trace = trace.tb_next
    return place
