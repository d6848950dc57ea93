"""What a function's arguments are meant to be, by their names: published loops take the same things in other orders."""

import re
from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

MEANT = {
    "model": "model|net|network|nn|classifier",
    "loader": r"(\w+_)?(data)?_?loader|(\w+_)?dl|(\w+_)?iter(ator)?|data|dataset|batches",
    "criterion": "criteri(on|a|um)|loss|loss_?(fn|fun|func|function|f)|cost|cost_?(fn|func|function)|objective|lossfn",
    "optimizer": "optimi[sz]er|optim|opt",
    "device": "device|dev",
}
COUNT_OF_EPOCHS = r"(\w+_)?epochs?(_\w+)?"  # only ever printed: the first of one


def called(answer: Callable[..., Any], **given: Any) -> Any:
    """Call an answer with what an exercise offers, each under the name by which the answer asks for it.

    Parameters
    ----------
    answer : callable
        What the learner wrote.
    **given
        The arguments in the exercise's own order, named as in `MEANT`. Where the answer's names don't tell which is
        which, they are handed over in this order.
    """
    asked = in_its_words(answer, given)
    return answer(*given.values()) if asked is None else answer(**asked)


def in_its_words(answer: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any] | None:
    """Return the arguments under the answer's own names; None where its names don't tell what they are."""
    try:
        parameters = signature(answer).parameters.values()
    except (TypeError, ValueError):
        return None
    asked: dict[str, Any] = {}
    meant: set[str] = set()
    for each in parameters:
        kind = next((kind for kind in given if re.fullmatch(MEANT[kind], each.name.lower())), None)
        known = kind is not None and kind not in meant and each.kind is Parameter.POSITIONAL_OR_KEYWORD
        if known and kind is not None:
            meant.add(kind)
            asked[each.name] = given[kind]
        elif each.default is Parameter.empty and re.fullmatch(COUNT_OF_EPOCHS, each.name.lower()):
            asked[each.name] = 1
        elif each.default is Parameter.empty:
            return None
    return asked if meant >= given.keys() - {"device"} else None
