"""What check and diagnose say: findings, and the report that holds them."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from html import escape
from textwrap import fill, indent
from typing import Any, Literal

Severity = Literal["error", "warning", "remark"]
MIME = "application/vnd.chainrule.report+json"
WIDTH = 100


@dataclass(frozen=True)
class Finding:
    """One thing that was found: what it is, how it shows in this very run, and what to do.

    Parameters
    ----------
    code : str
        The mistake's code in the catalogue; ``CR…`` where it is none of the known mistakes.
    title : str
        What was done.
    severity : {"error", "warning", "remark"}
        An error is certain and wrong; a remark is worth a look.
    evidence : str
        The numbers of this run that show it.
    explanation, fix : str
        Why it matters, and what to do.
    file : str or None
        The file or notebook cell it is in.
    line : int or None
        The line there, counted from 1.
    """

    code: str
    title: str
    severity: Severity = "error"
    evidence: str = ""
    explanation: str = ""
    fix: str = ""
    file: str | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """The file and line as ``file:line``, or ``line 3`` of whatever was run; empty where none is known."""
        if self.file is None:
            return "" if self.line is None else f"line {self.line}"
        return self.file if self.line is None else f"{self.file}:{self.line}"

    @property
    def page(self) -> str:
        """The mistake's page in the documentation, relative to its root; empty where there is none."""
        return f"mistakes/{self.code}.html" if self.code[:2] in ("GD", "RG", "TR") else ""

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        lines = [f"{self.severity}: {self.title} [{self.code}]{where}"]
        for text in (self.evidence, self.explanation, self.fix):
            lines += [
                indent(fill(part, WIDTH - 2) if len(part) > WIDTH else part, "  ") for part in text.splitlines() if text
            ]
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Report:
    """The verdict on one exercise or one run.

    Parameters
    ----------
    exercise : str
        The exercise's name, or the program's.
    findings : list of Finding
        Errors first.
    note : str
        One sentence for the reader, such as why the answer is right.
    title : str
        What it is called where a person reads it; by default its name.
    """

    exercise: str
    findings: list[Finding] = field(default_factory=list)
    note: str = ""
    title: str = ""

    @property
    def passed(self) -> bool:
        """Whether no error was found."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def verdict(self) -> str:
        """One word or three: ``right``, ``not written yet`` or ``not right yet``."""
        if self.passed:
            return "right"
        return "not written yet" if self.findings[0].code == "CR001" else "not right yet"

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        note = [fill(self.note, WIDTH)] if self.note else []
        return "\n".join([f"{self.title or self.exercise}: {self.verdict}", *map(str, self.findings), *note])

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": str(self), "text/html": self.html(), MIME: self.as_dict()}

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return {
            "exercise": self.exercise,
            "passed": self.passed,
            "verdict": self.verdict,
            "findings": [asdict(finding) for finding in self.findings],
            "note": self.note,
        }

    def html(self) -> str:
        """Return the report as a piece of HTML that needs nothing else.

        Where ``CHAINRULE_DOCS`` is the address of the documentation, such as ``file:///home/me/chainrule/out/docs``,
        each finding links to its mistake's page.
        """
        colour = "#0072b2" if self.passed else "#d55e00"
        findings = "".join(_html(finding) for finding in self.findings)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return (
            f'<div class="chainrule-report" style="border-left:4px solid {colour};padding:.2em 1em;max-width:52em">'
            f"<p><b>{escape(self.title or self.exercise)}: {self.verdict}</b></p>{findings}{note}</div>"
        )


def _html(finding: Finding) -> str:
    place = f" <small>{escape(finding.place)}</small>" if finding.place else ""
    evidence = f'<pre style="white-space:pre-wrap">{escape(finding.evidence)}</pre>' if finding.evidence else ""
    texts = "".join(f"<p>{escape(text)}</p>" for text in (finding.explanation, finding.fix) if text)
    code = f"<code>{escape(finding.code)}</code>"
    if finding.page and (documentation := os.environ.get("CHAINRULE_DOCS", "").rstrip("/")):
        code = f'<a href="{escape(documentation)}/{finding.page}">{code}</a>'
    head = f"{finding.severity}: <b>{escape(finding.title)}</b> {code}{place}"
    return f"<p>{head}</p>{evidence}{texts}"
