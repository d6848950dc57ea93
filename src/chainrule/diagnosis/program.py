"""The program that was watched: its files, their syntax trees, and the marks that silence a line."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from chainrule.mistakes.evidence import Place

IGNORE = re.compile(r"#\s*chainrule:\s*ignore(?:\[([A-Z0-9,\s]+)\])?")


@dataclass
class Program:
    """The user's files and notebook cells that took part in a run, by name.

    ``texts`` holds the source, ``trees`` the syntax tree of each; a file that does not parse has no tree. ``shown``
    are the names by which cells are shown to the user.
    """

    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    trees: dict[str, ast.Module] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def add(self, file: str, text: str | None = None) -> None:
        """Take in a file by its name; ``text`` where it is not on disk, as with a cell."""
        if file in self.texts:
            return
        if text is None:
            path = Path(file)
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        self.texts[file] = text
        with suppress(SyntaxError):  # a cell with magics, say: there is no tree, and nothing is concluded from one
            self.trees[file] = ast.parse(text)

    def display(self, file: str) -> str:
        """Return a file's name as the user knows it: relative to the working directory, or ``cell 3``."""
        if file in self.shown:
            return self.shown[file]
        path = Path(file)
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file

    def line(self, place: Place) -> str:
        """Return a line without its indentation; empty where it is not known."""
        lines = self.texts.get(place.file, "").splitlines()
        return lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[tuple[ast.AST, Place]]:
        """Yield the nodes of these kinds in all files, each with its place."""
        for file, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, kinds):
                    yield node, Place(file, getattr(node, "lineno", 1))

    def statement(self, place: Place) -> ast.stmt | None:
        """Return the innermost statement that covers a line."""
        tree = self.trees.get(place.file)
        found = None
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.stmt) and node.lineno <= place.line <= (node.end_lineno or node.lineno):
                found = node if found is None or node.lineno >= found.lineno else found
        return found

    def ignores(self, place: Place, code: str) -> bool:
        """Whether a mark on the line silences this code: ``# chainrule: ignore[TR123]``; without brackets, any code."""
        statement = self.statement(place)
        first, last = (statement.lineno, statement.end_lineno or place.line) if statement else (place.line, place.line)
        if statement and hasattr(statement, "body"):
            last = first
        for line in {place.line, first, last}:
            mark = IGNORE.search(self.line(Place(place.file, line)))
            if mark and (mark[1] is None or code in re.split(r"[,\s]+", mark[1])):
                return True
        return False
