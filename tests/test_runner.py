"""`chainrule run` on tiny notebooks: what it writes, and what it says when something goes wrong."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from rich.console import Console

from chainrule.course import lessons, runner
from chainrule.course.lessons import CourseError, Lesson
from chainrule.course.record import MIME, Result, record, results

v4 = nbformat.v4
RECORD = (
    "from chainrule.course import record\n"
    "record(lesson='tiny', dataset='digits', network='64-10', epochs=3, seconds=1.25, accuracy=0.875,\n"
    "       gradient_error=2e-9)"
)

GOOD = {
    "lesson": "a",
    "dataset": "b",
    "network": "c",
    "epochs": 2,
    "seconds": 0.5,
    "accuracy": 0.75,
    "gradient_error": 1e-9,
}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Write tiny solution notebooks; the function returns the lesson of one."""
    monkeypatch.setattr(lessons, "notebooks", lambda: tmp_path / "notebooks")
    (tmp_path / "notebooks" / "solutions").mkdir(parents=True)

    def add(name, *cells, seconds=1, tags=()):
        code = [
            v4.new_code_cell(cell, metadata={"tags": list(tags)} if i == 0 and tags else {})
            for i, cell in enumerate(cells)
        ]
        notebook = v4.new_notebook(cells=[v4.new_markdown_cell(f"# {name}"), *code])
        lesson = Lesson(name, seconds)
        nbformat.write(notebook, lesson.solution)
        return lesson

    return add


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=150)


def outputs(path):
    return [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", ())]


def test_it_executes_in_this_python_and_writes_both_files(course, console, tmp_path):
    lesson = course("one", "import os, sys\nprint(sys.executable, os.environ['OMP_NUM_THREADS'])", RECORD)
    (outcome,) = runner.run([lesson], tmp_path / "out", console=console)
    assert outcome.problem == ""
    assert outcome.results == [Result("tiny", "digits", "64-10", 3, 1.25, 0.875, 2e-9)]
    assert outputs(tmp_path / "out" / "one.ipynb")[0].text == f"{sys.executable} 1\n"
    assert "<title>one</title>" in (tmp_path / "out" / "one.html").read_text()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.html", "one.ipynb"]
    shown = console.file.getvalue()
    for text in ("tiny", "digits", "64-10", "1.2 s", "87.5%", "2.0e-09", "All lessons ran through"):
        assert text in shown


def test_a_cell_that_raises_is_named_and_the_other_lessons_finish(course, console, tmp_path):
    bad = course("bad", "x = 1", "# divide\nx / 0", RECORD, seconds=9)
    good = course("good", RECORD)
    failed, fine = runner.run([bad, good], tmp_path / "out", console=console)
    assert failed.problem == "code cell 2 (# divide) raised ZeroDivisionError: division by zero"
    assert fine.problem == ""
    assert outputs(tmp_path / "out" / "bad.ipynb")[-1].ename == "ZeroDivisionError"
    assert "ZeroDivisionError" in (tmp_path / "out" / "bad.html").read_text()
    assert "1 of 2 lessons ran through" in console.file.getvalue()


def test_a_kernel_that_dies_is_named(course, console, tmp_path):
    (outcome,) = runner.run([course("dead", "import os\nos._exit(3)", RECORD)], tmp_path / "out", console=console)
    assert outcome.problem.startswith("the kernel died in code cell 1 (import os)")
    assert (tmp_path / "out" / "dead.ipynb").exists()


def test_a_lesson_without_a_record_is_an_error(course, console, tmp_path):
    (outcome,) = runner.run([course("silent", "print('done')")], tmp_path / "out", console=console)
    assert "recorded no result" in outcome.problem


def test_old_outputs_do_not_count(course, console, tmp_path):
    lesson = course("stale", "x = 1")
    notebook = nbformat.read(lesson.solution, as_version=4)
    row = {
        "lesson": "old",
        "dataset": "d",
        "network": "n",
        "epochs": 1,
        "seconds": 1,
        "accuracy": 1,
        "gradient_error": 0,
    }
    notebook.cells[1].outputs = [v4.new_output("display_data", {MIME: row})]
    nbformat.write(notebook, lesson.solution)
    (outcome,) = runner.run([lesson], tmp_path / "out", console=console)
    assert outcome.results == []


def test_several_rows_and_the_order_of_the_lessons(course, console, tmp_path):
    quick = course("quick", RECORD, RECORD.replace("digits", "mnist"))
    slow = course("slow", RECORD, seconds=5)
    outcomes = runner.run([quick, slow], tmp_path / "out", console=console)
    assert [outcome.lesson for outcome in outcomes] == ["quick", "slow"]
    assert [row.dataset for row in outcomes[0].results] == ["digits", "mnist"]


def test_progress_bars_become_text(course, console, tmp_path):
    lesson = course("bars", "from tqdm.auto import tqdm\nfor _ in tqdm(range(3), desc='epochs'): pass", RECORD)
    runner.run([lesson], tmp_path / "out", console=console)
    text = json.dumps(outputs(tmp_path / "out" / "bars.ipynb"))
    assert "epochs: 100%" in text
    assert "widget-view" not in text


def test_full_size_is_switched_on_after_the_parameters(course, console, tmp_path):
    for name in runner.IDX_FILES:
        file = tmp_path / "data" / "MNIST" / "raw" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    show = "import os\nprint(FULL_SIZE, os.environ['CHAINRULE_DATA'])"
    lesson = course("full", "FULL_SIZE = None  # a name", show, RECORD, tags=["parameters"])
    runner.run([lesson], tmp_path / "out", data="mnist", data_root=tmp_path / "data", console=console)
    cells = nbformat.read(tmp_path / "out" / "full.ipynb", as_version=4).cells
    assert cells[2].source == "FULL_SIZE = 'mnist'"
    assert cells[3].outputs[0].text == f"mnist {tmp_path / 'data'}\n"


def test_missing_full_size_data_is_said_before_anything_runs(course, tmp_path, monkeypatch):
    lesson = course("full", "FULL_SIZE = None", RECORD, tags=["parameters"])
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match=r"fashion-mnist is not in the data root .*nowhere.*train-images-idx3-ubyte"):
        runner.run([lesson], tmp_path / "out", data="fashion-mnist")


