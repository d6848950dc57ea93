"""A dataset as a small picture: what the page shows to choose from."""

from typing import Any

import numpy as np

from chainrule.data import Dataset

POINTS = 80


def preview(data: Dataset) -> dict[str, Any] | None:
    """Return points with places and targets in [0, 1], or an image's pixels from 0 to 255; of a table None.

    Parameters
    ----------
    data : Dataset
        Its first records are shown. A class is given as its number.
    """
    if data.image_shape:
        pixels = np.clip(data.x[0] * 255, 0, 255).astype(int)
        return {"pixels": pixels.tolist(), "shape": list(data.image_shape[:2])}
    if data.x.shape[1] != 2:
        return None
    low, high = data.x.min(axis=0), data.x.max(axis=0)
    places = np.round((data.x[:POINTS] - low) / np.maximum(high - low, 1e-9), 3)
    targets = data.y[:POINTS].reshape(-1)
    if not data.classes:
        targets = np.round((targets - data.y.min()) / max(float(np.ptp(data.y)), 1e-9), 3)
    return {
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
        "c": targets.tolist(),
        "classes": bool(data.classes),
    }
