"""The catalogue of mistakes: every known one a small, runnable variation of a correct step of training."""

from chainrule.mistakes.finding import Finding, Report
from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.step import Part, Step

__all__ = ["CATALOGUE", "Finding", "Mistake", "Part", "Report", "Step"]
