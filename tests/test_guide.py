"""The guide for teachers: each of its blocks is executed, and what it prints is what the guide says."""

import contextlib
import io
import linecache
import re
import shlex
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chainrule.cli import app
from chainrule.course.exercise import EXERCISES
from chainrule.mistakes.mistake import CATALOGUE

GUIDE = Path(__file__).parents[1] / "docs" / "teach-your-own.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CELL = "<ipython-input-1>"
FILE = re.compile(r"# (\w+\.py)\n")


@pytest.fixture
def nothing_left(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CHAINRULE_JOURNAL", str(tmp_path / "journal.json"))
    yield
    forget()


def forget() -> None:
    """Be as a new interpreter is: each of the guide's programs is run by itself."""
    for known in (EXERCISES, CATALOGUE):
        for name in [name for name in known if name.lower().startswith("hu")]:
            del known[name]
    for name in [name for name in sys.modules if name.endswith(("huber", "huber.py"))]:
        del sys.modules[name]


def run(kind: str, text: str, names: dict) -> str:
    """Execute a block and return what it prints."""
    if kind == "sh":
        _, *words = shlex.split(text)
        return CliRunner().invoke(app, words).stdout
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        linecache.cache[CELL] = (len(text), None, text.splitlines(keepends=True), CELL)
        exec(compile(text, CELL, "exec"), names)
    return printed.getvalue()


def without_limits(text: str) -> list[str]:
    """Return the lines of a text, but for those that depend on the platform."""
    return [line.rstrip() for line in text.strip().splitlines() if not line.startswith("Limits in force")]


def test_each_block_does_what_the_guide_says(nothing_left):
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(blocks) > 10
    printed = ""
    whole: dict[str, str] = {}
    for kind, text in blocks:
        if (file := FILE.match(text)) is not None:
            whole[file[1]] = whole.get(file[1], "") + text[file.end() :] + "\n\n"
        elif kind == "text":
            assert without_limits(printed) == without_limits(text)
        else:
            for name, content in whole.items():
                Path(name).write_text(content, encoding="utf-8")
            forget()
            printed = run(kind, text, {"__name__": "__main__"})
    assert set(whole) == {"huber.py", "mine.py"}
