"""What holds for every network: who owns which array, what backward needs, what a seed fixes."""

import copy
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chainrule import nn
from test_layers import EXAMPLES, NETWORKS
from twins import assert_close, assert_twins, pair, twin_of

# Layers that return a view, or nothing new, first and last, besides the plain cases.
STACKS = {
    "linear": (lambda: [nn.Linear(4, 3)], (5, 4)),
    "flatten last": (lambda: [nn.Linear(4, 3), nn.Flatten()], (5, 4)),
    "flatten first": (lambda: [nn.Flatten(), nn.Linear(4, 3), nn.ReLU()], (5, 2, 2)),
    "flatten twice": (lambda: [nn.Linear(4, 3), nn.Flatten(), nn.Flatten()], (5, 4)),
    "unflatten last": (lambda: [nn.Linear(4, 6), nn.Unflatten(1, (2, 3))], (5, 4)),
    "flatten alone": (lambda: [nn.Flatten()], (5, 2, 2)),
    "identity last": (lambda: [nn.Linear(4, 3), nn.Identity()], (5, 4)),
    "identity first": (lambda: [nn.Identity(), nn.Linear(4, 3)], (5, 4)),
    "dropout last": (lambda: [nn.Linear(4, 3), nn.Dropout(0.5)], (5, 4)),
    "dropout first": (lambda: [nn.Dropout(0.5), nn.Linear(4, 3), nn.Tanh()], (5, 4)),
    "no dropout": (lambda: [nn.Dropout(0), nn.Linear(4, 3), nn.Dropout(0)], (5, 4)),
    "sigmoid last": (lambda: [nn.Linear(4, 3), nn.Sigmoid()], (5, 4)),
    "convolution last": (lambda: [nn.Conv2d(1, 2, 2), nn.ReLU(), nn.Conv2d(2, 2, 2, padding=1)], (5, 1, 4, 5)),
    "pool last": (lambda: [nn.Conv2d(1, 2, 2, padding=1), nn.MaxPool2d(2), nn.Flatten()], (5, 1, 4, 5)),
} | {f"{name} alone": ((lambda build=build: [build()]), shape) for name, (build, shape) in EXAMPLES.items()}

every_stack = pytest.mark.parametrize("name", STACKS)


@every_stack
@pytest.mark.parametrize("seed", range(3))
def test_nothing_handed_out_is_written_to_again(name: str, seed: int) -> None:
    """Outputs, dL/din and state dicts, over passes of mixed sizes and modes, with and without backward."""
    build, shape = STACKS[name]
    net, rng = nn.Sequential(*build(), seed=0), np.random.default_rng(seed)
    handed: list[tuple[np.ndarray, np.ndarray]] = []

    def remember(array: np.ndarray) -> None:
        assert not any(np.shares_memory(array, other) for other, _ in handed)
        handed.append((array, array.copy()))

    for _ in range(30):
        net.train(rng.uniform() < 0.6)
        x = rng.normal(size=(rng.choice([2, 3, 5]), *shape[1:])).astype(np.float32)
        out = net(x)
        remember(out)
        if rng.uniform() < 0.7:
            grad = rng.normal(size=out.shape).astype(np.float32)
            kept = grad.copy()
            if (dx := net.backward(grad, inputs=rng.uniform() < 0.7)) is not None:
                remember(dx)
            np.testing.assert_array_equal(grad, kept)
        for values in net.state_dict().values():
            remember(values)
        for p in net.parameters():
            p.data += 0.1
        for array, kept in handed:
            np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_gradient_handed_out_by_a_loss_survives_training(name: str, rng: np.random.Generator) -> None:
    build, (n, features) = NETWORKS[name]
    net, criterion = nn.Sequential(*build(), seed=0), nn.CrossEntropyLoss()
    n_classes = net(np.zeros((n, features))).shape[1]
    for previous, _ in pairwise(range(4)):
        criterion(net(rng.normal(size=(n, features))), rng.integers(n_classes, size=n))
        grad = criterion.backward()
        kept = grad.copy()
        net.backward(grad)
        criterion(net(rng.normal(size=(n, features))), rng.integers(n_classes, size=n))
        criterion.backward()
        np.testing.assert_array_equal(grad, kept, err_msg=str(previous))


