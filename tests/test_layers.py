"""Every layer against its PyTorch twin in float64, and against finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chainrule import nn
from twins import assert_close, assert_differences, assert_twins, away_from_kinks, pair, twin_of

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 9)

# One example of each layer, with a batch for it; a convolution's sizes don't divide.
EXAMPLES = {
    "Linear": (lambda: nn.Linear(4, 3), (5, 4)),
    "Flatten": (lambda: nn.Flatten(), (3, 2, 4, 5)),
    "Unflatten": (lambda: nn.Unflatten(1, (2, 3, 1)), (4, 6)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3), (5, 3)),
    "LayerNorm": (lambda: nn.LayerNorm(4), (3, 4)),
    "Conv2d": (lambda: nn.Conv2d(2, 3, 3, stride=2, padding=1), (2, 2, 6, 5)),
    "MaxPool2d": (lambda: nn.MaxPool2d(3, stride=2), (2, 2, 6, 7)),
    "AvgPool2d": (lambda: nn.AvgPool2d(3, stride=2), (2, 2, 6, 7)),
}
UNTWINNED = {"Dropout", "Activation", "Windowed"}  # a test of its own; what others inherit from


def test_every_layer_has_an_example() -> None:
    ours = {name for name, layer in nn.LAYERS.items() if layer.__module__.startswith("chainrule.nn")}
    activations = {layer.__name__ for layer in nn.ACTIVATIONS.values()}
    assert ours - activations - UNTWINNED == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_gradients_equal_finite_differences(name: str, rng: np.random.Generator) -> None:
    build, shape = EXAMPLES[name]
    net, _ = pair(build())
    assert_differences(net, away_from_kinks(rng, shape))


@given(n=sizes, features=sizes, out=sizes, bias=st.booleans(), seed=seeds)
def test_linear(n: int, features: int, out: int, bias: bool, seed: int) -> None:
    net, twin = pair(nn.Linear(features, out, bias=bias), seed=seed)
    assert_twins(net, twin, np.random.default_rng(seed).normal(size=(n, features)))


@given(shape=st.lists(st.integers(1, 4), min_size=2, max_size=5), seed=seeds)
def test_flatten_and_unflatten(shape: list[int], seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=shape)
    assert_twins(*pair(nn.Flatten()), x)
    assert_twins(*pair(nn.Unflatten(1, tuple(shape[1:]))), x.reshape(len(x), -1))


@st.composite
def windows(draw: st.DrawFn, padding: bool) -> tuple[dict[str, int], tuple[int, int]]:
    """Draw a kernel's arguments, and an image's height and width that it fits into."""
    k, p = draw(st.integers(1, 4)), draw(st.integers(0, 3)) if padding else 0
    side = st.integers(max(k - 2 * p, 1), 9)
    arguments = {"kernel_size": k, "stride": draw(st.integers(1, 5))} | ({"padding": p} if padding else {})
    return arguments, (draw(side), draw(side))


@given(window=windows(padding=True), n=st.integers(1, 3), c=st.integers(1, 3), out=st.integers(1, 3), seed=seeds)
def test_convolution(window: tuple[dict[str, int], tuple[int, int]], n: int, c: int, out: int, seed: int) -> None:
    arguments, sides = window
    net, twin = pair(nn.Conv2d(c, out, bias=bool(seed % 2), **arguments), seed=seed)
    assert_twins(net, twin, np.random.default_rng(seed).normal(size=(n, c, *sides)))


@pytest.mark.parametrize("pool", [nn.MaxPool2d, nn.AvgPool2d])
@given(window=windows(padding=False), n=st.integers(1, 3), c=st.integers(1, 3), ties=st.booleans(), seed=seeds)
def test_pooling(
    pool: type[nn.Layer], window: tuple[dict[str, int], tuple[int, int]], n: int, c: int, ties: bool, seed: int
) -> None:
    """With ties, too: of equal values the first one gets the gradient."""
    arguments, sides = window
    x = np.random.default_rng(seed).normal(size=(n, c, *sides))
    assert_twins(*pair(pool(**arguments)), np.rint(x) if ties else x)


def test_pooling_windows_do_not_overlap_unless_asked() -> None:
    assert nn.MaxPool2d(3).stride == 3
    assert nn.AvgPool2d(3, 2).stride == 2


@given(
    n=st.integers(2, 9),
    features=sizes,
    eps=st.sampled_from([1e-5, 1e-3, 0.5]),
    momentum=st.floats(0, 1),
    offset=st.floats(-50, 50),
    seed=seeds,
)
def test_batch_norm(n: int, features: int, eps: float, momentum: float, offset: float, seed: int) -> None:
    """Three batches in training mode, each moving the running statistics, then one in evaluation mode."""
    net, twin = pair(nn.BatchNorm1d(features, eps=eps, momentum=momentum), seed=seed)
    rng = np.random.default_rng(seed)
    for n_records in (n, n + 1, n):
        net.zero_grad()
        twin.zero_grad()
        assert_twins(net, twin, offset + 3 * rng.normal(size=(n_records, features)))
    net.eval(), twin.eval()
    net.zero_grad(), twin.zero_grad()
    assert_twins(net, twin, rng.normal(size=(1, features)))
    assert_differences(net, rng.normal(size=(2, features)))


def test_batch_norm_refuses_to_train_on_a_single_record_and_learns_nothing_from_it() -> None:
    net = nn.Sequential(nn.BatchNorm1d(3), seed=0)
    with pytest.raises(ValueError, match="at least 2 records"):
        net(np.ones((1, 3)))
    assert not net.state_dict()["0.running_mean"].any()
    assert net.eval()(np.ones((1, 3))).shape == (1, 3)


@given(n=sizes, features=st.integers(2, 9), eps=st.sampled_from([1e-5, 1e-3, 0.5]), seed=seeds)
def test_layer_norm(n: int, features: int, eps: float, seed: int) -> None:
    net, twin = pair(nn.LayerNorm(features, eps=eps), seed=seed)
    assert_twins(net, twin, np.random.default_rng(seed).normal(size=(n, features)))


@given(p=st.floats(0, 0.95), shape=st.tuples(sizes, sizes), seed=seeds)
def test_dropout_with_the_same_mask(p: float, shape: tuple[int, int], seed: int) -> None:
    """The mask is seen in the output; PyTorch multiplies by it, and by 1/(1 - p)."""
    net = nn.Sequential(nn.Dropout(p), seed=seed, dtype=np.float64)
    rng = np.random.default_rng(seed)
    x, grad = rng.uniform(1, 2, size=shape), rng.normal(size=shape)
    out = net(x)
    given_x = torch.tensor(x, requires_grad=True)
    expected = given_x * torch.tensor(out != 0) / (1 - p)
    assert_close(out, expected)
    expected.backward(torch.tensor(grad))
    assert_close(net.backward(grad, inputs=True), given_x.grad)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_drops_a_share_of_p_and_a_different_one_each_time(p: float, dtype: type) -> None:
    net, n = nn.Sequential(nn.Dropout(p), seed=3, dtype=dtype), 100_000
    first, second = (net(np.ones((n // 100, 100))) == 0 for _ in range(2))
    spread = 5 * np.sqrt(p * (1 - p) / n)  # five standard deviations of a binomial share
    assert abs(first.mean() - p) < spread
    assert abs((first & second).mean() - p * p) < spread  # independent draws


def test_dropout_does_nothing_in_evaluation_mode(rng: np.random.Generator) -> None:
    net = nn.Sequential(nn.Dropout(0.5), seed=0, dtype=np.float64).eval()
    x, grad = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    np.testing.assert_array_equal(net(x), x)
    np.testing.assert_array_equal(net.backward(grad, inputs=True), grad)


NETWORKS = {
    "perceptron": (lambda: [nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)], (7, 6)),
    "normalised": (
        lambda: [nn.Linear(6, 5), nn.BatchNorm1d(5), nn.GELU(), nn.Linear(5, 4, bias=False), nn.LayerNorm(4)],
        (7, 6),
    ),
    "convolution": (
        lambda: [
            nn.Unflatten(1, (1, 9, 8)),
            nn.Conv2d(1, 3, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(3, 4, 2, stride=2, bias=False),
            nn.SiLU(),
            nn.AvgPool2d(2, stride=1),
            nn.Flatten(),
            nn.Linear(4, 3),
        ],
        (4, 72),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("mode", [True, False])
def test_networks(name: str, mode: bool, rng: np.random.Generator) -> None:
    """Layers together, over several batches of different sizes, so that arrays are used again."""
    build, (n, features) = NETWORKS[name]
    net, twin = pair(*build())
    net.train(mode), twin.train(mode)
    for records in (n, n, 3, n, n):
        net.zero_grad(), twin.zero_grad()
        assert_twins(net, twin, rng.normal(size=(records, features)))
    assert_differences(net, rng.normal(size=(2, features)))


@pytest.mark.parametrize("name", INITIALIZED := list(nn.INITIALIZERS))
@pytest.mark.parametrize("kind", ["linear", "convolution"])
def test_initializers_draw_from_pytorchs_distributions(name: str, kind: str) -> None:
    """Equal to PyTorch's draws in the first two moments and in the largest value, where that is bounded."""
    theirs = {
        "default": lambda w: torch.nn.init.kaiming_uniform_(w, a=5**0.5),
        "xavier_uniform": torch.nn.init.xavier_uniform_,
        "xavier_normal": torch.nn.init.xavier_normal_,
        "he_uniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
        "he_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
    }
    layer = nn.Linear(300, 100, init=name) if kind == "linear" else nn.Conv2d(40, 30, 5, init=name)
    net = nn.Sequential(layer, seed=0, dtype=np.float64)
    w, b = (p.data for p in net.parameters())
    assert np.isfinite(w).all()
    assert w.std() > 0
    assert abs(w.mean()) < 5 * w.std() / np.sqrt(w.size)
    if name not in theirs:
        return  # a new entry: only that it draws something sensible is known
    torch.manual_seed(0)
    expected = theirs[name](torch.empty(w.shape, dtype=torch.float64))
    assert w.std() == pytest.approx(expected.std().item(), rel=0.02)
    if "normal" not in name:
        assert np.abs(w).max() == pytest.approx(expected.abs().max().item(), rel=0.002)
        assert np.abs(w).max() < expected.abs().max().item() * 1.001
    bound = 1 / np.sqrt(np.prod(w.shape[1:]))
    assert np.abs(b).max() <= bound if name == "default" else not b.any()
    assert b.any() == (name == "default")


