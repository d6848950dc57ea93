"""What a notebook or script hands in: its imports, functions, classes and plain constants, and nothing that runs."""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

from chainrule.course.lessons import CourseError

MAGIC = re.compile(r"^\s*[%!?]")
PRYING = ("chainrule.mistakes", *(f"chainrule.course.{room}" for room in ("exercise", "judge", "witness", "sandbox")))
PEEPHOLES = {"_getframe", "currentframe", "get_objects", "get_referrers", "settrace", "__subclasses__"}


@dataclass(frozen=True)
class Definition:
    """One statement that defines names: its source, and where it stands."""

    source: str
    cell: str
    line: int


@dataclass(frozen=True)
class Submission:
    """A notebook's or script's definitions in order, what could not be read in it, and what it should not touch."""

    path: Path
    definitions: tuple[Definition, ...]
    problems: tuple[str, ...] = ()
    prying: tuple[str, ...] = ()


def read(path: Path) -> Submission:
    """Read a notebook (``.ipynb``) or a script and keep what defines something.

    Raises
    ------
    CourseError
        If the file isn't there or is no notebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} can't be read: {getattr(error, 'strerror', None) or error}") from error
    cells = _cells(path, text) if path.suffix == ".ipynb" else [("", text)]
    definitions: list[Definition] = []
    problems: list[str] = []
    prying: set[str] = set()
    for cell, source in cells:
        plain = "\n".join("" if MAGIC.match(line) else line for line in source.splitlines())
        try:
            tree = ast.parse(plain)
        except SyntaxError as error:
            problems.append(f"{cell or path.name}, line {error.lineno}: {error.msg}")
            continue
        prying.update(_prying(tree))
        for statement in filter(_defines, tree.body):
            lines = "\n" * (statement.lineno - 1) + (ast.get_source_segment(plain, _whole(statement)) or "")
            definitions.append(Definition(lines, cell, statement.lineno))
    return Submission(path, tuple(definitions), tuple(problems), tuple(sorted(prying)))


def _cells(path: Path, text: str) -> list[tuple[str, str]]:
    try:
        cells = json.loads(text)["cells"]
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} is no notebook: it holds no list of cells") from error
    return [(f"code cell {k}", "".join(source)) for k, source in enumerate(code, 1)]


def _whole(statement: ast.stmt) -> ast.stmt:
    """Return the statement with its decorators, which its own first line leaves out."""
    decorators = getattr(statement, "decorator_list", [])
    if decorators:
        statement.lineno = min(decorator.lineno for decorator in decorators)
        statement.col_offset = 0
    return statement


def _defines(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return isinstance(value, ast.Lambda | ast.Name | ast.Attribute) or _is_literal(value)
    return False


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _prying(tree: ast.Module) -> set[str]:
    """Return the names in the source through which code could look into the grader."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
    return {name for name in names if name in PEEPHOLES or name.startswith(PRYING)}
