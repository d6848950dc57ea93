"""The tools that judge gradients, themselves judged: on derivatives known in closed form, and on wrong ones."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck import compare_gradients, numerical_gradient, relative_error


@given(shape=st.lists(st.integers(1, 3), max_size=3).map(tuple), seed=st.integers(0, 99))
def test_numerical_gradient_is_right_where_it_is_known(shape: tuple[int, ...], seed: int) -> None:
    """For f = Σ c·w² + sin w: its slope is 2cw + cos w; autograd says the same."""
    rng = np.random.default_rng(seed)
    w, c = rng.normal(size=shape), rng.normal(size=shape)
    kept = w.copy()
    slope = numerical_gradient(lambda w: float((c * w**2 + np.sin(w)).sum()), w)
    np.testing.assert_allclose(slope, 2 * c * w + np.cos(w), atol=1e-8)
    np.testing.assert_array_equal(w, kept)
    t = torch.tensor(w, requires_grad=True)
    (torch.tensor(c) * t**2 + torch.sin(t)).sum().backward()
    np.testing.assert_allclose(slope, t.grad, atol=1e-8)


def test_numerical_gradient_computes_in_float64_whatever_it_is_given() -> None:
    for w in ([1, 2], np.array([1, 2], np.float32), np.array([1, 2])):
        slope = numerical_gradient(lambda w: float(w[0] ** 3 + w[1]), w)
        assert slope.dtype == np.float64
        np.testing.assert_allclose(slope, [3, 1], rtol=1e-8)


def test_relative_error_is_the_largest_difference_by_the_largest_value() -> None:
    assert relative_error([1.0, 2.0], [1.0, 4.0]) == 0.5
    assert relative_error([0.0, 0.1], [0.0, 0.0]) == 0.1
    assert relative_error([], []) == 0
    assert np.isnan(relative_error([np.nan, 1], [0.0, 1]))
    with pytest.raises(ValueError, match=r"same shape; got \(3,\) and \(3, 1\)"):
        relative_error(np.ones(3), np.ones((3, 1)))


@pytest.mark.parametrize("factor", [0, -1, 2, 0.5, 1 + 1e-5, np.nan])
def test_a_wrong_gradient_is_called_wrong(factor: float, rng: np.random.Generator) -> None:
    right = {"weight": rng.normal(size=(2, 3)), "b": rng.normal(size=2)}
    lines = compare_gradients(right | {"b": factor * right["b"]}, right).splitlines()
    assert "exact" in lines[0]
    assert "(2, 3)" in lines[0]
    assert "WRONG" in lines[1]
    assert lines[0].index("largest") == lines[1].index("largest")


def test_rounding_is_called_close(rng: np.random.Generator) -> None:
    right = {"weight": rng.normal(size=(2, 3))}
    text = compare_gradients({"weight": right["weight"] * (1 + 1e-9)}, right)
    assert "close" in text
    assert "WRONG" not in text
    assert compare_gradients({}, {}) == ""


def test_transposed_or_missing_gradients_are_errors(rng: np.random.Generator) -> None:
    w = rng.normal(size=(2, 3))
    with pytest.raises(ValueError, match="same shape"):
        compare_gradients({"w": w.T}, {"w": w})
    with pytest.raises(KeyError, match="w"):
        compare_gradients({}, {"w": w})
