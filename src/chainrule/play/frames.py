"""What a page draws, as arrays: heat maps, the boundary, histograms, weights; and how a message is packed."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule.play.records import GRID, Records
from chainrule.play.runner import Runner, Weights, classes_of

Array = NDArray[Any]

BINS = 24
DTYPES = {"f4": np.float32, "u1": np.uint8, "i4": np.int32}
SAMPLES = 64  # images that a page shows


class Message(NamedTuple):
    """What goes to a page: a header of plain values, and arrays of float32, uint8 or int32 by name."""

    header: dict[str, Any]
    arrays: Mapping[str, Array] = {}

    def parts(self) -> tuple[dict[str, Any], bytes]:
        """Return the header, which then tells where each array is, and the arrays one after another."""
        places, blocks, offset = [], [], 0
        for name, values in self.arrays.items():
            dtype = "f4" if values.dtype.kind == "f" else "u1" if values.dtype in (np.uint8, bool) else "i4"
            block = np.ascontiguousarray(values, dtype=DTYPES[dtype]).tobytes()
            block += b"\0" * (-len(block) % 4)
            places.append({"name": name, "dtype": dtype, "shape": list(values.shape), "offset": offset})
            blocks.append(block)
            offset += len(block)
        return self.header | {"buffers": places}, b"".join(blocks)

    def packed(self) -> bytes:
        """Return one block: the length of the header's JSON as uint32, the JSON, the arrays."""
        header, body = self.parts()
        text = json.dumps(plain(header), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        return len(text).to_bytes(4, "little") + text + body


def plain(value: Any) -> Any:
    """Return what JSON can say: NaN and infinity become None."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def data(records: Records) -> Message:
    """Return what there is to learn: points in a plane, images, or a table's names alone."""
    header: dict[str, Any] = {
        "type": "data",
        "kind": "table" if records.kind == "table" and records.train_points is None else records.kind,
        "name": records.name,
        "features": list(records.train.features),
        "available": list(records.available),
        "classes": list(records.classes),
        "sizes": [len(records.train), len(records.test)],
        "notice": records.notice,
    }
    arrays: dict[str, Array] = {}
    if records.kind == "image":
        shape = records.train.image_shape
        samples = records.test.x[:SAMPLES]
        header["shape"] = list(shape)
        arrays = {"samples": np.clip(samples * 255, 0, 255).astype(np.uint8), "labels": records.test.y[:SAMPLES]}
    if records.train_points is not None and records.test_points is not None:
        header["kind"] = "points"
        header["x"], header["y"] = records.bounds
        header["axes"] = ["x1", "x2"] if records.kind == "points" else list(records.train.features)
        y = [part.y.reshape(len(part)) for part in (records.train, records.test)]
        if not records.classes:
            header["target"] = [float(min(map(np.min, y))), float(max(map(np.max, y)))]
        arrays = {"train_x": records.train_points, "train_y": y[0], "test_x": records.test_points, "test_y": y[1]}
        arrays["inputs"] = bytes_of(records.offered) if records.offered is not None else np.zeros(0, np.uint8)
    return Message(header, arrays)


def bytes_of(values: Array) -> Array:
    """Return (width, GRID, GRID) of uint8 for a layer's (GRID², width): 128 is 0, 1 and 255 are ± the neuron's largest.

    No neuron is stretched beyond its range of ±1, so that one which hardly says anything looks like it.
    """
    values = np.ascontiguousarray(np.nan_to_num(values.T, nan=0.0, posinf=3e38, neginf=-3e38))
    most = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1)
    scaled = values * (127 / most)
    scaled += 128.5
    return scaled.astype(np.uint8).reshape(-1, GRID, GRID)


def pictures(runner: Runner, records: Records) -> dict[str, Array]:
    """Return what each neuron, and the network, says all over the plane."""
    if records.grid is None:
        return {}
    *hidden, prediction = runner.forward(records.grid)
    heat = [bytes_of(layer) for layer in hidden]
    boundary = np.ascontiguousarray(prediction.T).reshape(-1, GRID, GRID)
    return {
        "heat": np.concatenate(heat) if heat else np.zeros((0, GRID, GRID), np.uint8),
        "boundary": boundary[0] if len(boundary) == 1 else boundary[1] if len(boundary) == 2 else boundary,
    }


def flat(weights: Weights) -> Array:
    """Return all layers' weights and biases in one row: of each layer W row by row, then b."""
    return np.concatenate([part.ravel() for pair in weights for part in pair])


def histograms(*sets: Weights) -> tuple[Array, list[list[list[float]]]]:
    """Return counts of shape (layers, sets, BINS) and, for each, the range that the bins cut up."""
    counts = np.zeros((len(sets[0]), len(sets), BINS), np.int32)
    ranges: list[list[list[float]]] = [[] for _ in sets[0]]
    for j, weights in enumerate(sets):
        for i, pair in enumerate(weights):
            values = np.concatenate([part.ravel() for part in pair])
            values = values[np.isfinite(values)].astype(np.float64)
            low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
            if high - low <= 1e-9 * max(1.0, abs(high)):
                margin = max(0.5, abs(high) / 2)
                low, high = low - margin, high + margin
            places = ((values - low) * (BINS / (high - low))).astype(np.intp)  # quicker than np.histogram, by far
            counts[i, j] = np.bincount(np.minimum(places, BINS - 1), minlength=BINS)
            ranges[i].append([low, high])
    return counts, ranges


def confusion(prediction: Array, y: Array, classes: int) -> Array:
    """Return how often each class (row) was taken for each (column), int32."""
    pairs = y.astype(np.int64) * classes + classes_of(prediction)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes).astype(np.int32)