@every_stack
def test_backward_serves_its_own_forward_once(name: str, rng: np.random.Generator) -> None:
    build, shape = STACKS[name]
    net = nn.Sequential(*build(), seed=0, dtype=np.float64)
    grad = np.ones_like(nn.Sequential(*build(), seed=0)(np.zeros(shape)))
    with pytest.raises(RuntimeError, match="needs a forward of its own first"):
        net.backward(grad)
    net(rng.normal(size=shape))
    net.backward(grad)
    with pytest.raises(RuntimeError, match="each forward serves one backward"):
        net.backward(grad)


@every_stack
def test_the_inputs_gradient_is_given_only_if_asked_for(name: str, rng: np.random.Generator) -> None:
    build, shape = STACKS[name]
    net = nn.Sequential(*build(), seed=0, dtype=np.float64)
    out = net(rng.normal(size=shape))
    assert net.backward(np.ones_like(out)) is None
    net(rng.normal(size=shape))
    assert net.backward(np.ones_like(out), inputs=True).shape == shape


@pytest.mark.parametrize("first", [lambda: nn.Linear(4, 3), lambda: nn.Conv2d(1, 3, 2)])
def test_the_first_layers_product_is_skipped_unless_asked_for(first: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    net = nn.Sequential(first(), nn.Tanh(), seed=0)
    asked = []
    backward = type(net[0]).backward
    monkeypatch.setattr(
        type(net[0]), "backward", lambda self, *a, **k: asked.append(result := backward(self, *a, **k)) or result
    )
    x = np.ones((2, 4) if isinstance(net[0], nn.Linear) else (2, 1, 3, 3))
    net.backward(np.ones_like(net(x)))
    net.backward(np.ones_like(net(x)), inputs=True)
    assert asked[0] is None
    assert asked[1].shape == x.shape


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_accumulate_until_zero_grad(name: str, rng: np.random.Generator) -> None:
    """As PyTorch's do, over batches of different sizes."""
    build, (n, features) = NETWORKS[name]
    net, twin = pair(*build())
    for records in (n, 3, n):
        x = rng.normal(size=(records, features))
        out = net(x)
        grad = rng.normal(size=out.shape)
        net.backward(grad)
        twin(torch.tensor(x)).backward(torch.tensor(grad))
    for p, q in zip(net.parameters(), twin.parameters(), strict=True):
        assert_close(p.grad, q.grad)
    net.zero_grad()
    assert not any(p.grad.any() for p in net.parameters())


def test_zero_grad_then_reading_or_setting_then_accumulating(rng: np.random.Generator) -> None:
    """Zeros are put off until someone reads them; whoever comes first must see them."""
    net, x, grad = nn.Sequential(nn.Linear(3, 2), dtype=np.float64), rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    for prepare in (lambda p: p.grad, lambda p: setattr(p, "grad", np.zeros(p.shape)), lambda p: p.zero_grad()):
        net(x)
        net.backward(grad)
        net.zero_grad()
        for p in net.parameters():
            prepare(p)
        net(x)
        net.backward(grad)
        assert_close(net[0].weight.grad, grad.T @ x)
        assert_close(net[0].bias.grad, grad.sum(axis=0))
    net.zero_grad()
    net[0].weight.grad += 1
    np.testing.assert_array_equal(net[0].weight.grad, np.ones((2, 3)))
    net(x)
    net.backward(grad)
    assert_close(net[0].weight.grad, 1 + grad.T @ x)


def test_images_of_another_size_with_an_output_of_the_same_size(rng: np.random.Generator) -> None:
    """Arrays that are used again must not be mixed up: 4 x 4 and 5 x 5 images are both pooled to 2 x 2."""
    net, twin = pair(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))
    for side in (4, 5, 4, 5, 5):
        net.zero_grad(), twin.zero_grad()
        assert_twins(net, twin, rng.normal(size=(2, 1, side, side)))


def test_a_forward_in_between_counts(rng: np.random.Generator) -> None:
    """Backward belongs to the last forward, of whichever mode and size; PyTorch's twin forgets the others."""
    net, twin = pair(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2))
    net(rng.normal(size=(5, 3)))
    net.eval()(rng.normal(size=(5, 3)))
    net.train()
    twin.load_state_dict({key: torch.tensor(values) for key, values in net.state_dict().items()})
    assert_twins(net, twin, rng.normal(size=(5, 3)))
    net(rng.normal(size=(5, 3)))
    net(rng.normal(size=(6, 3)))
    with pytest.raises(ValueError, match="must have the output's shape"):
        net.backward(np.ones((5, 2)))


