"""Every optimizer against its PyTorch twin: fed the same 50 gradients, and over 50 steps of its own."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule import nn, optim
from twins import EXACT, assert_close, difference, pair, twin_of

every_optimizer = pytest.mark.parametrize("name", list(optim.OPTIMIZERS))

rate, share, small = st.floats(1e-4, 0.5), st.floats(0, 0.99), st.sampled_from([1e-10, 1e-8, 1e-4, 0.1])
decay = st.just(0.0) | st.floats(1e-5, 0.5)
OPTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "sgd": {"momentum": st.just(0.0) | share, "nesterov": st.booleans(), "weight_decay": decay},
    "rmsprop": {"alpha": share, "eps": small, "weight_decay": decay, "momentum": st.just(0.0) | share},
    "adagrad": {"eps": small, "weight_decay": decay},
    "adam": {"betas": st.tuples(share, st.floats(0, 0.9999)), "eps": small, "weight_decay": decay},
    "adamw": {"betas": st.tuples(share, st.floats(0, 0.9999)), "eps": small, "weight_decay": decay},
}


def build(parameters: Any, twin: Any, name: str, **options: Any) -> tuple[optim.Optimizer, torch.optim.Optimizer]:
    ours = optim.OPTIMIZERS[name](parameters, **options)
    return ours, getattr(torch.optim, type(ours).__name__)(twin, **options)


def network(seed: int = 0) -> tuple[nn.Sequential, torch.nn.Sequential]:
    return pair(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.LayerNorm(2), seed=seed)


@every_optimizer
@given(data=st.data(), lr=rate, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=settings().max_examples // 2)
def test_updates_by_the_same_50_gradients(name: str, data: st.DataObject, lr: float, seed: int) -> None:
    """Of all sizes, with some weights' always 0, and the learning rate changed on the way.

    With a β₂ near 0 and weight decay, Adam's step is nearly ±lr by the sign of a weight near 0: a rounding error of
    one weight grows a millionfold in PyTorch itself. So the bound is 1e-10, or ten times what PyTorch's own result
    moves by when its first weights are moved by one rounding error.
    """
    options = {key: data.draw(value, label=key) for key, value in OPTIONS.get(name, {}).items()}
    if not options.get("momentum"):
        options.pop("nesterov", None)
    net, twin = network(seed)
    moved = twin_of(net)
    with torch.no_grad():
        for q in moved.parameters():
            q.mul_(1 + 2.0**-52)
    ours, theirs = build(net.parameters(), twin.parameters(), name, lr=lr, **options)
    sensitive = type(theirs)(moved.parameters(), lr=lr, **options)
    rng = np.random.default_rng(seed)
    dead = [rng.uniform(size=p.shape) < 0.2 for p in net.parameters()]
    for step in range(50):
        if step == 25:
            ours.lr = theirs.param_groups[0]["lr"] = sensitive.param_groups[0]["lr"] = lr / 3
        scale = 10.0 ** rng.uniform(-3, 2)
        given_gradients = [np.where(zero, 0, scale * rng.normal(size=zero.shape)) for zero in dead]
        for g, p, q, r in zip(given_gradients, net.parameters(), twin.parameters(), moved.parameters(), strict=True):
            p.grad = g
            q.grad, r.grad = torch.tensor(g), torch.tensor(g)
        for optimizer in (ours, theirs, sensitive):
            optimizer.step()
        for p, g in zip(net.parameters(), given_gradients, strict=True):
            np.testing.assert_array_equal(p.grad, g)
    for (key, p), q, r in zip(net.named_parameters().items(), twin.parameters(), moved.parameters(), strict=True):
        assert_close(p.data, q, max(EXACT, 10 * difference(r, q)), key)


@every_optimizer
def test_defaults_are_pytorchs(name: str) -> None:
    net, twin = network()
    ours, theirs = build(net.parameters(), twin.parameters(), name)
    for option, value in theirs.defaults.items():
        if hasattr(ours, option):
            assert getattr(ours, option) == value, option


NETWORKS = {
    "perceptron": lambda: [nn.Linear(6, 8), nn.Sigmoid(), nn.Linear(8, 3)],
    "deep": lambda: [nn.Linear(6, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 3)],
    "convolution": lambda: [
        nn.Unflatten(1, (1, 2, 3)),
        nn.Conv2d(1, 2, 2, padding=1),
        nn.Tanh(),
        nn.MaxPool2d(2, 1),
        nn.Flatten(),
        nn.Linear(12, 3),
    ],
}


def weights(net: torch.nn.Module | nn.Sequential) -> np.ndarray:
    if isinstance(net, nn.Sequential):
        return np.concatenate([p.data.ravel() for p in net.parameters()])
    return np.concatenate([p.detach().numpy().ravel() for p in net.parameters()])


@every_optimizer
@pytest.mark.parametrize("kind", NETWORKS)
def test_fifty_free_steps_drift_no_more_than_pytorchs_own_rounding(name: str, kind: str) -> None:
    """The drift is at most ten times that of PyTorch when the rows of its batches are permuted."""
    rng = np.random.default_rng(5)
    batches = [(rng.normal(size=(16, 6)), rng.integers(3, size=16)) for _ in range(50)]
    options = {"lr": 0.01} | ({"momentum": 0.9, "nesterov": True, "weight_decay": 1e-3} if name == "sgd" else {})
    net = nn.Sequential(*NETWORKS[kind](), seed=1, dtype=np.float64)

    def pytorch(permutations: np.random.Generator | None) -> np.ndarray:
        twin = twin_of(start)
        optimizer = getattr(torch.optim, optim.OPTIMIZERS[name].__name__)(twin.parameters(), **options)
        for x, y in batches:
            rows = np.arange(16) if permutations is None else permutations.permutation(16)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(twin(torch.tensor(x[rows])), torch.tensor(y[rows])).backward()
            optimizer.step()
        return weights(twin)

    start = nn.Sequential(*NETWORKS[kind](), seed=1, dtype=np.float64)
    reference = pytorch(None)
    own_drift = max(np.linalg.norm(pytorch(np.random.default_rng(seed)) - reference) for seed in range(3))

    optimizer, criterion = optim.OPTIMIZERS[name](net.parameters(), **options), nn.CrossEntropyLoss()
    for x, y in batches:
        criterion(net(x), y)
        optimizer.zero_grad()
        net.backward(criterion.backward())
        optimizer.step()
    drift = np.linalg.norm(weights(net) - reference)
    assert np.linalg.norm(reference - weights(start)) > 0.01  # it did train
    assert drift <= 10 * own_drift, f"drift {drift:.1e}, PyTorch's own {own_drift:.1e}"


@given(max_norm=st.floats(0, 20), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_clipping_is_pytorchs(max_norm: float, seed: int) -> None:
    net, twin = network()
    rng = np.random.default_rng(seed)
    for p, q in zip(net.parameters(), twin.parameters(), strict=True):
        p.grad = rng.normal(size=p.shape)
        q.grad = torch.tensor(p.grad.copy())
    expected = torch.nn.utils.clip_grad_norm_(twin.parameters(), max_norm)
    assert_close(optim.clip_grad_norm_(iter(net.parameters()), max_norm), expected)
    for p, q in zip(net.parameters(), twin.parameters(), strict=True):
        assert_close(p.grad, q.grad)


@every_optimizer
def test_some_of_the_parameters_or_all_in_another_order(name: str) -> None:
    """Stretches of memory that don't touch: the others must not move."""
    net, twin = network()
    chosen = [3, 0]
    kept = net.state_dict()
    ours, theirs = build(
        [net.parameters()[i] for i in chosen], [list(twin.parameters())[i] for i in chosen], name, lr=0.1
    )
    rng = np.random.default_rng(0)
    for _ in range(3):
        for p, q in zip(net.parameters(), twin.parameters(), strict=True):
            p.grad = rng.normal(size=p.shape)
            q.grad = torch.tensor(p.grad.copy())
        ours.step()
        theirs.step()
    for i, (key, p) in enumerate(net.named_parameters().items()):
        assert_close(p.data, list(twin.parameters())[i], what=key)
        assert (p.data == kept[key]).all() == (i not in chosen)


