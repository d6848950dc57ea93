"""Pictures of what a penalty does: to curves, to weights, to inputs, and to what is learned by heart."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from numpy.typing import ArrayLike, NDArray

from chainrule.plots.style import COLORS, CYCLE, figure, house_style

MARKERS = "osD^v"
PARTS = {"training": COLORS["blue"], "validation": COLORS["red"]}


@house_style
def penalty_slopes(lamb: float = 1.0) -> Figure:
    """Draw λ·w² and λ·|w| over one weight, and beside them their slopes.

    Parameters
    ----------
    lamb : float
        Strength λ.
    """
    w = np.linspace(-1.6, 1.6, 401)
    fig, (values, slopes) = figure(ncols=2, width=4.2, height=2.9)
    values.plot(w, lamb * w**2, color=COLORS["blue"], label="λ·w²")
    values.plot(w, lamb * np.abs(w), color=COLORS["orange"], label="λ·|w|")
    values.set(xlabel="weight w", ylabel="penalty", title=f"λ = {lamb:g}")
    slopes.plot(w, 2 * lamb * w, color=COLORS["blue"], label="2λw: weaker near 0")
    for side in (-1, 1):
        slopes.plot(side * w[w > 0], np.full(np.count_nonzero(w > 0), side * lamb), color=COLORS["orange"])
    slopes.plot([], [], color=COLORS["orange"], label="λ·sign(w): equally strong everywhere")
    slopes.plot(0, 0, "o", ms=4, color=COLORS["orange"])
    slopes.set(xlabel="weight w", ylabel="slope of the penalty", ylim=(-3.3 * lamb, 4.6 * lamb), title=f"λ = {lamb:g}")
    for ax in (values, slopes):
        ax.axvline(0, color=COLORS["grey"], lw=0.7)
    values.legend(loc="upper center")
    slopes.legend(loc="upper left")
    return fig


@house_style
def overfitting_curves(runs: Mapping[str, Mapping[str, ArrayLike]], *, xlabel: str = "step") -> Figure:
    """Draw training and validation curves, one column a run: loss above, accuracy below.

    Parameters
    ----------
    runs : mapping of str to mapping
        By title: ``"step"`` of shape (n,), and ``"train_loss"``, ``"valid_loss"``, ``"train_accuracy"`` and
        ``"valid_accuracy"`` of shape (n,) or (seeds, n). Several seeds become their mean and a band from
        the smallest to the largest.
    xlabel : str
        What a step is called.
    """
    fig, grid = figure(
        ncols=len(runs),
        nrows=2,
        width=3.1 if len(runs) > 1 else 5.6,
        height=2.3,
        sharex=True,
        sharey="row",
        squeeze=False,
    )
    for (title, run), (losses, accuracies) in zip(runs.items(), grid.T, strict=True):
        steps = np.asarray(run["step"])
        for ax, what in ((losses, "loss"), (accuracies, "accuracy")):
            for part, (name, color) in zip(("train", "valid"), PARTS.items(), strict=True):
                rows = np.atleast_2d(np.asarray(run[f"{part}_{what}"], dtype=float))
                ax.plot(steps, rows.mean(axis=0), color=color, label=name)
                ax.fill_between(steps, rows.min(axis=0), rows.max(axis=0), color=color, alpha=0.2, lw=0)
        mean = np.atleast_2d(np.asarray(run["valid_loss"], dtype=float)).mean(axis=0)
        lowest = int(mean.argmin())
        losses.plot(steps[lowest], mean[lowest], "v", color=COLORS["black"], ms=6)
        losses.text(
            0.97,
            0.95,
            f"▼ lowest: step {steps[lowest]}",
            fontsize=8.5,
            ha="right",
            va="top",
            transform=losses.transAxes,
        )
        losses.set_title(title)
        accuracies.set(xlabel=xlabel, ylim=(0, 1.04))
    grid[0, 0].set(ylabel="loss", ylim=(0, 1.15 * grid[0, 0].get_ylim()[1]))
    grid[1, 0].set(ylabel="accuracy")
    grid[1, 0].legend(loc="lower right")
    return fig


@house_style
def mislabelled_digits(
    images: ArrayLike,
    true: ArrayLike,
    given: ArrayLike,
    answers: Mapping[str, ArrayLike],
    *,
    columns: int = 6,
) -> Figure:
    """Draw wrongly labelled images, each with the label it was given and what networks answer.

    Parameters
    ----------
    images : array of shape (N, H, W)
        The images.
    true, given : int array of shape (N,)
        What they show, and the wrong labels that were trained on.
    answers : mapping of str to int array of shape (N,)
        Answers by name. One that repeats the wrong label is red with a cross, the truth green with a
        tick, anything else grey with a question mark.
    columns : int
        Images in a row.
    """
    pixels, truth, labels = np.asarray(images), np.asarray(true), np.asarray(given)
    rows = -(-len(pixels) // columns)
    fig, grid = figure(ncols=columns, nrows=rows, width=1.4, height=1.55 + 0.25 * len(answers), squeeze=False)
    for ax in grid.flat:
        ax.axis("off")
    for k, (image, ax) in enumerate(zip(pixels, grid.flat, strict=False)):
        ax.imshow(image, cmap="gray_r", interpolation="nearest")
        ax.set_anchor("N")
        ax.set_title(f"label says {labels[k]}", fontsize=9, pad=3)
        for line, (name, said) in enumerate(answers.items()):
            answer = int(np.asarray(said)[k])
            color, mark = _verdict(answer, int(truth[k]), int(labels[k]))
            ax.text(
                0.5,
                -0.04 - 0.16 * line,
                f"{name}: {answer} {mark}",
                color=color,
                fontsize=9,
                ha="center",
                va="top",
                transform=ax.transAxes,
            )
    return fig


def _verdict(answer: int, true: int, given: int) -> tuple[str, str]:
    if answer == true:
        return COLORS["green"], "✓"
    return (COLORS["red"], "✗") if answer == given else (COLORS["grey"], "?")


@house_style
def penalty_valley(
    lambdas: Sequence[float],
    accuracy: Mapping[str, ArrayLike],
    loss: Mapping[str, ArrayLike],
) -> Figure:
    """Draw accuracy and loss over λ, mean and standard deviation over seeds, with λ = 0 at the left.

    Parameters
    ----------
    lambdas : sequence of float
        The candidates, ascending.
    accuracy, loss : mapping of str to array of shape (len(lambdas), seeds)
        What to draw in the left and the right picture, by name. The best mean of the last entry
        of each is marked.
    """
    places = np.arange(len(lambdas))
    fig, axes = figure(ncols=2, width=4.4, height=3.2)
    for ax, series, what in ((axes[0], accuracy, "accuracy"), (axes[1], loss, "loss")):
        mean = np.empty(0)
        for k, (name, table) in enumerate(series.items()):
            rows = np.asarray(table, dtype=float)
            mean = rows.mean(axis=1)
            spread = rows.std(axis=1, ddof=1) if rows.shape[1] > 1 else np.zeros(len(rows))
            ax.errorbar(
                places,
                mean,
                spread,
                marker=MARKERS[k],
                ms=4,
                capsize=3,
                color=PARTS.get(name, CYCLE[k % len(CYCLE)]),
                label=name,
            )
        best = int(mean.argmax() if what == "accuracy" else mean.argmin())
        ax.axvline(
            best,
            color=COLORS["grey"],
            ls=":",
            lw=1.4,
            label=f"best {list(series)[-1]}: λ = {lambdas[best]:g}",
        )
        ax.set_xticks(places, [f"{lamb:g}" for lamb in lambdas], fontsize=8)
        ax.set(xlabel="strength λ", ylabel=what)
        ax.set_ylim(bottom=0)
        ax.legend()
    return fig


@house_style
def weight_histograms(weights: Mapping[str, ArrayLike], *, limit: float | None = None, bins: int = 81) -> Figure:
    """Draw histograms of weights side by side on the same axes, counts on a logarithmic scale.

    Parameters
    ----------
    weights : mapping of str to array of any shape
        Weights by title. The standard deviation and the share of exact zeros are written into each picture.
    limit : float, optional
        The axis runs from -limit to limit; chosen to show every weight if not given.
    bins : int
        Number of bins; an odd number puts 0 in the middle of one.
    """
    flat = {name: np.asarray(w, dtype=float).ravel() for name, w in weights.items()}
    edge = limit or 1.05 * max(float(np.abs(w).max()) for w in flat.values()) or 1.0
    fig, axes = figure(ncols=len(flat), width=2.9, height=2.9, sharex=True, sharey=True, squeeze=False)
    for k, ((name, w), ax) in enumerate(zip(flat.items(), axes.flat, strict=True)):
        ax.hist(np.clip(w, -edge, edge), bins=bins, range=(-edge, edge), color=CYCLE[k % len(CYCLE)])
        zeros = np.count_nonzero(w == 0) / w.size
        ax.text(
            0.97,
            0.97,
            f"sd {w.std():.3f}\nexact zeros {100 * zeros:.1f} %",
            fontsize=8.5,
            ha="right",
            va="top",
            transform=ax.transAxes,
        )
        ax.set(title=name, xlabel="weight", yscale="log")
    low, high = axes.flat[0].get_ylim()
    axes.flat[0].set_ylim(low, high * 8)
    axes.flat[0].set_ylabel("number of weights (log)")
    return fig


@house_style
def column_sums(weights: Mapping[str, ArrayLike], real: int, *, columns: int = 1) -> Figure:
    """Draw Σ|w| per input column of a first layer: the real columns first, in blue, the useless ones grey.

    Parameters
    ----------
    weights : mapping of str to array of shape (out, in)
        First-layer weights by title.
    real : int
        How many of the columns, from the left, mean something.
    columns : int
        Pictures in a row.
    """
    rows = -(-len(weights) // columns)
    fig, axes = figure(
        ncols=columns, nrows=rows, width=8.8 / columns, height=1.6, sharex=True, sharey=True, squeeze=False
    )
    for ax in axes.flat[len(weights) :]:
        ax.axis("off")
    for (name, w), ax in zip(weights.items(), axes.flat, strict=False):
        sums = np.abs(np.asarray(w, dtype=float)).sum(axis=0)
        places = np.arange(1, len(sums) + 1)
        off = int(np.count_nonzero(sums[real:] == 0))
        ax.bar(
            places[real:],
            sums[real:],
            width=1.0,
            color=COLORS["grey"],
            label=f"{len(sums) - real} useless, {off} wholly off",
        )
        kept = int(np.count_nonzero(sums[:real]))
        ax.bar(places[:real], sums[:real], width=1.0, color=COLORS["blue"], label=f"{real} real, {kept} in use")
        ax.set_title(name)
        ax.grid(axis="x", visible=False)
        handles, labels = ax.get_legend_handles_labels()
        ax.legend(handles[::-1], labels[::-1], loc="upper right")
    axes[0, 0].set_ylim(0, 1.35 * axes[0, 0].get_ylim()[1])
    for ax in axes[-1]:
        ax.set_xlabel("input column")
    for ax in axes[:, 0]:
        ax.set_ylabel("Σ|w|")
    return fig


@house_style
def weight_paths(paths: Mapping[str, ArrayLike], hop: float, *, first: int = 1) -> Figure:
    """Draw single weights over the last steps of a training, with the band of one hop either side of 0.

    Parameters
    ----------
    paths : mapping of str to array of shape (steps, weights)
        Values of some weights, step by step, by title.
    hop : float
        How far the penalty moves a weight in one step: lr·λ.
    first : int
        Number of the first step.
    """
    fig, axes = figure(ncols=len(paths), width=4.4, height=2.8, sharey=True, squeeze=False)
    for (name, values), ax in zip(paths.items(), axes.flat, strict=True):
        tracks = np.asarray(values, dtype=float)
        steps = np.arange(first, first + len(tracks))
        ax.axhspan(-hop, hop, color=COLORS["yellow"], alpha=0.3, lw=0, label="within one hop, lr·λ, of 0")
        ax.axhline(0, color=COLORS["black"], lw=0.8)
        for k, track in enumerate(tracks.T):
            ax.plot(steps, track, marker=MARKERS[k % len(MARKERS)], ms=3, lw=1, color=CYCLE[k % len(CYCLE)])
        ax.set(title=name, xlabel="step", ylim=(-3 * hop, 3.6 * hop))
        ax.xaxis.set_major_locator(MultipleLocator(max(1, len(tracks) // 5)))
        ax.legend(loc="upper right")
    axes[0, 0].set_ylabel("weight")
    return fig


@house_style
def effective_decay(steps: ArrayLike, tracks: Mapping[str, ArrayLike], groups: Sequence[str]) -> Figure:
    """Draw how fast weights shrink under each optimizer, one line for each group of weights.

    Parameters
    ----------
    steps : array of shape (n,)
        Step numbers.
    tracks : mapping of str to array of shape (n, len(groups), weights)
        Weights over the steps by optimizer; drawn as the mean of each group and a band from the 10th to the
        90th percentile.
    groups : sequence of str
        What tells the groups apart.
    """
    x = np.asarray(steps)
    fig, axes = figure(ncols=len(tracks), width=3.1, height=3.0, sharey=True, squeeze=False)
    for (name, values), ax in zip(tracks.items(), axes.flat, strict=True):
        block: NDArray[Any] = np.asarray(values, dtype=float)
        for k, group in enumerate(groups):
            color = (COLORS["orange"], COLORS["blue"])[k % 2]
            low, high = np.percentile(block[:, k], (10, 90), axis=1)
            ax.fill_between(x, low, high, color=color, alpha=0.25, lw=0)
            ax.plot(x, block[:, k].mean(axis=1), color=color, ls=("-", "--")[k % 2], label=group)
        _last_values(ax, block[-1].mean(axis=1), x[-1])
        ax.set(title=name, xlabel="step", xlim=(x[0], x[0] + 1.22 * (x[-1] - x[0])), ylim=(-0.45, 1.1))
    axes[0, 0].set_ylabel("weight (all start at 1)")
    axes[0, 0].legend(loc="lower left")
    return fig


def _last_values(ax: Axes, values: NDArray[Any], at: float) -> None:
    """Write the last values beside their lines, pushed apart where they would overlap."""
    heights = values.astype(float)
    order = np.argsort(heights)
    for below, above in pairwise(order):
        heights[above] = max(heights[above], heights[below] + 0.1)
    for value, height in zip(values, heights, strict=True):
        ax.text(at * 1.02, height, f"{value:.3f}".replace("-0.000", "0.000"), fontsize=8.5, va="center")
