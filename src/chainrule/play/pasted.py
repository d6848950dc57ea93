"""A table that was pasted or dropped into the page: read within bounds, so that no text can make the page stop."""

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from chainrule.data import Dataset
from chainrule.data.readers import DataError, read_csv
from chainrule.data.tables import MOST_CLASSES

LONGEST = 4_000_000  # characters
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LARGEST = 1e30  # float32 goes to 3e38, and a network multiplies


def read(text: str, name: str = "pasted") -> Dataset:
    """Read a table of numbers: a header, commas, semicolons or tabs between the values, the target last.

    Text in the last column, or at most 20 different whole numbers, are classes; other numbers are quantities.

    Parameters
    ----------
    text : str
    name : str
        The file's name, for the reader.

    Raises
    ------
    DataError
        If it is too large, or no such table; with line and column where a value is missing or no number.
    """
    name = "".join(letter for letter in Path(name).stem if letter.isprintable())[:40].strip(". ") or "pasted"
    if len(text) > LONGEST:
        raise DataError(f"{name} has {len(text):,} characters; the playground takes at most {LONGEST:,}: paste a part")
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_ROWS + 1:
        raise DataError(f"{name} has {len(lines):,} lines; the playground takes at most {MOST_ROWS:,}: paste a part")
    header = next(filter(str.strip, lines), "")
    separator = max(",;\t", key=header.count)
    names = [column.strip() for column in header.split(separator)]
    if len(names) > MOST_COLUMNS:
        raise DataError(
            f"{name} has {len(names):,} columns; the playground takes at most {MOST_COLUMNS}: leave some out"
        )
    if header and all(map(_is_number, names)):
        raise DataError(f"{name}: the first line must name the columns, such as x1,x2,y; it has only numbers")
    if repeated := [column for column in names if names.count(column) > 1]:
        raise DataError(f"{name}: {len(repeated)} columns are called {repeated[0]!r}; each needs a name of its own")
    return _checked(_read(lines, separator, name))


def _read(lines: list[str], separator: str, name: str) -> Dataset:
    """Let the package's reader read it, and say where in the text, not where on the disk, something is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            try:
                for line in lines:
                    # One row a line, so that a row's number is its line's; a blank line stays one.
                    writer.writerows(csv.reader([line], delimiter=separator)) if line.strip() else file.write("\r\n")
            except csv.Error as error:
                raise DataError(f"{name} can't be read as a table: {error}") from error
            except UnicodeEncodeError as error:
                raise DataError(f"{name} has a character that is none: {error.reason}") from error
        try:
            found = read_csv(path)
        except DataError as error:
            raise DataError(str(error).replace(str(path), name).replace(", row ", ", line ", 1)) from None
    return replace(found, name=name)


def _checked(found: Dataset) -> Dataset:
    """Return the records, whole numbers of more than a few values as quantities.

    Raises
    ------
    DataError
        If a number is too large, or there is nothing to tell apart.
    """
    largest = float(np.abs(found.x).max(initial=0))
    if largest > LARGEST:
        raise DataError(f"{found.name} has numbers as large as {largest:g}; the playground takes up to {LARGEST:g}")
    if len(found.classes) > MOST_CLASSES:
        if not all(map(_is_number, found.classes)):
            raise DataError(
                f"{found.name}: {len(found.classes)} different texts in the last column; the playground takes up to "
                f"{MOST_CLASSES} classes. Put the column to predict last"
            )
        found = replace(found, y=np.array(found.classes, dtype=np.float64)[found.y], classes=())
    if not found.classes and float(np.abs(found.y).max()) > LARGEST:
        raise DataError(f"{found.name} has targets above {LARGEST:g}")
    if len(np.unique(found.y)) < 2:
        raise DataError(f"{found.name}: the last column, the one to predict, is the same in every record")
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
