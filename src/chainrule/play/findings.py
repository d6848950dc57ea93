"""What check says of a mistake that is switched on."""

from functools import lru_cache

import numpy as np

from chainrule.course.check import judged
from chainrule.course.exercise import Exercise
from chainrule.course.exercise import load as load_exercises
from chainrule.course.forensics import of
from chainrule.course.judge import SEEDS, wrong_ones
from chainrule.course.observation import Observation, expected
from chainrule.course.witness import cases_for
from chainrule.mistakes.finding import Report
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.mistakes.step import Replaced, Step
from chainrule.mistakes.steps import backpropagation, forward, neural_network, penalties
from chainrule.play.breaking import broken, variation
from chainrule.play.records import Records
from chainrule.play.settings import Settings

STEPS = 50
EVALUATED = 500  # records
NEVER_RESET = "GD153"  # what it gives can't be told from a single call, only from an object that is asked twice
RANDOM = "GD141"  # what it gives can't be told at all
# The steps of NumPy exercises that the judge tells a mistake from in well under a second.
JUDGED = (
    forward.sigmoid_alone,
    forward.forward_pass,
    backpropagation.backward_pass,
    backpropagation.update_weights,
    penalties.l1_gradient,
    penalties.l2_gradient,
    penalties.regularized_step,
    neural_network.neural_network,
)


def finding(settings: Settings, records: Records, code: str) -> Report:
    """Return what check finds in an answer with this mistake in it; else the catalogue's words with the run's numbers.

    Parameters
    ----------
    settings : Settings
    records : Records
    code : str
        The mistake's code.

    Raises
    ------
    ConfigError
        If this run has no part where the mistake could be.
    """
    mistake, replaced = CATALOGUE[code], variation(settings, records, code)()
    steps = (neural_network.neural_network,) if code == NEVER_RESET else JUDGED
    known = [parts for step in steps for parts in mistake.in_step(step)][:1]
    for parts in {RANDOM: [], NEVER_RESET: known}.get(code, [replaced, *known]):
        report = _checked(tuple(parts.items()), steps)
        if report is not None and code in {found.code for found in report.findings}:
            return report
    return Report("this run", [of(mistake, _numbers(settings, records, code), None)])


@lru_cache(maxsize=20)
def _numbers(settings: Settings, records: Records, code: str) -> str:
    """Train for some steps with the mistake and without it, and say what became of the loss."""
    rng, losses = np.random.default_rng(settings.seed), []
    rows = [rng.permutation(len(records.train))[: settings.batch_size] for _ in range(STEPS)]
    for which in (code, ""):
        runner = broken(settings, records, which)
        try:
            with np.errstate(all="ignore"):
                for at in rows:
                    runner.step(records.train.x[at], records.train.y[at])
                losses.append(f"{runner.loss(records.train.x[:EVALUATED], records.train.y[:EVALUATED]):.4g}")
        except FloatingPointError:
            losses.append("not a number")
    return f"After {STEPS} steps the training loss is {losses[0]}; without the mistake it is {losses[1]}."


@lru_cache(maxsize=200)
@np.errstate(all="ignore")
def _checked(replaced: tuple[tuple[object, object], ...], steps: tuple[Step, ...]) -> Report | None:
    """Let the judge look at the first exercise in which the mistake shows; None if there is no such."""
    parts: Replaced = dict(replaced)  # type: ignore[arg-type]
    exercises = [task for step in steps for task in load_exercises().values() if task.step is step]
    for task in exercises:
        if task.step.fits(parts):
            seen = _seen(task, parts)
            if wrong_ones(task, seen):
                return judged(task, seen, together=lambda: False)
    return None


def _seen(task: Exercise, replaced: Replaced) -> list[Observation]:
    """Return what would be observed of an answer with these parts replaced."""
    return [expected(task, case, replaced) for case in cases_for(task, SEEDS)]
