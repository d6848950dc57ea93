"""The look that all figures share: one palette, one grid, one way to open a figure."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart with every common form of colour blindness.
COLORS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "red": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
    "grey": "#8C8C8C",
}

CYCLE = [COLORS[name] for name in ("blue", "orange", "green", "red", "purple", "sky", "black")]

STYLE: Any = {
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "axes.prop_cycle": cycler(color=CYCLE),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
    "image.cmap": "cividis",
}


P = ParamSpec("P")
R = TypeVar("R")


def house_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Let all that ``draw`` draws have the house style, and leave matplotlib's own settings as they are."""

    @wraps(draw)
    def styled(*args: P.args, **options: P.kwargs) -> R:
        with plt.rc_context(STYLE):
            return draw(*args, **options)

    return styled


@house_style
def figure(
    ncols: int = 1, nrows: int = 1, *, width: float = 5.2, height: float = 3.4, **options: Any
) -> tuple[Figure, Any]:
    """Open a figure in the house style.

    Parameters
    ----------
    ncols, nrows : int
        The grid of axes.
    width, height : float
        Size of one pair of axes, in inches.
    **options
        Passed on to `matplotlib.pyplot.subplots`.

    Returns
    -------
    figure, axes
        ``axes`` is a single Axes, or an array of them, as `matplotlib.pyplot.subplots` returns it. The figure
        is taken out of pyplot's list, so a notebook draws it once, when it is a cell's last value, and a
        long run does not collect open figures.
    """
    fig, axes = plt.subplots(nrows, ncols, figsize=(width * ncols, height * nrows), layout="constrained", **options)
    plt.close(fig)
    return fig, axes
