"""One worker of a sweep, a process of its own: ``python -m chainrule.experiments.sweep_worker STORAGE STUDY``.

Workers know of each other only through the storage. Each takes the next setting, trains it with every seed, and writes
what it measured. One that dies leaves a setting behind that is in nobody's hand any more; another is taken instead.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import optuna
from optuna.pruners import MedianPruner, NopPruner
from optuna.study import Study
from optuna.trial import Trial, TrialState

from chainrule.experiments.runs import run
from chainrule.experiments.sweep_sampling import BEAT, DONE, Numbered, in_hand, name_of, places
from chainrule.experiments.sweep_storage import open_storage
from chainrule.experiments.sweep_study import ENDED, Sweep
from chainrule.training import Callback, DivergenceError
from chainrule.training import Run as Training


class Report(Callback):
    """Tells the study how the first run is doing, epoch by epoch, and ends it where it is not worth going on."""

    def __init__(self, trial: Trial, measure: str, prune: bool) -> None:
        self.trial, self.measure, self.prune, self.given_up = trial, measure, prune, False

    def epoch_end(self, run: Training) -> None:
        """Report, and stop the run if the study says so; what it has reached is still measured."""
        self.trial.report(run.history[self.measure][-1], run.epoch)
        if self.prune and self.trial.should_prune():
            run.stop = self.given_up = True


def comparable(sweep: Sweep) -> bool:
    """Whether two settings' runs can be held against each other at the same epoch."""
    return "epochs" not in sweep.names and not (sweep.metric == "valid_rmse" and {"loss", "data"} & set(sweep.names))


def train(sweep: Sweep, trial: Trial) -> float:
    """Train one setting with every seed; return the mean of what is judged.

    Raises
    ------
    TrialPruned
        If the first run was given up, or one diverged.
    """
    measure = "valid_accuracy" if sweep.metric == "valid_accuracy" else "valid_loss"
    found: list[dict[str, float]] = []
    for seed in range(sweep.seeds):
        report = Report(trial, measure, sweep.prune and comparable(sweep))
        try:
            found.append(run(sweep.settings(trial.params, seed), callbacks=[] if seed else [report]).scores)
        except DivergenceError:
            trial.set_user_attr("diverged", True)
            raise optuna.TrialPruned from None
        trial.set_user_attr("scores", found)
        if report.given_up:
            raise optuna.TrialPruned
    return sum(scores[sweep.metric] for scores in found) / len(found)


@contextmanager
def alive(study: Study, worker: str) -> Iterator[None]:
    """Give signs of life; end this process if the one that started it is gone."""
    done, parent = threading.Event(), os.getppid()

    def beat() -> None:
        while not done.wait(BEAT):
            if os.getppid() != parent:
                os._exit(1)
            study.set_user_attr(f"alive {worker}", time.time())

    study.set_user_attr(f"alive {worker}", time.time())
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        study.set_user_attr(f"alive {worker}", 0.0)


def work(study: Study) -> None:
    """Take settings, one after another, until as many as wanted are done."""
    sweep = Sweep.of(study)
    study.sampler = Numbered(sweep)
    study.pruner = MedianPruner(n_warmup_steps=sweep.base.epochs // 3) if sweep.prune else NopPruner()
    worker = name_of(os.getpid())
    with alive(study, worker):
        while True:
            trials = study.get_trials(deepcopy=False)
            wanted = int(study.user_attrs["trials"])
            if len(places(sweep, [t for t in trials if t.state in DONE])) >= wanted:
                return
            if len(places(sweep, [t for t in trials if in_hand(study, t)])) >= wanted:
                time.sleep(1)  # the rest is in the hands of others; one of them may die
                continue
            trial = study.ask(sweep.space)
            trial.set_user_attr("worker", worker)
            earlier = [t for t in study.get_trials(deepcopy=False) if t.number < trial.number and in_hand(study, t)]
            taken = places(sweep, earlier)
            if len(taken) >= wanted or places(sweep, [study.trials[trial.number]]) <= taken:
                study.tell(trial, state=TrialState.FAIL)  # another took the last one in the same moment
                continue
            try:
                study.tell(trial, train(sweep, trial))
            except optuna.TrialPruned:
                study.tell(trial, state=TrialState.PRUNED)
            except BaseException:
                study.tell(trial, state=TrialState.FAIL)
                raise


def main(arguments: list[str]) -> int:
    """Join the study and work; return the exit status."""
    where, name = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    signal.signal(signal.SIGTERM, _end)
    try:
        work(optuna.load_study(study_name=name, storage=open_storage(where)))
    except KeyboardInterrupt:
        return ENDED
    except (OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    return 0


def _end(*_: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
