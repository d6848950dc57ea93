"""Networks drawn as circles and arrows, with their numbers written where they live."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from numpy.typing import ArrayLike

from chainrule.plots.style import COLORS, figure, house_style

Point = tuple[float, float]
RADIUS = 0.34


@house_style
def network(
    x: ArrayLike,
    weights_input_to_hidden: ArrayLike,
    weights_hidden_to_output: ArrayLike,
    hidden_layer_out: ArrayLike,
    output_layer_out: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    target: float | None = None,
    most: int = 5,
) -> Figure:
    """Draw a network with one hidden layer and one output, one record's numbers in its neurons.

    Arrows are blue for positive and orange for negative weights, and thicker for larger ones; the output
    neuron's weights are written on theirs. Of many inputs only the first ones and the last are drawn.

    Parameters
    ----------
    x : array of shape (n,)
        The record.
    weights_input_to_hidden : array of shape (n, h)
        Weights of the hidden neurons.
    weights_hidden_to_output : array of shape (h,)
        Weights of the output neuron.
    hidden_layer_out : array of shape (h,)
        What the hidden neurons answer.
    output_layer_out : float
        What the network answers.
    names : sequence of n str, optional
        Names of the inputs.
    target : float, optional
        The right answer, written under the network's own.
    most : int
        How many inputs to draw at most.
    """
    inputs, hidden = np.asarray(x, dtype=float), np.asarray(hidden_layer_out, dtype=float)
    w_ih, w_ho = (
        np.asarray(weights_input_to_hidden, dtype=float),
        np.asarray(weights_hidden_to_output, dtype=float),
    )
    n, h = w_ih.shape
    shown = list(range(n)) if n <= most else [*range(most - 1), n - 1]
    labels = [f"x{_sub(i + 1)}" for i in range(n)] if names is None else list(names)
    rows = max(len(shown) + (n > most), h)
    fig, ax = figure(width=8.4, height=0.62 * rows + 0.5)
    left = dict(zip(shown, _column(0.0, len(shown), rows, gap=n > most), strict=True))
    middle = _column(3.4, h, rows)
    output = (6.6, 0.0)
    for i, start in left.items():
        for j, end in enumerate(middle):
            _weight(ax, start, end, w_ih[i, j], np.abs(w_ih).max())
    for j, start in enumerate(middle):
        _weight(ax, start, output, w_ho[j], np.abs(w_ho).max())
        _on_arrow(ax, start, output, f"{w_ho[j]:+.2f}", 0.30, COLORS["blue" if w_ho[j] > 0 else "red"], size=8)
    for i, centre in left.items():
        _neuron(ax, centre, f"{inputs[i]:.2f}", fill="#F2F2F2")
        ax.text(centre[0] - RADIUS - 0.12, centre[1], labels[i], ha="right", va="center", fontsize=9)
    if n > most:
        gap = (left[shown[-2]][1] + left[shown[-1]][1]) / 2
        ax.text(0, gap, "⋮", ha="center", va="center", fontsize=14)
        more = f"{n - most} more inputs"
        ax.text(-RADIUS - 0.12, gap, more, ha="right", va="center", fontsize=9, color=COLORS["grey"])
    for centre, value in zip(middle, hidden, strict=True):
        _neuron(ax, centre, f"{value:.2f}", fill=_shade(value))
    answer = float(np.asarray(output_layer_out))
    _neuron(ax, output, f"{answer:.2f}", fill=_shade(answer))
    note = "output" if target is None else f"output\n(target {target:g})"
    ax.text(output[0] + RADIUS + 0.12, 0, note, ha="left", va="center", fontsize=9)
    top = 0.42 * rows + 0.15
    for where, title in ((0.0, f"{n} inputs"), (3.4, f"{h} hidden neurons"), (6.6, "1 output neuron")):
        ax.text(where, top, title, ha="center", va="bottom", fontsize=10)
    _bare(ax, (-2.6, 8.2), (-0.42 * rows - 0.1, top + 0.35))
    return fig


@house_style
def chain_rule(
    x: ArrayLike, weights_input_to_hidden: ArrayLike, weights_hidden_to_output: ArrayLike, target: float
) -> Figure:
    """Draw a small sigmoid network as a chain of steps with the slope of each step on its arrow.

    In each circle stands the number of the forward pass; beneath it, in orange, the slope of the error with
    respect to that number: multiplied along each path to the error, added where paths meet.

    Parameters
    ----------
    x : array of shape (n,)
        The record; n at most 3.
    weights_input_to_hidden : array of shape (n, h)
        Weights of the hidden neurons; h at most 3.
    weights_hidden_to_output : array of shape (h,)
        Weights of the output neuron.
    target : float
        The right answer.

    Raises
    ------
    ValueError
        If the network is too large to be drawn legibly.
    """
    inputs, w_ho = np.asarray(x, dtype=float), np.asarray(weights_hidden_to_output, dtype=float)
    w_ih = np.asarray(weights_input_to_hidden, dtype=float)
    n, h = w_ih.shape
    if max(n, h) > 3:
        raise ValueError(
            f"a network with {n} inputs and {h} hidden neurons is too large to be drawn with all numbers: "
            "take at most 3 of each"
        )
    a = inputs @ w_ih
    hidden = 1 / (1 + np.exp(-a))
    z = float(hidden @ w_ho)
    o = float(1 / (1 + np.exp(-z)))
    back_o = -(target - o)
    back_z = back_o * o * (1 - o)
    back_h = back_z * w_ho
    back_a = back_h * hidden * (1 - hidden)
    back_x = w_ih @ back_a

    fig, ax = figure(width=10.4, height=4.1)
    spread = 2.1
    column = {"x": 0.0, "a": 2.5, "h": 4.7, "z": 7.0, "o": 9.0, "E": 11.2}
    xs, hs = _spread(column["x"], n, spread), _spread(column["h"], h, spread)
    sums = _spread(column["a"], h, spread)
    z_at, o_at, e_at = (column["z"], 0.0), (column["o"], 0.0), (column["E"], 0.0)
    for i, start in enumerate(xs):
        for j, end in enumerate(sums):
            _arrow(ax, start, end)
            name = f"$W_{{{i + 1}{j + 1}}}$ = {w_ih[i, j]:g}"
            _on_arrow(ax, start, end, name, 0.5 if n == 1 or i == j else 0.36, COLORS["blue"])
    for j in range(h):
        _arrow(ax, sums[j], hs[j])
        _on_arrow(ax, sums[j], hs[j], f"{hidden[j] * (1 - hidden[j]):.3f}", 0.5, COLORS["blue"])
        _arrow(ax, hs[j], z_at)
        _on_arrow(ax, hs[j], z_at, f"$v_{j + 1}$ = {w_ho[j]:g}", 0.47, COLORS["blue"])
    _arrow(ax, z_at, o_at)
    _on_arrow(ax, z_at, o_at, f"{o * (1 - o):.3f}", 0.5, COLORS["blue"])
    _arrow(ax, o_at, e_at)
    _on_arrow(ax, o_at, e_at, f"{back_o:.3f}", 0.5, COLORS["blue"])
    for i, centre in enumerate(xs):
        _step(ax, centre, f"x_{i + 1}", inputs[i], back_x[i])
    for j in range(h):
        _step(ax, sums[j], f"a_{j + 1}", a[j], back_a[j])
        _step(ax, hs[j], f"h_{j + 1}", hidden[j], back_h[j])
    _step(ax, z_at, "z", z, back_z)
    _step(ax, o_at, "o", o, back_o)
    _step(ax, e_at, "E", (target - o) ** 2 / 2, 1.0)
    foot = -spread * (max(n, h) - 1) / 2 - 1.15
    legend = ((0.6, "in a circle: its value", "black"), (4.4, "on an arrow: its slope", "blue"))
    for where, text, color in (*legend, (8.2, r"below: slope of $E$ there", "red")):
        ax.text(where, foot, text, color=COLORS[color], fontsize=10, ha="left", va="center")
    _bare(ax, (-0.8, 11.9), (foot - 0.3, spread * (max(n, h) - 1) / 2 + 0.85))
    return fig


@house_style
def flow(shapes: Mapping[str, str], title: str = "") -> Figure:
    """Draw a row of boxes, forwards with blue arrows and backwards with orange ones.

    Parameters
    ----------
    shapes : mapping of str to str
        For each box its name, and the shape of what leaves it.
    title : str
        Title of the figure.
    """
    names = list(shapes)
    fig, ax = figure(width=1.75 * len(names), height=1.9)
    for k, name in enumerate(names):
        where = 2.2 * k
        ax.add_patch(
            FancyBboxPatch((where, -0.3), 1.2, 0.6, boxstyle="round,pad=0.05", fc="#F2F2F2", ec=COLORS["black"])
        )
        ax.text(where + 0.6, 0, name, ha="center", va="center", fontsize=9)
        if k < len(names) - 1:
            _arrow(ax, (where + 1.27, 0.13), (where + 2.13, 0.13), COLORS["blue"], shrink=0)
            _arrow(ax, (where + 2.13, -0.13), (where + 1.27, -0.13), COLORS["red"], shrink=0)
            ax.text(where + 1.7, 0.42, shapes[name], ha="center", va="bottom", fontsize=8, color=COLORS["blue"])
            ax.text(where + 1.7, -0.42, shapes[name], ha="center", va="top", fontsize=8, color=COLORS["red"])
    ax.text(0, 0.85, "forward: values", color=COLORS["blue"], fontsize=9, va="center")
    ax.text(0, -0.85, "backward: slopes of the loss", color=COLORS["red"], fontsize=9, va="center")
    ax.set_title(title)
    _bare(ax, (-0.2, 2.2 * len(names) - 0.8), (-1.1, 1.1))
    return fig


@house_style
def answers(images: ArrayLike, labels: ArrayLike, shares: ArrayLike | None = None) -> Figure:
    """Draw images under their labels, each over a bar chart of the shares that a network gives.

    Parameters
    ----------
    images : array of shape (N, H, W)
        Grey images; larger numbers are darker.
    labels : array of shape (N,)
        The right classes.
    shares : array of shape (N, C), optional
        What softmax says for each image; without it only the images are drawn.
    """
    pictures, truth = np.asarray(images), np.asarray(labels)
    rows = 1 if shares is None else 2
    fig, axes = figure(ncols=len(pictures), nrows=rows, width=0.8, height=0.95, squeeze=False)
    for k, (ax, picture) in enumerate(zip(axes[0], pictures, strict=True)):
        ax.imshow(picture, cmap="gray_r")
        ax.set_title(str(truth[k]))
        ax.axis("off")
    if shares is not None:
        for k, (ax, share) in enumerate(zip(axes[1], np.asarray(shares, dtype=float), strict=True)):
            classes = np.arange(len(share))
            colors = [COLORS["blue" if c == truth[k] else "red"] for c in classes]
            ax.bar(classes, share, color=colors, width=0.9)
            ax.set(ylim=(0, 1), yticks=[], xticks=[int(share.argmax())], xlim=(-0.7, len(share) - 0.3))
            ax.tick_params(length=0)
            ax.grid(False)
        axes[1][0].set_ylabel("share")
    return fig


def _sub(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def _spread(x: float, count: int, distance: float) -> list[Point]:
    return [(x, distance * ((count - 1) / 2 - k)) for k in range(count)]


def _column(x: float, count: int, rows: int, *, gap: bool = False) -> list[Point]:
    """Return ``count`` places in a column of ``rows``; with a gap, one place is left free before the last."""
    places = count + gap
    points = _spread(x, places, 0.84 * min(1.3, rows / places))
    return [*points[: count - 1], points[-1]] if gap else points


def _shade(value: float) -> tuple[float, float, float]:
    """Return white for 0 and the palette's sky blue for 1."""
    sky = np.array([0.34, 0.71, 0.91])
    red, green, blue = 1 - float(np.clip(value, 0, 1)) * 0.8 * (1 - sky)
    return float(red), float(green), float(blue)


