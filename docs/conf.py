"""Sphinx builds the documentation with this: ``make docs``."""

import re
import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

project = "chainrule"
author = "The chainrule founders"
copyright = author
version = release = installed("chainrule")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "docs.generator.formulas"]
exclude_patterns = ["generator", "_build", "**/*-to-do.ipynb", "pictures/*.md"]
myst_enable_extensions = ["attrs_block", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the lessons are executed by their builder
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types in docstrings are words, such as "array of shape (n,)"

autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say them
numpydoc_show_class_members = False
default_role = "py:obj"

html_theme = "furo"
html_title = "chainrule"
html_static_path = ["static"]
html_css_files = ["chainrule.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"footer_icons": [], "navigation_with_keys": True}
html_search_scorer = str(Path(__file__).parent / "mistakes" / "scorer.js")
html_math_renderer = "mathml"


def setup(app: Any) -> None:
    """Let docstrings be read as they were meant."""
    app.connect("autodoc-process-docstring", _bars)
    app.connect("autodoc-skip-member", _of_sklearn)


def _bars(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Let a formula such as |w| stand for itself; reStructuredText would look for a name there."""
    lines[:] = [line if "``" in line else line.replace("|", "\\|") for line in lines]


def _of_sklearn(app: Any, what: str, name: str, thing: Any, skip: bool, options: Any) -> bool | None:
    """Leave out the methods that scikit-learn adds by itself; their docstrings point to its own pages."""
    return True if re.fullmatch(r"set_\w+_request", name) else None
