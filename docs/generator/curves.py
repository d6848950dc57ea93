"""The curve of a mistake beside the healthy one: trained, compared, drawn, and said in a sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from chainrule.mistakes import Mistake, Part, Step
from chainrule.mistakes.step import ANYTHING, NOTHING, Replaced

Series = dict[str, list[float]]
SEEDS = range(5)
FORMS = 8  # of a mistake's forms in one setting, how many are tried


class NotThere(Exception):
    """A form of a mistake that this training can't make: it stands for a fact, or leaves its result open."""


class Stopped(Exception):
    """What ends a training that is no error of Python's: a loss that is no number, weights of another shape."""


@dataclass(frozen=True)
class Setting:
    """A small network with data on which a step can be trained.

    Parameters
    ----------
    what : str
        The network and the data, in words.
    steps : tuple of Step
        The step in whose parts mistakes are made; several, where one mistake can be in all of them.
    train : callable
        From replaced parts and a seed to the series that it fills, one number for each epoch; called with
        ``(replaced, seed, series)``, so that what was done before an error is kept.
    each : str
        What a series has a number for.
    seeds : range
        The seeds of the runs.
    """

    what: str
    steps: tuple[Step, ...]
    train: Callable[[Replaced, int, Series], None]
    each: str = "epoch"
    seeds: range = SEEDS

    def forms(self, mistake: Mistake) -> Iterator[Replaced]:
        """Yield the forms of a mistake that fit."""
        met: list[Replaced] = []
        for step in self.steps:
            for form in mistake.in_step(step):
                if form not in met:
                    met.append(form)
                    yield form


@dataclass(frozen=True)
class Run:
    """What one training showed, and the error that stopped it, if one did."""

    series: Series
    stopped: str = ""


@dataclass(frozen=True)
class Comparison:
    """Runs with a mistake beside healthy ones, seed by seed.

    ``form`` are the names of the parts in whose place the mistake was put.
    """

    setting: Setting
    form: tuple[str, ...]
    wrong: tuple[Run, ...]
    healthy: tuple[Run, ...]


def run(setting: Setting, replaced: Replaced, seed: int) -> Run:
    """Train once.

    Raises
    ------
    NotThere
        If the training never comes to the parts that are replaced, or they leave their result open.
    """
    called: set[Part] = set()
    series: Series = {}
    stopped = ""
    try:
        with np.errstate(all="ignore"):
            setting.train({part: _noted(part, function, called) for part, function in replaced.items()}, seed, series)
    except NotThere:
        raise
    except Exception as error:  # whatever a mistake raises is what its page shows
        stopped = str(error) if isinstance(error, Stopped) else f"{type(error).__name__}: {error}"
    if called != set(replaced):
        raise NotThere
    return Run(series, stopped)


def _noted(part: Part, function: Callable[..., Any], called: set[Part]) -> Callable[..., Any]:
    """Return a function that does the same, and notes that it was called."""

    @wraps(function)
    def noted(*arguments: Any, **named: Any) -> Any:
        called.add(part)
        result = function(*arguments, **named)
        if result is ANYTHING:
            raise NotThere
        return result

    return noted


def compare(mistake: Mistake, settings: Mapping[str, Setting], healthy: dict[str, tuple[Run, ...]]) -> Comparison | None:
    """Train with a mistake in the first setting that has it; None where none has.

    A form that trains to the end and gives other numbers than the healthy run comes before one that stops with an
    error, and that before one which changes nothing.
    """
    stopping = silent = None
    for name, setting in settings.items():
        for form in list(setting.forms(mistake))[:FORMS]:
            if name not in healthy:
                healthy[name] = tuple(run(setting, NOTHING, seed) for seed in setting.seeds)
            try:
                wrong = tuple(run(setting, form, seed) for seed in setting.seeds)
            except NotThere:
                continue
            found = Comparison(setting, tuple(part.name for part in form), wrong, healthy[name])
            if any(each.stopped for each in wrong):
                stopping = stopping or found
            elif wrong == healthy[name]:
                silent = silent or found
            else:
                return found
    return stopping or silent
