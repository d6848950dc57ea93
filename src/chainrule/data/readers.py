"""Reading files: IDX as MNIST comes, CSV and NPZ as people have them. Nothing here ever unpickles."""

import contextlib
import csv
import gzip
import math
import os
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from chainrule.data.dataset import Dataset


class DataError(ValueError):
    """A data file is missing, damaged, or not what its name says."""


class MissingDataError(DataError):
    """A set that could be downloaded is not in the data root."""


# The images and labels of each part of MNIST, and of the sets made in its image.
IDX_NAMES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def root(path: str | Path | None = None) -> Path:
    """Return the data root: ``path``, else ``$CHAINRULE_DATA``, else the platform's cache folder.

    It is laid out as torchvision lays out its ``root``: ``<root>/MNIST/raw/…``, ``<root>/FashionMNIST/raw/…``.
    """
    return Path(path or os.environ.get("CHAINRULE_DATA") or platformdirs.user_cache_dir("chainrule")).expanduser()


def read_idx(path: str | Path) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes, plain or gzipped.

    Format: two zero bytes, a type code (8 = unsigned byte), the number of dimensions, each dimension as a
    big-endian 32-bit integer, then the values (Y. LeCun, *The MNIST database*).

    Raises
    ------
    DataError
        If the file is missing, truncated, too long, or not an IDX file of bytes.
    """
    path = Path(path)
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is a damaged gzip file: {error}") from error
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataError(f"{path} is not an IDX file of bytes: it begins with {content[:4].hex(' ') or 'nothing'}")
    start = 4 + 4 * content[3]
    if len(content) < start or not 1 <= content[3] <= 32:
        raise DataError(f"{path} is damaged: {content[3]} dimensions in its header, {len(content)} bytes in all")
    shape = tuple(int(n) for n in np.frombuffer(content[4:start], dtype=">u4"))
    expected = start + math.prod(shape)  # in Python's integers, which don't wrap around
    if len(content) != expected:
        raise DataError(f"{path} is damaged: {len(content)} bytes, expected {expected} for shape {shape}")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def find_idx(folder: Path, name: str) -> Path:
    """Return ``folder/name`` or ``folder/name.gz``, whichever is there."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    raise MissingDataError(
        f"{folder / name} (or {name}.gz) is not there. Set CHAINRULE_DATA to a folder laid out as torchvision's "
        "root, or use bundled data: 'digits', 'fashion-small'"
    )


def read_npz(path: Path) -> Dataset:
    """Read ``x`` and ``y`` from an NPZ file; whole numbers in ``y`` are classes, others a regression.

    Bytes of shape (N, H, W), (N, H, W, 3) or (N, 3, H, W) are images, and scaled to [0, 1].
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            missing = {"x", "y"} - set(arrays)
            if missing:
                raise DataError(f"{path} must hold arrays 'x' and 'y'; it holds {', '.join(sorted(arrays)) or 'none'}")
            x, y = arrays["x"], arrays["y"]
    except DataError:
        raise
    except Exception as error:  # a zip archive can be damaged in more ways than its reader has errors
        raise DataError(f"{path} can't be read as NPZ: {error}") from error
    if x.ndim == 0 or y.ndim == 0:
        raise DataError(f"{path}: x and y must have one row for each record; got shapes {x.shape} and {y.shape}")
    if y.dtype.kind not in "biufU":
        raise DataError(f"{path}: y must be numbers or text; got dtype {y.dtype}")
    shape: tuple[int, ...] = ()
    if x.dtype == np.uint8 and (x.ndim == 3 or (x.ndim == 4 and 3 in (x.shape[1], x.shape[3]))):
        x = x.transpose(0, 3, 1, 2) if x.ndim == 4 and x.shape[3] == 3 else x
        x, shape = x / np.float32(255), x.shape[1:]
    found = _with_classes(x.reshape(len(x), math.prod(x.shape[1:])), y, (), path)
    return replace(found, image_shape=shape)


def read_csv(path: Path, target: str | None = None) -> Dataset:
    """Read a table of numbers with a header; the target is the last column, or the one named ``target``.

    Text in the target column, or whole numbers, makes it a classification; other numbers a regression.

    Raises
    ------
    DataError
        With the row and column of the first value that is missing or not a number.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} can't be read as CSV: {error}") from error
    if len(rows) < 2:
        raise DataError(f"{path} must have a header and at least one record; it has {len(rows)} rows")
    header = [name.strip() for name in rows[0][1]]
    if len(header) < 2:
        raise DataError(f"{path} has only one column, {header[0]!r}: it needs inputs and a target, separated by commas")
    if target is not None and target not in header:
        raise DataError(f"{path} has no column {target!r}; its columns are {', '.join(header)}")
    at = header.index(target) if target is not None else len(header) - 1
    x = np.empty((len(rows) - 1, len(header) - 1))
    for i, (line, row) in enumerate(rows[1:]):
        if len(row) != len(header):
            raise DataError(f"{path}, row {line}: {len(row)} values, but the header has {len(header)}")
        for j, (name, value) in enumerate((n, v) for k, (n, v) in enumerate(zip(header, row, strict=True)) if k != at):
            x[i, j] = _number(value, f"{path}, row {line}, column {name!r}")
        _target(row[at].strip(), f"{path}, row {line}, column {header[at]!r}")
    features = tuple(name for k, name in enumerate(header) if k != at)
    return _with_classes(x, np.array([row[at].strip() for _, row in rows[1:]]), features, path)


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise DataError(f"{where}: expected a number, got {text.strip()!r}") from None
    if not np.isfinite(value):
        raise DataError(f"{where}: expected a finite number, got {text.strip()!r}")
    return value


def _target(text: str, where: str) -> None:
    """Raise a DataError if a target is missing; text is a class's name."""
    if not text:
        raise DataError(f"{where}: the target is missing")
    try:
        float(text)
    except ValueError:
        return
    _number(text, where)


def _with_classes(x: NDArray[Any], y: NDArray[Any], features: tuple[str, ...], path: Path) -> Dataset:
    """Decide whether ``y`` names classes (text or whole numbers) or is a quantity."""
    if y.dtype.kind == "U":
        with contextlib.suppress(ValueError):  # some target is text: all of them are names
            y = y.astype(np.float64)
    try:
        if y.dtype.kind == "f" and (y.ndim != 1 or not np.isfinite(y).all() or (y != np.rint(y)).any()):
            return Dataset(x, y, features=features, name=path.stem)
        names, labels = np.unique(y, return_inverse=True)
        classes = tuple(str(name) if names.dtype.kind == "U" else f"{name:g}" for name in names)
        return Dataset(x, labels, classes=classes, features=features, name=path.stem)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
