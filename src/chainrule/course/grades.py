"""Grades as a teacher wants them: a table to look at, JSON and CSV to go on with."""

import csv
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

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
    else:
        console.print(_table(kept))
        _problems(kept, console)
    return all(grade.passed for grade in kept)


def show(grade: Grade, console: Console) -> None:
    """Print all reports of one file."""
    for report in grade.reports:
        console.print(
            Text(str(report), style="" if report.passed else "bold" if report.verdict == "not right yet" else "dim")
        )
        console.print()
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
    for problem in grade.problems:
        yield {"file": grade.path, "passed": False, "verdict": "problem", "title": problem}


def _table(grades: list[Grade]) -> Table:
    names = list(dict.fromkeys(report.exercise for grade in grades for report in grade.reports))
    table = Table("file", *names, "limits in force")
    for grade in grades:
        reports = {report.exercise: report for report in grade.reports}
        cells = [_cell(reports.get(name)) for name in names]
        table.add_row(str(grade.path), *cells, ", ".join(grade.limits) or "none")
    return table


def _cell(report: Report | None) -> Text:
    if report is None:
        return Text("-", style="dim")
    if report.passed:
        warned = any(finding.severity == "warning" for finding in report.findings)
        return Text("right, see warning" if warned else "right", style="green")
    if report.verdict == "not written yet":
        return Text("not written", style="dim")
    return Text(" ".join(finding.code for finding in report.findings if finding.severity == "error"), style="red")


def _problems(grades: list[Grade], console: Console) -> None:
    for grade in grades:
        for problem in grade.problems:
            console.print(f"{grade.path}: {problem}", style="red", markup=False, highlight=False)
    if any(not grade.reports for grade in grades):
        console.print("Where nothing is shown, no exercise's function or class was found.", style="dim")