@every_optimizer
def test_float32_stays_float32_and_close(name: str) -> None:
    net, twin = network()
    single = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.LayerNorm(2))
    single.load_state_dict(net.state_dict())
    ours, theirs = build(single.parameters(), twin.parameters(), name, lr=0.01)
    rng = np.random.default_rng(0)
    for _ in range(20):
        for p, q in zip(single.parameters(), twin.parameters(), strict=True):
            p.grad = rng.normal(size=p.shape)
            q.grad = torch.tensor(p.grad.astype(np.float64))
        ours.step()
        theirs.step()
    for p, q in zip(single.parameters(), twin.parameters(), strict=True):
        assert p.data.dtype == np.float32
        assert_close(p.data, q, 1e-4)


@every_optimizer
def test_zero_grad_forgets_and_the_next_step_sees_zeros(name: str) -> None:
    net, _ = network()
    optimizer = optim.OPTIMIZERS[name](net.parameters(), lr=0.1, weight_decay=0)
    net(np.ones((2, 3)))
    net.backward(np.ones((2, 2)))
    optimizer.zero_grad()
    kept = net.state_dict()
    optimizer.step()
    assert not any(p.grad.any() for p in net.parameters())
    for key, values in net.state_dict().items():
        np.testing.assert_array_equal(values, kept[key])


