"""Answers of a trained network for records in a file, brought to the scale that it was trained on."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule import nn
from chainrule.data.images import SUFFIXES, holds_images, load_images, parts_in, read_image
from chainrule.data.readers import DataError
from chainrule.data.tables import Column, read_like
from chainrule.experiments import folder
from chainrule.experiments.config import ConfigError
from chainrule.experiments.parts import Inputs
from chainrule.experiments.pictures import probabilities

Array = NDArray[Any]


def predictions(model: Path, file: Path) -> tuple[str, str]:
    """Return the answers as CSV, and where the file has the truth a sentence that compares them with it.

    Parameters
    ----------
    model : Path
        A run's folder, or the weights in it.
    file : Path
        A CSV file with the columns of the training data, an NPZ file with ``x``, a JPEG or PNG image, or a folder or
        tar archive of images by class.

    Raises
    ------
    ConfigError
        If the folder holds no finished run.
    DataError
        If the file can't be read, or does not fit the network.
    """
    out = model.parent if model.is_file() else model
    inputs = folder.inputs_of(out)
    if not (out / folder.WEIGHTS).exists():
        raise ConfigError(f"{out} holds no finished run: go on with chainrule train --resume --out {out}")
    net = nn.load(out / folder.WEIGHTS).eval()
    x, truth = _records(file, inputs)
    wanted = next(layer for layer in net.layers if isinstance(layer, nn.Linear)).in_features
    if x.shape[1] != wanted:
        raise DataError(f"{file} has {x.shape[1]} values a record; the network in {out} takes {wanted}")
    output = net(x if inputs.scale is None else inputs.scale(x))
    if inputs.classes:
        return _classes(output, net, inputs, truth)
    assert inputs.quantities is not None
    answers = inputs.quantities.inverse(output)
    names = [inputs.target or "prediction"] if answers.shape[1] == 1 else [f"y{i}" for i in range(answers.shape[1])]
    text = _csv([names, *([f"{value:.7g}" for value in row] for row in answers)])
    if truth is None or not (known := np.isfinite(truth)).any():
        return text, ""
    error = float(np.sqrt(np.mean((answers[known, 0] - truth[known]) ** 2)))
    return text, f"rmse {error:.4g} on {known.sum()} records of known {inputs.target or 'target'}"


def _classes(output: Array, net: nn.Sequential, inputs: Inputs, truth: Array | None) -> tuple[str, str]:
    probability = probabilities(output, net, inputs.classes)
    answer = probability.argmax(axis=1)
    head = [inputs.target or "class", *(f"p({name})" for name in inputs.classes)]
    rows = ([inputs.classes[a], *(f"{p:.4f}" for p in row)] for a, row in zip(answer, probability, strict=True))
    text = _csv([head, *rows])
    if truth is None or not (known := truth >= 0).any():
        return text, ""
    right = int((answer[known] == truth[known]).sum())
    return text, f"{right} of {known.sum()} records of known class are right ({right / known.sum():.1%})"


def _records(file: Path, inputs: Inputs) -> tuple[Array, Array | None]:
    """Return inputs as they are in the file, and targets (class numbers, -1 where unknown; or quantities) or None."""
    suffix = file.suffix.lower()
    if suffix == ".csv":
        columns = inputs.columns or tuple(map(Column, inputs.features))
        table = read_like(file, columns, inputs.target, inputs.classes)
        return table.x, table.y
    if suffix == ".npz":
        return _arrays(file, inputs)
    if suffix in SUFFIXES:
        return read_image(file, inputs.image_shape), None
    if holds_images(file):
        part = "test" if "test" in parts_in(file) else parts_in(file)[0]
        found = load_images(file, part)
        numbers = {name: i for i, name in enumerate(inputs.classes)}
        return found.x, np.array([numbers.get(found.classes[label], -1) for label in found.y])
    raise DataError(f"{file} is none of: a .csv or .npz file, a JPEG or PNG image, images by class in a folder or tar")


def _arrays(file: Path, inputs: Inputs) -> tuple[Array, Array | None]:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            x, y = arrays["x"], arrays.get("y")
    except Exception as error:  # a zip archive can be damaged in more ways than its reader has errors
        raise DataError(f"{file} can't be read as NPZ with an array 'x': {error}") from error
    if x.ndim < 2 or x.dtype.kind not in "biuf" or not np.isfinite(x).all():
        raise DataError(f"{file}: x must be finite numbers, one record a row; got shape {x.shape}, dtype {x.dtype}")
    if y is not None and inputs.classes:
        numbers = {name: i for i, name in enumerate(inputs.classes)}
        y = np.array([numbers.get(f"{value:g}" if y.dtype.kind in "biuf" else str(value), -1) for value in y])
    if inputs.image_shape and x.dtype == np.uint8:
        x = x / np.float32(255)
    return x.reshape(len(x), -1), y


def _csv(rows: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
