"""Before learners come: an exercise has to accept its own solution, and to name every mistake made in it."""

from collections.abc import Iterator

import numpy as np

from chainrule.course.check import check, judged
from chainrule.course.exercise import Exercise, find, load
from chainrule.course.judge import SEEDS
from chainrule.course.observation import expected, quiet
from chainrule.mistakes.finding import Finding, Report
from chainrule.mistakes.step import ANYTHING


@quiet()
def rehearse(name: str) -> Report:
    """Try an exercise on its own solution, and on every mistake that can be made in its step.

    Parameters
    ----------
    name : str
        The exercise's name.

    Returns
    -------
    Report
        A finding for each mistake that the cases don't show, or that is taken for another one.

    Raises
    ------
    CheckError
        If no exercise has that name.
    """
    task = find(None, name)
    mistakes = {mistake.code for mistake, _ in task.mistakes()}
    findings = [*_of_solution(task), *_of_mistakes(task)]
    note = (
        f"The solution is accepted, and every mistake is named: {', '.join(sorted(mistakes)) or 'there is none yet'}."
    )
    return Report(task.name, findings, "" if findings else note, str(task))


def _of_solution(task: Exercise) -> Iterator[Finding]:
    if not task.solution:
        yield Finding("CR010", "there is no solution", "warning", fix="Give one as text: exercise(…, solution=…).")
        return
    names = {"np": np}
    for each in load().values():
        if each is task or (each.lesson and each.lesson == task.lesson):
            exec(each.solution, names)
    exec(task.solution, names)
    given = [names[one] for one in (task.called or task.name).split()]
    report = check(given[0] if len(given) == 1 else tuple(given), task.name)
    if not report.passed:
        yield Finding("CR010", "the solution is not accepted", evidence=str(report))


def _of_mistakes(task: Exercise) -> Iterator[Finding]:
    cases = [case for seed in SEEDS for case in task.tried_on(seed)]
    for mistake, replaced in task.mistakes():
        seen = [expected(task, case, replaced) for case in cases]
        if any(fact is ANYTHING for one in seen for fact in one.facts.values()):
            continue  # what a mistake leaves open can't be tried
        report = judged(task, seen, together=lambda: False)
        where = f"put in the place of {', '.join(part.name for part in replaced)}"
        if report.passed:
            title = f"{mistake.code} can't be told from the right answer"
            yield Finding("CR010", title, evidence=where, fix="Add a case in which it gives something else.")
        elif mistake.code not in {finding.code for finding in report}:
            title = f"{mistake.code} is taken for {' '.join(finding.code for finding in report)}"
            yield Finding("CR010", title, evidence=where)
