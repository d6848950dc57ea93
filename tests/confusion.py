"""Mistake by finding: what `check` says of every submission in tests/learners, over many seeds.

Run it with ``make confusion``; the matrix is printed and written as CSV. The exit status is 1 if a wrong submission
was accepted or a right one rejected at any seed, or if too few were named rightly.
"""

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.learners import Submission, submissions

NAMED_ENOUGH = 0.99


@dataclass
class Tally:
    """How often one submission was given each verdict, over seeds."""

    submission: Submission
    verdicts: Counter[str] = field(default_factory=Counter)
    named: int = 0
    alternatives: int = 0
    seeds: int = 0

    @property
    def fooled(self) -> int:
        """The number of seeds at which a wrong submission was accepted, or a right one rejected."""
        accepted = self.verdicts["right"]
        return self.seeds - accepted if self.submission.right else accepted


def tally(submission: Submission, seeds: range) -> Tally:
    """Check one submission at each seed by itself."""
    from chainrule.course.check import check

    result = Tally(submission)
    for seed in seeds:
        report = check(submission.answer(), submission.exercise, seeds=(seed,))
        errors = [finding for finding in report.findings if finding.severity == "error"]
        found = {finding.code for finding in errors}
        result.seeds += 1
        result.named += any(each <= found for each in submission.codes)
        result.alternatives += any(finding.title.startswith("or: ") for finding in errors)
        result.verdicts["+".join(sorted(found)) or "right"] += 1
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Tally all submissions and write the matrix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="seeds for each NumPy submission")
    parser.add_argument("--torch-seeds", type=int, default=50, help="seeds for each PyTorch submission")
    parser.add_argument("--topic", help="one file of tests/learners")
    parser.add_argument("--out", type=Path, default=Path("out/confusion.csv"))
    options = parser.parse_args(arguments)
    jobs = [
        (each, range(options.torch_seeds if each.topic.startswith("torch") else options.seeds))
        for each in submissions(options.topic)
    ]
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        tallies = list(tqdm(pool.map(tally, *zip(*jobs, strict=True)), total=len(jobs), unit="submission"))
    report(tallies)
    write(tallies, options.out)
    wrong = [each for each in tallies if not each.submission.right]
    named = sum(each.named for each in wrong) / max(sum(each.seeds for each in wrong), 1)
    return int(any(each.fooled for each in tallies) or named < NAMED_ENOUGH)


def report(tallies: Sequence[Tally]) -> None:
    """Print what went wrong, and the shares."""
    for each in tallies:
        if each.fooled or (not each.submission.right and each.named < each.seeds):
            common = ", ".join(f"{verdict} {count}" for verdict, count in each.verdicts.most_common(3))
            print(f"{each.submission}: fooled {each.fooled}, named {each.named} of {each.seeds}: {common}")
    wrong = [each for each in tallies if not each.submission.right]
    right = [each for each in tallies if each.submission.right]
    for group, deceived in ((wrong, "wrong submissions, accepted in"), (right, "right submissions, rejected in")):
        seeds, fooled = sum(each.seeds for each in group), sum(each.fooled for each in group)
        print(f"{len(group)} {deceived} {fooled} of {seeds} verdicts")
    seeds, named, several = (sum(getattr(each, what) for each in wrong) for what in ("seeds", "named", "alternatives"))
    print(f"named rightly: {named} of {seeds} ({named / max(seeds, 1):.2%}), {several} of them among alternatives")


def write(tallies: Sequence[Tally], path: Path) -> None:
    """Write the matrix: a row for each submission, a column for each verdict."""
    columns = sorted({verdict for each in tallies for verdict in each.verdicts})
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["submission", "codes", "seeds", "fooled", "named", *columns])
        for each in tallies:
            codes = "|".join("+".join(sorted(one)) for one in each.submission.codes)
            counts = [each.verdicts[column] for column in columns]
            table.writerow([str(each.submission), codes, each.seeds, each.fooled, each.named, *counts])
    print(f"written to {path}")


if __name__ == "__main__":
    sys.exit(main())
