"""Which setting comes next, and which are taken: the same answers for every worker, on every machine."""

import json
import math
import socket
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from chainrule.experiments.sweep_study import Sweep

DONE = (TrialState.COMPLETE, TrialState.PRUNED)
BEAT, LOST = 5.0, 30.0  # seconds between a worker's signs of life, and after which it is taken for dead
Space = dict[str, BaseDistribution]


class Numbered(BaseSampler):
    """Draws each trial with a seed of its own, from its number: no two workers, and no two starts, draw alike."""

    def __init__(self, sweep: Sweep) -> None:
        make: dict[str, Callable[[int], BaseSampler]] = {
            "tpe": lambda seed: TPESampler(seed=seed),
            "random": lambda seed: RandomSampler(seed=seed),
            "grid": lambda seed: Grid(sweep),
        }
        self._make, self._seed = make[sweep.method], sweep.base.seed

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        self._inner = self._make(int(np.random.SeedSequence((self._seed, trial.number)).generate_state(1)[0]))
        self._inner.before_trial(study, trial)

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> Space:
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(self, study: Study, trial: FrozenTrial, search_space: Space) -> dict[str, Any]:
        return self._inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        return self._inner.sample_independent(study, trial, param_name, param_distribution)


class Grid(BaseSampler):
    """The n-th point for the n-th trial; and after the last, the first that is neither done nor being worked on."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> Space:
        return {}

    def sample_relative(self, study: Study, trial: FrozenTrial, search_space: Space) -> dict[str, Any]:
        return {}

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        points = self._sweep.grid
        if trial.number < len(points):
            return points[trial.number][param_name]
        taken = [t.params for t in study.get_trials(deepcopy=False) if t.number != trial.number and in_hand(study, t)]
        return next((point for point in points if point not in taken), points[0])[param_name]


def name_of(process: int) -> str:
    """Return the name by which a worker process is known to all machines."""
    return f"{socket.gethostname()}:{process}"


def in_hand(study: Study, trial: FrozenTrial) -> bool:
    """Whether a trial is done, or a worker that is alive is at it."""
    if trial.state in DONE:
        return True
    if trial.state != TrialState.RUNNING:
        return False
    worker = trial.user_attrs.get("worker")
    if worker is None:  # taken a moment ago, or its worker died in that moment
        return trial.datetime_start is not None and time.time() - trial.datetime_start.timestamp() < LOST
    return time.time() - float(study.user_attrs.get(f"alive {worker}", -math.inf)) < LOST


def places(sweep: Sweep, trials: list[FrozenTrial]) -> set[Any]:
    """Return what these trials count for: a grid's point counts once."""
    return {json.dumps(t.params, sort_keys=True) if sweep.method == "grid" else t.number for t in trials}
