"""Named things, known in one place, with a helpful word for a name that is not there."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(dict[str, T], Generic[T]):
    """A dictionary from names to entries that knows what kind of thing it holds.

    Parameters
    ----------
    kind : str
        What the entries are, in an error's words: ``"activation"``.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def add(self, name: str) -> Callable[[T], T]:
        """Return a decorator that enters what it decorates under ``name``."""

        def enter(entry: T) -> T:
            if name in self:
                raise ValueError(f"{self.kind} {name!r} is already in the registry")
            self[name] = entry
            return entry

        return enter

    def __missing__(self, name: str) -> T:
        raise ValueError(unknown(self.kind, name, self))


def unknown(kind: str, name: object, known: "list[str] | Registry[T]") -> str:
    """Say that ``name`` is not a known ``kind``, with the nearest known one."""
    near = get_close_matches(str(name).lower(), list(known), n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {kind} {name!r}: {hint}Known: {', '.join(sorted(known))}"
