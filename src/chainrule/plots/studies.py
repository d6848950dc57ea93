"""Pictures of a study of settings: how much each option matters, all settings at once, options two by two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatterSciNotation, LogLocator, MaxNLocator
from numpy.typing import ArrayLike, NDArray

from chainrule.plots.style import COLORS, figure, house_style

Array = NDArray[Any]
NEAR = 0.1  # over which share of an axis the surface in `contours` is smoothed


@dataclass(frozen=True)
class Option:
    """An option that varies: by choices, or over the numbers of a range."""

    name: str
    choices: tuple[Any, ...] = ()
    log: bool = False

    def places(self, values: Sequence[Any]) -> Array:
        """Return where values lie: a choice's index, a number, or its logarithm to the base 10."""
        if self.choices:
            return np.array([self.choices.index(value) for value in values], dtype=float)
        numbers = np.asarray(values, dtype=float)
        return np.log10(numbers) if self.log else numbers

    def ticks(self, low: float, high: float) -> tuple[list[float], list[str]]:
        """Return ticks from place ``low`` to place ``high``, and what is written there."""
        if self.choices:
            return list(map(float, range(len(self.choices)))), [str(choice) for choice in self.choices]
        if not self.log:
            at = [float(t) for t in MaxNLocator(5).tick_values(low, high) if low <= t <= high]
            return at, [f"{t:g}" for t in at]
        steps = (1,) if high - low > 1.5 else (1, 2, 5)
        values = list(LogLocator(subs=steps, numticks=20).tick_values(10**low, 10**high))
        inside = [v for v in values if low - 1e-9 <= np.log10(v) <= high + 1e-9]
        written = LogFormatterSciNotation() if steps == (1,) else (lambda v: f"{v:g}")
        return [float(np.log10(v)) for v in inside], [str(written(v)) for v in inside]


@house_style
def importance(shares: Mapping[str, float], intervals: Mapping[str, tuple[float, float]], *, title: str = "") -> Figure:
    """Draw how much of the differences comes from each option, the most important at the top.

    Parameters
    ----------
    shares : mapping of str to float
        From 0 to 1.
    intervals : mapping of str to (low, high)
        What the share may as well be.
    title : str
    """
    names = sorted(shares, key=shares.__getitem__)
    fig, ax = figure(width=6.2, height=1.2 + 0.42 * len(names))
    values = np.array([shares[name] for name in names])
    ends = np.array([intervals[name] for name in names])
    ax.barh(names, values, color=COLORS["blue"], height=0.6)
    ax.hlines(range(len(names)), *ends.T, color=COLORS["black"], lw=1.6)
    for i, (low, high) in enumerate(ends):
        ax.plot([low, high], [i, i], "|", color=COLORS["black"], markersize=7)
    ax.grid(axis="y", visible=False)
    ax.set(xlabel="share of the differences (line: 95 % of the resamples)", xlim=(0, 1), title=title)
    return fig


@house_style
def parallel(
    options: Sequence[Option],
    settings: Sequence[Mapping[str, Any]],
    scores: ArrayLike,
    *,
    label: str,
    maximize: bool = True,
    finished: Sequence[bool] | None = None,
) -> Figure:
    """Draw each setting as a line through all options to its score; the best is the thick one.

    Parameters
    ----------
    options : sequence of Option
    settings : sequence of mapping of str to value
        A value of each option.
    scores : array of shape (settings,)
    label : str
        What the score is.
    maximize : bool
        Whether a high score is good.
    finished : sequence of bool, optional
        Where False, the setting was given up early, and its line is dashed.
    """
    values = np.asarray(scores, dtype=float)
    done = np.ones(len(values), dtype=bool) if finished is None else np.asarray(finished)
    fig, ax = figure(width=2.2 + 1.5 * len(options), height=4.2)
    color = _colors(values, maximize)
    rng, columns = np.random.default_rng(0), []
    for i, option in enumerate(options):
        places = option.places([setting[option.name] for setting in settings])
        low, high = _ends(option, places)
        spread = 0.06 * rng.uniform(-1, 1, len(places)) if option.choices else 0.0  # so that equal lines are seen
        columns.append((places + spread - low) / (high - low))
        _upright(ax, i, option, low, high)
    low, high = float(values.min()), float(values.max())
    high = high if high > low else low + 1
    columns.append((values - low) / (high - low))
    _upright(ax, len(options), Option(label), low, high)
    rows = np.array(columns).T
    best = np.argmax(np.where(done, values, -np.inf)) if maximize else np.argmin(np.where(done, values, np.inf))
    for i in np.argsort(values if maximize else -values):
        style = {"lw": 3.4, "zorder": 5} if i == best else {"lw": 1.1, "alpha": 0.8}
        ax.plot(rows[i], color=color.to_rgba(values[i]), ls="-" if done[i] else (0, (3, 3)), **style)
    meaning = "thick: the best" + ("" if done.all() else "; dashed: given up early, the score is where it stood then")
    ax.set(xlim=(-0.1, len(options) + 0.45), ylim=(-0.06, 1.06), yticks=[], title=meaning)
    ax.set_xticks(range(len(options) + 1), [*(option.name for option in options), label])
    ax.tick_params(axis="x", length=0, pad=8)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return fig


