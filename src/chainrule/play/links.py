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

LONGEST_TABLE = 20_000  # characters in a link; browsers and mail programs break longer ones


class Pasted(NamedTuple):
    """A table's text, and its name."""

    text: str
    name: str


def link_of(settings: Settings, pasted: Pasted | None) -> str:
    """Return a URL's fragment; a table is left out of it if it is too long."""
    link = settings.link()
    if pasted is None or settings.data != PASTED:
        return link
    packed = _packed(pasted)
    return f"{link}&table={packed}" if len(packed) <= LONGEST_TABLE else link


def restored(link: str) -> tuple[Settings, Pasted | None]:
    """Return what `link_of` was told.

    Raises
    ------
    ConfigError
        If it is no such link.
    """
    if len(link) > LONGEST_LINK:
        raise ConfigError(f"the link must have at most {LONGEST_LINK} characters; got {len(link)}")
    parts = link.lstrip("#").split("&")
    tables = [part.removeprefix("table=") for part in parts if part.startswith("table=")]
    settings = Settings.of_link("&".join(part for part in parts if not part.startswith("table=")))
    return settings, _table(tables[-1]) if tables else None


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
