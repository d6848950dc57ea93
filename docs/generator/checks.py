"""What check says of a mistake: of a learner's code that has it, or of the right step with the mistake put in."""

import linecache
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from chainrule.course.check import check, judged
from chainrule.course.exercise import EXERCISES
from chainrule.course.judge import SEEDS
from chainrule.course.observation import expected
from chainrule.mistakes import Mistake, Report
from chainrule.mistakes.step import Anything, Misfit

LONGEST = 45  # lines
TRIED = 4


@dataclass(frozen=True)
class Checked:
    """A report that names a mistake, and the code it is about; empty, where it is the step with its part replaced."""

    exercise: str
    source: str
    report: Report


def checked(mistake: Mistake) -> Checked | None:
    """Return a report of check that names a mistake; None where no exercise can have it."""
    return _of_code(mistake.code) or _of_step(mistake)


@cache
def _submissions() -> dict[str, list[Any]]:
    """Return the wrong submissions with one mistake alone, by its code; those of the lessons' own exercises first."""
    from tests.learners import submissions

    found: dict[str, list[Any]] = {}
    for each in sorted(submissions(), key=lambda each: (not EXERCISES[each.exercise].number, len(each.source))):
        if not each.right and len(each.codes) == 1 and len(each.codes[0]) == 1:
            found.setdefault(next(iter(each.codes[0])), []).append(each)
    return found


def _of_code(code: str) -> Checked | None:
    """Check the shortest code of a learner in which this is the mistake, as a file ``lesson.py``."""
    for each in _submissions().get(code, [])[:TRIED]:
        source = each.source.strip() + "\n"
        linecache.cache["lesson.py"] = (len(source), None, source.splitlines(keepends=True), "lesson.py")
        names: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(source, "lesson.py", "exec"), names)
        report = check(names[each.called], each.exercise)
        if source.count("\n") < LONGEST and [finding.code for finding in report] == [code]:
            return Checked(str(EXERCISES[each.exercise]), source.rstrip(), report)
    return None


def _of_step(mistake: Mistake) -> Checked | None:
    """Judge what the right step gives with the mistake in one of its parts."""
    for task in EXERCISES.values():
        for replaced in mistake.in_step(task.step):
            cases = [case for seed in SEEDS for case in task.cases(np.random.default_rng(seed))]
            with np.errstate(all="ignore"):  # a mistake may well divide by 0
                seen = [expected(task, case, replaced) for case in cases]
            if any(isinstance(fact, Anything | Misfit) for one in seen for fact in one.facts.values()):
                continue
            report = judged(task, seen, together=_never)
            if mistake.code in {finding.code for finding in report}:
                return Checked(str(task), "", report)
    return None


def _never() -> bool:
    return False