@pytest.mark.parametrize("name", NETWORKS)
def test_memory_order_and_protection_of_inputs_do_not_matter(name: str, rng: np.random.Generator) -> None:
    build, (n, features) = NETWORKS[name]
    net, twin = pair(*build())
    plain = rng.normal(size=(n, features))
    big = np.zeros((2 * n, 3 * features))
    big[::2, ::3] = plain
    readonly = plain.copy()
    readonly.flags.writeable = False
    for x in (plain, np.asfortranarray(plain), big[::2, ::3], plain[::-1][::-1], readonly, plain.tolist()):
        net.zero_grad(), twin.zero_grad()
        kept = np.array(x)
        twin.load_state_dict({key: torch.tensor(values) for key, values in net.state_dict().items()})
        given_x = torch.tensor(plain, requires_grad=True)
        out, expected = net(x), twin(given_x)
        grad = np.asfortranarray(rng.normal(size=out.shape))
        grad.flags.writeable = False
        expected.backward(torch.tensor(grad.copy()))
        assert_close(out, expected)
        assert_close(net.backward(grad, inputs=True), given_x.grad)
        for p, q in zip(net.parameters(), twin.parameters(), strict=True):
            assert_close(p.grad, q.grad)
        np.testing.assert_array_equal(np.array(x), kept)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_float32_network_takes_float64_and_stays_float32(name: str, rng: np.random.Generator) -> None:
    build, (n, features) = NETWORKS[name]
    net = nn.Sequential(*build(), seed=0)
    twin = twin_of(net)
    x = rng.normal(size=(n, features))
    out, expected = net(x), twin(torch.tensor(x))
    grad = rng.normal(size=out.shape)
    expected.backward(torch.tensor(grad))
    dx = net.backward(grad, inputs=True)
    assert out.dtype == dx.dtype == np.float32
    assert_close(out, expected, 1e-4)
    for p in net.parameters():
        assert p.data.dtype == p.grad.dtype == np.float32
    ours, theirs = (np.concatenate([np.ravel(p.grad) for p in n.parameters()]) for n in (net, twin))
    assert_close(ours, theirs, 1e-4)  # all together: a bias before a normalisation has a gradient of 0
    assert net(rng.integers(3, size=(n, features))).dtype == np.float32
    assert net(torch.tensor(x)).dtype == np.float32


def test_a_layer_belongs_to_one_network() -> None:
    layer = nn.Linear(3, 2)
    nn.Sequential(layer)
    with pytest.raises(ValueError, match=r"layer 1, Linear\(.*\), already belongs to a network"):
        nn.Sequential(nn.Linear(3, 3), layer)
    twice = nn.ReLU()
    with pytest.raises(ValueError, match="layer 1"):
        nn.Sequential(twice, twice)
    with pytest.raises(ValueError, match="at least one layer"):
        nn.Sequential()
    with pytest.raises(ValueError, match="float32 or float64"):
        nn.Sequential(nn.Linear(1, 1), dtype=np.float16)
    for wrong in (nn.Linear, torch.nn.Linear(1, 1), [nn.Linear(1, 1)], None):
        with pytest.raises(TypeError, match="layer 0 must be a layer"):
            nn.Sequential(wrong)


def test_a_refused_network_takes_nothing() -> None:
    layer = nn.Linear(3, 2)
    with pytest.raises(TypeError):
        nn.Sequential(layer, "ReLU")
    nn.Sequential(layer)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_that_were_set_are_not_drawn_again(dtype: type, rng: np.random.Generator) -> None:
    """Nor rounded more than the network's dtype needs; those that were seen stay, too."""
    first, second = nn.Linear(3, 2), nn.Linear(2, 2)
    w = rng.normal(size=(2, 3))
    first.weight.data = w
    seen = second.weight.data.copy()
    net = nn.Sequential(first, second, seed=0, dtype=dtype)
    np.testing.assert_array_equal(net[0].weight.data, w.astype(dtype))
    np.testing.assert_array_equal(net[1].weight.data, seen.astype(dtype))
    w[:] = 0  # setting copied
    assert net[0].weight.data.all()


@pytest.mark.parametrize("attribute", ["data", "grad"])
def test_setting_checks_the_shape(attribute: str) -> None:
    p = nn.Sequential(nn.Linear(3, 2))[0].weight
    for wrong in (1.0, np.ones(3), np.ones((3, 2)), np.ones((1, 3))):
        with pytest.raises(ValueError, match=r"must have shape \(2, 3\)"):
            setattr(p, attribute, wrong)


