"""The lessons as pages: the executed solutions, each with a link to the notebook that a learner fills in."""

import inspect
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat

from chainrule import plots
from chainrule.course.lessons import CourseError

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PAGES = {
    "Implementing Gradient Descent with Backpropagation": "gradient-descent",
    "Implementing Regularization": "regularization",
    "Training a Neural Network": "training",
    "Further Exploration": "exploration",
}


def write(folder: Path) -> None:
    """Write a page for each lesson, and the notebooks to load.

    Raises
    ------
    CourseError
        If there is a notebook without a page.
    """
    folder.mkdir(exist_ok=True)
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        if notebook.stem not in PAGES:
            raise CourseError(f"{notebook.name} has no page: name one in docs/generator/lessons.py")
        name = PAGES[notebook.stem]
        shutil.copy(notebook, folder / f"{name}-to-do.ipynb")
        nbformat.write(page(NOTEBOOKS / "solutions" / notebook.name, name), folder / f"{name}.ipynb")  # type: ignore[no-untyped-call]


def page(file: Path, name: str) -> Any:
    """Return a lesson's executed notebook, with a way to the exercises, and pictures that say what they show."""
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    section = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = re.search(r"^#+ +(.+)$", cell.source, re.MULTILINE)
            section = re.sub(r"[`*$]", "", heading[1]) if heading else section
            continue
        for output in cell.outputs:
            for kind in [kind for kind in output.get("data", {}) if kind.startswith("application/vnd.chainrule")]:
                del output["data"][kind]  # what programs read; people have the same as text or HTML
        cell.outputs = [output for output in cell.outputs if output.get("data", {"text"})]
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            cell.metadata["mystnb"] = {"image": {"alt": drawn_by(cell.source, section)}}
    note = (
        "```{note}\nThis page holds the solutions, executed. To write them yourself: `chainrule lab` copies the "
        "notebook to a folder of yours and opens it; or load "
        f"{{download}}`the notebook with the exercises <{name}-to-do.ipynb>`.\n```"
    )
    new_cell: Any = nbformat.v4.new_markdown_cell  # untyped
    notebook.cells.insert(1, new_cell(note, id=f"{name}-note"))
    return notebook


def drawn_by(source: str, section: str) -> str:
    """Return what a figure shows: what the function that draws it says of itself, and the section it stands in."""
    calls = re.findall(r"plots\.(\w+)\(", source)
    known = [inspect.getdoc(getattr(plots, call)) for call in calls if hasattr(plots, call)]
    if known and known[-1]:
        return f"{' '.join(known[-1].split(chr(10) * 2)[0].split())} Section: {section}."
    return f"Figure of the section {section}, drawn by: {' '.join(source.split())[-120:]}"
