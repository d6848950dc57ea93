"""Pictures of gradient descent: its steps, its checks, and how it fails."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from chainrule.plots.style import COLORS, figure, house_style

LINES = ("blue", "red", "green", "purple", "orange", "black", "sky")


@house_style
def histograms(
    groups: Mapping[str, ArrayLike], *, xlabel: str, ylabel: str = "records", at: float | None = None
) -> Figure:
    """Draw the histograms of several groups over each other.

    Parameters
    ----------
    groups : mapping of str to array of shape (n,)
        Values, by the group's name.
    xlabel, ylabel : str
        Labels of the axes.
    at : float, optional
        Where to draw a dashed upright line.
    """
    fig, ax = figure(width=6.4, height=3.0)
    values = {name: np.asarray(group, dtype=float) for name, group in groups.items()}
    together = np.concatenate(list(values.values()))
    bins = np.linspace(together.min(), together.max(), 33)
    for color, (name, group) in zip(LINES, values.items(), strict=False):
        ax.hist(group, bins=bins.tolist(), alpha=0.6, color=COLORS[color], label=f"{name} ({len(group)})")
    if at is not None:
        ax.axvline(at, color=COLORS["black"], ls="--", lw=1.2, label=f"cut at {at:.2f}")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return fig


@house_style
def descents(
    error: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    paths: Mapping[str, ArrayLike],
    *,
    labels: tuple[str, str],
) -> Figure:
    """Draw paths of gradient descent over the contours of an error of two weights, one panel each.

    Parameters
    ----------
    error : function of two arrays
        The error for every pair of weights of a grid.
    paths : mapping of str to array of shape (steps + 1, 2)
        The weights after each step, by the panel's title.
    labels : pair of str
        Names of the two weights.
    """
    fig, axes = figure(ncols=len(paths), width=2.9, height=3.1, sharex=True, sharey=True)
    points = {title: np.asarray(path, dtype=float) for title, path in paths.items()}
    every = np.concatenate(list(points.values()))
    low, high = every.min(axis=0), every.max(axis=0)
    centre, half = (low + high) / 2, 0.62 * (high - low).max()
    first, second = (np.linspace(centre[k] - half, centre[k] + half, 121) for k in (0, 1))
    height = error(*np.meshgrid(first, second))
    levels = height.min() + (height.max() - height.min()) * np.linspace(0.02, 1, 14) ** 2
    for ax, (title, path) in zip(np.atleast_1d(axes), points.items(), strict=True):
        ax.contour(first, second, height, levels=levels.tolist(), colors=COLORS["grey"], linewidths=0.6, alpha=0.8)
        ax.plot(*path.T, "-o", color=COLORS["blue"], ms=2.8, lw=1.1)
        ax.plot(*path[0], "o", color=COLORS["red"], ms=6)
        ax.set(title=title, xlabel=labels[0], aspect="equal")
        ax.grid(False)
    np.atleast_1d(axes)[0].set_ylabel(labels[1])
    return fig


@house_style
def gradient_check(h: ArrayLike, errors: Mapping[str, ArrayLike]) -> Figure:
    """Draw the error of a numerical gradient against its step, both axes logarithmic: a V.

    Parameters
    ----------
    h : array of shape (k,)
        Steps.
    errors : mapping of str to array of shape (k,)
        Largest difference from the gradient by formula, over its largest entry.
    """
    fig, ax = figure(width=6.4, height=3.4)
    for color, marker, (name, values) in zip(LINES, "osv^D", errors.items(), strict=False):
        ax.loglog(np.asarray(h), np.asarray(values), "-", marker=marker, ms=4, color=COLORS[color], label=name)
    ax.set(xlabel="step h of the finite difference", ylabel="largest difference / largest slope")
    ax.legend()
    return fig


@house_style
def gallery(rows: Sequence[tuple[str, ArrayLike, float]], *, baseline: float) -> Figure:
    """Draw what a training run shows of each mistake beside what a gradient check shows.

    Parameters
    ----------
    rows : sequence of (name, accuracies, gradient error)
        The first is the correct step. ``accuracies`` has one entry for each seed.
    baseline : float
        The accuracy of always giving the commoner answer.
    """
    fig, (left, right) = figure(ncols=2, width=4.9, height=0.34 * len(rows) + 0.9, sharey=True)
    floor = 1e-16
    for k, (_, accuracies, error) in enumerate(rows):
        values = np.asarray(accuracies, dtype=float)
        color = COLORS["blue" if k == 0 else "red"]
        left.plot(values, _around(k, len(values), 0.32), "o", ms=3.2, alpha=0.6, color=color)
        left.plot([values.mean()] * 2, [k - 0.32, k + 0.32], color=COLORS["black"], lw=1.6)
        right.plot([floor, max(error, floor)], [k, k], color=color, lw=1.2)
        right.plot(max(error, floor), k, "o", ms=6, color=color)
    left.axvline(baseline, color=COLORS["grey"], ls="--", lw=1)
    left.text(baseline, -0.75, "commoner answer", ha="center", va="bottom", fontsize=8, color="#5A5A5A")
    right.axvline(1e-7, color=COLORS["grey"], ls="--", lw=1)
    right.text(1e-7, -0.75, "threshold 1e-7", ha="center", va="bottom", fontsize=8, color="#5A5A5A")
    left.set(yticks=range(len(rows)), yticklabels=[name for name, _, _ in rows], ylim=(len(rows) - 0.5, -0.8))
    left.set(xlabel="accuracy on held-out records", xlim=(-0.03, 1.03))
    right.set(xscale="log", xlabel="error of the gradient")
    return fig


@house_style
def dots(
    columns: Mapping[str, ArrayLike],
    *,
    baseline: float,
    xlabel: str,
    ylabel: str = "accuracy on held-out records",
) -> Figure:
    """Draw one dot for each training run, in columns.

    Parameters
    ----------
    columns : mapping of str to array of shape (runs,)
        The results, by the column's name.
    baseline : float
        The accuracy of always giving the commoner answer, drawn as a dashed line.
    xlabel, ylabel : str
        Labels of the axes.
    """
    fig, ax = figure(width=7.0, height=3.4)
    for k, values in enumerate(columns.values()):
        ax.plot(
            _around(k, np.size(values), 0.33),
            np.asarray(values),
            "o",
            ms=3.6,
            alpha=0.55,
            color=COLORS["blue"],
        )
    ax.axhline(baseline, color=COLORS["red"], ls="--", lw=1.2)
    ax.text(-0.62, baseline + 0.008, "commoner answer", va="bottom", ha="left", fontsize=8, color=COLORS["red"])
    ax.set(xticks=range(len(columns)), xticklabels=list(columns), xlabel=xlabel, ylabel=ylabel)
    ax.set_xlim(-0.65, len(columns) - 0.4)
    return fig


@house_style
def valley(x: ArrayLike, y: ArrayLike, *, xlabel: str, ylabel: str, level: tuple[float, str] | None = None) -> Figure:
    """Draw a quantity against a setting on a logarithmic axis, a dot for each run and a line for the median.

    Parameters
    ----------
    x : array of shape (k,)
        The setting.
    y : array of shape (runs, k)
        The quantity.
    xlabel, ylabel : str
        Labels of the axes.
    level : pair of float and str, optional
        A height to mark with a dashed line, and its name.
    """
    settings, values = np.asarray(x, dtype=float), np.atleast_2d(np.asarray(y, dtype=float))
    fig, ax = figure(width=6.6, height=3.4)
    ax.plot(settings, np.median(values, axis=0), color=COLORS["blue"], label="median")
    ax.plot(
        np.tile(settings, len(values)),
        values.ravel(),
        "o",
        ms=3.6,
        alpha=0.5,
        color=COLORS["red"],
        label="one run",
    )
    if level is not None:
        ax.axhline(level[0], color=COLORS["grey"], ls="--", lw=1, label=level[1])
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return fig


@house_style
def slow_start(runs: Mapping[str, Sequence[ArrayLike]], *, goal: float) -> Figure:
    """Draw how one neuron's output falls to its goal, a panel for each loss, over steps on a log axis.

    Parameters
    ----------
    runs : mapping of str to sequence of arrays of shape (steps,)
        The output after 0, 1, 2, … steps from several starts, by the loss's name.
    goal : float
        The output at which the run stopped.
    """
    fig, axes = figure(ncols=len(runs), width=4.4, height=3.2, sharex=True, sharey=True)
    for ax, (title, outputs) in zip(np.atleast_1d(axes), runs.items(), strict=True):
        for color, output in zip(LINES, outputs, strict=False):
            values = np.asarray(output, dtype=float)
            ax.plot(np.arange(1, len(values) + 1), values, color=COLORS[color], label=f"start {values[0]:.4f}")
            ax.plot(len(values), values[-1], "o", color=COLORS[color], ms=5)
        ax.axhline(goal, color=COLORS["grey"], ls="--", lw=1)
        ax.set(title=title, xlabel="step", xscale="log", ylim=(0, 1.04))
    np.atleast_1d(axes)[0].set_ylabel("output of the neuron (target 0)")
    np.atleast_1d(axes)[-1].legend(loc="center right")
    return fig


@house_style
def vanishing(gradients: Mapping[str, ArrayLike], accuracies: Mapping[str, ArrayLike], *, chance: float) -> Figure:
    """Draw the size of the gradient in each layer at the start, and the accuracy that training reaches.

    Parameters
    ----------
    gradients : mapping of str to array of shape (layers,)
        Root mean square of the weights' slopes, first layer first, by the network's name.
    accuracies : mapping of str to array of shape (epochs,)
        Accuracy after each epoch, by the same names.
    chance : float
        The accuracy of a guess, drawn as a dashed line.
    """
    fig, (left, right) = figure(ncols=2, width=4.6, height=3.3)
    for color, marker, name in zip(LINES, "osv^D", gradients, strict=False):
        sizes, curve = np.asarray(gradients[name], dtype=float), np.asarray(accuracies[name], dtype=float)
        left.semilogy(np.arange(1, len(sizes) + 1), sizes, "-", marker=marker, ms=5, color=COLORS[color], label=name)
        right.plot(np.arange(1, len(curve) + 1), curve, color=COLORS[color], label=name)
    left.set(xlabel="layer (1 is next to the input)", ylabel="rms slope of its weights, before training")
    right.axhline(chance, color=COLORS["grey"], ls="--", lw=1, zorder=0)
    right.annotate("a guess", (1, chance), (0, 4), textcoords="offset points", fontsize=9, color=COLORS["grey"])
    right.set(xlabel="epoch", ylabel="accuracy on validation digits", ylim=(0, 1.02))
    left.legend()
    return fig


@house_style
def batch_sizes(accuracies: Mapping[str, ArrayLike]) -> Figure:
    """Draw the accuracy after each epoch, a curve for each size of the batches, the legend outside.

    Parameters
    ----------
    accuracies : mapping of str to array of shape (epochs,)
        The curves, by the legend's name.
    """
    fig, ax = figure(width=7.2, height=3.4)
    for color, marker, (name, values) in zip(LINES, "osv^D*X", accuracies.items(), strict=False):
        ax.plot(np.arange(1, np.size(values) + 1), values, "-", marker=marker, ms=4, color=COLORS[color], label=name)
    ax.set(xlabel="epoch", ylabel="accuracy on validation digits", ylim=(0, 1.02))
    fig.legend(loc="outside right upper", title="batch", frameon=False)
    return fig


@house_style
def derivative(z: ArrayLike, value: ArrayLike, slope: ArrayLike, *, name: str, xlabel: str = "z") -> Figure:
    """Draw a function of one number with its slope.

    Parameters
    ----------
    z, value, slope : array of shape (k,)
        Where, the function, its slope.
    name : str
        The function's name.
    xlabel : str
        What the function's argument is called.
    """
    fig, ax = figure(width=5.4, height=3.0)
    _plain(ax, z, value, "blue", name)
    _plain(ax, z, slope, "red", "its slope")
    ax.set(xlabel=xlabel, ylabel="")
    ax.legend()
    return fig


def _plain(ax: Axes, x: ArrayLike, y: ArrayLike, color: str, label: str) -> None:
    ax.plot(np.asarray(x), np.asarray(y), color=COLORS[color], label=label)


def _around(centre: float, count: int, width: float) -> NDArray[np.float64]:
    """Return ``count`` places beside each other, so that equal dots don't hide each other."""
    return centre + width * np.linspace(-1, 1, count) if count > 1 else np.array([float(centre)])
