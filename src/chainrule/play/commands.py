"""The command ``chainrule play``."""

from collections.abc import Callable
from typing import Annotated

import typer

from chainrule.course.lessons import CourseError


def play(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is served. Default: a free port.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open no browser.")] = False,
) -> None:
    """Watch a network learn in a page on this machine; stops when the page is closed."""
    try:
        import tornado  # noqa: F401
    except ImportError as problem:
        raise CourseError("the playground needs tornado: pip install 'chainrule[play]'") from problem
    import asyncio
    import webbrowser

    from chainrule.play.server import serve
    from chainrule.play.session import Session

    def ready(url: str) -> None:
        print(f"The playground: {url}\nClose its page, or press Ctrl-C, to stop.", flush=True)
        if not no_browser:
            webbrowser.open(url)

    try:
        asyncio.run(serve(Session, port, ready))
    except OSError as problem:
        raise CourseError(
            f"port {port} can't be had: {problem.strerror or problem}. Choose another --port"
        ) from problem


COMMANDS: dict[Callable[..., None], str] = {play: "Example: chainrule play --port 8123 --no-browser"}
