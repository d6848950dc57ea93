"""The link that restores a page: its settings, and, where it is short enough, the table that was pasted into it."""

import base64
import binascii
import json
import zlib
from functools import lru_cache
from typing import NamedTuple

from chainrule.data import Dataset
from chainrule.experiments.config import ConfigError
from chainrule.play.pasted import LONGEST, read
from chainrule.play.settings import LONGEST_LINK, PASTED, Settings

MOST_STEPS = 200_000  # that are taken again to restore a page
LONGEST_TABLE = 20_000  # characters in a link; browsers and mail programs break longer ones


class Pasted(NamedTuple):
    """A table's text, and its name."""

    text: str
    name: str


def link_of(settings: Settings, pasted: Pasted | None, steps: int = 0) -> str:
    """Return a URL's fragment; a table is left out of it if it is too long, and so are very many steps."""
    parts = [settings.link()]
    if pasted is not None and settings.data == PASTED and len(packed := _packed(pasted)) <= LONGEST_TABLE:
        parts.append(f"table={packed}")
    if 0 < steps <= MOST_STEPS:
        parts.append(f"steps={steps}")
    return "&".join(filter(None, parts))


def restored(link: str) -> tuple[Settings, Pasted | None, int]:
    """Return what `link_of` was told: settings, table and steps.

    Raises
    ------
    ConfigError
        If it is no such link.
    """
    if len(link) > LONGEST_LINK:
        raise ConfigError(f"the link must have at most {LONGEST_LINK} characters; got {len(link)}")
    own: dict[str, str] = {}
    parts = []
    for part in link.lstrip("#").split("&"):
        name, _, text = part.partition("=")
        if name in ("table", "steps"):
            own[name] = text
        else:
            parts.append(part)
    settings = Settings.of_link("&".join(parts))
    return settings, _table(own["table"]) if "table" in own else None, _steps(own.get("steps", "0"))


def _steps(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= MOST_STEPS):
        raise ConfigError(f"steps must be a whole number from 0 to {MOST_STEPS}; got {text[:40]!r}")
    return int(text)


@lru_cache(maxsize=2)
def table(pasted: Pasted) -> Dataset:
    """Read a table, or raise a DataError."""
    return read(*pasted)


@lru_cache(maxsize=2)
def _packed(pasted: Pasted) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(pasted).encode(), 9)).decode().rstrip("=")


def _table(text: str) -> Pasted:
    """Unpack a table, no further than a table may be long."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), 2 * LONGEST)
        rows, name = json.loads(content)
    except (ValueError, binascii.Error, zlib.error, RecursionError, TypeError) as error:
        raise ConfigError("the table in the link is damaged or too long: paste it instead") from error
    if not isinstance(rows, str) or not isinstance(name, str):
        raise ConfigError("the table in the link is damaged: paste it instead")
    return Pasted(rows, name)
