"""Wrapping functions of other packages for the time of a run, and putting them back."""

from collections.abc import Callable
from functools import wraps
from typing import Any


class Patches:
    """The functions that are wrapped; `undo` puts the originals back, the last one first."""

    def __init__(self) -> None:
        self._originals: list[tuple[Any, str, Any, bool]] = []

    def wrap(self, owner: Any, name: str, listener: Callable[..., Any]) -> None:
        """Put ``listener(original, *args, **kwargs)`` in the place of a function of a class or module."""
        original, own = getattr(owner, name), name in vars(owner)

        @wraps(original)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return listener(original, *args, **kwargs)

        self._originals.append((owner, name, original, own))
        setattr(owner, name, wrapper)

    def undo(self) -> None:
        """Put the originals back."""
        while self._originals:
            owner, name, original, own = self._originals.pop()
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
