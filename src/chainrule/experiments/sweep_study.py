"""A sweep as all of its workers see it: what is to be done, checked before anything starts, and kept in the storage."""

import hashlib
import itertools
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import optuna
from optuna.distributions import BaseDistribution
from optuna.study import Study, StudyDirection

from chainrule.experiments import build
from chainrule.experiments.config import Config, ConfigError
from chainrule.experiments.parts import parts
from chainrule.experiments.sweep_space import Axis
from chainrule.experiments.sweep_storage import open_storage

METHODS = ("tpe", "random", "grid")
MANY = 10_000  # settings in a grid
ENDED = 143  # exit status of a worker that was asked to end


@dataclass(frozen=True)
class Sweep:
    """What a sweep is to do.

    Attributes
    ----------
    base : Config
        The options that do not vary. Its seed is the first one.
    axes : tuple of Axis
    method : str
        One of `METHODS`.
    trials : int
        How many settings; a grid has as many as it has.
    seeds : int
        How often each is trained, from ``base.seed`` on.
    prune : bool
        Whether a setting is given up whose first run is worse than the median of the others, at the same epoch.
    metric : str
        What is judged: ``valid_accuracy``, or for quantities ``valid_rmse``.
    """

    base: Config
    axes: tuple[Axis, ...]
    method: str = "tpe"
    trials: int = 30
    seeds: int = 3
    prune: bool = True
    metric: str = "valid_accuracy"

    def __str__(self) -> str:
        options = self.base.differences(Config())
        fixed = "".join(f", {name} {value}" for name, (value, _) in options.items())
        return f"{' '.join(map(str, self.axes))}: {self.method}, {self.seeds} seed{'s' * (self.seeds > 1)}{fixed}"

    @property
    def grid(self) -> list[dict[str, Any]]:
        """All combinations, if the method is the grid."""
        if self.method != "grid":
            return []
        return [dict(zip(self.names, point, strict=True)) for point in itertools.product(*(a.grid for a in self.axes))]

    @property
    def names(self) -> list[str]:
        """What varies."""
        return [axis.name for axis in self.axes]

    @property
    def space(self) -> dict[str, BaseDistribution]:
        """What Optuna draws from, by name."""
        if self.method == "grid":  # numbers of a grid are choices: nothing lies between them
            return {axis.name: optuna.distributions.CategoricalDistribution(axis.grid) for axis in self.axes}
        return {axis.name: axis.distribution for axis in self.axes}

    def settings(self, params: dict[str, Any], seed: int = 0) -> Config:
        """Return the options of one run: this setting, with the ``seed``-th seed."""
        texts = {name: value if isinstance(value, str) else repr(value) for name, value in params.items()}
        return Config.parse(texts | {"seed": str(self.base.seed + seed)}, self.base)

    def as_json(self) -> str:
        """Return everything but the number of trials, which may grow; of the options those that are not the default."""
        told = {key: value for key, value in asdict(self).items() if key != "trials"}
        return json.dumps(told | {"base": {name: own for name, (own, _) in self.base.differences(Config()).items()}})

    @classmethod
    def of(cls, study: Study) -> Self:
        """Read what the study's first worker wrote."""
        told = json.loads(study.user_attrs["sweep"])
        told["axes"] = tuple(Axis(**(axis | {"choices": tuple(axis["choices"])})) for axis in told["axes"])
        return cls(**(told | {"base": Config(**told["base"])}), trials=study.user_attrs["trials"])


def checked(sweep: Sweep) -> Sweep:
    """Build each value's data, network and loss once, and return the sweep with what follows from the data.

    Raises
    ------
    ConfigError, DataError
        If a value can't be trained.
    """
    metrics = {}
    for axis in sweep.axes:
        for value in axis.choices or axis.grid:
            config = sweep.settings({axis.name: value})
            records = parts(config)
            build.criterion(config, records.inputs)
            build.network_for(config, records)
            if config.engine == "torch":
                from chainrule.pytorch import engine

                engine.device(config)
            metrics["valid_accuracy" if records.inputs.classes else "valid_rmse"] = f"{axis.name}={value}"
    if len(metrics) > 1:
        classes, quantities = metrics["valid_accuracy"], metrics["valid_rmse"]
        raise ConfigError(f"{classes} has classes and {quantities} has quantities to predict: sweep them apart")
    if (size := len(replace(sweep, method="grid").grid)) > MANY and sweep.method == "grid":
        raise ConfigError(f"the grid has {size:,} settings, more than {MANY:,}: take --method tpe, or fewer values")
    trials = len(sweep.grid) or sweep.trials
    return replace(sweep, trials=trials, metric=next(iter(metrics)))


def begin(sweep: Sweep, where: str) -> Study:
    """Make the sweep's study in the storage, or join the one that is there.

    Raises
    ------
    ConfigError
        If a journal file holds another sweep.
    """
    storage, told = open_storage(where), sweep.as_json()
    name = f"chainrule-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    if "://" not in where and (others := set(optuna.get_all_study_names(storage)) - {name}):
        other = Sweep.of(optuna.load_study(study_name=others.pop(), storage=storage))
        raise ConfigError(f"{where} holds another sweep ({other}). Name another folder with --out")
    up = sweep.metric == "valid_accuracy"
    direction = StudyDirection.MAXIMIZE if up else StudyDirection.MINIMIZE
    study = optuna.create_study(storage=storage, study_name=name, direction=direction, load_if_exists=True)
    study.set_user_attr("sweep", told)
    study.set_user_attr("trials", max(sweep.trials, study.user_attrs.get("trials", 0)))
    return study
