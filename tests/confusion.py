"""Mistake by finding: what `check` says of every submission in tests/learners, over many seeds.

Run it with ``make confusion``; the matrix is printed, and written as CSV, mistake by finding and submission by finding.
A verdict is what a learner gets, on three seeds; beside it each seed by itself must tell right from wrong. The exit
status is 1 if a wrong submission was accepted or a right one rejected at any seed, or if too few were named rightly.
Submissions with two mistakes at once, or with one that the study doesn't have, are tried at a tenth of the seeds:
looking for a pair takes longer than all the rest.
"""

import argparse
import csv
import gc
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.learners import Submission, submissions

from chainrule.mistakes.mistake import CATALOGUE

NAMED_ENOUGH = 0.99
CHUNK = 12  # seeds that one process does at a time


@dataclass
class Tally:
    """How often one submission was given each verdict; at how many seeds it was taken for what it isn't."""

    submission: Submission
    verdicts: Counter[str] = field(default_factory=Counter)
    named: int = 0
    alternatives: int = 0
    seeds: int = 0
    fooled: int = 0


def get_ready() -> None:
    """Import what all need, and have garbage collected after each chunk only, without a look at what was imported."""
    from chainrule.course.exercise import load

    load()
    gc.freeze()
    gc.disable()


def tally(group: Sequence[Submission], seeds: range) -> list[Tally]:
    """Check submissions to one exercise, each verdict on as many seeds as a learner's."""
    from chainrule.course import exercise, forensics, location
    from chainrule.course.judge import SEEDS

    tallies = [Tally(submission) for submission in group]
    location.of_mistake = lambda *_: None  # line and numbers are told in `seconds`: they take a quarter of the time
    forensics.numbers = lambda *_: ""
    for start in range(0, len(seeds), len(SEEDS)):  # outermost: what a mistake gives is worked out once for a seed
        for each in tallies:
            enter(each, seeds[start : start + len(SEEDS)])
        exercise.forget_cases()
    gc.collect()
    gc.freeze()  # what is left, PyTorch above all, stays: the next look for garbage needn't go through it
    return tallies


def enter(each: Tally, seeds: range) -> None:
    """Count one verdict, and each of its seeds."""
    from chainrule.course.check import examined
    from chainrule.course.exercise import find
    from chainrule.course.judge import remarked, wrong_ones
    from chainrule.course.observation import quiet

    answer = each.submission.answer()
    task = find(answer, each.submission.exercise)
    report, seen = examined(task, answer, seeds)
    named = [finding for finding in report.findings if finding.code in CATALOGUE or finding.severity == "error"]
    found = {finding.code for finding in named}
    each.named += any(codes <= found for codes in each.submission.codes)
    each.alternatives += any(finding.title.startswith("or: ") for finding in named)
    each.verdicts["+".join(sorted(found)) or "right"] += 1
    rest = iter(seen)
    with quiet():
        for seed in seeds:
            ones = [next(rest) for _ in task.tried_on(seed)]
            noticed = wrong_ones(task, ones) or any(one.changed for one in ones) or remarked(task, ones)
            each.seeds += 1
            each.fooled += not report.passed if each.submission.right else not (found and noticed)


def seconds(group: Sequence[Submission]) -> list[tuple[str, float]]:
    """Return the topic and the processor time of a verdict that nothing is known for, of every third submission."""
    from chainrule.course import exercise
    from chainrule.course.check import check

    check(group[0].answer(), group[0].exercise)  # what is imported and compiled once
    took = []
    for each in group[::3]:
        answer = each.answer()
        exercise.forget_cases()
        begun = process_time()
        check(answer, each.exercise)
        took.append((each.topic, process_time() - begun))
    return took


