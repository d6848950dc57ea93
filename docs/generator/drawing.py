"""The picture of a comparison: a curve with the mistake beside the range of healthy ones."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from chainrule.plots.style import COLORS, STYLE, figure
from docs.generator.curves import Comparison
from docs.generator.sentences import Shown, shown

SVG = {"svg.fonttype": "none", "svg.hashsalt": "chainrule", "font.family": "sans-serif"}


def draw(comparison: Comparison, file: Path) -> None:
    """Write the picture as SVG, one pair of axes for each series."""
    series = shown(comparison)
    with matplotlib.rc_context(STYLE | SVG):
        fig, axes = figure(ncols=len(series), width=3.6, height=2.6, squeeze=False)
        for ax, one in zip(axes.flat, series, strict=True):
            _draw(ax, one, comparison.setting.each)
        axes.flat[0].legend()
        fig.savefig(file, format="svg", metadata={"Date": None})


def _draw(ax: Any, one: Shown, each: str) -> None:
    x = np.arange(1, len(one.wrong) + 1)
    middle = (one.low + one.high) / 2
    ax.fill_between(x, one.low, one.high, color=COLORS["blue"], alpha=0.25, lw=0)
    ax.plot(x, middle, color=COLORS["blue"], label="healthy")
    ax.plot(
        x, np.where(np.isfinite(one.wrong), one.wrong, np.nan), color=COLORS["red"], ls="--", label="with the mistake"
    )
    ax.set(xlabel="training, from beginning to end" if each == "point" else each, ylabel=one.name)
    _readable(ax, one)


def _readable(ax: Any, one: Shown) -> None:
    """Let the healthy curve be seen, however high the other climbs, on a logarithmic axis where it has to be."""
    both = np.concatenate([one.wrong, one.low, one.high])
    both = both[np.isfinite(both)]
    span = one.high.max() - one.low.min()
    if both.size and np.ptp(both) > 20 * max(span, 1e-12):
        ax.set_yscale("symlog", linthresh=max(float(np.abs(one.high).max()), 1e-9))
