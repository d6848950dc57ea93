"""The wheel is complete: the notebooks ship inside it, and the commands find them there."""

import os
import subprocess
import sys
import sysconfig
import zipfile

import nbformat
import pytest

from chainrule.course.lessons import LESSONS, checkout
from chainrule.play.page import PARTS

TINY = (
    "from chainrule.course import record\n"
    "record(lesson='tiny', dataset='d', network='n', epochs=1, seconds=1, accuracy=1, gradient_error=0)"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the source distribution, and the wheel from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout()]
    subprocess.run(command, check=True, capture_output=True, text=True)
    assert len(list(folder.glob("*.tar.gz"))) == 1
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel alone into a new environment; everything else comes from this one."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True)
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    with open(os.path.join(packages, "ours.pth"), "w") as file:
        file.write(sysconfig.get_path("purelib") + "\n")
    return python


def call(python, *words, cwd):
    environment = dict(os.environ, JUPYTER_PATH=os.path.join(sys.prefix, "share", "jupyter"))
    environment.pop("PYTHONPATH", None)
    return subprocess.run([python, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_wheel_holds_notebooks_data_and_style_but_no_leftovers(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for lesson in LESSONS:
        assert f"chainrule/course/notebooks/{lesson.name}.ipynb" in names
        assert f"chainrule/course/notebooks/solutions/{lesson.name}.ipynb" in names
    for name in ("chainrule/course/page.css", "chainrule/py.typed", "chainrule/data/bundled/fashion-small.npz"):
        assert name in names
    for name in (*PARTS, "playground.css", "index.html"):
        assert f"chainrule/play/static/{name}" in names
    assert [name for name in names if ".hypothesis" in name or "__pycache__" in name] == []


def test_installed_it_copies_the_notebooks_that_came_with_it(installed, tmp_path):
    script = "from pathlib import Path; from chainrule.course import lab, lessons\n"
    script += "print(lessons.notebooks()); print(sum(lab.copy_stubs(Path('mine')).values()))"
    folder, copied = call(installed, "-c", script, cwd=tmp_path).splitlines()
    assert "site-packages" in folder
    assert copied == str(len(LESSONS))
    assert "chainrule lab" in call(installed, "-m", "chainrule", "lab", "--help", cwd=tmp_path)


def test_installed_it_runs_a_lesson(installed, tmp_path):
    script = "from chainrule.course.lessons import LESSONS; print(LESSONS[-1].solution)"
    solution = call(installed, "-c", script, cwd=tmp_path).strip()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TINY)]), solution)
    shown = call(installed, "-m", "chainrule", "run", str(len(LESSONS)), cwd=tmp_path)
    assert "All lessons ran through" in shown
    assert (tmp_path / "out" / f"{LESSONS[-1].name}.html").exists()
