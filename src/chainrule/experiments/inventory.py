"""The datasets there are, where they come from, and whether what lies in the data root is what was published."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.data import DATASETS, Dataset, load, read_table, root
from chainrule.data.downloads import SOURCES, fetch, present
from chainrule.data.downloads import verify as verify_checksums
from chainrule.data.images import holds_images, parts_in
from chainrule.data.readers import DataError
from chainrule.experiments.report import columns


def listing(where: Path | None) -> str:
    """Return a table of all registered datasets."""
    rows = [["name", "records", "columns", "target", "from"]]
    for name, reader in DATASETS.items():
        takes = inspect.signature(reader).parameters
        if "root" in takes:
            rows.append([name, "", "", "", _in_root(name, where)])
            continue
        found = [load(name, part=part) for part in ("train", "test")] if "part" in takes else [load(name)]
        records = " + ".join(f"{len(part):,}" for part in found)
        rows.append(
            [name, records, str(found[0].x.shape[1]), _target(found[0]), "drawn" if "n" in takes else "bundled"]
        )
    return "\n".join(
        [*columns(rows), f"data root: {root(where)}", "or a file of your own: .csv, .npz, a folder or tar of images"]
    )


def _in_root(name: str, where: Path | None) -> str:
    folder = root(where)
    if name in SOURCES and all(present(source, folder) for source in SOURCES[name]):
        return "data root"
    if name == "cifar10" and any(holds_images(path) for path in folder.glob("cifar*10*")):
        return "data root, as images"
    return f"not there; chainrule data {name} --download"


def verify(name: str, where: Path | None, download: bool) -> str:
    """Read a set, and compare its files with the published checksums; return what it holds.

    Raises
    ------
    ValueError
        If the name is unknown, or the files are missing or damaged (DataError).
    """
    if Path(name).suffix.lower() == ".csv":
        return _table(Path(name))
    if name not in DATASETS and not holds_images(name):
        return _described(name, [load(name)])
    if name not in DATASETS:
        return _described(name, [load(Path(name), part=part) for part in parts_in(name)])
    takes = inspect.signature(DATASETS[name]).parameters
    options: dict[str, Any] = {"root": where} if "root" in takes else {}
    if download and name in SOURCES:
        fetch(name, where)
    parts: list[dict[str, Any]] = [{"part": part} for part in ("train", "test")] if "part" in takes else [{}]
    text = _described(name, [load(name, **part, **options) for part in parts])
    if name not in SOURCES:
        return text
    try:
        verify_checksums(name, where)
    except DataError as error:
        if name == "cifar10" and "images" in _in_root(name, where):
            return f"{text}; read from images, so there are no checksums to compare"
        raise error
    return f"{text}; checksums as published"


def _described(name: str, parts: list[Dataset]) -> str:
    records = " + ".join(f"{len(part):,}" for part in parts)
    return f"{name}: {records} records, {parts[0].x.shape[1]} columns, {_target(parts[0])}"


def _target(found: Dataset) -> str:
    return f"{len(found.classes)} classes" if found.classes else "quantity"


def _table(path: Path) -> str:
    """Return a line for each column of a CSV file: what it is taken for, and how much of it is missing."""
    table = read_table(path)
    kind = f"{len(table.classes)} classes: {', '.join(table.classes)}" if table.classes else "a quantity"
    rows, at = [["column", "taken for", "missing"]], 0
    for column in table.columns:
        values = table.x[:, at : at + len(column.features)]
        at += len(column.features)
        gone = np.isnan(values).any(axis=1) if not column.categories else values.sum(axis=1) == 0
        shown = f"{len(column.categories)} categories" if column.categories else "numbers"
        rows.append([column.name, shown, str(int(gone.sum()))])
    rows += [[name, f"left out: {reason}", ""] for name, reason in table.left_out.items()]
    rows.append([table.target, f"the target, {kind}", "0"])
    return "\n".join([f"{path}: {len(table.x):,} records", *columns(rows)])