@house_style
def contours(
    options: Sequence[Option],
    settings: Sequence[Mapping[str, Any]],
    scores: ArrayLike,
    *,
    label: str,
    maximize: bool = True,
) -> Figure:
    """Draw, for each pair of options, every setting as a dot, and beneath the dots the mean score around there.

    Parameters as `parallel`. Around means weighted by a bell of a tenth of an axis; for choices, the same choice. A
    score beyond the colours' end counts as that end. What is far from all settings stays white.
    """
    values, pairs = np.asarray(scores, dtype=float), list(combinations(options, 2))
    fig, axes = figure(ncols=len(pairs), width=4.4, height=3.7, squeeze=False)
    color, rng = _colors(values, maximize), np.random.default_rng(0)
    shown = np.clip(values, color.norm.vmin, color.norm.vmax)  # one disaster shall not hide all else around it
    for ax, (across, up) in zip(axes[0], pairs, strict=True):
        x, y = (option.places([setting[option.name] for setting in settings]) for option in (across, up))
        ends = [_ends(option, places, margin=0.04) for option, places in ((across, x), (up, y))]
        grids = [
            np.arange(len(option.choices), dtype=float) if option.choices else np.linspace(*end, 60)
            for option, end in zip((across, up), ends, strict=True)
        ]
        weights = np.einsum(
            "is,js->jis", *(_near(*each) for each in zip((across, up), grids, (x, y), ends, strict=True))
        )
        near = weights.sum(axis=2)
        surface = np.ma.masked_where(near < 0.05, (weights @ shown) / np.maximum(near, 1e-12))
        ax.pcolormesh(*grids, surface, cmap=color.cmap, norm=color.norm, shading="nearest", alpha=0.75, lw=0)
        if not across.choices and not up.choices:
            ax.contour(*grids, surface, levels=7, colors="white", linewidths=0.7)
        shake = [0.12 * rng.uniform(-1, 1, len(values)) if option.choices else 0.0 for option in (across, up)]
        ax.scatter(
            x + shake[0],
            y + shake[1],
            c=values,
            cmap=color.cmap,
            norm=color.norm,
            s=34,
            edgecolors="white",
            linewidths=0.9,
        )
        for axis, option, (low, high) in ((ax.xaxis, across, ends[0]), (ax.yaxis, up, ends[1])):
            at, written = option.ticks(low, high)
            axis.set_ticks(at, written)
        ax.set(xlabel=across.name, ylabel=up.name)
        ax.grid(visible=False)
    axes[0, 0].set_title("dots: settings; colour beneath: the mean around there", loc="left")
    fig.colorbar(color, ax=axes[0, -1], label=label, extend="min" if maximize else "max")
    return fig


def _near(option: Option, grid: Array, places: Array, ends: tuple[float, float]) -> Array:
    """Return how much each setting counts at each place of the grid, (places, settings)."""
    apart = np.abs(grid[:, None] - places)
    if option.choices:
        return (apart < 0.5).astype(float)
    return np.exp(-0.5 * (apart / (NEAR * (ends[1] - ends[0]))) ** 2)


def _ends(option: Option, places: Array, margin: float = 0.0) -> tuple[float, float]:
    if option.choices:
        return -0.5, len(option.choices) - 0.5
    low, high = float(places.min()), float(places.max())
    margin = margin * (high - low) if high > low else 0.5
    return low - margin, high + margin


def _upright(ax: Axes, at: int, option: Option, low: float, high: float) -> None:
    """Draw one of the upright axes, with its ticks to the right."""
    ax.axvline(at, ymin=0.055, ymax=0.945, color=COLORS["grey"], lw=1, zorder=0)
    for place, text in zip(*option.ticks(low, high), strict=True):
        height = (place - low) / (high - low)
        ax.plot([at, at + 0.03], [height, height], color=COLORS["grey"], lw=1)
        box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6}
        ax.text(at + 0.05, height, text, fontsize=8.5, va="center", zorder=6, bbox=box)


def _colors(values: Array, maximize: bool) -> ScalarMappable:
    """Return colours that spread over the better settings; the worst, however bad, share the last one."""
    middle = float(np.median(values))
    best = float(values.max() if maximize else values.min())
    end = middle - 2 * (best - middle)
    low, high = (max(end, values.min()), best) if maximize else (best, min(end, values.max()))
    if not high > low:
        low, high = float(values.min()), float(values.max())
    return ScalarMappable(Normalize(low, high if high > low else low + 1), "cividis" if maximize else "cividis_r")
