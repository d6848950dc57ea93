"""Curves over epochs or steps, with a band where there are several seeds."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from chainrule.plots.style import figure, house_style


@house_style
def curves(
    series: Mapping[str, ArrayLike],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    x: ArrayLike | None = None,
    log: bool = False,
    title: str = "",
) -> Figure:
    """Draw named curves; a 2-D value (seeds, epochs) becomes its mean with a band from smallest to largest.

    Parameters
    ----------
    series : mapping of str to array of shape (n,) or (seeds, n)
        What to draw, by the name that the legend shows.
    xlabel, ylabel, title : str
        Labels of the axes, and the title.
    x : array of shape (n,), optional
        Positions; 1, 2, … if not given.
    log : bool
        Logarithmic y axis.
    """
    fig, ax = figure()
    for name, values in series.items():
        rows = np.atleast_2d(np.asarray(values, dtype=float))
        positions = np.arange(1, rows.shape[1] + 1) if x is None else np.asarray(x)
        (line,) = ax.plot(positions, rows.mean(axis=0), label=name)
        if len(rows) > 1:
            ax.fill_between(positions, rows.min(axis=0), rows.max(axis=0), color=line.get_color(), alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if log:
        ax.set_yscale("log")
    ax.legend()
    return fig
