"""A mistake's page, as Markdown, and the indexes over all of them."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.mistakes import CATALOGUE, Finding, Mistake
from docs.generator.checks import Checked
from docs.generator.curves import Comparison
from docs.generator.sentences import SILENT, STOPS, alternative, in_words, visible
from docs.generator.symptoms import SYMPTOMS, WHERE, place_of, symptoms_of

RELATED = 5
AROUND = 4  # lines of a program shown before and after the one that a finding points at


@dataclass(frozen=True)
class Content:
    """What a page shows besides the entry's own words; None where there is none of it.

    ``program`` is the text of a program, with what diagnose finds in it.
    """

    comparison: Comparison | None
    checked: Checked | None
    program: tuple[str, Finding] | None


def page(mistake: Mistake, content: Content) -> str:
    """Return a mistake's page."""
    said = symptoms_of(mistake.code)
    parts = [
        f"# {_capital(mistake.title)} ({mistake.code})",
        f"{{.symptom}}\n**What you see:** {_text(_plainly(mistake.symptom))}",
        _text(mistake.explanation),
        f"**What to do:** {_text(mistake.fix)}",
        _side_by_side(mistake),
        "People also say: " + "; ".join(f"*{_text(each)}*" for each in said) + ".",
        f"Where: {place_of(mistake.code).lower()}. {_seen(mistake.seen)}",
        "## The curve",
        _curve(mistake, content.comparison),
        *_said_by_check(content.checked),
        *_said_by_diagnose(content.program),
        *(
            []
            if content.checked or content.program
            else ["## What finds it", "Neither check nor diagnose names it yet."]
        ),
        "## Related mistakes",
        "\n".join(f"- [{_capital(other.title)}]({other.code}.md)" for other in related(mistake)),
    ]
    return "\n\n".join(parts) + "\n"


def _plainly(symptom: str) -> str:
    """Return a symptom as the answer to the question what one sees."""
    return f"nothing{symptom[4:]}" if re.match(r"None\b", symptom) else symptom


def _seen(count: int) -> str:
    what = "a study of what 320 authors published"
    if not count:
        return f"In {what} nobody made it."
    return f"In {what}, {count} made it." if count > 1 else f"In {what}, one made it."


def _side_by_side(mistake: Mistake) -> str:
    halves = [
        f":::{{container}} half\n{name}\n{_block(code)}\n:::"
        for name, code in (("Wrong", mistake.wrong), ("Right", mistake.right))
    ]
    return "::::{container} side-by-side\n" + "\n".join(halves) + "\n::::"


def _block(code: str, language: str = "python") -> str:
    fence = "```"
    return f"{fence}{{code-block}} {language}\n:force:\n\n{code}\n{fence}"


def _curve(mistake: Mistake, comparison: Comparison | None) -> str:
    if comparison is None:
        return "There is none to show: the mistake is in no step that trains, but in what stands around one."
    how = f"Trained for this page: {comparison.setting.what}"
    if comparison.form:
        forms = len(mistake.variations)
        how += f"; the mistake is in {_names(comparison.form)}"
        how += f", one of {forms} forms in which the catalogue has it" if forms > 1 else ""
    how += f"; {_runs(len(comparison.wrong))} with the mistake, {_runs(len(comparison.healthy))} without. "
    how += "The band holds all healthy runs, the dashed line is the mean of those with the mistake."
    if visible(comparison) == STOPS:
        return f"{in_words(comparison)}\n\n{comparison.setting.what[0].upper()}{comparison.setting.what[1:]}."
    picture = f"```{{image}} {mistake.code}.svg\n:alt: {_capital(alternative(comparison))}\n:class: curve\n```"
    return f"{in_words(comparison)}\n\n{picture}\n\n{{.small}}\n{how}"


def _runs(count: int) -> str:
    return f"{count} seeds" if count > 1 else "one"


def _names(parts: Sequence[str]) -> str:
    return " and ".join(f"`{part}`" for part in parts)


def _said_by_check(checked: Checked | None) -> list[str]:
    if checked is None:
        return []
    report = _block(str(checked.report), "text")
    if not checked.source:
        return ["## What check says", "Put into the right answer, this mistake makes `check` say:", report]
    return ["## What check says", "For this code of a learner", _lines(checked), "`check` says:", report]


