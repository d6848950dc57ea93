"""PyTorch twins of our objects, in float64, and how ours are held against them.

A twin is found by name: ours are PyTorch's. What is new in a registry and has no twin of its name is
still held against finite differences.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from chainrule import nn

Array = NDArray[Any]

EXACT = 1e-10  # relative, to PyTorch in float64
NUMERIC = 1e-6  # relative, to central differences
FLOOR = 1e-13  # absolute: what rounding leaves where the right value is 0

RENAMED = {"GELUTanh": lambda: torch.nn.GELU("tanh")}


def difference(ours: Any, theirs: Any) -> float:
    """Return max|a - b| / max|b|, 0 below the floor; shapes must be the same, and NaN counts as far off."""
    a, b = (np.asarray(v.detach() if isinstance(v, torch.Tensor) else v, dtype=np.float64) for v in (ours, theirs))
    assert a.shape == b.shape, f"shapes {a.shape} and {b.shape}"
    if a.size == 0:
        return 0.0
    far = np.abs(a - b).max()
    if np.isnan(far):
        return np.inf
    return 0.0 if far <= FLOOR else float(far / np.abs(b).max()) if np.abs(b).max() else np.inf


def assert_close(ours: Any, theirs: Any, bound: float = EXACT, what: str = "") -> None:
    error = difference(ours, theirs)
    assert error <= bound, f"{what}: relative difference {error:.1e}, allowed {bound:.0e}\n{ours}\n{theirs}"


def has_twin(name: str) -> bool:
    return name in RENAMED or hasattr(torch.nn, name)


def twin_layer(layer: nn.Layer) -> torch.nn.Module:
    name, arguments = type(layer).__name__, layer.config()
    arguments.pop("init", None)
    return RENAMED[name]() if name in RENAMED else getattr(torch.nn, name)(**arguments)


def twin_of(net: nn.Sequential) -> torch.nn.Sequential:
    """Return the PyTorch network of this architecture, with these weights, in float64."""
    twin = torch.nn.Sequential(*map(twin_layer, net.layers)).double()
    twin.load_state_dict({key: torch.tensor(values) for key, values in net.state_dict().items()})
    return twin.train(net.training)


def pair(*layers: nn.Layer, seed: int = 0) -> tuple[nn.Sequential, torch.nn.Sequential]:
    """Return our network in float64, and its twin, whose random weights it took over."""
    net = nn.Sequential(*layers, seed=seed, dtype=np.float64)
    twin = twin_of(net)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in twin.parameters():
            p.copy_(torch.randn(p.shape, generator=generator, dtype=torch.float64))
    net.load_state_dict(twin.state_dict())
    return net, twin


def assert_twins(net: nn.Sequential, twin: torch.nn.Sequential, x: Array, grad_seed: int = 1) -> None:
    """Hold output, dL/din, all parameters' gradients and all buffers of one pass against the twin's."""
    given = torch.tensor(x, requires_grad=True)
    expected = twin(given)
    out = net(x)
    assert_close(out, expected, what="output")
    grad = np.random.default_rng(grad_seed).normal(size=out.shape)
    expected.backward(torch.tensor(grad))
    assert_close(net.backward(grad, inputs=True), given.grad, what="dL/din")
    theirs = dict(twin.named_parameters())
    assert list(net.named_parameters()) == list(theirs)
    for key, p in net.named_parameters().items():
        assert_close(p.grad, theirs[key].grad, what=f"gradient of {key}")
    for key, values in twin.named_buffers():
        assert_close(net.named_buffers()[key], values, what=key)


def central(f: Any, w: Array, h: float = 1e-5) -> Array:
    """Return df/dw by central differences; the tests' own, so that it can judge `gradcheck`."""
    slope = np.empty(w.shape)
    for at in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[at] += h
        down[at] -= h
        slope[at] = (f(up) - f(down)) / (2 * h)
    return slope


def assert_differences(net: nn.Sequential, x: Array, grad_seed: int = 1) -> None:
    """Hold dL/din and all parameters' gradients against finite differences of L = Σ c · net(x)."""
    c = np.random.default_rng(grad_seed).normal(size=net(x).shape)

    def loss(x: Array) -> float:
        return float((c * net(x)).sum())

    def loss_at(p: nn.Parameter, values: Array) -> float:
        kept = p.data.copy()
        p.data = values
        result = loss(x)
        p.data = kept
        return result

    net.zero_grad()
    net(x)
    dx = net.backward(c, inputs=True)
    gradients = {key: p.grad.copy() for key, p in net.named_parameters().items()}
    assert_close(dx, central(loss, x), NUMERIC, "dL/din")
    for key, p in net.named_parameters().items():
        expected = central(lambda values, p=p: loss_at(p, values), p.data.copy())
        assert_close(gradients[key], expected, NUMERIC, key)


def away_from_kinks(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return values all different by at least 1e-2, none nearer to 0 than 5e-3: no step of 1e-5 crosses a kink."""
    size = int(np.prod(shape))
    return (rng.permutation(size) - size / 2 + rng.uniform(0.25, 0.75, size=size)).reshape(shape) * 0.02
