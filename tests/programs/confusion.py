"""Mistake by finding: what `diagnose` says of every program of the collection.

Run it with ``make confusion``, or ``python -m tests.programs.confusion TR120`` for the programs with that in their
name. The exit status is 1 if a mistake was not named, or if there was an error or warning without a mistake.
"""

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.programs import findings, programs


def main() -> int:
    """Print what is wrong with the findings, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the programs' names")
    wanted = parser.parse_args().names
    chosen = [each for each in programs() if not wanted or any(name in str(each) for name in wanted)]
    counts: Counter[str] = Counter()
    faulty = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        everything = list(tqdm(pool.map(findings, [each.path for each in chosen]), total=len(chosen), unit="program"))
    for each, found in zip(chosen, everything, strict=True):
        faults = each.wrongly(found)
        faulty += bool(faults)
        missed = sum(fault.startswith("not found") for fault in faults)
        counts["mistakes"] += len(each.expects)
        counts["named"] += len(each.expects) - missed
        mild = all(finding["severity"] == "remark" for finding in found)
        counts["named by remarks only"] += bool(each.expects) and mild and not missed
        counts[f"{each.kind} programs"] += 1
        counts[f"{each.kind} programs with an error or warning too many"] += len(faults) > missed
        for fault in faults:
            print(f"{each}: {fault}")
    for what, count in counts.items():
        print(f"{count:5d} {what}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