def _neuron(ax: Axes, centre: Point, text: str, *, fill: object = "white") -> None:
    ax.add_patch(Circle(centre, RADIUS, facecolor=fill, edgecolor=COLORS["black"], lw=1, zorder=3))
    ax.text(*centre, text.replace("-", "−"), ha="center", va="center", fontsize=8.5, zorder=4)


def _step(ax: Axes, centre: Point, name: str, value: float, back: float) -> None:
    _neuron(ax, centre, f"{value:.3f}")
    ax.text(centre[0], centre[1] + RADIUS + 0.06, f"${name}$", ha="center", va="bottom", fontsize=11)
    ax.text(
        centre[0],
        centre[1] - RADIUS - 0.08,
        _signed(back),
        ha="center",
        va="top",
        fontsize=9,
        color=COLORS["red"],
    )


def _signed(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")


def _weight(ax: Axes, start: Point, end: Point, weight: float, largest: float) -> None:
    strength = abs(weight) / (largest or 1.0)
    color = COLORS["blue" if weight > 0 else "red"]
    ax.plot(
        *zip(start, end, strict=True),
        color=color,
        lw=0.3 + 2.0 * strength,
        alpha=0.25 + 0.5 * strength,
        zorder=1,
    )


def _arrow(ax: Axes, start: Point, end: Point, color: str = COLORS["grey"], *, shrink: float = RADIUS) -> None:
    (x0, y0), (x1, y1) = start, end
    length = float(np.hypot(x1 - x0, y1 - y0))
    dx, dy = shrink * (x1 - x0) / length, shrink * (y1 - y0) / length
    ax.add_patch(
        FancyArrowPatch(
            (x0 + dx, y0 + dy), (x1 - dx, y1 - dy), arrowstyle="-|>", mutation_scale=11, color=color, lw=1.2
        )
    )


def _on_arrow(ax: Axes, start: Point, end: Point, text: str, share: float, color: str, *, size: float = 9) -> None:
    """Write on an arrow, at this share of its way."""
    x, y = (start[k] + share * (end[k] - start[k]) for k in (0, 1))
    box = {"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none"}
    ax.text(x, y, text.replace("-", "−"), ha="center", va="center", fontsize=size, color=color, bbox=box, zorder=2)


def _bare(ax: Axes, xlim: Point, ylim: Point) -> None:
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.axis("off")
