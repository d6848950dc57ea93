"""`playground`: the page as the value of a notebook's cell."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.play.session import Session
    from chainrule.play.widget import Playground


def playground(notebook: str | Path | None = None, *, link: str = "", **functions: Callable[..., Any]) -> "Playground":
    """Show the playground in a notebook; with functions of your own, they drive it.

    Parameters
    ----------
    notebook : path, optional
        A notebook or script; the exercise functions of lessons 1 and 2 that it defines are plugged in.
    link : str
        What the page's link has after its ``#``: the settings to begin with.
    **functions : callable
        Functions by their exercise's name: ``playground(backward_pass=my_backward_pass)``.

    Returns
    -------
    Playground
        A widget. ``close()`` ends its training.

    Raises
    ------
    ConfigError
        If the link or the notebook can't be read, or there is no exercise of a function's name.
    ImportError
        If anywidget is not installed.
    """
    try:
        from chainrule.play.widget import Playground
    except ImportError as problem:
        raise ImportError("the playground in a notebook needs anywidget: pip install 'chainrule[lab]'") from problem
    return Playground(session(notebook, link, functions))


def session(notebook: str | Path | None, link: str, functions: dict[str, Callable[..., Any]]) -> "Session":
    """Return a session with what is plugged in, and the link's settings."""
    from chainrule.play.session import Session
    from chainrule.play.settings import Settings
    from chainrule.play.yours import Plugged

    yours = Plugged.of(notebook, **functions) if notebook is not None or functions else None
    return Session(Settings.of_link(link) if link else None, yours)
