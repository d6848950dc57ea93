"""Tables as people have them: columns of numbers and of categories, some values missing, one column to predict."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.readers import DataError
from chainrule.registry import unknown

Array = NDArray[Any]
Rows = list[tuple[int, list[str]]]  # each record with its line in the file

MISSING = {"", "?", "na", "n/a", "nan", "null", "none", "-"}
MOST_CLASSES = 20  # so many different whole numbers in the target are classes; more are quantities
FEW = 20  # so many different texts are categories, whatever the number of rows


@dataclass(frozen=True)
class Column:
    """A column of inputs: of numbers, or of texts, the ``categories``, each a column of 0 and 1 in ``x``."""

    name: str
    categories: tuple[str, ...] = ()

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the columns that the network sees."""
        return tuple(f"{self.name}={text}" for text in self.categories) or (self.name,)


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """A table, read.

    Attributes
    ----------
    path : Path
    columns : tuple of Column
    x : float64 array of shape (N, features)
        NaN where a number is missing; zeros in all of its columns where a category is.
    target : str
        The name of the column to predict.
    y : array of shape (N,), or None
        Class numbers, or float64 quantities; None if the file has no such column.
    classes : tuple of str
        The classes' names; empty for quantities.
    left_out : dict of str to str
        Columns that no network could learn from, and why.
    """

    path: Path
    columns: tuple[Column, ...]
    x: Array
    target: str
    y: Array | None
    classes: tuple[str, ...]
    left_out: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Table({str(self.path)!r}, {len(self.x)} rows, columns {', '.join(c.name for c in self.columns)})"

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the columns of ``x``."""
        return tuple(name for column in self.columns for name in column.features)


def read_table(path: str | Path, target: str = "", kind: str = "") -> Table:
    """Read a CSV file with a header: commas, semicolons or tabs between the values, UTF-8.

    Text in the target column, or at most 20 different whole numbers, are classes; other numbers are quantities.

    Parameters
    ----------
    path : path
    target : str
        The column to predict; the last one if not given.
    kind : str
        ``"classes"`` makes whole numbers classes, however many there are.

    Raises
    ------
    DataError
        If the file can't be read; with row and column where a value is missing in the target, or is no number in a
        column of numbers.
    """
    path = Path(path)
    header, rows = _read(path)
    target = target or header[-1]
    if target not in header:
        raise DataError(f"{path}: {unknown('column', target, header)}")
    known, columns, left_out = header.index(target), [], {}
    y, classes = _target(path, rows, known, target, kind)
    for at, name in enumerate(header):
        if at == known:
            continue
        column, problem = _column(path, rows, at, name)
        if column is None:
            left_out[name] = problem
        else:
            columns.append(column)
    if not columns:
        raise DataError(f"{path}: no column to learn from beside {target!r}. Left out: {left_out or 'none'}")
    x = np.concatenate([_values(path, rows, header.index(column.name), column) for column in columns], axis=1)
    return Table(path, tuple(columns), x, target, y, classes, left_out)


def read_like(path: str | Path, columns: Sequence[Column], target: str, classes: tuple[str, ...]) -> Table:
    """Read a CSV file with the columns of an earlier one, to predict; the target may be there or not.

    Without ``columns``, all but the target are taken, as numbers.

    Where the target is missing, or no class of the earlier table, ``y`` is -1, or NaN for a quantity.

    Raises
    ------
    DataError
        As `read_table`, and where a column is missing or has a category that the earlier table had not.
    """
    path = Path(path)
    header, rows = _read(path, least=1)
    columns = columns or [Column(name) for name in header if name != target]
    for column in columns:
        if column.name not in header:
            raise DataError(
                f"{path} has no column {column.name!r}, which the network was trained on; its columns are "
                f"{', '.join(header)}"
            )
    x = np.concatenate([_values(path, rows, header.index(column.name), column) for column in columns], axis=1)
    y: Array | None = None
    if target in header:
        at = header.index(target)
        if classes:
            numbers = {name: i for i, name in enumerate(classes)}
            texts = [row[at].strip() for _, row in rows]
            y = np.array([numbers.get(text, numbers.get(_plain(text), -1)) for text in texts])
        else:
            y = _values(path, rows, at, Column(target))[:, 0]
    return Table(path, tuple(columns), x, target, y, classes)


def _read(path: Path, least: int = 2) -> tuple[list[str], Rows]:
    """Return the header, and each record with its line; DataError if the file is no table."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.split("\n", 1)[0]
        reader = csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=first.count))
        rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"{path} can't be read as CSV: {reason}") from error
    if len(rows) < 2:
        raise DataError(f"{path} must have a header and at least one record; it has {len(rows)} rows")
    header = [name.strip() for name in rows[0][1]]
    if len(header) < least:
        raise DataError(f"{path} has only one column, {header[0]!r}: it needs inputs and a target, separated by commas")
    for name in header:
        if header.count(name) > 1:
            raise DataError(f"{path}: {header.count(name)} columns are called {name!r}; each needs a name of its own")
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise DataError(f"{path}, row {line}: {len(row)} values, but the header has {len(header)}")
    return header, rows[1:]


