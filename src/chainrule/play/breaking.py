"""Break it: which mistakes of the catalogue the running network has the part for, and the run with one of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import chainrule.mistakes.catalogue  # noqa: F401 (enters the entries)
from chainrule.data import Dataset
from chainrule.experiments.config import ConfigError
from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.step import NOTHING, Replaced, Step
from chainrule.mistakes.steps.penalties import l1_gradient, l2_gradient, regularized_step
from chainrule.play.lesson import LessonRunner, lesson_runner, played
from chainrule.play.loop import LoopRunner, loop, start
from chainrule.play.records import Records
from chainrule.play.runner import EngineRunner, loss_name
from chainrule.play.settings import Settings
from chainrule.play.variations import MORE, Made
from chainrule.play.yours import Plugged

Array = NDArray[Any]

BY_HAND: tuple[Step, ...] = (played, start, l2_gradient, l1_gradient)
ENGINE: tuple[Step, ...] = (loop, regularized_step, l1_gradient)
STEPS = 7  # of a rehearsal, over three epochs: whatever a mistake does shows by then
FEW = 5  # records in a batch of it
RATE = 0.37  # its learning rate: none that an entry has as its own

# What to do where a mistake would change nothing.
HINTS = {
    "TR165": "only dropout is different in evaluation: set dropout above 0",
    "TR148": "this optimizer remembers nothing: set a momentum, or take adam",
    "GD126": "batches of one record have one label each: take larger ones, and data with classes",
    "GD134": "take data with classes",
    "TR124": "take another activation than identity",
    "GD129": "take another activation than identity",
    "RG111": "it is about L1: set L1 above 0",
    "RG120": "it shows under L1, where a weight is exactly 0",
}


@dataclass(frozen=True)
class Applies:
    """Whether a mistake can be switched on in a run, and if it can't, what to change.

    ``title`` and ``symptom`` are the catalogue's words.
    """

    code: str
    title: str
    symptom: str
    applies: bool
    why_not: str = ""


def applies(settings: Settings, records: Records) -> list[Applies]:
    """Return every mistake that the playground can show, with whether this run has the part for it."""
    found = []
    for mistake in map(CATALOGUE.__getitem__, sorted(playable())):
        made = chosen(settings, records, mistake.code)
        why_not = made if isinstance(made, str) else ""
        found.append(Applies(mistake.code, mistake.title, mistake.symptom, not why_not, why_not))
    return found


@lru_cache(maxsize=1)
def playable() -> frozenset[str]:
    """Return the codes of all mistakes in parts that a run of the playground has."""
    return frozenset(mistake.code for mistake in CATALOGUE.values() if any(_variations(mistake, {*BY_HAND, *ENGINE})))


def broken(
    settings: Settings, records: Records, code: str, plugged: Plugged | None = None
) -> EngineRunner | LessonRunner:
    """Return the run with a mistake in it, at its beginning; without a code, the right one.

    A learner's functions, if some are plugged in, stand in the parts of lesson 1's network.

    Raises
    ------
    ConfigError
        If the code is unknown, or this run has no part where the mistake could be.
    """
    replaced = variation(settings, records, code)() if code else NOTHING
    if plugged is not None and settings.by_hand:
        theirs = plugged.penalty(settings.l1, settings.l2)
        return lesson_runner(settings, records, {**replaced, **plugged.replaced}, theirs)
    return _run(settings, records, replaced)


def variation(settings: Settings, records: Records, code: str) -> Made:
    """Return what makes the mistake in this run: of an entry's variations the first that runs and changes something.

    Raises
    ------
    ConfigError
        If the code is unknown, or this run has no part where the mistake could be.
    """
    if code not in playable():
        raise ConfigError(f"no mistake {code!r} can be switched on here; known: {', '.join(sorted(playable()))}")
    made = chosen(settings, records, code)
    if isinstance(made, str):
        raise ConfigError(f"{code}, {CATALOGUE[code].title}, can't be switched on in this run: {made}")
    return made


def chosen(settings: Settings, records: Records, code: str) -> Made | str:
    """Return what makes the mistake in runs like this one, or why there is nothing that would."""
    if why_not := _missing(settings, records, code):
        return why_not
    like = replace(
        Settings.beginning("circles"),
        **{name: getattr(settings, name) for name in ("hidden", "activation", "loss", "optimizer", "by_hand")},
        **{name: min(getattr(settings, name), 0.1) for name in ("momentum", "dropout", "l1", "l2")},
        batch_size=min(settings.batch_size, FEW),
        lr=settings.lr if settings.lr == 1 else RATE,
    )
    return _rehearsed(like, records.train.x.shape[1], len(records.classes), code)


@lru_cache(maxsize=2000)
def _rehearsed(settings: Settings, columns: int, classes: int, code: str) -> Made | str:
    """Try an entry's variations on drawn records, and return the first that runs and changes something."""
    records = _drawn(columns, classes)
    right = _rehearse(settings, records, NOTHING)
    rounding = 1e-9 if settings.by_hand else 1e-5  # float64 there, float32 here
    stops = changes_nothing = ""
    for made in _variations(CATALOGUE[code], BY_HAND if settings.by_hand else ENGINE):
        try:
            with np.errstate(all="ignore"):
                wrong = _rehearse(settings, records, made())
        except FloatingPointError:  # it diverges, and that is worth seeing
            return made
        except Exception as error:  # whatever a mistake raises: then there is no run to watch
            stops = stops or f"the run would stop with {type(error).__name__}: {error}"
            continue
        if not np.allclose(wrong, right, rtol=rounding, atol=rounding / 10):
            return made
        changes_nothing = f"it changes nothing here; {HINTS[code]}" if code in HINTS else "it changes nothing here"
    return changes_nothing or stops or _elsewhere(settings)


