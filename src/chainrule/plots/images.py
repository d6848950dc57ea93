"""Pictures of images, of what a network says about them, and of experiments on them (lesson 3)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray

from chainrule.plots.style import COLORS, figure, house_style


@house_style
def image_grid(dataset: Any, per_class: int = 10) -> Figure:
    """Draw the first ``per_class`` images of each class, one class a column, its name above.

    Parameters
    ----------
    dataset : torchvision-style dataset
        With ``data`` (N, H, W) or (N, H, W, 3), ``targets`` and ``classes``.
    per_class : int
        Rows of the grid.
    """
    targets = np.asarray(dataset.targets)
    names = [str(name) for name in dataset.classes]
    fig, axes = figure(len(names), per_class, width=9.6 / len(names), height=0.95, squeeze=False)
    for column, name in enumerate(names):
        for row, i in enumerate(np.flatnonzero(targets == column)[:per_class]):
            _show(axes[row, column], dataset.data[i])
        for ax in axes[:, column]:
            ax.axis("off")
        axes[0, column].set_title(name.split("/")[0], fontsize=9)
    return fig


@house_style
def pixel_histograms(before: ArrayLike, after: ArrayLike) -> Figure:
    """Draw how often each pixel value occurs before and after a transform, with mean and sd of each."""
    fig, axes = figure(2, width=4.6, height=2.9)
    for ax, values, title in ((axes[0], before, "stored: 0 to 255"), (axes[1], after, "after the transform")):
        flat = np.asarray(values, dtype=float).ravel()
        ax.hist(flat, bins=64, color=COLORS["blue"])
        mean = round(float(flat.mean()), 2) + 0.0  # no "-0.00"
        ax.axvline(mean, color=COLORS["red"], label=f"mean {mean:.2f}, sd {flat.std():.2f}")
        ax.set(xlabel="pixel value", ylabel="pixels (log scale)", yscale="log", title=title)
        ax.set_ylim(top=ax.get_ylim()[1] * 4)
        ax.legend(loc="upper right")
    return fig


@house_style
def preflight(right: ArrayLike, broken: Mapping[str, ArrayLike], n_classes: int) -> Figure:
    """Draw losses on one batch that is shown again and again: the right set-up against broken ones.

    Parameters
    ----------
    right : array of shape (steps,)
        Losses of the set-up that works.
    broken : mapping of str to array of shape (steps,)
        Losses of the others, by what is wrong with them.
    n_classes : int
        The start should be near its logarithm, which is drawn.
    """
    fig, ax = figure(width=8.6, height=3.8)
    start = float(np.log(n_classes))
    ax.axhline(start, color=COLORS["grey"], ls=":", lw=1.2)
    label = f"ln {n_classes} = {start:.2f}"
    ax.annotate(label, (0, start), (8, 9), textcoords="offset points", fontsize=9, color=COLORS["grey"])
    lines = {"right": right, **broken}
    ends = _apart([float(np.ravel(losses)[-1]) for losses in lines.values()], gap=0.075 * start)
    for (name, losses), end, color in zip(lines.items(), ends, [COLORS["blue"], *_others()], strict=False):
        values = np.ravel(losses)
        ax.plot(np.arange(1, len(values) + 1), values, color=color, lw=3 if name == "right" else 1.8)
        ax.annotate(
            f"{name} ({values[-1]:.2f})",
            (len(values), end),
            (8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=color,
            annotation_clip=False,
        )
    ax.set(xlabel="step on the same batch", ylabel="loss")
    ax.set_ylim(-0.05, 1.15 * start)
    ax.set_xlim(0, max(np.size(losses) for losses in lines.values()))
    return fig


@house_style
def training_curves(history: Mapping[str, Sequence[float]], best_epoch: int | None = None) -> Figure:
    """Draw loss and accuracy of both sets, epoch by epoch.

    Parameters
    ----------
    history : mapping
        ``train_loss``, ``valid_loss``, ``train_accuracy``, ``valid_accuracy``: one number an epoch.
    best_epoch : int, optional
        Marked by a line; the first epoch is 1.
    """
    fig, axes = figure(2, width=4.6, height=3.2)
    for ax, what in zip(axes, ("loss", "accuracy"), strict=True):
        for part, name, color in (("train", "training", "blue"), ("valid", "validation", "red")):
            values = history[f"{part}_{what}"]
            ax.plot(np.arange(1, len(values) + 1), values, "o-", ms=3.5, color=COLORS[color], label=name)
        if best_epoch is not None:
            label = f"lowest validation loss: epoch {best_epoch}"
            ax.axvline(best_epoch, color=COLORS["grey"], ls="--", lw=1.2, label=label)
        ax.set(xlabel="epoch", ylabel=what)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[1].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes[0].legend()
    return fig


@house_style
def break_it(panels: Mapping[str, tuple[ArrayLike, ArrayLike]], ylabel: str = "validation accuracy") -> Figure:
    """Draw broken runs, red, over right ones, blue: one panel for each mistake, one line for each seed.

    Parameters
    ----------
    panels : mapping of str to (right, broken)
        Each an array of shape (seeds, epochs).
    ylabel : str
        What the numbers are.
    """
    columns = 4 if len(panels) > 6 else 3
    rows = -(-len(panels) // columns)
    fig, axes = figure(columns, rows, width=9.6 / columns, height=2.5, squeeze=False, sharex=True, sharey=True)
    for ax, (title, (right, broken)) in zip(axes.flat, panels.items(), strict=False):
        for values, color, name in ((right, "blue", "right"), (broken, "red", "broken")):
            lines = np.atleast_2d(np.asarray(values, dtype=float))
            for seed, line in enumerate(lines):
                label = name if seed == 0 else None
                ax.plot(np.arange(1, len(line) + 1), line, color=COLORS[color], lw=1.3, label=label)
        ax.set_title(title, fontsize=10)
        ax.set_ylim(0, 1)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    for ax in axes[-1]:
        ax.set_xlabel("epoch")
    for ax in axes[:, 0]:
        ax.set_ylabel(ylabel)
    for ax in axes.flat[len(panels) :]:
        ax.axis("off")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig


@house_style
def confusion_matrix(table: ArrayLike, names: Sequence[str]) -> Figure:
    """Draw a table of counts, truth in rows and answers in columns, with each class's share of right answers.

    Parameters
    ----------
    table : int array of shape (C, C)
        Entry ``[i, j]``: how many records of class i were answered with j.
    names : sequence of str
        The classes.
    """
    counts = np.asarray(table)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    fig, ax = figure(width=7.6, height=6.0)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    ax.grid(visible=False)
    for i, j in np.ndindex(*counts.shape):
        if counts[i, j]:
            ax.text(j, i, str(counts[i, j]), ha="center", va="center", color="white" if shares[i, j] > 0.5 else "black")
    ax.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="the network's answer", ylabel="the truth")
    right = ax.secondary_yaxis("right")
    right.set_yticks(range(len(names)), [f"{share:.0%}" for share in np.diag(shares)])
    right.set_ylabel("share of the row that was answered right (recall)", labelpad=8)
    for axis in (ax.xaxis, ax.yaxis, right.yaxis):
        axis.set_tick_params(length=0)
    for spine in (*ax.spines.values(), *right.spines.values()):
        spine.set_visible(False)
    return fig


@house_style
def wrong_images(
    images: Sequence[Any], truth: ArrayLike, answers: ArrayLike, confidence: ArrayLike, names: Sequence[str]
) -> Figure:
    """Draw images with the network's wrong answer, its confidence, and the truth; six in a row.

    Parameters
    ----------
    images : sequence of array of shape (H, W) or (H, W, 3)
        In the order to be drawn.
    truth, answers : int array of shape (N,)
        Class numbers.
    confidence : array of shape (N,)
        The probability that the network gave its answer.
    names : sequence of str
        The classes.
    """
    labels: list[NDArray[Any]] = [np.asarray(truth), np.asarray(answers), np.asarray(confidence)]
    rows = max(1, -(-len(images) // 6))
    fig, axes = figure(6, rows, width=1.6, height=2.0, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image, t, a, p in zip(axes.flat, images, *labels, strict=False):
        _show(ax, image)
        ax.set_title(f"says {names[a]}\n({p:.0%})\nis {names[t]}", fontsize=8.5)
    return fig


@house_style
def peeking(optimism: ArrayLike, on_validation: ArrayLike | None = None) -> Figure:
    """Draw how far the number that is reported lies above the true one, over many draws of the test set.

    Parameters
    ----------
    optimism : array of shape (draws,)
        Reported minus true accuracy, in points of per cent, where the winner was picked on the test set.
    on_validation : array of shape (draws,), optional
        The same where it was picked on the validation set.
    """
    fig, ax = figure(width=8.2, height=3.2)
    sets = [("picked on the test images", "red", np.asarray(optimism, dtype=float))]
    if on_validation is not None:
        sets.insert(0, ("picked on validation", "blue", np.asarray(on_validation, dtype=float)))
    every = np.concatenate([values for _, _, values in sets])
    # Accuracies on a few hundred images come in steps: bins of two steps each, or the histogram looks like a comb.
    width = 2 * float(np.diff(np.unique(np.round(sets[0][2], 6))).min(initial=np.inf))
    width = width if np.isfinite(width) else 1.0
    bins = np.arange(every.min() - width / 4, every.max() + width, width)
    for name, color, values in sets:
        label = f"{name}: on average {values.mean():+.1f} points"
        ax.hist(values, bins=bins, color=COLORS[color], alpha=0.45, label=label)
        ax.axvline(values.mean(), color=COLORS[color], lw=2)
    ax.axvline(0, color=COLORS["black"], lw=1, ls=":")
    ax.set(xlabel="reported accuracy minus accuracy on the other half (points)", ylabel="draws")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig


def _apart(positions: Sequence[float], gap: float) -> list[float]:
    """Move positions up, as little as is needed, until neighbours are at least ``gap`` apart."""
    moved = list(positions)
    order = np.argsort(positions, kind="stable")
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    return moved


def _others() -> list[str]:
    return [COLORS[name] for name in ("red", "orange", "green", "purple", "sky", "black")]


def _show(ax: Axes, image: Any) -> None:
    ax.imshow(np.asarray(image), cmap="gray_r", interpolation="nearest")
