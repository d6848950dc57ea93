"""A notebook as one HTML page that needs nothing else: no network, no script, formulas as MathML."""

import logging
import re
from copy import deepcopy
from html import escape
from importlib.resources import files
from typing import Any

import latex2mathml.converter
from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter

from chainrule.course.lessons import CourseError

# What can begin with a dollar or hide one, in this order: code, an escaped character, a formula.
_TOKEN = re.compile(
    r"""
      ^(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,}) .*? (?:^[ ]*(?P=fence)|\Z)
    | (?<!`)(?P<ticks>`+)(?!`) (?:(?!\n\s*\n).)+? (?<!`)(?P=ticks)(?!`)
    | \\[^\w\s]
    | \$\$(?P<block>.+?)\$\$
    | \$(?P<inline>(?:\\.|(?!\n\s*\n)[^$\\])+)\$
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_PLACE = re.compile("\ue000(\\d+)\ue001")
_TAG = re.compile(r"<[^<>]+>")

# What latex2mathml leaves in its result where it did not understand, and what it spells differently.
_LEFT_OVER = re.compile(r">\s*(\\[A-Za-z_]+|&(?:amp;)?<|<mspace linebreak)")
_TEXT = re.compile(r"\\(?:text|texttt|mathrm|mathtt)\{[^{}]*\}")
_SPELLINGS = {r"{aligned}": "{align*}", r"\operatorname*": r"\operatorname"}


def page(notebook: Any, name: str) -> str:
    """Return ``notebook`` as a complete HTML page.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs, if it was executed.
    name : str
        The page's title, where the notebook has no heading of its own.

    Raises
    ------
    CourseError
        If a formula can't be turned into MathML.
    """
    exporter = _Exporter(template_name="basic", exclude_anchor_links=True)  # type: ignore[no-untyped-call]
    exporter.log.setLevel(logging.ERROR)
    body, _ = exporter.from_notebook_node(_with_alternative_texts(notebook))
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    colors = HtmlFormatter(style="friendly").get_style_defs(".highlight")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_title(notebook, name))}</title>\n<style>\n{colors}\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


class _Exporter(HTMLExporter):
    """nbconvert's exporter, except that formulas are there at once instead of waiting for a script."""

    def markdown2html(self, context: Any, source: str) -> str:
        """Turn markdown into HTML; formulas step aside, so that markdown's own rules don't touch them."""
        formulas: list[str] = []

        def put_aside(match: re.Match[str]) -> str:
            latex, display = (match["block"], "block") if match["block"] else (match["inline"], "inline")
            if not latex:
                return match[0]
            formulas.append(mathml(latex, display))
            return f"\ue000{len(formulas) - 1}\ue001"

        html = super().markdown2html(context, _TOKEN.sub(put_aside, source))
        html = _TAG.sub(lambda tag: _PLACE.sub("", tag[0]), html)
        return _PLACE.sub(lambda match: formulas[int(match[1])], html)

    markdown2html.jinja_pass_arg = HTMLExporter.markdown2html.jinja_pass_arg  # type: ignore[attr-defined]


def mathml(latex: str, display: str = "inline") -> str:
    """Return a LaTeX formula as a ``<math>`` element.

    Raises
    ------
    CourseError
        If the formula is malformed, or has a command that isn't known.
    """
    source = _TEXT.sub(lambda text: text[0].replace(r"\_", "_"), latex.strip())
    for spelling, known in _SPELLINGS.items():
        source = source.replace(spelling, known)
    try:
        converted: str = latex2mathml.converter.convert(source, display=display)
    except Exception as error:  # its errors for malformed formulas have no common base, some are IndexError
        raise CourseError(f"the formula {latex.strip()!r} can't be shown: {type(error).__name__} {error}") from error
    if left_over := _LEFT_OVER.search(converted):
        raise CourseError(f"the formula {latex.strip()!r} can't be shown: latex2mathml leaves {left_over[1]!r} in it")
    return converted


def _title(notebook: Any, name: str) -> str:
    """Return the first heading's text, else ``name``."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := re.search(r"^# +(.+)$", cell.source, re.MULTILINE)):
            return re.sub(r"[`*$]", "", heading[1]).strip()
    return name


def _with_alternative_texts(notebook: Any) -> Any:
    """Return a copy where each figure says, to those who can't see it, which cell drew it."""
    copy = deepcopy(notebook)
    for cell in copy.cells:
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                alt = f"Figure drawn by code cell {cell.execution_count}"
                output.metadata.setdefault("image/png", {}).setdefault("alt", alt)
    return copy