def _rehearse(settings: Settings, records: Records, replaced: Replaced) -> Array:
    """Return what shows of some steps: weights, answers and losses."""
    runner, shown, rng = _run(settings, records, replaced), [], np.random.default_rng(1)
    for _ in range(STEPS):
        rows = rng.permutation(len(records.train))[: settings.batch_size]
        shown.append(runner.step(records.train.x[rows], records.train.y[rows]))
    weights = [array.ravel() for pair in runner.weights() for array in pair]
    return np.concatenate([shown, *weights, runner.forward(records.test.x)[-1].ravel()])


def _run(settings: Settings, records: Records, replaced: Replaced) -> EngineRunner | LessonRunner:
    if settings.by_hand:
        return lesson_runner(settings, records, replaced)
    return LoopRunner(settings, records, replaced) if replaced else EngineRunner(settings, records)


def _variations(mistake: Mistake, steps: "tuple[Step, ...] | set[Step]") -> Iterator[Made]:
    """Yield what makes each variation of a mistake in these steps; the playground's own come first."""
    for made in MORE.get(mistake.code, ()):
        if any(step.fits(made()) for step in steps):
            yield made
    for step in steps:
        for variation in mistake.in_step(step):
            yield lambda variation=variation: variation  # type: ignore[misc]


def _missing(settings: Settings, records: Records, code: str) -> str:
    """Return what a run has to have for a mistake, if this one has it not."""
    if code.startswith("RG") and not (settings.l1 or settings.l2):
        return "there is no penalty in this run: set L1 or L2 above 0"
    if settings.by_hand:
        return ""
    if code in ("TR120", "TR126") and loss_name(settings, records) != "cross_entropy":
        return "it goes with the cross-entropy: take the loss cross_entropy"
    if code == "TR121" and not records.classes:
        return "there are no scores of classes here: take data with classes"
    if code == "TR111" and records.kind != "image":
        return "there are no pixels here: take images, such as digits"
    if code in ("TR124", "TR125", "GD129") and not settings.hidden:
        return "there is no hidden layer"
    return ""


def _elsewhere(settings: Settings) -> str:
    if settings.by_hand:
        return "lesson 1's loop by hand has no such part: switch it off for the engine's"
    return "the engine's run has no such part; lesson 1's network, by hand, may have it"


def _drawn(columns: int, classes: int) -> Records:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3 * FEW, columns)).astype(np.float32)
    if classes:
        y: Array = np.stack([rng.permutation(np.arange(3 * FEW) % classes) for _ in range(2)])
    else:
        y = rng.normal(size=(2, 3 * FEW, 1)).astype(np.float32)
    names = tuple(map(str, range(classes)))
    train, test = (Dataset(one, two, names) for one, two in zip(x, y, strict=True))
    return Records("rehearsal", "table", train, test, None, None, (), None, None)