BAD_ARGUMENTS = [
    (lambda: nn.Linear(0, 3), "in_features must be a whole number of at least 1; got 0"),
    (lambda: nn.Linear(3, 2.5), "out_features must be a whole number"),
    (lambda: nn.Linear(3, True), "out_features must be a whole number"),
    (lambda: nn.Linear(3, 2, init="xavier"), "unknown initializer 'xavier': did you mean 'xavier_"),
    (lambda: nn.Conv2d(1, 1, (2, 2)), "kernel_size must be a whole number"),
    (lambda: nn.Conv2d(1, 1, 2, stride=0), "stride must be a whole number"),
    (lambda: nn.Conv2d(1, 1, 2, padding=-1), "padding must be"),
    (lambda: nn.Conv2d(1, 1, 2, padding=1.5), "padding must be"),
    (lambda: nn.MaxPool2d(2, stride=0), "stride must be a whole number"),
    (lambda: nn.Dropout(1.0), "p must be in"),
    (lambda: nn.Dropout(float("nan")), "p must be in"),
    (lambda: nn.BatchNorm1d(3, eps=-1.0), "eps must be"),
    (lambda: nn.BatchNorm1d(3, momentum=7), "momentum must be"),
    (lambda: nn.LayerNorm(3, eps=float("nan")), "eps must be"),
    (lambda: nn.Unflatten(2, (1, 2)), "dim must be 1"),
    (lambda: nn.Unflatten(1, (0, 2)), "unflattened_size.* must be a whole number"),
    (lambda: nn.Unflatten(1, "ab"), "unflattened_size.* must be a whole number"),
]


