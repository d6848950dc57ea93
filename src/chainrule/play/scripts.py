"""Take it away: the exact run as a short NumPy script, and as a PyTorch script; both run without chainrule.

Records and first weights are in the script, packed, at its end. The batches come in the same order by the same seed.
"""

from typing import Protocol

from chainrule.experiments.config import ConfigError
from chainrule.play.breaking import broken
from chainrule.play.engine_scripts import EngineScript
from chainrule.play.lesson import LessonRunner
from chainrule.play.lesson_scripts import LessonScript
from chainrule.play.records import Records
from chainrule.play.settings import Settings
from chainrule.play.sources import SourceError
from chainrule.play.yours import Plugged

EPOCHS = 20  # where nothing was trained yet
ALTERED = "Settings or weights were changed on the way; this is the run from its beginning, with the last settings."


class Trained(Protocol):
    """What a script is written of: a run of the playground, as `training.Training` keeps it."""

    settings: Settings
    records: Records
    batches: int
    altered: bool


def numpy_script(training: Trained, plugged: Plugged | None = None) -> str:
    """Return the run so far as a script that needs NumPy alone.

    Raises
    ------
    ConfigError
        If one of the run's parts is a registry's entry that no script is written for.
    """
    try:
        return _script(training, plugged).numpy()
    except SourceError as error:
        raise ConfigError(f"{error}: has a file been changed since? Start the playground again") from error


def pytorch_script(training: Trained, plugged: Plugged | None = None) -> str:
    """Return the run so far as a script that needs PyTorch and NumPy.

    Raises
    ------
    ConfigError
        If one of the run's parts is a registry's entry that no script is written for.
    """
    return _script(training, plugged).torch()


def _script(training: Trained, plugged: Plugged | None) -> EngineScript | LessonScript:
    settings, records = training.settings, training.records
    steps = training.batches or EPOCHS * -(-len(records.train) // settings.batch_size)
    remarks = [ALTERED] if training.altered else []
    runner = broken(settings, records, settings.mistake)
    if isinstance(runner, LessonRunner):
        return LessonScript(settings, records, runner, steps, remarks, plugged)
    return EngineScript(settings, records, runner, steps, remarks)