@every_optimizer
def test_state_goes_on_where_it_was_taken(name: str) -> None:
    """Ten steps, or five, the state carried over to a new optimizer, and five: the same bits."""
    gradients = np.random.default_rng(0).normal(size=(10, 100))

    def run(optimizer: optim.Optimizer, net: nn.Sequential, steps: range) -> None:
        for step in steps:
            for p in net.parameters():
                p.grad = gradients[step, : p.size].reshape(p.shape)
            optimizer.step()

    options = {"lr": 0.1} | ({"momentum": 0.9} if name in ("sgd", "rmsprop") else {})
    (whole, _), (first, _), (second, _) = network(), network(), network()
    run(optim.OPTIMIZERS[name](whole.parameters(), **options), whole, range(10))
    before = optim.OPTIMIZERS[name](first.parameters(), **options)
    run(before, first, range(5))
    second.load_state_dict(first.state_dict())
    after = optim.OPTIMIZERS[name](second.parameters(), **(options | {"lr": 0.7}))
    after.load_state(before.state())
    run(after, second, range(5, 10))
    np.testing.assert_array_equal(weights(second), weights(whole))
    other = optim.SGD if name != "sgd" else optim.Adam
    with pytest.raises(ValueError, match="this state is of an optimizer"):
        other(second.parameters()).load_state(before.state())


BAD_ARGUMENTS = [
    ("sgd", {"lr": -1}, "lr must be a finite number of at least 0; got -1"),
    ("sgd", {"lr": float("nan")}, "lr must be"),
    ("sgd", {"momentum": -0.5}, "momentum must be"),
    ("sgd", {"nesterov": True}, "nesterov needs a momentum above 0"),
    ("adam", {"betas": (1.0, 0.9)}, "betas must be"),
    ("adam", {"eps": -1e-8}, "eps must be"),
    ("adamw", {"weight_decay": -0.1}, "weight_decay must be"),
    ("rmsprop", {"alpha": 1.5}, "alpha must be"),
]


@pytest.mark.parametrize(("name", "options", "message"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        optim.OPTIMIZERS[name](network()[0].parameters(), **options)


def test_parameters_are_checked() -> None:
    net, twin = network()
    with pytest.raises(ValueError, match="at least one parameter"):
        optim.SGD([], lr=0.1)
    with pytest.raises(ValueError, match="more than once"):
        optim.SGD(net.parameters() * 2, lr=0.1)
    for wrong in (net, list(twin.parameters()), [np.ones(3)]):
        with pytest.raises(TypeError, match=r"net\.parameters\(\)"):
            optim.SGD(wrong, lr=0.1)
    with pytest.raises(ValueError, match="did you mean 'rmsprop'"):
        optim.OPTIMIZERS["rms-prop"]


def test_an_optimizer_built_before_the_network_says_so() -> None:
    layer = nn.Linear(3, 2)
    optimizer = optim.SGD(layer.parameters(), lr=0.1)
    optimizer.step()
    nn.Sequential(layer)
    with pytest.raises(RuntimeError, match="build the optimizer after the network"):
        optimizer.step()
