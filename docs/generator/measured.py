"""The page of benchmarks: the last measured run, as ``chainrule bench --json`` wrote it."""

import json
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).parents[1] / "benchmarks.json"


def write(folder: Path) -> None:
    """Write the page."""
    folder.mkdir(exist_ok=True)
    run = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else None
    (folder / "benchmarks.md").write_text(page(run), encoding="utf-8")


def page(run: dict[str, Any] | None) -> str:
    """Return the page of a run; of None, how to make one."""
    parts = ["# Benchmarks", _HOW]
    if run is None:
        return "\n\n".join([*parts, "There is no measured run in this copy of the documentation."]) + "\n"
    machine = [f"- {name}: {value}" for name, value in run["machine"].items()]
    parts += [f"## The last run, {run['date']}", "\n".join(machine)]
    for row in run["rows"]:
        threads = f"{row['threads']} thread{'s' * (row['threads'] > 1)}"
        parts += [f"### {row['task']}: {row['what']}; {threads}", _table(row)]
    return "\n\n".join(parts) + "\n"


def _table(row: dict[str, Any]) -> str:
    lines = ["| | µs a step | times chainrule's | share of sgemm peak |", "| --- | ---: | ---: | ---: |"]
    for name, median in row["medians"].items():
        share = f"{row['shares'][name]:.1%}" if row["shares"] else ""
        lines.append(f"| {name} | {median * 1e6:,.1f} | {row['ratios'][name]:.2f} | {share} |")
    return "\n".join(lines)


_HOW = """`chainrule bench` times one training step, forward, backward and update, beside PyTorch, JAX and
scikit-learn in one process; the repetitions take turns, and medians are shown. *Times chainrule's* is the median over
the repetitions of the other's time divided by ours: above 1 the other is slower. To repeat it:

```text
make bench                                       the table, on your machine
chainrule bench --json docs/benchmarks.json      and what this page is made from
```"""
