"""``chainrule explain CODE``: a mistake of the catalogue in its own words."""

from textwrap import fill, indent
from typing import Annotated

import typer

from chainrule.course.lessons import CourseError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(epilog="Example: chainrule explain GD104")(explain)


def explain(code: Annotated[str, typer.Argument(help="The code that a finding has in brackets.")]) -> None:
    """Say what a mistake is, how it shows, and what to do."""
    try:
        print(explanation(code))
    except CourseError as error:
        raise typer.BadParameter(str(error), param_hint="CODE") from error


def explanation(code: str) -> str:
    """Return a mistake's title, symptom, explanation and fix, with the wrong and the right code.

    Raises
    ------
    CourseError
        If the catalogue has no such code.
    """
    import chainrule.mistakes.training  # noqa: F401  (enters the entries)
    from chainrule.course.exercise import load
    from chainrule.mistakes import CATALOGUE

    load()
    if code.upper() not in CATALOGUE:
        raise CourseError(f"there is no mistake {code!r}: codes are such as GD104, RG101, TR190")
    mistake = CATALOGUE[code.upper()]
    texts = (f"What you see: {mistake.symptom}", mistake.explanation, mistake.fix)
    return "\n\n".join(
        [
            f"{mistake.code}: {mistake.title}",
            *(fill(text, 96) for text in texts),
            f"wrong:\n{indent(mistake.wrong, '    ')}",
            f"right:\n{indent(mistake.right, '    ')}",
        ]
    )
