"""What came of a sweep: a table, how much each option matters and how sure that is, pictures, and the best options."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState, create_trial
from rich.table import Table

from chainrule.experiments.sweep_sampling import DONE
from chainrule.experiments.sweep_study import Sweep
from chainrule.nn.files import write_whole
from chainrule.plots import studies

RESAMPLES, TREES, FEWEST = 50, 16, 8
LABELS = {"valid_accuracy": "validation accuracy", "valid_rmse": "validation RMSE"}


@dataclass(frozen=True)
class Setting:
    """One setting, its scores with each seed, and their mean: ``value``, or where it stood when it was given up."""

    params: dict[str, Any]
    value: float
    scores: list[dict[str, float]]
    ending: str

    @classmethod
    def of(cls, trial: FrozenTrial, metric: str, worst: float) -> "Setting":
        """Take what the study has; a setting that diverged counts as the worst of all."""
        if trial.user_attrs.get("diverged"):
            return cls(trial.params, worst, [], "diverged")
        scores = trial.user_attrs["scores"]
        value = float(np.mean([score[metric] for score in scores]))
        return cls(trial.params, value, scores, "" if trial.state == TrialState.COMPLETE else "given up")


class Report:
    """The results of a study, best first: the finished settings, then those that were given up.

    Parameters
    ----------
    study : Study
    """

    def __init__(self, study: Study) -> None:
        self.plan = Sweep.of(study)
        self.up = self.plan.metric == "valid_accuracy"
        self.label = LABELS[self.plan.metric]
        trials = study.get_trials(deepcopy=False, states=DONE)
        known = [Setting.of(t, self.plan.metric, 0.0).value for t in trials if not t.user_attrs.get("diverged")]
        worst = (min if self.up else max)(known, default=0.0)
        settings = [Setting.of(trial, self.plan.metric, worst) for trial in trials]
        self.settings = sorted(settings, key=lambda s: (bool(s.ending), -s.value if self.up else s.value))
        self.finished = [s for s in self.settings if not s.ending]

    def shares(self) -> tuple[dict[str, float], dict[str, Any]]:
        """Return each option's share of the differences (fANOVA), and its shares in resamples of the settings."""
        rng, n = np.random.default_rng(0), len(self.settings)
        names = [name for name in self.plan.names if len({s.params[name] for s in self.settings}) > 1]
        drawn = [self._fanova(rng.integers(n, size=n), names) for _ in range(RESAMPLES)]
        whole = self._fanova(np.arange(n), names)
        return whole, {name: np.array([d[name] for d in drawn]) for name in names}

    def _fanova(self, rows: Any, names: list[str]) -> dict[str, float]:
        study = optuna.create_study(direction="maximize" if self.up else "minimize")
        chosen = [self.settings[i] for i in rows]
        space = self.plan.space
        study.add_trials([create_trial(params=s.params, distributions=space, value=s.value) for s in chosen])
        varying = [name for name in names if len({s.params[name] for s in chosen}) > 1]
        if not varying or len({s.value for s in chosen}) == 1:
            return dict.fromkeys(names, 0.0)
        found = get_param_importances(study, evaluator=FanovaImportanceEvaluator(n_trees=TREES, seed=0), params=varying)
        return dict.fromkeys(names, 0.0) | {name: float(share) for name, share in found.items()}

    def sentence(self, shares: dict[str, float], drawn: dict[str, Any]) -> str:
        """Return what mattered, with its uncertainty."""
        n, ranked = len(self.settings), sorted(shares, key=shares.__getitem__, reverse=True)
        if len(ranked) < 2:
            return f"Only {ranked[0] if ranked else 'nothing'} varied, so all of the differences come from it."

        def share(name: str) -> str:
            low, high = np.percentile(drawn[name], (2.5, 97.5))
            return f"{shares[name]:.0%} (95 % of resamples: {low:.0%} to {high:.0%})"

        first, second = ranked[:2]
        ahead = float(np.mean([d >= max(drawn[other][i] for other in ranked[1:]) for i, d in enumerate(drawn[first])]))
        tail = f"of the differences in {self.label} between {n} settings"
        if ahead >= 0.95:
            others = [name for name in ranked[1:] if np.percentile(drawn[name], 2.5) >= 0.01]
            more = "".join(f"; then {name}, with {share(name)}" for name in others)
            more = more or "; of the others, none is sure to have mattered"
            return f"What mattered most was {first}, with {share(first)} {tail}{more}."
        return (
            f"{first}, with {share(first)}, and {second}, with {share(second)} {tail}, mattered most; which of the two "
            f"more, these settings do not tell for sure ({first} leads in {ahead:.0%} of the resamples)."
        )

    def noise(self) -> float | None:
        """Return the standard deviation between seeds of one setting, pooled over the better half."""
        better = [s for s in self.finished[: len(self.finished) // 2 + 1] if len(s.scores) > 1]
        groups = [np.array([score[self.plan.metric] for score in s.scores]) for s in better]
        return float(np.sqrt(np.mean([g.var(ddof=1) for g in groups]))) if groups else None

    def best(self) -> str:
        """Return what the best setting is, what it scored, and how many others it can't be told from."""
        top = self.finished[0]
        words = f"The best setting: {_spelled(top.params)}; {self.label} {top.value:.4g}"
        if (noise := self.noise()) is None:
            return f"{words}, with one seed: how much of that is luck is not known."
        apart = 2 * noise * np.sqrt(2 / self.plan.seeds)
        equals = sum(abs(s.value - top.value) < apart for s in self.finished[1:])
        test = np.mean([score[self.plan.metric.replace("valid", "test")] for score in top.scores])
        return (
            f"{words} (mean of {self.plan.seeds} seeds, sd {noise:.2g}); on the test part, which chose nothing, "
            f"{test:.4g}. "
            f"{equals} of the other {len(self.finished) - 1} finished settings are within two standard errors of it."
        )

    def table(self, rows: int = 10) -> Table:
        """Return the best settings as a table for the terminal."""
        table = Table(
            title=f"{len(self.settings)} settings: {self.label}, mean and sd over seeds", title_justify="left"
        )
        for heading in ("", *self.plan.names, "mean", "sd", ""):
            table.add_column(heading)
        for rank, s in enumerate(self.settings[:rows], start=1):
            found = [score[self.plan.metric] for score in s.scores]
            spread = f"{np.std(found, ddof=1):.2g}" if len(found) > 1 else ""
            values = [_short(s.params[name]) for name in self.plan.names]
            table.add_row(str(rank), *values, f"{s.value:.4g}", spread, s.ending)
        if len(self.settings) > rows:
            table.caption = f"{len(self.settings) - rows} more in settings.csv"
        return table

    def write(self, out: Path) -> str:
        """Write the table, the best options and the pictures to ``out``; return the sentence on what mattered."""
        lines = io.StringIO(newline="")
        writer = csv.writer(lines)
        seeds = [f"seed {self.plan.base.seed + k}" for k in range(self.plan.seeds)]
        writer.writerow(["rank", *self.plan.names, self.label, *seeds, "ending"])
        for rank, s in enumerate(self.settings, start=1):
            found = [score[self.plan.metric] for score in s.scores]
            cells = [*found, *[""] * (len(seeds) - len(found))]
            writer.writerow(
                [rank, *(s.params[name] for name in self.plan.names), s.value, *cells, s.ending or "finished"]
            )
        write_whole(out / "settings.csv", lines.getvalue().encode())
        if self.finished:
            self.plan.settings(self.finished[0].params).to_toml(out / "best.toml")
        if len(self.settings) < FEWEST or len({s.value for s in self.settings}) == 1:
            self._draw(out, self.plan.names[:3])
            return f"{len(self.settings)} settings are too few, or too alike, to say what mattered."
        shares, drawn = self.shares()
        ends = {name: tuple(np.percentile(values, (2.5, 97.5))) for name, values in drawn.items()}
        figure = studies.importance(shares, ends, title=f"what {self.label} depended on, {len(self.settings)} settings")
        figure.savefig(out / "importance.png")
        self._draw(out, sorted(shares, key=shares.__getitem__, reverse=True)[:3])
        return self.sentence(shares, drawn)

    def _draw(self, out: Path, names: list[str]) -> None:
        axes = {axis.name: axis for axis in self.plan.axes}
        grid = self.plan.method == "grid"
        options = {
            name: studies.Option(name, tuple(axis.grid) if grid or axis.choices else (), axis.log)
            for name, axis in axes.items()
        }
        settings, values = [s.params for s in self.settings], [s.value for s in self.settings]
        finished = [not s.ending for s in self.settings]
        kept: dict[str, Any] = {"label": self.label, "maximize": self.up}
        figure = studies.parallel(list(options.values()), settings, values, finished=finished, **kept)
        figure.savefig(out / "parallel.png")
        if len(names) > 1:
            studies.contours([options[name] for name in names], settings, values, **kept).savefig(out / "contours.png")


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _spelled(params: dict[str, Any]) -> str:
    return " ".join(f"{name}={_short(value)}" for name, value in params.items())
