"""A sweep from its first setting to its report: starts the workers, replaces those that die, waits for the last."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import optuna
from optuna.study import Study
from tqdm.auto import tqdm

from chainrule.experiments.config import ConfigError
from chainrule.experiments.sweep_sampling import DONE, name_of, places
from chainrule.experiments.sweep_study import ENDED, Sweep, begin, checked

LIVES = 10  # so many workers may die before it is taken for no accident
JOURNAL = "study.journal"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def sweep(plan: Sweep, out: Path, *, storage: str = "", workers: int = 1, progress: bool = False) -> Study:
    """Train all settings of ``plan`` in processes of their own, and return the study.

    The same call again goes on where an earlier one stopped. Called on several machines with one storage, all of them
    work on the same sweep.

    Parameters
    ----------
    plan : Sweep
    out : Path
        A folder; without ``storage`` it gets the journal.
    storage : str
        A journal file, or a database's URL, that all machines reach.
    workers : int
        Processes on this machine.
    progress : bool
        Whether to draw a progress bar.

    Raises
    ------
    ConfigError, DataError
        Before anything starts, if a value can't be trained, or the folder holds another sweep.
    RuntimeError
        If a worker failed, or too many were killed.
    """
    if workers < 1:
        raise ConfigError(f"workers must be at least 1; got {workers}")
    plan = checked(plan)
    out.mkdir(parents=True, exist_ok=True)
    where = storage or str(out / JOURNAL)
    study = begin(plan, where)
    with tempfile.TemporaryDirectory() as folder:
        team = Team(where, study, workers, Path(folder))
        try:
            watch(team, lambda: len(_done(plan, study)), int(study.user_attrs["trials"]), progress)
        finally:
            team.stop()
    return study


def _done(plan: Sweep, study: Study) -> set[str]:
    return places(plan, study.get_trials(deepcopy=False, states=DONE))


def watch(team: "Team", done: Callable[[], int], wanted: int, progress: bool) -> None:
    """Wait until all workers have come to their end, and put new ones in the place of those that were killed."""
    with tqdm(total=wanted, disable=not progress, unit="setting") as bar:
        while team.running():
            time.sleep(0.2)
            team.replace_killed()
            bar.update(min(done(), wanted) - bar.n)


class Team:
    """The worker processes on this machine."""

    def __init__(self, where: str, study: Study, workers: int, folder: Path) -> None:
        self.command = [sys.executable, "-m", "chainrule.experiments.sweep_worker", where, study.study_name]
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        threads = str(max(1, cores // workers))  # what is in the environment already counts
        self.environment = dict.fromkeys(THREADS, threads) | dict(os.environ)
        self.study, self.folder, self.lives = study, folder, LIVES
        self.members = [self._start() for _ in range(workers)]

    def _start(self) -> tuple["subprocess.Popen[bytes]", Path]:
        errors = Path(tempfile.mkstemp(dir=self.folder)[1])
        with errors.open("wb") as file:
            return subprocess.Popen(self.command, env=self.environment, stderr=file, stdout=file), errors

    def running(self) -> bool:
        """Whether any is at work."""
        return any(process.poll() is None for process, _ in self.members)

    def replace_killed(self) -> None:
        """Start a new worker for each that was killed.

        Raises
        ------
        RuntimeError
            If a worker failed by itself, or the tenth was killed.
        """
        for i, (process, errors) in enumerate(self.members):
            status = process.poll()
            if status is None or status == 0:
                continue
            if status > 0 and status != ENDED:
                lines = errors.read_text(errors="replace").strip().splitlines()
                raise RuntimeError(f"a worker failed: {lines[-1] if lines else f'exit status {status}'}")
            self.study.set_user_attr(f"alive {name_of(process.pid)}", 0.0)  # its setting is free at once
            self.lives -= 1
            if not self.lives:
                raise RuntimeError(f"{LIVES} workers were killed: is the memory full?")
            self.members[i] = self._start()

    def stop(self) -> None:
        """End those that are still at work: first politely."""
        for process, _ in self.members:
            if process.poll() is None:
                process.terminate()
        for process, _ in self.members:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def load(where: str) -> Study:
    """Return the only study of a journal file.

    Raises
    ------
    ConfigError
        If there is none.
    """
    from chainrule.experiments.sweep_storage import open_storage

    if "://" not in where and not Path(where).exists():
        raise ConfigError(f"{where} is not there: say what is to be varied, such as lr=1e-4..1e-1:log")
    storage = open_storage(where)
    names = optuna.get_all_study_names(storage)
    if len(names) != 1:
        raise ConfigError(f"{where} holds {len(names)} sweeps: say which, by what is varied")
    return optuna.load_study(study_name=names[0], storage=storage)
