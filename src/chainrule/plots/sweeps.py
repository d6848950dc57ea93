"""Pictures of a sweep: settings tried with repeated seeds, their spread, and what two settings differ by."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FormatStrFormatter, LogLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from chainrule.plots.style import COLORS, CYCLE, figure, house_style

Seeds = Mapping[Any, ArrayLike]  # setting -> one number a seed


@house_style
def heat_map(
    values: ArrayLike,
    *,
    rows: Sequence[object],
    columns: Sequence[object],
    xlabel: str,
    ylabel: str,
    label: str = "accuracy",
    title: str = "",
    outline: Sequence[tuple[int, int]] = (),
) -> Figure:
    """Draw a table of means as colours, each cell with its number.

    Parameters
    ----------
    values : array of shape (rows, columns) or (rows, columns, seeds)
        What was measured; over seeds, a cell shows the mean, and under it the standard deviation.
    rows, columns : sequence
        The settings along each side; row 0 is at the bottom.
    xlabel, ylabel, label, title : str
        Labels of the axes and of the colour bar, and the title.
    outline : sequence of (row, column)
        Cells to frame.

    Raises
    ------
    ValueError
        If the table and its two sides differ in size.
    """
    table = np.asarray(values, dtype=float)
    if table.shape[:2] != (len(rows), len(columns)) or table.ndim not in (2, 3):
        raise ValueError(
            f"values have shape {table.shape}, expected ({len(rows)}, {len(columns)}) for these rows and columns, "
            "with the seeds as an optional third axis"
        )
    means = table if table.ndim == 2 else table.mean(axis=2)
    fig, ax = figure(width=1.5 + 0.95 * len(columns), height=1.1 + 0.44 * len(rows))
    image = ax.imshow(means, origin="lower", aspect="auto", cmap="cividis")
    ax.grid(visible=False)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.set_xticks(range(len(columns)), [str(column) for column in columns])
    ax.set_yticks(range(len(rows)), [str(row) for row in rows])
    for i, j in np.ndindex(means.shape):
        text = f"{means[i, j]:.3f}" if table.ndim == 2 else f"{means[i, j]:.3f} ±{table[i, j].std(ddof=1):.3f}"
        dark = image.norm(means[i, j]) < 0.5
        ax.text(j, i, text, ha="center", va="center", fontsize=8, color="white" if dark else "black")
    for i, j in outline:
        ax.add_patch(Rectangle((j - 0.47, i - 0.46), 0.94, 0.92, fill=False, edgecolor=COLORS["red"], linewidth=2.2))
    fig.colorbar(image, ax=ax, label=label)
    return fig


@house_style
def error_bars(
    series: Mapping[str, Seeds],
    *,
    xlabel: str,
    ylabel: str = "accuracy",
    title: str = "",
    line: bool = True,
    order: Sequence[Any] | None = None,
) -> Figure:
    """Draw each setting's mean with its standard error, and every seed as a faint dot.

    Parameters
    ----------
    series : mapping of str to mapping of setting to array of shape (seeds,)
        By the name that the legend shows: what was measured at each setting. The settings stand side by side, at
        equal distances.
    xlabel, ylabel, title : str
        Labels of the axes, and the title.
    line : bool
        Join the means; ``False`` for settings without an order, such as datasets.
    order : sequence, optional
        The settings from left to right; in the order in which they first come, if not given.
    """
    settings = list(order or dict.fromkeys(setting for seeds in series.values() for setting in seeds))
    fig, ax = figure(width=max(5.2, 1.2 + 0.75 * len(settings)))
    shifts = (np.arange(len(series)) - (len(series) - 1) / 2) * min(0.18, 0.6 / len(series))
    for (name, seeds), shift, color in zip(series.items(), shifts, _colors(len(series)), strict=True):
        at = np.array([settings.index(setting) for setting in seeds]) + shift
        runs = [np.asarray(values, dtype=float) for values in seeds.values()]
        for position, values in zip(at, runs, strict=True):
            ax.plot(np.full(len(values), position), values, "o", color=color, alpha=0.22, markersize=4, mew=0)
        ax.errorbar(
            at,
            [values.mean() for values in runs],
            [_standard_error(values) for values in runs],
            fmt="o-" if line else "o",
            color=color,
            markersize=5,
            capsize=4,
            lw=1.4,
            label=name,
        )
    labels = [str(setting) for setting in settings]
    slanted = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"} if max(map(len, labels)) > 6 else {}
    ax.set_xticks(range(len(settings)), labels, **slanted)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if len(series) > 1:
        _legend_beside(ax)
    return fig


@house_style
def bands(
    panels: Mapping[str, Mapping[str, Seeds]], *, xlabel: str, ylabel: str = "accuracy", log: bool = False
) -> Figure:
    """Draw means over a numerical setting, with a band from the smallest to the largest seed, panel by panel.

    Parameters
    ----------
    panels : mapping of title to mapping of name to mapping of setting to array of shape (seeds,)
        The settings are numbers, and become the ticks. A name keeps its colour and its line style in every panel.
    xlabel, ylabel : str
        Labels of the axes.
    log : bool
        Logarithmic axes, both; the values must be positive then.
    """
    names = list(dict.fromkeys(name for panel in panels.values() for name in panel))
    looks = dict(zip(names, zip(_colors(len(names)), _STYLES * len(names), strict=False), strict=True))
    fig, axes = figure(ncols=len(panels), width=4.4 if len(panels) > 1 else 6.5, sharey=True, squeeze=False)
    for ax, (title, panel) in zip(axes[0], panels.items(), strict=True):
        for name, seeds in panel.items():
            at = np.array(list(seeds), dtype=float)
            runs = [np.asarray(values, dtype=float) for values in seeds.values()]
            mean = np.array([values.mean() for values in runs])
            low, high = [values.min() for values in runs], [values.max() for values in runs]
            color, (style, marker) = looks[name]
            ax.plot(at, mean, style, marker=marker, markersize=5, color=color, label=name)
            ax.fill_between(at, low, high, color=color, alpha=0.18, lw=0)
        if log:
            ax.set(xscale="log", yscale="log")
        ticks = sorted({float(setting) for seeds in panel.values() for setting in seeds})
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set(xlabel=xlabel, title=title)
    if log:
        axes[0, 0].yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes[0, 0].yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes[0, 0].yaxis.set_minor_locator(NullLocator())
    axes[0, 0].set_ylabel(ylabel)
    _legend_beside(axes[0, -1])
    return fig


@house_style
def differences(
    pairs: Mapping[str, tuple[ArrayLike, ArrayLike]], *, xlabel: str = "points of accuracy", title: str = ""
) -> Figure:
    """Draw, for each pair of settings, the second minus the first, seed by seed, in points (hundredths).

    Parameters
    ----------
    pairs : mapping of str to (a, b), arrays of shape (seeds,)
        The same seeds in the same order in both. Every seed is a faint dot, the mean has its standard error.
    xlabel, title : str
        Label of the x axis, and the title.
    """
    fig, ax = figure(width=7.0, height=0.9 + 0.42 * len(pairs))
    ax.axvline(0, color=COLORS["black"], lw=1)
    for row, (a, b) in enumerate(pairs.values()):
        points = 100 * (np.asarray(b, dtype=float) - np.asarray(a, dtype=float))
        ax.plot(points, np.full(len(points), row), "o", color=COLORS["blue"], alpha=0.25, markersize=5, mew=0)
        ax.errorbar(
            points.mean(), row, xerr=_standard_error(points), fmt="D", color=COLORS["red"], markersize=5, capsize=4
        )
    ax.set_yticks(range(len(pairs)), list(pairs))
    ax.set_ylim(len(pairs) - 0.4, -0.6)
    ax.set(xlabel=xlabel, title=title)
    return fig


@house_style
def decisions(
    rows: Mapping[str, Sequence[Callable[[NDArray[Any]], NDArray[Any]]]],
    datasets: Mapping[str, tuple[NDArray[Any], NDArray[Any]]],
    *,
    notes: Mapping[str, Sequence[str]] | None = None,
    resolution: int = 120,
) -> Figure:
    """Draw what networks answer everywhere in the plane: one column per dataset, one row per kind of network.

    Parameters
    ----------
    rows : mapping of str to sequence of callable
        For each kind of network, one function per dataset, from points (N, 2) to class numbers (N,).
    datasets : mapping of title to (x, y), shapes (N, 2) and (N,)
        The points to draw, by class.
    notes : mapping of row's name to sequence of str, optional
        A short text under each picture, such as its accuracy.
    resolution : int
        Points along each side of the grid that is coloured.
    """
    fig, axes = figure(ncols=len(datasets), nrows=len(rows), width=2.3, height=2.4, squeeze=False)
    for i, (name, functions) in enumerate(rows.items()):
        for j, ((title, (x, y)), function) in enumerate(zip(datasets.items(), functions, strict=True)):
            ax = axes[i, j]
            low, high = x.min(axis=0), x.max(axis=0)
            low, high = low - 0.08 * (high - low), high + 0.08 * (high - low)
            across, up = (np.linspace(low[k], high[k], resolution) for k in (0, 1))
            grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2).astype(x.dtype)
            answer = np.asarray(function(grid)).reshape(resolution, resolution)
            colors = _colors(int(max(y.max(), answer.max())) + 1)
            last = max(len(colors) - 1, 1)
            ax.imshow(
                answer,
                origin="lower",
                extent=(low[0], high[0], low[1], high[1]),
                aspect="auto",
                cmap=ListedColormap(colors),
                vmin=0,
                vmax=last,
                alpha=0.3,
                interpolation="nearest",
            )
            for label, color in enumerate(colors):
                ax.scatter(
                    *x[y == label].T, s=9, color=color, marker="os^D"[label % 4], edgecolors="white", linewidths=0.3
                )
            ax.grid(visible=False)
            ax.set_xticks([])
            ax.set_yticks([])
            if i == 0:
                ax.set_title(title)
            if j == 0:
                ax.set_ylabel(name)
            if notes:
                ax.set_xlabel(notes[name][j], fontsize=9)
    return fig


_STYLES = [("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"), ("-", "v"), ("--", "P")]


def _colors(count: int) -> list[str]:
    return [CYCLE[i % len(CYCLE)] for i in range(count)]


def _standard_error(values: NDArray[Any]) -> float:
    """Return how far a mean of so many seeds would wander, or 0 where there is one seed alone."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def _legend_beside(ax: Any) -> None:
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