@pytest.mark.parametrize("name", NETWORKS)
def test_keys_order_and_shapes_are_pytorchs(name: str) -> None:
    build, _ = NETWORKS[name]
    net = nn.Sequential(*build(), seed=0)
    theirs = twin_of(net).state_dict()
    ours = net.state_dict()
    assert {key: values.shape for key, values in ours.items()} == {key: tuple(t.shape) for key, t in theirs.items()}
    assert list(net.named_parameters()) == [key for key, _ in twin_of(net).named_parameters()]
    assert [p.shape for p in net.parameters()] == [tuple(p.shape) for p in twin_of(net).parameters()]


def test_state_dicts_go_both_ways(rng: np.random.Generator) -> None:
    build, (n, features) = NETWORKS["normalised"]
    net, _ = pair(*build(), seed=3)
    net(rng.normal(size=(n, features)))
    other = torch.nn.Sequential(*twin_of(net).children()).double()
    other.load_state_dict({key: torch.from_numpy(values) for key, values in net.state_dict().items()}, strict=True)
    again = nn.Sequential(*build(), dtype=np.float64)
    again.load_state_dict(other.state_dict())
    for key, values in net.state_dict().items():
        np.testing.assert_array_equal(again.state_dict()[key], values)


def test_a_bad_state_dict_changes_nothing() -> None:
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), seed=0)
    kept = net.state_dict()
    good = {key: np.zeros_like(values) for key, values in kept.items()}
    missing = {key: values for key, values in good.items() if key != "0.bias"}
    bad: list[tuple[Any, str]] = [
        (missing, r"missing \['0.bias'\]"),
        (good | {"2.weight": np.ones(1)}, r"unexpected \['2.weight'\]"),
        (good | {"1.running_var": np.ones(3)}, r"'1.running_var' must have shape \(2,\); got \(3,\)"),
        (good | {"0.bias": np.array(0.0)}, "'0.bias' must have shape"),
        (good | {"1.running_var": np.array(["a", "b"])}, "'1.running_var' must be numbers"),
        (good | {"1.running_var": np.array([1j, 2])}, "'1.running_var' must be numbers"),
    ]
    for state, message in bad:
        with pytest.raises(ValueError, match=message):
            net.load_state_dict(state)
        for key, values in net.state_dict().items():
            np.testing.assert_array_equal(values, kept[key])


@pytest.mark.parametrize("make", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_is_a_network_of_its_own(make: Any, rng: np.random.Generator) -> None:
    from chainrule import optim

    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2), seed=0, dtype=np.float64)
    x = rng.normal(size=(5, 3))
    net(x)
    other, kept = make(net), net.state_dict()
    np.testing.assert_array_equal(other.eval()(x), net.eval()(x))
    other.train(), net.train()
    optimizer = optim.SGD(other.parameters(), lr=0.1)
    other(x)
    other.backward(np.ones((5, 2)))
    optimizer.step()
    for key, values in net.state_dict().items():
        np.testing.assert_array_equal(values, kept[key])
    assert (other.state_dict()["0.bias"] != kept["0.bias"]).any() or (
        other.state_dict()["3.bias"] != kept["3.bias"]
    ).any()
    twin = twin_of(net)
    twin.zero_grad()
    assert_twins(net, twin, x)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(name: str, rng: np.random.Generator) -> None:
    build, (n, features) = NETWORKS[name]
    x = rng.normal(size=(n, features))

    def run(seed: int | None) -> bytes:
        net = nn.Sequential(nn.Dropout(0.3), *build(), seed=seed)
        return net(x).tobytes() + b"".join(p.data.tobytes() for p in net.parameters())

    assert run(5) == run(5)
    assert len({run(5), run(6), run(None), run(None)}) == 4


@pytest.mark.parametrize("bad", [np.ones((2, 4), complex), np.array([["a"] * 4]), [[None] * 4], "abcd", None, {}])
def test_inputs_that_are_no_numbers_are_refused(bad: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        nn.Sequential(nn.Linear(4, 3))(bad)


@given(shape=st.lists(st.integers(0, 5), max_size=4).map(tuple))
def test_a_gradient_of_any_wrong_shape_is_refused(shape: tuple[int, ...]) -> None:
    net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), seed=0)
    net(np.ones((5, 4)))
    if shape == (5, 3):
        net.backward(np.ones(shape))
    else:
        with pytest.raises(ValueError, match=r"must have the output's shape \(5, 3\)"):
            net.backward(np.ones(shape))


def test_a_gradient_may_be_a_list() -> None:
    net = nn.Sequential(nn.Linear(2, 1), seed=0)
    net([[1.0, 2.0]])
    net.backward([[1.0]])
    np.testing.assert_array_equal(net[0].weight.grad, [[1.0, 2.0]])
