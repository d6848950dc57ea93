"""What a lesson measured, as a row that a reader sees and the runner collects."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from numbers import Integral
from typing import Any, SupportsFloat

from chainrule.mistakes.finding import MIME as REPORT

MIME = "application/vnd.chainrule.result+json"


@dataclass(frozen=True)
class Result:
    """One row of the results: what was trained, for how long, and how well it did.

    Parameters
    ----------
    lesson, dataset, network : str
        Names for the table; ``network`` is like ``"30-16-1"``.
    epochs : int
        Epochs of the lesson's main training, at least 1.
    seconds : float
        Its duration.
    accuracy : float
        The share of right answers, in [0, 1], on data never trained on.
    gradient_error : float
        The largest relative error of a gradient against PyTorch or finite differences.

    Raises
    ------
    ValueError
        If a value is none of that.
    """

    lesson: str
    dataset: str
    network: str
    epochs: int
    seconds: float
    accuracy: float
    gradient_error: float

    def __post_init__(self) -> None:
        for name in ("lesson", "dataset", "network"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip():
                raise ValueError(f"record: {name} must be a name, a text that isn't empty; got {value!r}")
        if not isinstance(self.epochs, Integral) or self.epochs < 1:
            raise ValueError(f"record: epochs must be a whole number of at least 1; got {self.epochs!r}")
        for name in ("seconds", "accuracy", "gradient_error"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"record: {name} must be a finite number, not below 0; got {value!r}")
        if self.accuracy > 1:
            raise ValueError(f"record: accuracy must be a share in [0, 1], not per cent; got {self.accuracy!r}")

    def cells(self) -> dict[str, str]:
        """Return the row as a table shows it: the columns' titles and the texts."""
        return {
            "lesson": self.lesson,
            "dataset": self.dataset,
            "network": self.network,
            "epochs": str(self.epochs),
            "time": f"{self.seconds:.1f} s",
            "accuracy": f"{self.accuracy:.1%}",
            "gradient error": f"{self.gradient_error:.1e}",
        }


def record(
    *,
    lesson: str,
    dataset: str,
    network: str,
    epochs: int,
    seconds: SupportsFloat,
    accuracy: SupportsFloat,
    gradient_error: SupportsFloat,
) -> None:
    """Show what this run measured as a small table; ``chainrule run`` collects it from there.

    The parameters are those of `Result`. NumPy scalars and one-element tensors are taken as numbers.

    Raises
    ------
    ValueError
        If a value is impossible: an accuracy above 1, a gradient error that is NaN.
    """
    from IPython.display import display

    result = Result(
        lesson=lesson,
        dataset=dataset,
        network=network,
        epochs=int(epochs) if isinstance(epochs, Integral) else epochs,
        seconds=float(seconds),
        accuracy=float(accuracy),
        gradient_error=float(gradient_error),
    )
    cells = result.cells()
    width = max(map(len, cells))
    titles = "".join(f"<th>{escape(title)}</th>" for title in cells)
    values = "".join(f"<td>{escape(value)}</td>" for value in cells.values())
    bundle = {
        "text/plain": "\n".join(f"{title:<{width}}  {value}" for title, value in cells.items()),
        "text/html": f"<table><thead><tr>{titles}</tr></thead><tbody><tr>{values}</tr></tbody></table>",
        MIME: asdict(result),
    }
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def results(cells: Iterable[Any]) -> list[Result]:
    """Return the rows that executed notebook cells hold in their outputs, in order."""
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    return [Result(**output["data"][MIME]) for output in outputs if MIME in output.get("data", {})]


def not_passed(cells: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the exercises whose check, in the outputs of executed cells, did not pass, with the verdicts."""
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    reports = [output["data"][REPORT] for output in outputs if REPORT in output.get("data", {})]
    return [(report["exercise"], report["verdict"]) for report in reports if not report["passed"]]
