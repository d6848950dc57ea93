"""A learner's copy is made once, and never touched again."""

import errno
import io
import subprocess
import sys

import pytest

from chainrule.course import lab
from chainrule.course.lessons import LESSONS, CourseError


def test_the_first_time_all_notebooks_are_copied(tmp_path):
    made = lab.copy_stubs(tmp_path / "my" / "work")
    assert made == {f"{lesson.name}.ipynb": True for lesson in LESSONS}
    for lesson in LESSONS:
        assert (tmp_path / "my" / "work" / f"{lesson.name}.ipynb").read_bytes() == lesson.stub.read_bytes()


def test_a_copy_is_never_overwritten(tmp_path):
    mine = tmp_path / f"{LESSONS[1].name}.ipynb"
    mine.write_text("my work")
    made = lab.copy_stubs(tmp_path)
    assert [name for name, new in made.items() if not new] == [mine.name]
    assert not any(lab.copy_stubs(tmp_path).values())
    assert mine.read_text() == "my work"


def test_two_at_once_make_one_copy(tmp_path):
    script = (
        "from pathlib import Path; from chainrule.course.lab import copy_stubs\n"
        f"print(sum(copy_stubs(Path({str(tmp_path)!r})).values()))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) for _ in range(3)]
    assert sum(int(run.communicate()[0]) for run in runs) == len(LESSONS)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match=r"can't be copied to .*file: File exists"):
        lab.copy_stubs(tmp_path / "file")


def test_a_copy_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(path, mode="r", *arguments):
        if mode != "xb":
            return open(path, mode, *arguments)
        path.touch()
        return Full()

    monkeypatch.setattr(lab.Path, "open", opened)
    with pytest.raises(CourseError, match="No space left"):
        lab.copy_stubs(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("user", "options"), [(1000, []), (0, ["--allow-root"])])
@pytest.mark.parametrize(("classic", "module"), [(False, "jupyterlab"), (True, "notebook")])
def test_it_becomes_jupyter_in_that_folder(tmp_path, monkeypatch, classic, module, user, options):
    called = []
    monkeypatch.setattr(lab.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(lab.os, "execv", lambda *command: called.append(command))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    lab.open_jupyter(tmp_path / "mine", classic=classic, browser=False)
    assert called == [(sys.executable, [sys.executable, "-m", module, "--no-browser", *options])]
    assert lab.Path.cwd() == tmp_path / "mine"


def test_without_jupyter_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"jupyterlab, not installed here: pip install 'chainrule\[all\]'"):
        lab.open_jupyter(tmp_path)
