"""Every penalty: value and slope against PyTorch's autograd, and the proximal step against its definition."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chainrule import nn
from twins import NUMERIC, assert_close, central, pair

every_penalty = pytest.mark.parametrize("name", list(nn.PENALTIES))
strength = st.just(0.0) | st.floats(1e-4, 10)
seeds = st.integers(0, 2**32 - 1)

TWINS: dict[str, Callable[..., Any]] = {
    "l1": lambda w, lam: lam * w.abs().sum(),
    "l2": lambda w, lam: lam * (w**2).sum(),
    "elastic_net": lambda w, l1, l2: l1 * w.abs().sum() + l2 * (w**2).sum(),
}


def strengths(name: str, first: float, second: float) -> tuple[float, ...]:
    return (first, second) if name == "elastic_net" else (first,)


@every_penalty
@given(first=strength, second=strength, seed=seeds, biases=st.booleans())
def test_value_and_gradient_equal_autograds(name: str, first: float, second: float, seed: int, biases: bool) -> None:
    """Over a network's weights, its biases only when asked; a weight of exactly 0 has slope 0."""
    if name not in TWINS:
        pytest.skip("a new entry: say in TWINS what it is")
    net, twin = pair(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2), seed=seed)
    net.parameters()[0].data[0, 0] = 0
    twin.load_state_dict({key: torch.tensor(values) for key, values in net.state_dict().items()})
    penalty = nn.PENALTIES[name](*strengths(name, first, second), biases=biases)
    penalised = [p for p in twin.parameters() if biases or p.ndim > 1]
    expected = sum(TWINS[name](p, *strengths(name, first, second)) for p in penalised)
    expected.backward()
    assert_close(penalty(net.parameters()), expected)
    for p in net.parameters():
        p.grad = np.ones(p.shape)
    penalty.add_gradient(net.parameters())
    for p, q in zip(net.parameters(), twin.parameters(), strict=True):
        assert_close(p.grad, 1 + (torch.zeros_like(q) if q.grad is None else q.grad))


@every_penalty
def test_gradient_equals_finite_differences(name: str, rng: np.random.Generator) -> None:
    penalty = nn.PENALTIES[name](*strengths(name, 0.3, 0.7))
    w = rng.uniform(0.1, 2, size=(3, 4)) * rng.choice([-1, 1], size=(3, 4))
    assert_close(penalty.gradient(w), central(penalty.value, w), NUMERIC)


@every_penalty
@given(first=strength, second=strength, lr=st.floats(1e-3, 2), w=st.floats(-5, 5))
def test_prox_is_the_minimum_it_says_it_is(name: str, first: float, second: float, lr: float, w: float) -> None:
    """Of ½(v - w)² + lr · value(v): no grid point anywhere is better, and for L1 small weights become exactly 0."""
    penalty = nn.PENALTIES[name](*strengths(name, first, second))
    at = np.array([w])
    found = penalty.prox(at, lr)

    def objective(v: float) -> float:
        return 0.5 * (v - w) ** 2 + lr * penalty.value(np.array([v]))

    best = objective(float(found[0]))
    assert all(best <= objective(v) + 1e-12 for v in np.linspace(-6, 6, 241))
    assert all(best <= objective(found[0] + d) + 1e-15 for d in (1e-4, -1e-4))
    if name != "l2" and abs(w) <= lr * first:
        assert found[0] == 0
    assert at[0] == w


@every_penalty
def test_apply_prox_moves_weights_and_leaves_biases(name: str) -> None:
    net, _ = pair(nn.Linear(3, 4), nn.Linear(4, 2))
    penalty, kept = nn.PENALTIES[name](*strengths(name, 0.5, 0.5), proximal=True), net.state_dict()
    penalty.apply_prox(net.parameters(), 0.1)
    for key, values in net.state_dict().items():
        assert_close(values, penalty.prox(kept[key], 0.1) if "weight" in key else kept[key])
        assert (values != kept[key]).any() == ("weight" in key)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_penalty
def test_dtype_is_the_weights(name: str, dtype: type, rng: np.random.Generator) -> None:
    w, penalty = rng.normal(size=(3, 2)).astype(dtype), nn.PENALTIES[name](*strengths(name, 0.3, 0.7))
    assert penalty.gradient(w).dtype == penalty.prox(w, 0.1).dtype == dtype
    assert isinstance(penalty.value(w), float)


@every_penalty
@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf")])
def test_a_bad_strength_is_refused(name: str, bad: float) -> None:
    with pytest.raises(ValueError, match="strength must be a finite number of at least 0"):
        nn.PENALTIES[name](*strengths(name, 0.1, 0.1)[:-1], bad)
