"""What a program shows and keeps: numbers, histories, curves, saved files, warnings."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chainrule.mistakes.evidence import Place


@dataclass
class Number:
    """A number that the program showed: printed, logged, or drawn in a plot.

    ``text`` is the whole message, ``label`` the words in front of the number (in a plot: the label of the line),
    ``percent`` says that a percent sign follows it, ``decimals`` how many were printed (None: unrounded).
    """

    at: int
    place: Place | None
    value: float
    text: str
    label: str
    percent: bool
    decimals: int | None
    how: str

    def shows(self, true: float) -> bool:
        """Whether this is how ``true`` looks after rounding to the decimals that were printed."""
        tolerance = 1e-6 * max(1.0, abs(true)) if self.decimals is None else 0.5001 * 10.0**-self.decimals
        return abs(self.value - true) <= tolerance


@dataclass
class Series:
    """A list (or dict of lists, attribute) of numbers that grew during the run: a history.

    ``name`` is the user's (``"history['loss']"``, ``"train_losses"``), ``place`` the line of its ``append``. ``ats``
    are moments at or shortly after each append. ``graphs`` counts the elements that are tensors which keep a graph.
    """

    name: str
    place: Place | None
    values: list[float] = field(default_factory=list)
    ats: list[int] = field(default_factory=list)
    graphs: int = 0
    plotted: bool = False


@dataclass
class Plot:
    """A line that was drawn: its x and y values, its label, the labels of its axes, and the axes' number."""

    at: int
    place: Place | None
    label: str
    x_label: str
    y_label: str
    values: NDArray[np.float64]
    xs: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    axes: int = 0


@dataclass
class Save:
    """Something that was written with ``torch.save``.

    ``kind``: ``"module"``, ``"weights"`` (a state_dict), ``"class"``, ``"method"``, ``"dict"`` (a checkpoint) or
    ``"other"``. ``contents`` maps each key of a checkpoint to its own kind; also ``"optimizer"`` (an optimizer's
    state_dict) and ``"number"``. ``digests`` maps each key (``""`` if it is the object itself) to the digest of the
    weights in it, comparable with a model's. ``unused`` maps each key whose weights are those of a module that has
    not been called yet to the line it was made in.
    """

    at: int
    place: Place | None
    kind: str
    path: str
    contents: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    unused: dict[str, Place | None] = field(default_factory=dict)


@dataclass
class Warned:
    """A Python warning that the run raised, such as the one on shapes that broadcast in a loss."""

    at: int
    place: Place | None
    category: str
    text: str