def _column(path: Path, rows: Rows, at: int, name: str) -> tuple[Column | None, str]:
    """Decide whether a column is of numbers or of categories, or say why it is of no use."""
    known = [(line, row[at].strip()) for line, row in rows if not _missing(row[at])]
    if not known:
        return None, "it has no values"
    others = [(line, text) for line, text in known if _parsed(text) is None]
    if len(others) < len(known) / 2:
        for line, text in others:
            raise DataError(
                f"{path}, row {line}, column {name!r}: expected a number, as in {len(known) - len(others)} other rows, "
                f"got {text!r}"
            )
        return Column(name), ""
    categories = sorted({text for _, text in known})
    if len(categories) > FEW and len(categories) > len(known) / 2:
        return None, f"{len(categories)} different texts in {len(known)} rows"
    return Column(name, tuple(categories)), ""


def _values(path: Path, rows: Rows, at: int, column: Column) -> Array:
    """Return the column as the network sees it, of shape (N, 1), or (N, categories)."""
    if not column.categories:
        numbers = [math.nan if _missing(row[at]) else _number(path, line, column.name, row[at]) for line, row in rows]
        return np.array(numbers)[:, None]
    places = {text: i for i, text in enumerate(column.categories)}
    x = np.zeros((len(rows), len(places)))
    for i, (line, row) in enumerate(rows):
        text = row[at].strip()
        if text in places:
            x[i, places[text]] = 1
        elif not _missing(text):
            raise DataError(f"{path}, row {line}, column {column.name!r}: {unknown('category', text, list(places))}")
    return x


def _target(path: Path, rows: Rows, at: int, name: str, kind: str) -> tuple[Array, tuple[str, ...]]:
    """Return the targets, and their classes if they are classes."""
    for line, row in rows:
        if _missing(row[at]):
            raise DataError(f"{path}, row {line}, column {name!r}: the target is missing")
    texts = [row[at].strip() for _, row in rows]
    numbers = [_parsed(text) for text in texts]
    if None not in numbers:
        y = np.array(numbers, dtype=np.float64)
        values = np.unique(y)
        if (values != np.rint(values)).any() or (len(values) > MOST_CLASSES and kind != "classes"):
            return y, ()
        return np.searchsorted(values, y), tuple(f"{value:g}" for value in values)
    names, labels = np.unique(texts, return_inverse=True)
    if len(names) > len(texts) / 2 and len(names) > FEW:
        line, text = next((line, t) for (line, _), t, n in zip(rows, texts, numbers, strict=True) if n is None)
        raise DataError(
            f"{path}, row {line}, column {name!r}: expected a number or one of a few classes, got {text!r} "
            f"({len(names)} different texts in {len(texts)} rows)"
        )
    return labels, tuple(map(str, names))


def _missing(text: str) -> bool:
    return text.strip().lower() in MISSING


def _parsed(text: str) -> float | None:
    """Return a finite number, or None if the text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _number(path: Path, line: int, name: str, text: str) -> float:
    if (value := _parsed(text)) is None:
        raise DataError(f"{path}, row {line}, column {name!r}: expected a number, got {text.strip()!r}")
    return value


def _plain(text: str) -> str:
    """Return a number as classes are named by it: ``"1.0"`` is class ``"1"``."""
    value = _parsed(text)
    return text if value is None else f"{value:g}"
