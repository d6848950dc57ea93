"""Submissions of learners, right and wrong, written without a look at the catalogue; each is a little notebook."""

import linecache
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

HEADER = re.compile(
    r"# %% (?P<kind>right|wrong) (?P<exercise>\w+)"
    r"(?: (?P<codes>[A-Z]{2}\d[\w|+]*))?(?: as (?P<called>\w+))?\s*:?(?P<style>.*)"
)


@dataclass(frozen=True)
class Submission:
    """One cell of a file: what it hands in for which exercise, and which mistakes are in it.

    ``codes`` holds alternatives, each a set of codes: ``GD119|GD155`` may be named as either, ``GD104+GD120`` has both.
    """

    topic: str
    exercise: str
    right: bool
    codes: tuple[frozenset[str], ...]
    called: str
    style: str
    line: int
    source: str

    def answer(self) -> Any:
        """Run the cell in a fresh namespace and return the object that it hands in."""
        file = f"<{self}>"
        linecache.cache[file] = (len(self.source), None, self.source.splitlines(keepends=True), file)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(_compiled(self.source, file), namespace)
        return namespace[self.called]

    def __str__(self) -> str:
        codes = " or ".join("+".join(sorted(each)) for each in self.codes)
        return f"{self.topic}:{self.line} {'right' if self.right else 'wrong'} {self.exercise} {codes}".strip()


@cache
def _compiled(source: str, file: str) -> CodeType:
    return compile(source, file, "exec")


def submissions(topic: str | None = None) -> list[Submission]:
    """Return the submissions of one topic, or of all."""
    folder = Path(__file__).parent
    files = sorted(folder.glob("[a-z]*.py")) if topic is None else [folder / f"{topic}.py"]
    return [submission for file in files for submission in _cells(file)]


def _cells(file: Path) -> Iterator[Submission]:
    lines = file.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = HEADER.fullmatch(lines[start])
        if match is None:
            raise ValueError(f"{file.name}, line {start + 1}: not a header: {lines[start]}")
        codes = match["codes"] or ""
        yield Submission(
            topic=file.stem,
            exercise=match["exercise"],
            right=match["kind"] == "right",
            codes=tuple(frozenset(each.split("+")) for each in codes.split("|") if each),
            called=match["called"] or match["exercise"],
            style=match["style"].strip(),
            line=start + 1,
            source="\n".join(lines[start + 1 : end]) + "\n",
        )
