"""Every entry of `nn.ACTIVATIONS`: its function and slope. A new entry is in these tests by itself."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from chainrule import nn
from twins import assert_differences, assert_twins, away_from_kinks, has_twin, pair, twin_layer


def cases() -> list[str]:
    """Return the names that the tests below are run for."""
    return list(nn.ACTIVATIONS)


every_activation = pytest.mark.parametrize("name", cases())


@every_activation
def test_slope_equals_finite_differences(name: str) -> None:
    for inputs in (away_from_kinks(np.random.default_rng(7), (5, 60)), np.array([[-6.0, -3.3, -1.1, 1.2, 3.4, 6.1]])):
        assert_differences(nn.Sequential(nn.ACTIVATIONS[name](), dtype=np.float64), inputs)


@every_activation
@given(
    x=arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.floats(-19, 19)),
    seed=st.integers(0, 99),
)
def test_equals_its_twin(name: str, x: np.ndarray, seed: int) -> None:
    """Also at 0. (From 20 on, PyTorch's softplus is the identity, which is off by up to 2e-9; ours goes on.)"""
    layer = nn.ACTIVATIONS[name]()
    if not has_twin(type(layer).__name__):
        pytest.skip("PyTorch has none of this name")
    assert_twins(*pair(layer), x, seed)
    assert_twins(*pair(nn.ACTIVATIONS[name]()), np.array([[0.0, -0.0, 1.0, -1.0]]), seed)


@every_activation
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_inputs_are_safe(name: str, dtype: type) -> None:
    """No overflow, no NaN, and the float64 values are PyTorch's."""
    layer = nn.ACTIVATIONS[name]()
    net = nn.Sequential(layer, dtype=dtype)
    x = np.array([[-1e4, -800, -100, -90, 90, 100, 800, 1e4]], dtype)
    with np.errstate(all="raise", under="ignore"):
        out = net(x)
        slope = net.backward(np.ones_like(x), inputs=True)
    assert np.isfinite(out).all()
    assert np.isfinite(slope).all()
    assert out.dtype == slope.dtype == dtype
    if has_twin(type(layer).__name__):
        given_x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        expected = twin_layer(layer)(given_x)
        expected.sum().backward()
        bound = 1e-10 if dtype == np.float64 else 1e-6
        np.testing.assert_allclose(out, expected.detach(), rtol=bound, atol=bound)
        np.testing.assert_allclose(slope, given_x.grad, rtol=bound, atol=bound)


@every_activation
def test_is_elementwise_and_leaves_its_input_alone(name: str, rng: np.random.Generator) -> None:
    x = rng.normal(size=(3, 4))
    kept, layer = x.copy(), nn.ACTIVATIONS[name]()
    out = layer(x)
    layer.backward(np.ones_like(x))
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_allclose(layer(x.reshape(2, 1, 6)), out.reshape(2, 1, 6), rtol=1e-14)
    np.testing.assert_allclose(layer(np.asfortranarray(x)), out, rtol=1e-14)


@pytest.fixture
def cubic() -> Iterator[type[nn.Activation]]:
    """A new activation, as a user writes one: an entry of a few lines."""

    @nn.ACTIVATIONS.add("cubic")
    class Cubic(nn.Activation):
        """f(z) = z³, and f' = 3z²."""

        def f(self, z, out=None):
            return np.power(z, 3, out=out)

        def slope(self, z, a, out=None):
            out = np.multiply(z, z, out=out)
            out *= 3
            return out

    yield Cubic
    del nn.ACTIVATIONS["cubic"], nn.LAYERS["Cubic"]


def test_a_new_entry_is_found_everywhere(cubic: type[nn.Activation], tmp_path: Path) -> None:
    assert "cubic" in cases()
    test_slope_equals_finite_differences("cubic")
    test_is_elementwise_and_leaves_its_input_alone("cubic", np.random.default_rng(7))

    net = nn.Sequential(nn.Linear(3, 4), cubic(), nn.Linear(4, 2), seed=0, dtype=np.float64)
    x = np.random.default_rng(0).normal(size=(5, 3))
    assert "Cubic()" in repr(net)
    assert_differences(net, x)

    nn.save(net, tmp_path / "net.safetensors")
    again = nn.load(tmp_path / "net.safetensors")
    assert type(again[1]) is cubic
    np.testing.assert_array_equal(again(x), net(x))

    with pytest.raises(ValueError, match=r"unknown activation 'cubik': did you mean 'cubic'\? Known: cubic, elu"):
        nn.ACTIVATIONS["cubik"]
    with pytest.raises(ValueError, match="'cubic' is already in the registry"):
        nn.ACTIVATIONS.add("cubic")(cubic)


def test_a_new_entry_with_a_wrong_slope_is_caught(cubic: type[nn.Activation]) -> None:
    right = cubic.slope
    for factor in (0, -1, 2, 1 + 1e-5):
        cubic.slope = lambda self, z, a, out=None, factor=factor: factor * right(self, z, a, out)
        with pytest.raises(AssertionError):
            test_slope_equals_finite_differences("cubic")


def test_published_constants() -> None:
    """SELU's λ and α solve the fixed-point equations of Klambauer et al. (2017): mean 0 and variance 1 stay so."""
    z = np.linspace(-12, 12, 2_400_001)
    weights = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    f = nn.SELU()(z)
    assert (weights * f).sum() == pytest.approx(0, abs=1e-6)
    assert (weights * f * f).sum() == pytest.approx(1, abs=1e-6)
