"""The pages that hold code: each of their blocks is executed, and what it prints is what the page says.

A block of Python that begins with ``# name.py`` is a file, or goes on with one; any other is a program that is run by
itself. Of a block of ``sh`` each line is a command of chainrule; what others type stands in blocks of ``shell``, and is
not run. A block of ``text`` after a program is what it prints, an error's last line with it; … stands for anything.
"""

import contextlib
import io
import linecache
import re
import shlex
import sys
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from chainrule.cli import app
from chainrule.course.exercise import EXERCISES, load
from chainrule.data import DATASETS
from chainrule.mistakes.mistake import CATALOGUE
from chainrule.nn import ACTIVATIONS
from chainrule.optim import OPTIMIZERS

DOCS = Path(__file__).parents[1] / "docs"
WRITTEN = sorted(page for folder in (".", "learn", "carry-on") for page in (DOCS / folder).glob("*.md"))
PAGES = [page for page in WRITTEN if "```python" in page.read_text(encoding="utf-8")]
BLOCK = re.compile(r"^```(python|sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CELL = "<ipython-input-1>"
FILE = re.compile(r"# (\w+\.py)\n")
REGISTRIES = (EXERCISES, CATALOGUE, DATASETS, ACTIVATIONS, OPTIMIZERS)


@pytest.fixture
def nothing_left(monkeypatch, tmp_path):
    load()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CHAINRULE_JOURNAL", str(tmp_path / "journal.json"))
    kept = [set(known) for known in REGISTRIES], set(sys.modules)
    with torch.random.fork_rng():
        yield lambda files: forget(*kept, files)
    forget(*kept, ["huber.py"])


def forget(names, modules, files) -> None:
    """Be as a new interpreter is: each of a page's programs is run by itself."""
    for known, before in zip(REGISTRIES, names, strict=True):
        for name in set(known) - before:
            del known[name]
    for name in set(sys.modules) - modules:
        if any(name.endswith((file, file.removesuffix(".py"))) for file in files):
            del sys.modules[name]


def run(kind: str, text: str) -> str:
    """Execute a block and return what it prints."""
    if kind == "sh":
        return "".join(CliRunner().invoke(app, shlex.split(line)[1:]).output for line in text.splitlines())
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        linecache.cache[CELL] = (len(text), None, text.splitlines(keepends=True), CELL)
        try:
            exec(compile(text, CELL, "exec"), {"__name__": "__main__"})
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    return printed.getvalue()


def matches(printed: str, said: str) -> bool:
    """Say whether a page says what is printed, but for the line that depends on the platform."""
    both = [
        "\n".join(line.rstrip() for line in text.strip().splitlines() if not line.startswith("Limits in force"))
        for text in (printed, said)
    ]
    return re.fullmatch(re.escape(both[1]).replace("…", ".*"), both[0], re.DOTALL) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_block_does_what_the_page_says(page: Path, nothing_left) -> None:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    printed, said = "", True
    whole: dict[str, str] = {}
    for kind, text in blocks:
        if (file := FILE.match(text)) is not None:
            whole[file[1]] = whole.get(file[1], "") + text[file.end() :] + "\n\n"
        elif kind == "text":
            assert matches(printed, text), f"{page.name} says\n{text}\nbut this is printed\n{printed}"
            said = True
        else:
            assert said, f"{page.name} doesn't say what this prints: {printed}"
            for name, content in whole.items():
                Path(name).write_text(content, encoding="utf-8")
            nothing_left(whole)
            printed = run(kind, text)
            said = not printed.strip()
    assert said, f"{page.name} doesn't say what this prints: {printed}"


def test_a_new_activation_passes_the_houses_tests(nothing_left) -> None:
    """As the page on activations promises."""
    import test_activations

    text = (DOCS / "carry-on" / "activation.md").read_text(encoding="utf-8")
    run("python", next(block for kind, block in BLOCK.findall(text) if block.startswith("# squareplus.py")))
    test_activations.test_slope_equals_finite_differences("squareplus")
    test_activations.test_large_inputs_are_safe("squareplus", float)


def test_the_pages_with_code_are_found() -> None:
    names = {page.stem for page in PAGES}
    assert names >= {"teach-your-own", "activation", "optimizer", "dataset", "mistake", "diagnose", "teach", "index"}
