"""The curve of a mistake beside the healthy one: trained, compared, drawn, and said in a sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from chainrule.mistakes import Mistake, Part, Step
from chainrule.mistakes.step import NOTHING, Anything, Misfit, Replaced

Series = dict[str, list[float]]
SEEDS = range(5)
FORMS = 8  # of a mistake's forms in one setting, how many are tried


# Where a mistake shows best, of the settings that have it; for the others it is the first.
CHOSEN = {
    "GD134": "mini-batches",
    "GD153": "momentum",
    "TR148": "Adam",
    "TR174": "epochs",
    "TR177": "epochs",
}
STAND_INS = {"GD181"}  # their forms stand for another layer, which check sets beside the learner's: nothing to train


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
        if isinstance(result, Anything | Misfit):
            raise NotThere
        return result

    return noted


def compare(
    mistake: Mistake, settings: Mapping[str, Setting], healthy: dict[tuple[str, int], Run], first: str = ""
) -> Comparison | None:
    """Train with a mistake in the first setting that has it, or in the one named; None where none has it as it is.

    A form that trains to the end and gives other numbers than the healthy run comes before one that stops with an
    error, and that before one which changes nothing.
    """

    def right(name: str, seed: int) -> Run:
        if (name, seed) not in healthy:
            healthy[name, seed] = run(settings[name], NOTHING, seed)
        return healthy[name, seed]

    if mistake.code in STAND_INS:
        return None
    found: list[tuple[int, str, Replaced]] = []
    for name in sorted(settings, key=lambda name: name != first):  # stable: the others keep their order
        for form in list(settings[name].forms(mistake))[:FORMS]:
            try:
                once = run(settings[name], form, 0)
            except NotThere:
                continue
            found.append((1 if once.stopped else 2 if same(once, right(name, 0)) else 0, name, form))
            if found[-1][0] == 0:
                break
        if found and found[-1][0] == 0:
            break
    if not found:
        return None
    _, name, form = min(found, key=lambda each: each[0])
    seeds = settings[name].seeds
    wrong = tuple(run(settings[name], form, seed) for seed in seeds)
    return Comparison(
        settings[name], tuple(part.name for part in form), wrong, tuple(right(name, seed) for seed in seeds)
    )


def same(one: Run, other: Run) -> bool:
    """Say whether two runs gave the same, to rounding."""
    return one.stopped == other.stopped and all(
        len(one.series.get(name, [])) == len(values)
        and np.allclose(one.series[name], values, rtol=1e-6, atol=1e-9, equal_nan=True)
        for name, values in other.series.items()
    )