def test_an_out_that_cannot_be_written_is_said_before_anything_runs(course, tmp_path):
    lesson = course("one", f"open({str(tmp_path / 'ran')!r}, 'w')", RECORD)
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CourseError, match="out can't be written: File exists"):
        runner.run([lesson], tmp_path / "out")
    assert not (tmp_path / "ran").exists()


def test_missing_packages_are_named_with_the_cure(course, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "find_spec", lambda name: None if name in ("torch", "nbclient") else object())
    with pytest.raises(CourseError, match=r"torch, nbclient, not installed here: pip install 'chainrule\[all\]'"):
        runner.run([course("one", RECORD)], tmp_path / "out")


def test_a_missing_notebook_is_named(course, tmp_path):
    with pytest.raises(CourseError, match="the solution of 'gone' can't be read"):
        runner.run([Lesson("gone", 1)], tmp_path / "out")


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_kernel_behind(course, tmp_path, stop):
    course("endless", f"import os\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))", "while True: pass")
    script = (
        "from pathlib import Path; from chainrule.course import lessons, runner\n"
        f"lessons.notebooks = lambda: Path({str(tmp_path / 'notebooks')!r})\n"
        f"runner.run([lessons.Lesson('endless', 1)], Path({str(tmp_path / 'out')!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pid = int(_wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    process.send_signal(stop)
    _, errors = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in errors
    assert process.returncode != 0
    assert _wait_for(lambda: not _alive(pid))


def _wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_record_shows_a_table_and_carries_the_data(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    record(**GOOD)
    (bundle,) = shown
    assert results([{"outputs": [{"data": bundle}]}]) == [Result(**GOOD)]
    assert "<td>75.0%</td>" in bundle["text/html"]
    assert "accuracy        75.0%" in bundle["text/plain"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lesson", "", "lesson must be a name"),
        ("epochs", 0, "epochs must be a whole number of at least 1; got 0"),
        ("epochs", 1.5, "epochs must be a whole number"),
        ("seconds", -1, "seconds must be a finite number, not below 0"),
        ("accuracy", 87.5, r"accuracy must be a share in \[0, 1\], not per cent; got 87.5"),
        ("gradient_error", float("nan"), "gradient_error must be a finite number"),
    ],
)
def test_record_refuses_the_impossible(name, value, message):
    with pytest.raises(ValueError, match=message):
        record(**{**GOOD, name: value})
