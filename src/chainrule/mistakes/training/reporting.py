"""Losses and accuracies as they are printed or kept, judged against the truth: what was divided by what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from chainrule.mistakes.catalogue import training_means as means
from chainrule.mistakes.catalogue import training_metrics as metrics
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.finding import Severity
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.reported import (
    Report,
    Tally,
    candidates,
    is_true,
    lengths,
    loader_batches,
    reports,
)

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Number, Recording

LIKELY, UNLIKELY = 0.1, 1e-4  # how likely a chance agreement may be: where the name says what it is, and where not
Values = Iterator[tuple[str, float]]


@dataclass(frozen=True)
class Reading:
    """A way to get a reported number wrong.

    Parameters
    ----------
    mistake : Mistake
        Which one that is.
    kind : {"loss", "accuracy"}
        What it can be about.
    values : callable
        From the tally of a pass to pairs: in words, how the number is made, and its value. The words are the same for
        each pass, but for what stands in braces.
    severity : {"error", "warning", "remark"}
        How sure it is that nobody means it that way.
    """

    mistake: Mistake
    kind: str
    values: Callable[["Recording", Tally], Values]
    severity: Severity = "error"


def _percent(run: "Recording", tally: Tally) -> Values:
    for correct, of in tally.counts:
        yield "it is a fraction: 1 is all of them", correct / of


def _by_batches(run: "Recording", tally: Tally) -> Values:
    if tally.batches > 1:
        for correct, _ in tally.counts:
            yield "the count was divided by the {batches} batches", correct / tally.batches
            yield "100 times the count was divided by the {batches} batches", 100 * correct / tally.batches


def _fixed_size(run: "Recording", tally: Tally) -> Values:
    sizes = set(tally.sizes.tolist())
    if tally.batches > 1 and len(sizes) > 1:
        counted = tally.batches * max(sizes)
        for correct, _ in tally.counts:
            words = f"it was divided by {{batches}} batches of {max(sizes):.0f}, but not all are as long"
            yield words, correct / counted
            yield words + ";", 100 * correct / counted


def _other_count(run: "Recording", tally: Tally) -> Values:
    for length, name in lengths(run, tally).items():
        for correct, of in tally.counts:
            if length not in {of, 0}:
                yield f"it was divided by {length:,}, the length of {name}", correct / length
                yield f"it was divided by {length:,}, the length of {name};", 100 * correct / length


def _other_length(run: "Recording", tally: Tally) -> Values:
    own = tally.sizes.sum()
    for length, name in lengths(run, tally).items():
        if length != own and length:
            for row in tally.losses:
                yield f"it was divided by {length:,}, the length of {name}", float(row @ tally.sizes) / length
    for batches, name in loader_batches(run).items():
        if batches != tally.batches:
            for row in tally.losses:
                yield f"it was divided by {batches:,}, the batches of {name}", float(row.sum()) / batches


def _means_of_accuracy(run: "Recording", tally: Tally) -> Values:
    parts = [(batch.correct, batch.counted) for batch in tally.done.batches if batch.forwards]
    if len({of for _, of in parts}) > 1 and all(correct is not None and of for correct, of in parts):
        mean = float(np.mean([(correct or 0) / of for correct, of in parts]))
        words = "the mean of the batches' own shares, though the last batch is smaller"
        yield words, mean
        yield words + ";", 100 * mean


def _means_of_loss(run: "Recording", tally: Tally) -> Values:
    if len(set(tally.sizes.tolist())) > 1 and not tally.summed:
        for row in tally.losses:
            yield "the mean of the batches' means, though the last batch is smaller", float(row.mean())


def _last_accuracy(run: "Recording", tally: Tally) -> Values:
    if tally.batches < 2:
        return
    last = [batch for batch in tally.done.batches if batch.forwards][-1]
    if last.correct is not None and last.counted:
        yield "that is the last of {batches} batches alone", last.correct / last.counted
        yield "that is the last of {batches} batches alone;", 100 * last.correct / last.counted
        for _, of in tally.counts:
            yield "only the last of {batches} batches is counted", last.correct / of
            yield "only the last of {batches} batches is counted;", 100 * last.correct / of
    hits = [batch.hits for batch in tally.done.batches if batch.forwards]
    if all(each is not None and each.size for each in hits):
        share = float(np.mean([each.ravel()[0] for each in hits if each is not None]))
        yield "that is the first record of each of {batches} batches alone", share
        yield "that is the first record of each of {batches} batches alone;", 100 * share


def _odd_divisor(run: "Recording", tally: Tally) -> Values:
    sizes = tally.sizes
    if not len(sizes):
        return
    classes = {batch.forwards[-1].output_shape[-1] for batch in tally.done.batches if batch.forwards[-1:]
               and len(batch.forwards[-1].output_shape) > 1}  # fmt: skip
    width = classes.pop() if len(classes) == 1 else 0
    for correct, of in tally.counts:
        odd = {"the number of scores": width * of, "batches times classes": width * len(sizes)}
        odd |= {"the length of the last batch": sizes[-1]}
        for words, divisor in odd.items():
            if divisor not in {0, of}:
                yield f"the count was divided by {words}", correct / divisor
                yield f"the count was divided by {words};", 100 * correct / divisor


def _scale(run: "Recording", tally: Tally) -> Values:
    if tally.batches > 1 and not tally.summed and not (tally.sizes == 1).all():
        for row in tally.losses:
            yield (
                "the sum of the batches' means was divided by the {records} records",
                float(row.sum() / tally.sizes.sum()),
            )
            yield (
                "the sum over the records was divided by the {batches} batches",
                float(row @ tally.sizes) / tally.batches,
            )


def _sums(run: "Recording", tally: Tally) -> Values:
    if tally.batches > 1 and not tally.summed:
        for row in tally.losses:
            yield "that is the sum over {batches} batches", float(row.sum())
            yield "that is the sum over {records} records", float(row @ tally.sizes)


def _last_loss(run: "Recording", tally: Tally) -> Values:
    if tally.batches > 1:
        for row in tally.losses:
            yield "that is the last of {batches} batches alone", float(row[-1])


def _leftover(run: "Recording", tally: Tally) -> Values:
    count = tally.batches
    for row in tally.losses if count > 2 else []:
        for words, part in (("", row), (" (weighted)", row * tally.sizes)):
            left = np.cumsum(part[::-1])[:-1]
            for k, value in enumerate(left[: count // 2 + 1] if count > 500 else left, 1):
                name = f"the sum held only the last {k} of {{batches}} batches{words}"
                yield name + ", and was divided by all", value / (count if not words else tally.sizes.sum())


def _folded(run: "Recording", tally: Tally) -> Values:
    parts: list[tuple[str, np.ndarray]] = [(f"loss {n}", row) for n, row in enumerate(tally.losses)]
    parts += [(f"weighted loss {n}", row * tally.sizes) for n, row in enumerate(tally.losses)]
    for _, row in parts if tally.batches > 1 else []:
        for divisor in (np.full(len(row), len(row)), np.full(len(row), tally.sizes.sum()), tally.sizes):
            total = 0.0
            for value, by in zip(row, divisor, strict=True):
                total = (total + value) / by
            yield "the sum was divided after each batch, so only the last ones are left in it", total


READINGS = [
    Reading(metrics.percent_sign, "accuracy", _percent),
    Reading(metrics.divided_by_batches, "accuracy", _by_batches),
    Reading(metrics.one_per_batch, "accuracy", _last_accuracy),
    Reading(means.mean_of_means, "accuracy", _means_of_accuracy, "remark"),
    Reading(metrics.fixed_batch_size, "accuracy", _fixed_size),
    Reading(metrics.other_length, "accuracy", _other_count),
    Reading(metrics.wrong_denominator, "accuracy", _odd_divisor),
    Reading(means.mean_of_means, "loss", _means_of_loss, "remark"),
    Reading(means.sum_of_losses, "loss", _sums, "warning"),
    Reading(means.wrong_scale, "loss", _scale),
    Reading(means.last_loss, "loss", _last_loss, "remark"),
    Reading(means.divided_inside, "loss", _folded),
    Reading(means.leftover, "loss", _leftover),
    Reading(metrics.other_length, "loss", _other_length),
]


@lru_cache(maxsize=2)
def misread(run: "Recording") -> list[tuple[Mistake, Evidence]]:
    """Return what is reported wrongly in a run, each quantity once."""
    found: list[tuple[Mistake, Evidence]] = []
    known: set[object] = set()
    for report in reports(run):
        judged = _judge(run, report)
        if judged:
            reading, evidence, key = judged
            if key not in known:
                found.append((reading.mistake, evidence))
            known.add(key)
    return found


def _judge(run: "Recording", report: Report) -> tuple[Reading, Evidence, object] | None:
    numbers = [each for each in report.numbers if np.isfinite(each.value) and each.value]
    rows = [(number, tallies) for number in numbers if (tallies := candidates(run, number))]
    false = [number for number, _ in rows if not is_true(run, number)]
    if not false:
        return None
    tried = 0
    for reading in READINGS:
        if report.kind not in {"", reading.kind} or (reading.mistake is metrics.percent_sign) > rows[0][0].percent:
            continue
        if reading.mistake is means.last_loss and len(rows) < len(numbers):
            continue  # it is shown within the epoch, too, where it is just this batch's loss
        ways: dict[str, list[Tally]] = {}
        for position, (number, tallies) in enumerate(rows):
            fits: dict[str, Tally] = {}
            for tally in tallies:
                for words, value in reading.values(run, tally):
                    tried += position == 0
                    if number.shows(value):
                        fits.setdefault(words, tally)
            ways = {
                words: [*ways.get(words, []), tally] for words, tally in fits.items() if not position or words in ways
            }
            if not ways:
                break
        bound = LIKELY if report.kind else UNLIKELY
        if reading.mistake is metrics.percent_sign and report.kind:
            bound = 1.0
        if ways and tried * _chance(false) < bound:
            words, fitting = next(iter(ways.items()))
            at = next(index for index, (number, _) in enumerate(rows) if number is false[-1])
            evidence = _evidence(run, reading, report, false[-1], fitting[at], words)
            return reading, evidence, (reading.mistake.code, words, tuple(each.done.number for each in fitting))
    return None


def _chance(numbers: "list[Number]") -> float:
    """How likely one made-up number agrees with all of these, to the digits that are shown."""
    chance = 1.0
    for number in {each.value: each for each in numbers}.values():
        width = 2e-6 if number.decimals is None else 10.0**-number.decimals
        chance *= min(1.0, width / abs(number.value))
    return chance


def _evidence(
    run: "Recording", reading: Reading, report: Report, number: "Number", tally: Tally, words: str
) -> Evidence:
    done = tally.done
    how = words.rstrip(";").format(batches=tally.batches, records=f"{tally.sizes.sum():,.0f}")
    loader = f" over {done.loader_name}" if done.loader_name else ""
    shown = f"{number.how} {number.value:.6g}{'%' if number.percent else ''}"
    if reading.kind == "accuracy":
        correct, of = tally.counts[0]
        truth = f"{correct:,} of {of:,} answers{loader} are right: {correct / of:.2%}"
    else:
        truth = f"the mean loss{loader} is {np.average(tally.losses[0], weights=tally.sizes):.6g}"
    return Evidence(f"{shown}; {truth}; {how}", number.place, _severity(reading, report))


def _severity(reading: Reading, report: Report) -> Severity:
    if reading.mistake is means.sum_of_losses and ("total" in report.name.lower() or "sum" in report.name.lower()):
        return "remark"  # it says so itself
    return reading.severity


def _register(mistake: Mistake) -> None:
    @mistake.observed(whole_epochs=True)
    def look(run: "Recording") -> Iterator[Evidence]:
        return (evidence for code, evidence in misread(run) if code is mistake)


for _mistake in dict.fromkeys(reading.mistake for reading in READINGS):
    _register(_mistake)
