"""What a page may ask beside training: one record's chain rule, a drawing's class, mistakes, data, scripts."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.experiments.config import ConfigError
from chainrule.play.frames import Message
from chainrule.play.links import Pasted
from chainrule.play.settings import PASTED, beside
from chainrule.play.trace import trace

if TYPE_CHECKING:
    from chainrule.play.session import Session

LARGEST_WEIGHT = 1000

Answer = Callable[["Session", dict[str, Any]], list[Message]]


def record(session: "Session", message: dict[str, Any]) -> list[Message]:
    """Return one training record's way through the network and back."""
    session.playing = False
    return [session.state(), trace(session.training, message.get("index", 0))]


def classify(session: "Session", message: dict[str, Any]) -> list[Message]:
    """Return the classes' probabilities for an image that was drawn."""
    records, pixels = session.training.records, message.get("pixels")
    wanted = math.prod(records.train.image_shape)
    if records.kind != "image":
        raise ConfigError("there is nothing to draw for: choose images, such as digits")
    if not isinstance(pixels, list) or len(pixels) != wanted or not all(_in_unit(value) for value in pixels):
        raise ConfigError(f"a drawing must be a list of {wanted} numbers from 0 to 1")
    said = session.training.runner.forward(np.array([pixels], dtype=np.float32))[-1][0]
    probabilities = [1 - float(said[0]), float(said[0])] if len(said) == 1 else said.tolist()
    return [Message({"type": "prediction", "probabilities": probabilities, "classes": list(records.classes)})]


def switch(session: "Session", message: dict[str, Any]) -> list[Message]:
    """Switch a mistake on, or with an empty code off, and begin anew."""
    return session.set({"settings": {"mistake": message.get("code", "")}})


def paste(session: "Session", message: dict[str, Any]) -> list[Message]:
    """Learn from a table that was pasted or dropped."""
    text, name = message.get("text"), message.get("name") or "pasted"
    if not isinstance(text, str) or not isinstance(name, str):
        raise ConfigError("a table must be pasted as text")
    session.start(session.settings.changed({"data": PASTED, **beside(PASTED)}), Pasted(text, name))
    return session.everything()


def export(session: "Session", message: dict[str, Any]) -> list[Message]:
    """Return the run so far as a script that needs no chainrule."""
    from chainrule.play.scripts import numpy_script, pytorch_script

    kinds = {"numpy": numpy_script, "pytorch": pytorch_script}
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise ConfigError(f"a script is written for numpy or pytorch; got {str(kind)[:80]}")
    text = kinds[kind](session.training, session.plugged(session.settings))
    return [Message({"type": "exported", "kind": kind, "name": f"playground_{kind}.py", "text": text})]


def weigh(session: "Session", message: dict[str, Any]) -> list[Message]:
    """Give one weight, or without a ``column`` one bias, another value: ``row`` is the neuron, ``column`` its input."""
    training, value = session.training, message.get("value")
    if session.settings.by_hand:
        raise ConfigError("the weights of lesson 1's network can't be edited here: switch it off, or take another seed")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_WEIGHT:
        raise ConfigError(
            f"a weight must be a number from −{LARGEST_WEIGHT} to {LARGEST_WEIGHT}; got {str(value)[:40]}"
        )
    weights, place = training.runner.weights(), [message.get(name) for name in ("layer", "row", "column")]
    layer, row, column = (at if type(at) is int else -1 for at in place)
    if not 1 <= layer <= len(weights):
        raise ConfigError(f"the layer must be a whole number from 1 to {len(weights)}; got {str(place[0])[:40]}")
    is_bias = place[2] is None
    values = weights[layer - 1][1][:, None] if is_bias else weights[layer - 1][0]
    at = (row, 0 if is_bias else column)
    if not all(0 <= i < n for i, n in zip(at, values.shape, strict=True)):
        raise ConfigError(
            f"layer {layer} has {values.shape[0]} neurons of {values.shape[1]} weights; got {place[1:]}"[:200]
        )
    values[at] = value
    training.altered = True
    return [session.state(), *session.shown()]


def _in_unit(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


ANSWERS: dict[str, Answer] = {
    "record": record,
    "classify": classify,
    "break": switch,
    "csv": paste,
    "export": export,
    "weight": weigh,
}