@pytest.mark.parametrize(("build", "message"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused(build: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize("name", EXAMPLES)
@given(shape=st.lists(st.integers(0, 9), max_size=5).map(tuple))
def test_a_batch_of_any_shape_is_right_or_refused(name: str, shape: tuple[int, ...]) -> None:
    """Nothing is broadcast: where PyTorch gives a result, it is ours or we refuse; where it can't, neither do we."""
    build, _ = EXAMPLES[name]
    net, twin = pair(build())
    x = np.random.default_rng(0).normal(size=shape)
    try:
        out = net(x)
    except ValueError as error:
        message = str(error)
    else:
        assert_close(out, twin(torch.tensor(x)))
        return
    assert str(shape) in message or "records" in message or "does not fit" in message


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_gradient_of_another_shape_is_refused(name: str, rng: np.random.Generator) -> None:
    build, shape = EXAMPLES[name]
    net, _ = pair(build())
    out = net(rng.normal(size=shape))
    for wrong in (out[:1], out[..., :1], out.sum(), out[None]):
        net(rng.normal(size=shape))
        if np.shape(wrong) != out.shape:
            with pytest.raises(ValueError, match="must have the output's shape"):
                net.backward(np.asarray(wrong), inputs=True)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_layer_alone_computes_in_the_dtype_of_its_input(name: str, rng: np.random.Generator) -> None:
    """Also when it computed in another one before."""
    build, shape = EXAMPLES[name]
    layer, x = build(), rng.normal(size=shape)
    layer(x.astype(np.float32))
    out = layer(x)
    twin = twin_of(nn.Sequential(layer, dtype=np.float64))
    assert_close(out, twin(torch.tensor(x)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_layer_alone_has_right_gradients_in_either_dtype(name: str, rng: np.random.Generator) -> None:
    build, shape = EXAMPLES[name]
    layer, x = build(), rng.normal(size=shape)
    twin = twin_of(nn.Sequential(layer, dtype=np.float64))
    alone = build()
    for ours, theirs in zip(alone.parameters(), layer.parameters(), strict=True):
        ours.data = theirs.data
    given_x = torch.tensor(x, requires_grad=True)
    grad = rng.normal(size=twin(given_x).shape)
    twin.zero_grad()
    twin(given_x).backward(torch.tensor(grad))
    for dtype, bound in ((np.float64, 1e-10), (np.float32, 1e-5), (np.float64, 1e-10)):
        for p in alone.parameters():
            p.zero_grad()
        alone(x.astype(dtype))
        assert_close(alone.backward(grad.astype(dtype)), given_x.grad, bound)
        for ours, theirs in zip(alone.parameters(), twin.parameters(), strict=True):
            assert_close(ours.grad, theirs.grad, bound)
