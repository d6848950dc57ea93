"""check, hint and progress at the command line: what is printed, the exit status, the journal, and watching a file."""

import csv
import io
import json
import subprocess
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

from chainrule.cli import app
from chainrule.course import journal, watching
from chainrule.course.exercise import EXERCISES, load

load()
SIGMOID = EXERCISES["sigmoid"].solution
WRONG = "def l1_gradient(weights, lamb):\n    slope = np.sign(weights)\n    return -lamb * slope\n"
STUB = 'def softmax(z):\n    raise NotImplementedError("softmax is not written yet")\n'


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHAINRULE_JOURNAL", str(tmp_path / "journal.json"))
    monkeypatch.setenv("COLUMNS", "150")
    (tmp_path / "mixed.ipynb").write_text(notebook("import numpy as np", SIGMOID, "# mine\n" + WRONG, STUB))
    (tmp_path / "right.py").write_text("import numpy as np\n" + SIGMOID)
    (tmp_path / "empty.py").write_text("import numpy as np\n")
    return tmp_path


def invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_one_file_shows_its_reports(folder):
    shown = invoke("check", "mixed.ipynb")
    assert shown.exit_code == 1
    assert "Exercise 1, sigmoid: right" in shown.stdout
    assert "Not written yet: Exercise 7, softmax\n" in shown.stdout
    assert "(code cell 3:4)" in shown.stdout
    assert "line 4: return -lamb * slope" in shown.stdout


def test_several_files_make_a_table(folder):
    shown = invoke("check", "mixed.ipynb", "right.py", "empty.py", "missing.py")
    assert shown.exit_code == 1
    rows = {line.split("│")[1].strip(): line for line in shown.stdout.splitlines() if line.startswith("│")}
    assert "1 of 3" in rows["mixed.ipynb"]
    assert "l1_gradient: RG" in rows["mixed.ipynb"]
    assert "softmax" in rows["mixed.ipynb"]
    assert "1 of 1" in rows["right.py"]
    assert "missing.py: can't be read: there is no such file" in shown.stdout
    assert "no exercise's function or class was found" in shown.stdout


def test_the_status_is_0_if_all_is_right(folder):
    assert invoke("check", "right.py").exit_code == 0
    assert invoke("check", "mixed.ipynb", "--exercise", "sigmoid").exit_code == 0
    assert invoke("check", "empty.py").exit_code == 1


def test_json(folder):
    shown = invoke("check", "mixed.ipynb", "missing.py", "--format", "json")
    assert shown.exit_code == 1
    mixed, missing = json.loads(shown.stdout)
    verdicts = {each["exercise"].split()[-1]: each["verdict"] for each in mixed["exercises"]}
    assert verdicts == {"sigmoid": "right", "l1_gradient": "not right yet", "softmax": "not written yet"}
    (wrong,) = (each for each in mixed["exercises"] if each["verdict"] == "not right yet")
    finding = wrong["findings"][0]
    assert {"code", "title", "severity", "evidence", "explanation", "fix", "file", "line"} <= finding.keys()
    assert (finding["file"], finding["line"]) == ("code cell 3", 4)
    assert "clock" in mixed["limits"]
    assert missing["problems"] == ["can't be read: there is no such file"]


def test_csv(folder):
    shown = invoke("check", "mixed.ipynb", "right.py", "empty.py", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(row["file"], row["verdict"]) for row in rows] == [
        ("mixed.ipynb", "right"),
        ("mixed.ipynb", "not written yet"),
        ("mixed.ipynb", "not right yet"),
        ("right.py", "right"),
        ("empty.py", "problem"),
    ]
    assert rows[2]["line"] == "4"
    assert rows[2]["codes"].startswith("RG")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "right.py", "--format", "xml"], "unknown format 'xml'"),
        (["check", "right.py", "--exercise", "sigmoids"], "unknown exercise 'sigmoids': did you mean 'sigmoid'?"),
        (["check", "right.py", "--exercises", "none.py"], "none.py is no Python file, where exercises should be"),
        (["check", "right.py", "--exercises", "right.py"], "right.py makes no exercise"),
        (["check"], "no notebooks in work/"),
        (["hint", "nothing"], "unknown exercise 'nothing'"),
    ],
)
def test_errors_are_one_line(folder, words, message):
    shown = invoke(*words)
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert message in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_hints_come_one_by_one_and_the_solution_after_success(folder):
    exercise = EXERCISES["sigmoid"]
    hints = [invoke("hint", "sigmoid").stdout for _ in range(4)]
    assert [exercise.hints[k] in text for k, text in zip((0, 1, 2, 2), hints, strict=True)] == [True] * 4
    assert "return 1 / (1 + np.exp(-x))" not in "".join(hints)
    journal.note(exercise, passed=True)
    assert "return 1 / (1 + np.exp(-x))" in invoke("hint", "sigmoid").stdout


def test_progress_counts(folder):
    assert "0 of" in invoke("progress").stdout
    journal.note(EXERCISES["softmax"], passed=False)
    journal.note(EXERCISES["sigmoid"], passed=True)
    shown = invoke("progress").stdout
    assert f"1 of {len(journal.progress())} exercises passed" in shown
    (row,) = (line for line in shown.splitlines() if " softmax " in line)
    assert [cell.strip() for cell in row.split("│")[3:5]] == ["-", "1"]


def test_a_broken_journal_is_named(folder):
    (folder / "journal.json").write_text("[]")
    shown = invoke("progress")
    assert shown.exit_code == 1
    assert "journal.json is no journal of chainrule" in shown.stderr


def test_a_saved_file_is_checked_again_and_news_alone_are_told(folder, monkeypatch):
    """Watch a notebook while it is saved twice; the pause between two looks does the saving."""
    file = folder / "mixed.ipynb"
    versions = [
        notebook("import numpy as np", SIGMOID, WRONG.replace("-lamb", "lamb"), STUB),
        notebook("import numpy as np", SIGMOID, WRONG.replace("-lamb", "lamb"), STUB, "# a remark"),
    ]

    def pause(seconds):
        if not versions:
            raise KeyboardInterrupt
        file.write_text(versions.pop(0))

    monkeypatch.setattr(watching, "sleep", pause)
    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        watching.watch([file], (), (), Console(file=out, width=120))
    first, second, third = out.getvalue().split("mixed.ipynb")[1:]
    assert all(f"{name}: " in first for name in ("sigmoid", "l1_gradient"))
    assert "Not written yet: Exercise 7, softmax" in first
    assert "l1_gradient: right" in second
    assert "sigmoid" not in second
    assert not third.strip()
    entries = journal.read()
    assert entries["sigmoid"].passed
    assert entries["l1_gradient"].passed
    assert "softmax" not in entries


def test_watching_ends_with_a_word(folder, monkeypatch):
    def stopped(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "watch", stopped)
    shown = invoke("check", "right.py", "--watch")
    assert shown.exit_code == 130
    assert shown.stderr == "chainrule: stopped\n"


def test_a_submission_called_numpy_is_not_imported(folder):
    (folder / "numpy.py").write_text("raise SystemExit('imported')")
    words = [sys.executable, "-m", "chainrule", "check", "right.py", "numpy.py", "--format", "csv"]
    shown = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "right.py,sigmoid,True" in shown.stdout
    assert "imported" not in shown.stderr
