"""From a lesson's source to its two notebooks: the learner's, with stubs, and the executed solution.

``python -m chainrule.course.builder [LESSON…]`` (or ``make notebooks``) regenerates them.
"""

import ast
import hashlib
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from chainrule.course.files import write_notebook
from chainrule.course.html import page
from chainrule.course.lessons import CourseError, checkout, select
from chainrule.course.progress import console
from chainrule.course.runner import execute_lessons

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
EXERCISE = re.compile(r"# (?P<number>Exercise \d+): (?P<name>.+)")
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read_source(path: Path) -> Any:
    """Read a lesson's jupytext script as a notebook, its solution marks still in it.

    A cell's id is made from its content, so the same source always gives the same file.
    """
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)  # type: ignore[no-untyped-call]
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        content = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[content] = seen.get(content, 0) + 1
        cell.id = content if seen[content] == 1 else f"{content}-{seen[content]}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def learners(notebook: Any) -> Any:
    """Return the learner's notebook: each marked solution replaced by a kind error.

    Raises
    ------
    CourseError
        If solution marks don't pair up, or stand in a cell that doesn't say which exercise it is.
    """
    return _with_code(notebook, _stub)


def solution(notebook: Any) -> Any:
    """Return the solution notebook, not executed: the marks gone, the code between them kept."""
    return _with_code(notebook, _without_marks)


def _with_code(notebook: Any, change: Any) -> Any:
    made = deepcopy(notebook)
    for number, cell in enumerate(made.cells, 1):
        if cell.cell_type == "code":
            try:
                cell.source = change(cell.source)
            except (CourseError, SyntaxError) as error:
                first = cell.source.splitlines()[0] if cell.source else ""
                raise CourseError(f"cell {number} ({first!r}): {error}") from error
    return made


def _without_marks(source: str) -> str:
    list(_solutions(source.splitlines()))
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))


def _stub(source: str) -> str:
    lines = source.splitlines()
    blocks = list(_solutions(lines))
    if not blocks:
        return source
    exercise = EXERCISE.fullmatch(lines[0].strip())
    if not exercise:
        raise CourseError("a cell with a solution must begin with a comment like '# Exercise 3: backward_pass'")
    tree = ast.parse(source)
    for begin, end in reversed(blocks):
        name = _enclosing(tree, begin + 1) or exercise["name"]
        indent = lines[begin][: -len(BEGIN)]
        message = f"{exercise['number']}, {name}, is not written yet: write it, run its cell, then run this one again"
        lines[begin : end + 1] = [
            f"{indent}# your code goes here, in place of the next line",
            f'{indent}raise NotImplementedError("{message}")',
        ]
    stub = "\n".join(lines)
    ast.parse(stub)
    return stub


def _solutions(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the indices of the lines with the begin and end mark of each solution."""
    begin = None
    for index, line in enumerate(lines):
        mark = line.strip()
        if mark == BEGIN:
            if begin is not None:
                raise CourseError(f"line {index + 1}: a solution begins inside another one")
            begin = index
        elif mark == END:
            if begin is None:
                raise CourseError(f"line {index + 1}: a solution ends that did not begin")
            yield begin, index
            begin = None
    if begin is not None:
        raise CourseError(f"line {begin + 1}: the solution that begins here does not end")


def _enclosing(tree: ast.AST, line: int) -> str:
    """Return the dotted name of the innermost class or function that ``line`` is in: ``Linear.forward``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.lineno <= line <= (node.end_lineno or line):
                inner = _enclosing(node, line)
                return f"{node.name}.{inner}" if inner else node.name
        elif found := _enclosing(node, line):
            return found
    return ""


def main(words: list[str]) -> int:
    """Regenerate the notebooks of the lessons that ``words`` mean, all by default; return the exit status.

    A lesson with a problem keeps the solution notebook it has.
    """
    try:
        sources = {lesson: read_source(lesson.source) for lesson in select(words)}
        stubs = {lesson: learners(source) for lesson, source in sources.items()}
        notebooks = {lesson: solution(source) for lesson, source in sources.items()}
    except (CourseError, OSError) as error:
        print(f"chainrule: {error}", file=sys.stderr)
        return 1
    for lesson, stub in stubs.items():
        write_notebook(lesson.stub, stub)
    outcomes = execute_lessons(notebooks, _require_publishable, console())
    for lesson, outcome in zip(notebooks, outcomes, strict=True):
        if outcome.problem:
            print(f"chainrule: {lesson.name}: {outcome.problem}", file=sys.stderr)
        else:
            write_notebook(lesson.solution, notebooks[lesson])
    return int(any(outcome.problem for outcome in outcomes))


def _require_publishable(name: str, notebook: Any) -> None:
    """Raise a CourseError if the notebook has a formula that can't be shown, or a path of this machine in an output."""
    page(notebook, name)
    for cell in notebook.cells:
        if str(checkout()) in str(cell.get("outputs", "")):
            raise CourseError(f"an output of code cell {cell.execution_count} holds the path {checkout()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
