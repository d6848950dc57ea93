"""Further Exploration: what `verdict` is checked for, the wrong answers it must catch, and the pictures of sweeps."""

import ast
from pathlib import Path

import numpy as np
import pytest

from chainrule import check, plots

SOURCE = Path(__file__).parents[1] / "lessons" / "Further Exploration.py"


def solution_verdict():
    """Return `verdict` as the lesson's source has it, solution marks and all."""
    source = SOURCE.read_text(encoding="utf-8")
    node = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "verdict")
    space = {"np": np}
    exec(compile(ast.Module([node], []), str(SOURCE), "exec"), space)
    return space["verdict"]


def counts(d):
    return int((d > 0).sum()), int((d < 0).sum())


def right(a, b):
    d = b - a
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d)), *counts(d)


def unpaired(a, b):
    return b.mean() - a.mean(), np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a)), *counts(b - a)


def ddof_0(a, b):
    d = b - a
    return d.mean(), d.std() / np.sqrt(len(d)), *counts(d)


def spread_instead_of_error(a, b):
    d = b - a
    return d.mean(), d.std(ddof=1), *counts(d)


def one_seed(a, b):
    d = b - a
    return d[0], right(a, b)[1], *counts(d)


def sign(a, b):
    return right(b, a)


def counts_swapped(a, b):
    mean, se, better, worse = right(a, b)
    return mean, se, worse, better


def ties_are_better(a, b):
    d = b - a
    return d.mean(), right(a, b)[1], int((d >= 0).sum()), int((d < 0).sum())


def against_the_mean(a, b):
    return (*right(a, b)[:2], *counts(b - a.mean()))


def shares(a, b):
    mean, se, better, worse = right(a, b)
    return mean, se, better / len(a), worse / len(a)


def in_points(a, b):
    mean, se, better, worse = right(a, b)
    return 100 * mean, 100 * se, better, worse


def changes_its_input(a, b):
    result = right(a, b)
    b -= a
    return result


def mean_alone(a, b):
    return (b - a).mean()


def two_numbers(a, b):
    return right(a, b)[:2]


def nothing(a, b):
    right(a, b)


WRONG = [
    unpaired,
    ddof_0,
    spread_instead_of_error,
    one_seed,
    sign,
    counts_swapped,
    ties_are_better,
    against_the_mean,
    shares,
    in_points,
    changes_its_input,
    mean_alone,
    two_numbers,
    nothing,
]


def test_the_lessons_own_verdict_is_right():
    assert str(check(solution_verdict())).startswith("Exercise 1, verdict: right")


@pytest.mark.parametrize(
    "variant",
    [
        lambda a, b: [(b - a).mean(), np.std(b - a, ddof=1) / len(a) ** 0.5, np.sum(b > a), np.sum(a > b)],
        lambda a, b: np.array(right(a, b)),
        lambda a, b: (np.mean(b) - np.mean(a), ((b - a).var(ddof=1) / len(a)) ** 0.5, sum(b > a), sum(b < a)),
    ],
    ids=["list", "array", "other formulas"],
)
def test_right_answers_written_otherwise_pass(variant):
    report = check(variant, exercise="verdict")
    assert report.passed, report


@pytest.mark.parametrize("answer", WRONG, ids=lambda f: f.__name__)
def test_wrong_answers_are_seen(answer):
    assert not check(answer, exercise="verdict").passed


def test_a_stub_is_not_written_yet():
    def verdict(a, b):
        raise NotImplementedError("Exercise 1, verdict, is not written yet")

    assert check(verdict).verdict == "not written yet"


SEEDS = {0.1: np.array([0.9, 0.92, 0.91]), 0.3: np.array([0.93, 0.95, 0.99])}


def test_a_heat_map_writes_mean_and_spread_into_each_cell():
    values = np.random.default_rng(0).uniform(size=(2, 3, 5))
    fig = plots.heat_map(values, rows=(1, 2), columns="abc", xlabel="x", ylabel="y", outline=[(1, 2)])
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert len(texts) == 6
    assert texts[0] == f"{values[0, 0].mean():.3f} ±{values[0, 0].std(ddof=1):.3f}"
    with pytest.raises(ValueError, match=r"shape \(2, 3, 5\), expected \(3, 3\)"):
        plots.heat_map(values, rows=(1, 2, 3), columns="abc", xlabel="x", ylabel="y")


def test_error_bars_show_every_seed_and_the_standard_error():
    fig = plots.error_bars({"a": SEEDS, "b": {0.3: SEEDS[0.3]}}, xlabel="rate", order=(0.1, 0.3))
    (ax,) = fig.axes
    assert sum(line.get_xdata().size for line in ax.lines if line.get_alpha()) == 9
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.1", "0.3"]
    bar = ax.containers[0].lines[2][0].get_segments()[0]
    assert bar[1, 1] - bar[0, 1] == pytest.approx(2 * SEEDS[0.1].std(ddof=1) / np.sqrt(3))


def test_bands_go_from_the_smallest_to_the_largest_seed():
    fig = plots.bands({"one": {"relu": SEEDS}, "five": {"relu": SEEDS, "tanh": SEEDS}}, xlabel="rate", log=True)
    heights = fig.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.9, 0.99)
    assert [ax.get_title() for ax in fig.axes] == ["one", "five"]


def test_differences_are_in_points_and_paired():
    fig = plots.differences({"a to b": (SEEDS[0.1], SEEDS[0.3])})
    assert fig.axes[0].lines[1].get_xdata() == pytest.approx([3, 3, 8])


def test_decisions_draw_one_picture_for_each_network_and_dataset():
    x = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    asked = []

    def net(points):
        asked.append(points)
        return (points[:, 0] > 0).astype(int)

    fig = plots.decisions({"straight": [net, net]}, {"one": (x, y), "two": (x, y)}, notes={"straight": ["a", "b"]})
    assert len(fig.axes) == 2
    assert asked[0].dtype == np.float32
    assert fig.axes[1].get_xlabel() == "b"
    answer = fig.axes[0].images[0].get_array()
    assert (answer[:, 0] == 0).all()
    assert (answer[:, -1] == 1).all()