def main(arguments: Sequence[str] | None = None) -> int:
    """Tally all submissions and write the matrix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="seeds for each NumPy submission")
    parser.add_argument("--torch-seeds", type=int, default=50, help="seeds for each PyTorch submission")
    parser.add_argument("--topic", help="one file of tests/learners")
    parser.add_argument("--out", type=Path, default=Path("out/confusion"), help="a folder for the two tables")
    options = parser.parse_args(arguments)
    groups: dict[tuple[str, int], list[Submission]] = {}
    for each in submissions(options.topic):
        has_pairs_tried = not each.right and all(len(codes) > 1 for codes in each.codes)
        seeds = options.torch_seeds if each.topic.startswith("torch") else options.seeds
        groups.setdefault((each.exercise, seeds // 10 if has_pairs_tried else seeds), []).append(each)
    jobs = [
        (group, range(first, min(first + CHUNK, seeds)))
        for (_, seeds), group in groups.items()
        for first in range(0, seeds, CHUNK)
    ]
    jobs.sort(key=lambda job: not job[0][0].topic.startswith("torch"))  # the longest first: none is left at the end
    merged: dict[Submission, Tally] = {}
    with ProcessPoolExecutor(max_workers=os.cpu_count(), initializer=get_ready) as pool:
        times = pool.map(seconds, groups.values())
        for tallies in tqdm(pool.map(tally, *zip(*jobs, strict=True)), total=len(jobs), unit="chunk"):
            for each in tallies:
                add(merged.setdefault(each.submission, Tally(each.submission)), each)
    took = [one for group in times for one in group]
    tallies = list(merged.values())
    rows = matrix(tallies)
    show_matrix(rows)
    report(tallies)
    show_times(took)
    write(rows, "mistake", options.out / "mistakes.csv")
    write({str(each.submission): each.verdicts for each in tallies}, "submission", options.out / "submissions.csv")
    known = [each for each in tallies if each.submission.codes]
    named = sum(each.named for each in known) / max(sum(each.verdicts.total() for each in known), 1)
    return int(any(each.fooled for each in tallies) or named < NAMED_ENOUGH)


def add(to: Tally, more: Tally) -> None:
    """Add the counts of other seeds."""
    to.verdicts += more.verdicts
    for name in ("named", "alternatives", "seeds", "fooled"):
        setattr(to, name, getattr(to, name) + getattr(more, name))


def matrix(tallies: Sequence[Tally]) -> dict[str, Counter[str]]:
    """Return how often each finding was given to each mistake; right submissions come first, unknown mistakes last."""
    rows: dict[str, Counter[str]] = {"right": Counter()}
    for each in sorted(tallies, key=lambda each: label(each.submission) or "~"):
        rows.setdefault(label(each.submission) or "another mistake", Counter()).update(each.verdicts)
    return rows


def label(submission: Submission) -> str:
    """Return the mistakes in a submission: ``+`` joins two of them, ``|`` two names of one that can't be told apart."""
    return "right" if submission.right else "|".join(sorted("+".join(sorted(codes)) for codes in submission.codes))


def show_matrix(rows: dict[str, Counter[str]]) -> None:
    """Print the matrix, a line for each mistake: its commonest findings with their counts."""
    for mistake, verdicts in rows.items():
        common = ", ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common(4))
        others = sum(verdicts.values()) - sum(count for _, count in verdicts.most_common(4))
        print(f"{mistake:24} {common}{f', others {others}' if others else ''}")


def report(tallies: Sequence[Tally]) -> None:
    """Print what went wrong, and the shares."""
    for each in tallies:
        if each.fooled or (each.submission.codes and each.named < each.verdicts.total()):
            common = ", ".join(f"{verdict} {count}" for verdict, count in each.verdicts.most_common(3))
            print(f"{each.submission}: fooled {each.fooled}, named {each.named} of {each.verdicts.total()}: {common}")
    wrong = [each for each in tallies if not each.submission.right]
    right = [each for each in tallies if each.submission.right]
    for group, deceived in ((wrong, "wrong submissions, accepted in"), (right, "right submissions, rejected in")):
        seeds, fooled = sum(each.seeds for each in group), sum(each.fooled for each in group)
        print(f"{len(group)} {deceived} {fooled} of {seeds} seeds")
    known = [each for each in wrong if each.submission.codes]  # the rest has mistakes that the study doesn't
    named, several = (sum(getattr(each, what) for each in known) for what in ("named", "alternatives"))
    verdicts = sum(each.verdicts.total() for each in known)
    print(
        f"named rightly: {named} of {verdicts} ({named / max(verdicts, 1):.2%}), {several} of them among alternatives"
    )


def show_times(took: Sequence[tuple[str, float]]) -> None:
    """Print how long one verdict takes, as a learner waits for it, with the usual three seeds."""
    print("processor time of a verdict, in milliseconds:    median   95 %    max")
    for topic in dict.fromkeys(topic for topic, _ in took):
        times = sorted(1e3 * each for name, each in took if name == topic)
        middle, most = times[len(times) // 2], times[int(0.95 * (len(times) - 1))]
        print(f"  {topic:20} {len(times):4} submissions       {middle:9.0f} {most:6.0f} {times[-1]:6.0f}")


def write(rows: dict[str, Counter[str]], of_what: str, path: Path) -> None:
    """Write a matrix: a row for each mistake or submission, a column for each finding."""
    columns = sorted({verdict for verdicts in rows.values() for verdict in verdicts})
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([of_what, *columns])
        table.writerows([name, *(verdicts[column] for column in columns)] for name, verdicts in rows.items())
    print(f"written to {path}")


if __name__ == "__main__":
    sys.exit(main())
