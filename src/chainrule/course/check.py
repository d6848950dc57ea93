"""Is an answer right, and if it is not: which mistake is in it."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from chainrule.course import forensics, journal, partly
from chainrule.course.exercise import Exercise, find
from chainrule.course.judge import SEEDS, look, name, remarked, wrong_ones
from chainrule.course.lessons import CourseError
from chainrule.course.observation import Observation, namespace_of, quiet, without_data
from chainrule.mistakes.finding import Finding, Report


def check(answer: Any, exercise: str | None = None, *, seeds: Iterable[int] = SEEDS) -> Report:
    """Say whether an answer is right; if it isn't, name the mistake that was made.

    Parameters
    ----------
    answer : function or class
        What the learner wrote.
    exercise : str, optional
        The exercise's name, where the answer has another.
    seeds : iterable of int
        Seeds of the random inputs that the answer is tried on.

    Returns
    -------
    Report
        Draws itself in a notebook and prints itself in a terminal.

    Raises
    ------
    CheckError
        If no exercise has that name.

    Examples
    --------
    >>> import numpy as np
    >>> def sigmoid(x):
    ...     return 1 / 1 + np.exp(-x)
    >>> check(sigmoid).findings[0].code
    'GD123'
    """
    task = find(answer, exercise)
    report, _ = examined(task, answer, seeds)
    if "ipykernel" in sys.modules and report.verdict != "not written yet":  # in a notebook: the learner's own work
        try:
            journal.note(task, report.passed)
        except CourseError as error:
            report.findings.append(Finding("CR007", str(error), "remark"))
    return report


def examined(task: Exercise, answer: Any, seeds: Iterable[int]) -> tuple[Report, list[Observation]]:
    """Return the verdict on an answer, and what was observed of it in each case of each seed."""
    with without_data(answer) as hidden:
        seen = look(task, answer, seeds)
    borrowed = sorted({one.raised.name for one in seen if one.raised is not None} & hidden.keys())
    if borrowed:
        seen = look(task, answer, seeds)
    report = judged(task, seen, together=lambda: _right_together(task, answer))
    findings = [forensics.borrowed(names, report.passed) for names in borrowed]
    return replace(report, findings=report.findings + findings), seen


@quiet()
def judged(task: Exercise, seen: Sequence[Observation], together: Callable[[], bool]) -> Report:
    """Return the verdict on what was observed of an answer.

    Parameters
    ----------
    task : Exercise
        What was asked for.
    seen : sequence of Observation
        What was observed in each case.
    together : callable
        Says whether the answer and its caller are right when judged as one; asked only if the answer alone is not.
    """
    if forensics.is_unwritten(seen):
        return Report(task.name, [forensics.unwritten(task, seen)], title=str(task))
    wrong = wrong_ones(task, seen)
    if wrong and together():
        wrong = []
    changed = [one for one in seen if one.changed]
    findings = [forensics.changed(changed[0])] if changed else []
    if wrong:
        namings = name(task, seen, [one for one, _ in wrong])
        words = forensics.named(task, namings, wrong) or forensics.nothing(task, wrong)
        words = words or forensics.named_in_part(task, *partly.explained(task, seen)) or forensics.unnamed(task, wrong)
        findings = words + findings
    remarks = [forensics.of(mistake, fact, None) for mistake, fact in remarked(task, seen)]
    return Report(task.name, findings + remarks, "" if findings else _lesson_learnt(task), str(task))


def _right_together(task: Exercise, answer: Any) -> bool:
    """Say whether the learner's own caller of the answer gets it right: then another convention is used in both."""
    space, name = namespace_of(answer), getattr(answer, "__name__", "")
    caller = space.get(task.caller) if task.caller else None
    if not callable(caller) or space.get(name) is not answer:  # the caller calls another one
        return False
    whole = find(caller, task.caller)
    with without_data(caller):
        return not wrong_ones(whole, look(whole, caller))


def _lesson_learnt(task: Exercise) -> str:
    common = task.commonest
    return task.why + (f" The commonest mistake here: {common.title}. It shows so: {common.symptom}" if common else "")
