"""Pictures of a run: its curves, alone or beside others', the weights that came of it, and its predictions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter, LogLocator, MaxNLocator, NullLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray

from chainrule.plots.style import COLORS, CYCLE, figure, house_style

STYLES = ("-", "--", "-.", ":")


@house_style
def learning_curves(histories: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw losses, and accuracies where there are any, epoch by epoch.

    Parameters
    ----------
    histories : mapping of str to mapping
        By the run's name: ``train_loss``, ``valid_loss`` and maybe ``valid_accuracy``, one number an epoch. One run
        alone has both losses in full colour; of several, the training loss is thin and pale.
    """
    accuracies = any("valid_accuracy" in history for history in histories.values())
    fig, axes = figure(2 if accuracies else 1, width=4.8, height=3.4, squeeze=False)
    losses, alone = axes[0, 0], len(histories) == 1
    for k, (name, history) in enumerate(histories.items()):
        color, style = CYCLE[k % len(CYCLE)], STYLES[k // len(CYCLE) % len(STYLES)]
        epochs = np.arange(1, len(history["train_loss"]) + 1)
        dot = "o" if len(epochs) < 25 else ""
        for what, label in (("train_loss", "training"), ("valid_loss", "validation")):
            pale = not alone and what == "train_loss"
            look = {"lw": 0.9, "alpha": 0.55} if pale else {"marker": dot, "ms": 3}
            shade = COLORS["red"] if alone and what == "valid_loss" else color
            shown = label if alone else (None if pale else name)
            losses.plot(epochs, history[what], style, color=shade, label=shown, **look)
        if "valid_accuracy" in history:
            shade = COLORS["red"] if alone else color
            axes[0, 1].plot(epochs, history["valid_accuracy"], style, color=shade, marker=dot, ms=3, label=name)
    positive = all(min(h["train_loss"]) > 0 and min(h["valid_loss"]) > 0 for h in histories.values())
    losses.set(xlabel="epoch", ylabel="loss" if alone else "validation loss (pale: training)")
    if positive:
        losses.set_yscale("log")
        losses.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        losses.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        losses.yaxis.set_minor_locator(NullLocator())
    if accuracies:
        axes[0, 1].set(xlabel="epoch", ylabel="validation accuracy")
        axes[0, 1].yaxis.set_major_formatter(PercentFormatter(1, decimals=None))
    for ax in axes.flat:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if alone:
        losses.legend()
    else:
        handles, labels = losses.get_legend_handles_labels()
        fig.legend(handles, labels, loc="outside upper center", ncols=min(3, len(labels)))
    return fig


@house_style
def first_layer(
    weight: ArrayLike, image_shape: Sequence[int] = (), features: Sequence[str] = (), most: int = 48
) -> Figure:
    """Draw the first layer's weights: as images if the inputs are images, else as a table of colours.

    Parameters
    ----------
    weight : array of shape (out, in)
    image_shape : tuple of int
        (H, W) or (C, H, W); of colour images, the weights are summed over the channels.
    features : sequence of str
        The columns' names, if the inputs are no images.
    most : int
        How many neurons are drawn: those with the largest weights.
    """
    w = np.asarray(weight, dtype=float)
    rows = w[np.sort(np.argsort(-(w**2).sum(axis=1), kind="stable")[:most])]
    note = f"{len(rows)} of {len(w)} neurons, those with the largest weights" if len(rows) < len(w) else "each neuron"
    title = f"first layer: {note}"
    if image_shape:
        pictures = rows.reshape(len(rows), *image_shape)
        mosaic = _mosaic(pictures.sum(axis=1) if len(image_shape) == 3 else pictures)
        fig, ax = figure(width=9.6, height=0.6 + 9.0 * mosaic.shape[0] / mosaic.shape[1])
        ax.axis("off")
    else:
        mosaic, names = rows.T, list(features) or [str(i) for i in range(w.shape[1])]
        fig, ax = figure(width=min(12.0, 2.4 + 0.28 * len(rows)), height=min(14.0, 1.4 + 0.2 * len(names)))
        step = max(1, len(names) // 60)
        ax.set_yticks(range(0, len(names), step), names[::step], fontsize=8)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set(xlabel="neuron", ylabel="input")
    limit = float(np.nanmax(np.abs(mosaic))) or 1.0
    aspect = "equal" if image_shape else "auto"
    shown = ax.imshow(mosaic, cmap="PuOr", vmin=-limit, vmax=limit, aspect=aspect, interpolation="nearest")
    ax.grid(visible=False)
    ax.set_title(title)
    fig.colorbar(shown, ax=ax, label="weight", pad=0.01, aspect=25)
    return fig


def _mosaic(pictures: NDArray[Any], across: int = 12) -> NDArray[Any]:
    """Lay pictures of shape (N, H, W) out in rows of ``across``, with a gap of NaN around each."""
    across = min(across, len(pictures))
    down, gap = -(-len(pictures) // across), max(1, pictures.shape[1] // 10)
    height, width = pictures.shape[1] + gap, pictures.shape[2] + gap
    mosaic = np.full((down * height - gap, across * width - gap), np.nan)
    for i, picture in enumerate(pictures):
        top, left = i // across * height, i % across * width
        mosaic[top : top + height - gap, left : left + width - gap] = picture
    return mosaic


@house_style
def parameter_histograms(weights: Mapping[str, ArrayLike], gradients: Mapping[str, ArrayLike]) -> Figure:
    """Draw, layer by layer, how often each size of a weight occurs, and below it of its gradient.

    Parameters
    ----------
    weights, gradients : mapping of str to array
        By the layer's name; the same layers in the same order.
    """
    fig, axes = figure(len(weights), 2, width=max(2.6, 7.0 / len(weights)), height=2.3, squeeze=False)
    for column, name in enumerate(weights):
        for ax, values, color, what in (
            (axes[0, column], weights[name], "blue", "weight"),
            (axes[1, column], gradients[name], "orange", "gradient"),
        ):
            flat: NDArray[Any] = np.asarray(values, dtype=float).ravel()
            ax.stairs(*np.histogram(flat, bins=60), fill=True, color=COLORS[color])
            ax.set(yscale="log", xlabel=what)
            ax.set_title(f"{name}\nsd {flat.std():.2g}" if what == "weight" else f"sd {flat.std():.2g}", fontsize=9.5)
            ax.xaxis.set_major_locator(MaxNLocator(3))
    axes[0, 0].set_ylabel("weights (log scale)")
    axes[1, 0].set_ylabel("weights (log scale)")
    return fig


@house_style
def predicted_quantities(truth: ArrayLike, answers: ArrayLike, name: str = "") -> Figure:
    """Draw predictions against the truth: right answers lie on the line.

    Parameters
    ----------
    truth, answers : array of shape (N,)
        In the quantity's own unit.
    name : str
        The quantity.
    """
    t, a = np.asarray(truth, dtype=float), np.asarray(answers, dtype=float)
    fig, ax = figure(width=4.6, height=4.2)
    ends = [min(t.min(), a.min()), max(t.max(), a.max())]
    ax.plot(ends, ends, color=COLORS["grey"], lw=1.2, label="prediction = truth")
    ax.plot(t, a, "o", ms=4, alpha=0.5, mew=0, color=COLORS["blue"], label="a validation record")
    ax.set(xlabel=f"truth{name and f': {name}'}", ylabel="prediction")
    ax.legend()
    return fig
