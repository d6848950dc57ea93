"""What a notebook or script hands in: its imports, functions, classes and plain constants, and nothing that runs."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAGIC = re.compile(r"^\s*[%!?]")
PRYING = (
    "chainrule.mistakes",
    *(f"chainrule.course.{room}" for room in ("exercise", "judge", "witness", "sandbox", "grading")),
)
BY_NAME = {"globals", "locals", "vars", "eval", "exec", "__main__", "__name__"}
PEEPHOLES = {"_getframe", "currentframe", "get_objects", "get_referrers", "settrace", "__subclasses__"}


@dataclass(frozen=True)
class Definition:
    """One statement that defines names: its source, where it stands, which names it sets or changes, and which it uses.

    ``names`` are the functions, classes and values among those it sets, without what it imports.
    """

    source: str
    cell: str
    line: int
    names: tuple[str, ...]
    sets: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Submission:
    """A notebook's or script's definitions in order, what could not be read in it, and what it should not touch.

    ``cells`` holds the source of each cell by its name, for the lines that findings show.
    """

    definitions: tuple[Definition, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    prying: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """The names that it defines itself."""
        return {name for definition in self.definitions for name in definition.names}

    def needed_for(self, names: set[str]) -> tuple[Definition, ...]:
        """Return the definitions that these names come from, with all that those use, in order.

        The others, and what they import, would only take time. All are needed where code may look names up by itself.
        """
        if any(BY_NAME & (each.uses | each.sets) for each in self.definitions):
            return self.definitions
        wanted: set[str] = {"*"}
        more = wanted | names
        while more != wanted:
            wanted = more
            kept = [each for each in self.definitions if each.sets & wanted]
            more = wanted.union(*(each.uses for each in kept))
        return tuple(kept)


def parse(name: str, text: str) -> Submission:
    """Read a notebook (``….ipynb``) or a script and keep what defines something."""
    try:
        cells = _cells(text) if name.endswith(".ipynb") else {name: text}
    except (ValueError, KeyError, TypeError, RecursionError):
        return Submission(problems=("this is no notebook: it holds no list of cells",))
    definitions: list[Definition] = []
    problems: list[str] = []
    prying: set[str] = set()
    for cell, source in cells.items():
        plain = "\n".join("" if MAGIC.match(line) else line for line in source.splitlines())
        try:
            tree = ast.parse(plain)
        except SyntaxError as error:
            problems.append(f"{cell}{f', line {error.lineno}' if error.lineno else ''}: {error.msg}")
            continue
        except (ValueError, RecursionError, MemoryError) as error:  # a null byte, or brackets without end
            problems.append(f"{cell} can't be read: {str(error) or type(error).__name__}")
            continue
        prying.update(_prying(tree))
        for statement in filter(_defines, tree.body):
            lines = "\n" * (statement.lineno - 1) + (ast.get_source_segment(plain, _whole(statement)) or "")
            known = frozenset(_set_by(statement)), frozenset(_used_by(statement))
            definitions.append(Definition(lines, cell, statement.lineno, tuple(_names(statement)), *known))
    return Submission(tuple(definitions), cells, tuple(problems), tuple(sorted(prying)))


def _cells(text: str) -> dict[str, str]:
    code = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return {f"code cell {k}": "".join(source) for k, source in enumerate(code, 1)}


def _names(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _set_by(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement sets, or changes something of; ``*`` where it may set any."""
    match statement:
        case ast.Import(names=imported):
            yield from (each.asname or each.name.partition(".")[0] for each in imported)
        case ast.ImportFrom(names=imported):
            yield from (each.asname or each.name for each in imported)
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case _:
            yield from _names(statement)


def _used_by(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Global):
            yield from node.names


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
