"""The command line: quick, helpful, and without tracebacks."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from chainrule import __version__
from chainrule.cli import app
from chainrule.course import lab, runner
from chainrule.course.record import Result


def invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_version():
    assert invoke("--version").stdout == f"chainrule {__version__}\n"


@pytest.mark.parametrize("verb", ["run", "lab"])
def test_each_help_ends_with_an_example(verb):
    shown = invoke(verb, "--help")
    assert shown.exit_code == 0
    assert shown.stdout.strip().splitlines()[-1].strip().startswith(f"Example: chainrule {verb} ")


def test_help_imports_nothing_heavy():
    script = (
        "import sys\nsys.argv = ['chainrule', '--help']\nfrom chainrule.cli import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('numpy', 'torch', 'matplotlib', 'sklearn', 'nbformat') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_it_runs_as_a_module():
    shown = subprocess.run([sys.executable, "-m", "chainrule", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout == f"chainrule {__version__}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "nosuchlesson"], "chainrule: unknown lesson 'nosuchlesson'"),
        (["run", "--out", __file__], "can't be written: File exists; name another folder"),
        (["run", "--data", "mnist", "--data-root", "/no/such/root"], "mnist is not in the data root /no/such/root"),
        (["lab", __file__], "chainrule: the notebooks can't be copied to"),
    ],
)
def test_errors_are_one_line(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = invoke(*words)
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert message in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_failed_lesson_makes_the_exit_status_1(tmp_path, monkeypatch):
    row = Result("a", "b", "c", 1, 1, 1, 0)
    outcomes = [runner.Outcome("good", [row], ""), runner.Outcome("bad", [], "code cell 3 (x) raised ValueError: no")]
    monkeypatch.setattr(runner, "run", lambda *arguments, **options: outcomes)
    shown = invoke("run", "--out", tmp_path)
    assert shown.exit_code == 1
    assert shown.stderr == "chainrule: bad: code cell 3 (x) raised ValueError: no\n"


def test_stopping_is_said_in_a_word(monkeypatch):
    def stopped(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", stopped)
    shown = invoke("run")
    assert shown.exit_code == 130
    assert shown.stderr == "chainrule: stopped\n"


def test_lab_says_which_copies_are_new(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(lab, "open_jupyter", lambda folder, **options: opened.append((folder, options)))
    (tmp_path / "Further Exploration.ipynb").write_text("mine")
    shown = invoke("lab", tmp_path, "--classic", "--no-browser")
    assert opened == [(tmp_path, {"classic": True, "browser": False})]
    assert f"kept  {tmp_path / 'Further Exploration.ipynb'}" in shown.stdout
    assert shown.stdout.count("new   ") == 3
