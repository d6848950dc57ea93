"""The page's text: hand-written files in ``static/``, served and loaded as they are."""

from importlib.resources import files

PARTS = (  # joined in this order into one module; all but the last only declare
    *("dom.js", "colors.js", "wire.js", "controls.js", "topbar.js", "data.js"),
    *("geometry.js", "neurons.js", "network.js", "curves.js", "output.js"),
    *("record.js", "histograms.js", "images.js", "drawing.js", "beside.js"),
    *("breaking.js", "yours.js", "away.js", "tabs.js"),
    "playground.js",
)


def script() -> str:
    """Return the page's one ES module."""
    return "\n".join(_read(name) for name in PARTS)


def style() -> str:
    """Return the style sheet."""
    return _read("playground.css")


def index() -> str:
    """Return the standalone page."""
    return _read("index.html")


def _read(name: str) -> str:
    path = files("chainrule.play") / "static" / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""