def _lines(checked: Checked) -> str:
    """Return the code that was checked, with the line that the report points at marked."""
    marked = sorted({finding.line for finding in checked.report if finding.line is not None})
    options = f":emphasize-lines: {', '.join(map(str, marked))}\n:force:" if marked else ":force:"
    return f"```{{code-block}} python\n:linenos:\n{options}\n\n{checked.source}\n```"


def _said_by_diagnose(program: tuple[str, Finding] | None) -> list[str]:
    if program is None:
        return []
    text, finding = program
    intro = "In a whole program, `chainrule diagnose train.py` says:"
    lines = text.splitlines()
    parts = ["## What diagnose says", intro, _block(str(finding), "text")]
    if finding.line is not None:
        first, last = max(0, finding.line - 1 - AROUND), min(len(lines), finding.line + AROUND)
        excerpt = textwrap.dedent("\n".join(lines[first:last]))
        options = f":lineno-start: {first + 1}\n:emphasize-lines: {finding.line - first}\n:force:"
        parts += ["The lines it is about:", f"```{{code-block}} python\n{options}\n\n{excerpt}\n```"]
    return parts


def related(mistake: Mistake) -> list[Mistake]:
    """Return the mistakes most like one: that look alike, or sit in the same part of a step."""
    mine, said = _parts(mistake), set(symptoms_of(mistake.code))
    place = place_of(mistake.code)

    def likeness(other: Mistake) -> tuple[float, str]:
        shared = len(said & set(symptoms_of(other.code))) / max(1, len(said))
        parts = len(mine & _parts(other)) / max(1, len(mine))
        return -(2 * shared + parts + (place == place_of(other.code))), other.code

    return sorted((other for other in CATALOGUE.values() if other is not mistake), key=likeness)[:RELATED]


def _parts(mistake: Mistake) -> set[str]:
    return {part.name for variation in mistake.variations for part in variation}


def by_symptom() -> str:
    """Return the index by what people see."""
    parts = ["# What do you see?", _INTRODUCTION]
    for group, lines in SYMPTOMS.items():
        parts.append(f"## {group}")
        for said, codes in lines.items():
            links = "\n".join(f"- {_link(code)}" for code in codes)
            parts.append(f"### {said}\n\n{links}")
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """Find the line that sounds like what you see; the mistakes below it look like that. The search on
the left knows these words as well. If you have a program, or an answer to an exercise, let it be looked at instead:
[diagnose](../diagnose.md) and [check](../learn/index.md) name the mistake and the line."""


def by_code(curves: dict[str, str]) -> str:
    """Return the index by code, with how often each was seen and whether its curve shows it."""
    rows = ["| code | mistake | seen | in the curve |", "| --- | --- | ---: | --- |"]
    for code, mistake in sorted(CATALOGUE.items()):
        shown = curves.get(code, "")
        rows.append(f"| {code} | [{_capital(mistake.title)}]({code}.md) | {mistake.seen or ''} | {shown} |")
    head = f"# All {len(CATALOGUE)} mistakes, by code\n\n" + _OF_CODES.format(n=list(curves.values()).count(SILENT))
    return head + "\n\n" + "\n".join(rows) + "\n"


_OF_CODES = """GD… are mistakes of gradient descent and backpropagation, RG… of regularization, TR… of training
runs. *Seen* is how many of the 320 authors of a study of published learner code made it. *In the curve* says whether
the curve, beside healthy ones, shows that anything is wrong: {n} of these mistakes leave no trace in it."""


def by_place() -> str:
    """Return the index by where in the code a mistake sits."""
    parts = ["# The mistakes, by where they sit"]
    for place, codes in WHERE.items():
        links = "\n".join(f"- {_link(code)}" for code in codes)
        parts.append(f"## {place}\n\n{links}")
    return "\n\n".join(parts) + "\n"


def _link(code: str) -> str:
    return f"[{_capital(CATALOGUE[code].title)}]({code}.md)"


def _capital(text: str) -> str:
    return _text(text[:1].upper() + text[1:])


def _text(text: str) -> str:
    """Return plain words as Markdown that shows them as they are."""
    for sign in "\\`*_[]<>$|{}#~^":
        text = text.replace(sign, f"\\{sign}")
    return text
