"""The command ``chainrule play``."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from chainrule.course.lessons import CourseError


def play(
    notebook: Annotated[
        Path | None,
        typer.Argument(metavar="[NOTEBOOK]", help="Your notebook or script: its functions then drive the network."),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is served. Default: a free port.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open no browser.")] = False,
) -> None:
    """Watch a network learn, in a page on this machine; stops when the page is closed."""
    try:
        import tornado  # noqa: F401
    except ImportError as problem:
        raise CourseError("the playground needs tornado: pip install 'chainrule[play]'") from problem
    import asyncio
    import webbrowser

    from chainrule.experiments.config import ConfigError
    from chainrule.play.catalog import catalog
    from chainrule.play.server import serve
    from chainrule.play.session import Session
    from chainrule.play.yours import Plugged

    def ready(url: str) -> None:
        print(f"The playground: {url}\nClose its page, or press Ctrl-C, to stop.", flush=True)
        if not no_browser:
            webbrowser.open(url)

    try:
        yours = Plugged.of(notebook) if notebook else None
        for left_out in yours.problems if yours else ():
            print(f"left out: {left_out}")
        catalog()  # reads the datasets once, before somebody waits for them
        asyncio.run(serve(lambda: Session(yours=yours), port, ready))
    except ConfigError as error:
        raise CourseError(str(error)) from error
    except OSError as error:
        raise CourseError(f"port {port} can't be had: {error.strerror or error}. Choose another --port") from error


COMMANDS: dict[Callable[..., None], str] = {play: "Example: chainrule play work/my-notebook.ipynb"}
