"""Histories and plots: what is kept, how often, and what a curve's name says it is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from chainrule.mistakes.catalogue.training_metrics import stale
from chainrule.mistakes.catalogue.training_results import history_of_another_length, keeps_graphs
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.reported import ACCURACY, LOSS, TEST, Tally, over, reports, tallies
from chainrule.mistakes.training.reporting import misread

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Number, Plot, Recording

wrong_curve = Mistake(
    code="TR201",
    title="a curve shows something else than its name says",
    symptom="A 'loss' that rises, or one flat line at the bottom of a picture in which the other needs hundreds.",
    explanation="A curve is read by its label. Counts or accuracies under the name of a loss lead to wrong "
    "conclusions, and two units on one axis hide whichever is smaller.",
    fix="Plot the list that the label names, and give accuracies axes of their own.",
    wrong='plt.plot(valid_correct, label="validation loss")',
    right='plt.plot(valid_losses, label="validation loss")',
    seen=2,
)


@keeps_graphs.observed()
def _keeps_graphs(run: "Recording") -> Iterator[Evidence]:
    for series in run.series:
        spans = any(series.ats[0] < step.at < series.ats[-1] for step in run.steps) if series.graphs else False
        if spans and LOSS.search(series.name):  # others may be summed up and gone back through, as in REINFORCE
            yield Evidence(
                f"{series.graphs:,} of {len(series.values):,} entries of {series.name} are tensors that keep the graph "
                "they were computed by, and with it the activations of their batch",
                series.place,
                severity="warning",
                fix=f"{series.name}.append(loss.item())",
            )


@history_of_another_length.observed(whole_epochs=True)
def _history_of_another_length(run: "Recording") -> Iterator[Evidence]:
    epochs = len(run.training)
    for plot in run.plots:
        if not plot.values.size and epochs and "[]" not in run.source(plot.place):
            yield Evidence(
                f"the curve {plot.label!r} has no points, after {epochs} epochs", plot.place, severity="warning"
            )
    steps = [sum(bool(batch.backwards) for batch in each.batches) for each in run.training]
    for plot in run.plots:
        long = len(plot.values)
        if epochs < 2 or long not in {sum(steps), sum(steps[:1]) * epochs} or long == epochs or not _counted(plot):
            continue
        short = [
            other for other in run.plots if other.axes == plot.axes and len(other.values) == epochs and _counted(other)
        ]
        if short:
            yield Evidence(
                f"the curve {plot.label!r} has {long:,} points, one for each batch, and {short[0].label!r} has "
                f"{epochs}, one for each epoch, on the same axis",
                plot.place,
                severity="warning",
            )


def _counted(plot: "Plot") -> bool:
    """Whether a curve's x values are just 0, 1, 2 and so on."""
    return bool(np.array_equal(plot.xs, np.arange(len(plot.values))))


@wrong_curve.observed(whole_epochs=True)
def _wrong_curve(run: "Recording") -> Iterator[Evidence]:
    for plot in run.plots:
        named = plot.label or plot.y_label
        unnamed = len(set(plot.values.tolist())) < 2 or not LOSS.search(named) or ACCURACY.search(named)
        if unnamed and not _beside_losses(run, plot):
            continue
        what = _accuracy_of(run, plot)
        if what and LOSS.search(named) and not ACCURACY.search(named):
            yield Evidence(
                f"the curve {named!r} shows {what}: {', '.join(f'{value:g}' for value in plot.values[:3])}, …",
                plot.place,
            )
        elif what and not what.startswith("shares"):
            yield Evidence(
                f"the curve {named!r} shows {what}, on the axis {plot.y_label or 'of the losses'!r} beside losses",
                plot.place,
                severity="remark",
            )


def _beside_losses(run: "Recording", plot: "Plot") -> bool:
    """Whether a curve is drawn on an axis that is named after a loss, together with one."""
    others = [other for other in run.plots if other.axes == plot.axes and other is not plot]
    return bool(LOSS.search(plot.y_label)) and any(LOSS.search(other.label) for other in others)


def _accuracy_of(run: "Recording", plot: "Plot") -> str:
    """Return in words which true counts of right answers a curve shows; empty if none."""
    groups: dict[object, list[Tally]] = {}
    for tally in tallies(run):
        if tally.counts and tally.done.at < plot.at:
            groups.setdefault((tally.done.training, tally.done.loader, tally.done.place), []).append(tally)
    for group in groups.values():
        if len(group) < len(plot.values):
            continue
        counts = np.array([tally.counts[0] for tally in group[: len(plot.values)]], dtype=np.float64)
        correct, of = counts[:, 0], counts[:, 1]
        for words, values in (
            ("counts of right answers", correct),
            ("shares of right answers", correct / of),
            ("percentages of right answers", 100 * correct / of),
        ):
            if np.allclose(plot.values, values, rtol=1e-5):
                return words
    return ""


@stale.observed(whole_epochs=True)
def _stale(run: "Recording") -> Iterator[Evidence]:
    misread_lines = {evidence.place for _, evidence in misread(run)}
    for report in reports(run):
        number = report.numbers[-1]
        if number.place in misread_lines:
            continue
        if not TEST.search(number.label) or len(report.numbers) > 1 or number.how == "appended":
            continue
        passes = [tally for tally in tallies(run) if over(tally.done, number)]
        if len(passes) < 2 or passes[-1].done.training or _shows(number, passes[-1]):
            continue
        last = passes[-1].done
        first_time = not any(_same_data(run, each.done.number, last.number) for each in passes[:-1])
        old = next((each for each in reversed(passes[:-1]) if not each.done.training), None)
        if old is None or not _shows(number, old) or not first_time or report.kind == "":
            continue
        before = next(
            (n for n in run.numbers if n.at < last.at and over(old.done, n) and _shows(n, old) and n.decimals != 0),
            None,
        )
        if before is None or any(_shows(n, passes[-1]) and n.label == number.label for n in run.numbers):
            continue
        tally = passes[-1]
        correct, of = tally.counts[0] if tally.counts else (0, 0)
        truth = (
            f"the mean loss is {tally.truths[-1]:.6g}"
            if report.kind == "loss" or not of
            else f"{correct:,} of {of:,} answers are right: {correct / of:.2%}"
        )
        if report.kind == "loss" and tally.losses:
            truth = f"the mean loss is {np.average(tally.losses[0], weights=tally.sizes):.6g}"
        line = before.place.line if before.place else "?"
        yield Evidence(
            f"{number.how} {number.value:.6g}{'%' if number.percent else ''} ({number.label}), which is the result "
            f"over {old.done.loader_name or 'other data'} that line {line} had shown; "
            f"over {last.loader_name or 'the data looked at last'} {truth}",
            number.place,
            severity="warning",
        )


def _shows(number: "Number", tally: Tally) -> bool:
    return any(
        number.shows(truth) for truth in (tally.percentages if number.percent else tally.truths + tally.percentages)
    )


def _same_data(run: "Recording", one: int, other: int) -> bool:
    a, b = run.passes[one], run.passes[other]
    if a.loader is not None and a.loader == b.loader:
        return True
    marks = set(a.fingerprints()[:50].tolist())
    return bool(marks & set(b.fingerprints().tolist()))
