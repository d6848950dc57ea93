"""Grades as a teacher wants them: a table to look at, JSON and CSV to go on with."""

import csv
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chainrule.course.confinement import LIMITS
from chainrule.course.grading import Grade
from chainrule.mistakes.finding import Report

COLUMNS = ("file", "exercise", "passed", "verdict", "codes", "title", "line")


class Format(StrEnum):
    """How grades are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def write(grades: Iterable[Grade], how: Format, out: TextIO, console: Console) -> bool:
    """Write the grades; return whether all passed."""
    kept = list(grades)
    if how is Format.JSON:
        json.dump([_as_dict(grade) for grade in kept], out, indent=2)
        out.write("\n")
    elif how is Format.CSV:
        table = csv.DictWriter(out, COLUMNS)
        table.writeheader()
        table.writerows(row for grade in kept for row in _rows(grade))
    elif len(kept) == 1:
        show(kept[0], console)
        _limits(kept, console)
    else:
        console.print(_table(kept))
        _problems(kept, console)
        _limits(kept, console)
    return all(grade.passed for grade in kept)


def show(grade: Grade, console: Console) -> None:
    """Print all reports of one file; what isn't written yet in one line."""
    blank = [report.title for report in grade.reports if report.verdict == "not written yet"]
    for report in grade.reports:
        if report.title not in blank:
            console.print(Text(str(report), style="" if report.passed else "bold"))
            console.print()
    if blank:
        console.print(Text(f"Not written yet: {'; '.join(blank)}", style="dim"))
    _problems([grade], console)


def _as_dict(grade: Grade) -> dict[str, Any]:
    return {
        "file": str(grade.path),
        "passed": grade.passed,
        "limits": list(grade.limits),
        "problems": list(grade.problems),
        "exercises": [report.as_dict() for report in grade.reports],
    }


def _rows(grade: Grade) -> Iterator[dict[str, Any]]:
    for report in grade.reports:
        errors = [finding for finding in report.findings if finding.severity == "error"]
        yield {
            "file": grade.path,
            "exercise": report.exercise,
            "passed": report.passed,
            "verdict": report.verdict,
            "codes": " ".join(finding.code for finding in errors),
            "title": "; ".join(finding.title for finding in errors),
            "line": next((finding.line for finding in errors if finding.line), ""),
        }
    for problem in grade.problems or ([] if grade.reports else ["no exercise's function or class was found"]):
        yield {"file": grade.path, "passed": False, "verdict": "problem", "title": problem}


def _table(grades: list[Grade]) -> Table:
    table = Table("file", "right", "not right yet", "not written yet", expand=False)
    for grade in grades:
        right = [report for report in grade.reports if report.passed]
        blank = [report.exercise for report in grade.reports if report.verdict == "not written yet"]
        warned = any(finding.severity == "warning" for report in grade.reports for finding in report.findings)
        table.add_row(
            Text(str(grade.path)),
            Text(
                f"{len(right)} of {len(grade.reports)}{', see warning' if warned else ''}", style="green" * bool(right)
            ),
            Text("\n".join(_in_short(report) for report in grade.reports if report.verdict == "not right yet"), "red"),
            Text("\n".join(blank), style="dim"),
        )
    return table


def _in_short(report: Report) -> str:
    codes = dict.fromkeys(finding.code for finding in report.findings if finding.severity == "error")
    return f"{report.exercise}: {' '.join(codes)}"


def _problems(grades: list[Grade], console: Console) -> None:
    for grade in grades:
        for problem in grade.problems:
            console.print(f"{grade.path}: {problem}", style="red", markup=False, highlight=False)
    if any(not grade.reports for grade in grades):
        console.print("Where nothing is shown, no exercise's function or class was found.", style="dim")


def _limits(grades: list[Grade], console: Console) -> None:
    """Say which limits were in force, and which were not."""
    for limits in dict.fromkeys(grade.limits for grade in grades if grade.limits):
        here = [grade for grade in grades if grade.limits == limits]
        which = "" if len(here) == len(grades) else f" for {len(here)} of {len(grades)} files"
        missing = [limit for limit in LIMITS if limit not in limits]
        words = f"Limits in force{which}: {', '.join(limits)}." + f" Not in force: {', '.join(missing)}." * bool(
            missing
        )
        console.print(words, style="dim", highlight=False)
