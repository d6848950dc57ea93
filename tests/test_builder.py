"""The notebooks are what the lesson sources say, and stubs are kind."""

import ast
import json
import re

import nbformat
import pytest

from chainrule.course import builder
from chainrule.course.lessons import LESSONS, CourseError, checkout, notebooks, select

SOURCE = '''# ---
# jupyter:
#   kernelspec:
#     display_name: Whatever it was called
#     name: elsewhere
# ---

# %% [markdown]
# # A tiny lesson

# %% tags=["parameters"] something="else"
rate = 0.1

# %%
# Exercise 1: double
def double(
    x: float,
) -> float:
    """Return twice x."""
    ### BEGIN SOLUTION
    y = x
    return 2 * y
    ### END SOLUTION


# %%
# Exercise 2: Linear and ReLU
class Linear:
    def forward(self, x):
        ### BEGIN SOLUTION
        return x
        ### END SOLUTION

    def backward(self, grad):
        if grad is not None:
            ### BEGIN SOLUTION
            return grad
            ### END SOLUTION


# %%
# Exercise 3: choose a rate
### BEGIN SOLUTION
rate = 0.5
### END SOLUTION

# %%
double(rate)

# %%
double(rate)
'''


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "tiny.py"
    path.write_text(SOURCE)
    return builder.read_source(path)


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_stub_names_the_exercise_and_what_it_is_in(source):
    _, double, linear, choice, *_ = code(builder.learners(source))
    with pytest.raises(
        NotImplementedError, match=r"^Exercise 1, double, is not written yet: write it, run its cell, then"
    ):
        exec(double + "\ndouble(1)")
    assert "Exercise 2, Linear.forward, is not written yet" in linear
    assert "Exercise 2, Linear.backward, is not written yet" in linear
    assert "Exercise 3, choose a rate, is not written yet" in choice
    assert "return" not in double
    assert '"""Return twice x."""' in double


def test_solution_keeps_the_code_and_drops_the_marks(source):
    cells = code(builder.solution(source))
    assert not any("SOLUTION" in cell for cell in cells)
    names = {}
    exec(cells[1], names)
    assert names["double"](2) == 4


def test_ids_are_unique_and_reproducible(source, tmp_path):
    again = builder.read_source(tmp_path / "tiny.py")
    ids = [cell.id for cell in source.cells]
    assert ids == [cell.id for cell in again.cells]
    assert len(set(ids)) == len(ids)
    assert source == again


def test_only_tags_survive_in_the_metadata(source):
    assert source.cells[1].metadata == {"tags": ["parameters"]}
    assert source.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("# Exercise 1: f\n### BEGIN SOLUTION\nx = 1", "line 2: the solution that begins here does not end"),
        ("# Exercise 1: f\n### END SOLUTION", "line 2: a solution ends that did not begin"),
        ("# Exercise 1: f\n### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "inside another one"),
        ("x = 0\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "must begin with a comment like"),
    ],
)
def test_bad_marks_are_named(cell, message):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    with pytest.raises(CourseError, match=rf"cell 1 .*{message}"):
        builder.learners(notebook)


def test_a_lesson_is_found_by_number_and_by_a_part_of_its_name():
    assert select([]) == list(LESSONS)
    assert select(["2", "backprop"]) == [LESSONS[0], LESSONS[1]]
    assert select(["Further Exploration.ipynb"]) == [LESSONS[3]]
    with pytest.raises(CourseError, match="several lessons"):
        select(["implementing"])
    with pytest.raises(CourseError, match="did you mean 'Further Exploration'"):
        select(["further explorations"])


# The generated files of this repository.


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_notebooks_are_in_step_with_their_source(lesson):
    source = builder.read_source(lesson.source)
    for path, expected in ((lesson.stub, builder.learners(source)), (lesson.solution, builder.solution(source))):
        made = nbformat.read(path, as_version=4)
        for ours, theirs in zip(made.cells, expected.cells, strict=True):
            assert (ours.id, ours.cell_type, ours.source) == (theirs.id, theirs.cell_type, theirs.source), (
                f"{path.name} is out of step with {lesson.source.name}: run make notebooks"
            )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_stub_cell_is_python_and_has_no_solution(lesson):
    for cell in nbformat.read(lesson.stub, as_version=4).cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)
            assert cell.outputs == []
            assert cell.execution_count is None
        assert "SOLUTION" not in cell.source


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_exercise_is_followed_by_its_comparison(lesson):
    cells = code(nbformat.read(lesson.stub, as_version=4))
    for cell, following in zip(cells, [*cells[1:], ""], strict=True):
        if "is not written yet" in cell:
            assert following.startswith("check("), f"no check after the cell {cell.splitlines()[0]!r}"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_solutions_were_executed_to_their_end_and_name_no_path(lesson):
    cells = [cell for cell in nbformat.read(lesson.solution, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = json.dumps([cell.outputs for cell in cells])
    assert '"output_type": "error"' not in outputs
    assert str(checkout()) not in outputs
    assert not re.search(r"/tmp/|/home/|site-packages", outputs)


def test_no_notebook_is_left_over():
    expected = {path for lesson in LESSONS for path in (lesson.stub, lesson.solution)}
    assert {path for path in notebooks().rglob("*.ipynb") if path.parent.name != ".ipynb_checkpoints"} == expected
    assert {lesson.source for lesson in LESSONS} == set((checkout() / "lessons").glob("*.py"))
    for path in expected:
        text = path.read_text(encoding="utf-8")
        assert text.endswith("}\n")
        assert not text.endswith("\n\n")
