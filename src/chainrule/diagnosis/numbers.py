"""The numbers in what a program prints."""

import re

from chainrule.diagnosis.shown import Number
from chainrule.mistakes.evidence import Place

NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w])"
    r"|(?<!\w)(?:nan|inf)(?!\w)"
)
LONGEST = 4000  # a longer text is data, not a report


def numbers_in(text: str, at: int, place: Place | None, how: str = "printed") -> list[Number]:
    """Return the numbers in a text, each with the words in front of it and whether a percent sign follows.

    Parameters
    ----------
    text : str
        One message.
    at, place, how
        When, where and in what way it was shown; see `Number`.
    """
    found: list[Number] = []
    if len(text) > LONGEST:
        return found
    end = 0
    for match in NUMBER.finditer(text):
        digits = match[0].replace(",", "")
        if not re.search(r"\d|nan|inf", digits):
            continue
        label = text[end : match.start()].strip(" \t\n|,;:=()[]{}-/").rsplit("\n", 1)[-1]
        percent = text[match.end() :].lstrip().startswith("%")
        found.append(Number(at, place, float(digits), text, label, percent, _decimals(digits), how))
        end = match.end()
    return found


def _decimals(digits: str) -> int | None:
    mantissa, _, exponent = digits.lower().partition("e")
    if not mantissa.lstrip("+-")[:1].isdigit() and not mantissa.lstrip("+-").startswith("."):
        return None  # nan and inf
    return len(mantissa.partition(".")[2]) - int(exponent or 0)
