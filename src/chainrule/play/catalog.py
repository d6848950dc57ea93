"""What there is to choose from: all of it from the registries, so that a new entry is on the page by itself."""

import inspect
from dataclasses import Field, fields
from functools import lru_cache
from typing import Any

from chainrule.data import DATASETS
from chainrule.experiments.config import choices
from chainrule.nn import ACTIVATIONS
from chainrule.optim import OPTIMIZERS
from chainrule.play.pasted import LONGEST
from chainrule.play.preview import POINTS, preview
from chainrule.play.records import FORMULAS
from chainrule.play.settings import Settings, datasets, points, takes

KINDS: dict[Any, str] = {str: "choice", bool: "flag", int: "integer", float: "number"}
SPECIAL = {"hidden": "layers", "activation": "activations", "features": "features", "mistake": "mistake"}
ENGINE_ONLY = ("loss", "optimizer", "momentum", "nesterov", "dropout")  # lesson 1's network has its own or none
SPEEDS = [0, 1, 5, 15, 30, 60]


def catalog() -> dict[str, Any]:
    """Return the controls and the datasets that there are."""
    return {
        "type": "catalog",
        "settings": [control(field) for field in fields(Settings)],
        "datasets": {name: dataset(name) for name in datasets()},
        "speeds": SPEEDS,
        "longest_paste": LONGEST,
    }


def control(field: "Field[Any]") -> dict[str, Any]:
    """Return what a page needs to know to build the control of one setting."""
    rules = field.metadata
    kind = SPECIAL.get(field.name) or KINDS[field.type]
    entry: dict[str, Any] = {"name": field.name, "kind": kind, "default": field.default}
    entry |= {key: rules[key] for key in ("label", "help", "group", "low", "high", "values", "scale") if key in rules}
    if names := names_of(field):
        entry["choices"] = names
    if field.name in ("momentum", "nesterov"):
        entry["when"] = {"optimizer": [key for key in OPTIMIZERS if takes(key, field.name)]}
    if field.name == "nesterov":
        entry["when"]["momentum"] = "positive"
    if field.name == "noise":
        entry["when"] = {"data": list(filter(points, datasets()))}
    if field.name in ENGINE_ONLY:
        entry["when"] = entry.get("when", {}) | {"by_hand": [False]}
    return entry


def names_of(field: "Field[Any]") -> list[str]:
    """Return the names that a setting can have."""
    if field.name == "data":
        return datasets()
    if field.name == "activation":
        return list(ACTIVATIONS)
    return (["auto"] if field.name == "loss" else []) + list(choices(field))


@lru_cache(maxsize=64)
def dataset(name: str) -> dict[str, Any]:
    """Return what is to be known of a dataset before it is chosen."""
    if points(name):
        noise = inspect.signature(DATASETS[name]).parameters["noise"].default
        return {
            "kind": "points",
            "features": list(FORMULAS),
            "noise": noise,
            "preview": preview(DATASETS[name](n=POINTS)),
        }
    found = DATASETS[name]()
    kind = "image" if found.image_shape else "table"
    features = [] if found.image_shape else list(found.features)
    known = {"kind": kind, "features": features, "classes": list(found.classes), "records": len(found)}
    return known | {"preview": preview(found)}
