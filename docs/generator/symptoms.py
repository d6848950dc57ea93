"""What people say they see, and the mistakes that look like it: ``docs/symptoms.toml``, read."""

import tomllib
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).parents[1].joinpath("symptoms.toml").read_text(encoding="utf-8"))
SYMPTOMS: dict[str, dict[str, list[str]]] = {
    group: {said: codes.split() for said, codes in lines.items()} for group, lines in _TABLES["symptoms"].items()
}
WHERE: dict[str, list[str]] = {place: codes.split() for place, codes in _TABLES["where"].items()}


def symptoms_of(code: str) -> list[str]:
    """Return what people say of a mistake: the lines under which it stands."""
    return [said for group in SYMPTOMS.values() for said, codes in group.items() if code in codes]


def place_of(code: str) -> str:
    """Return where in the code a mistake sits."""
    return next(place for place, codes in WHERE.items() if code in codes)
