"""Saved networks: PyTorch reads them, we read them back, and whatever else is in a file gives a clear error."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from safetensors.torch import load_file as load_tensors
from safetensors.torch import save_file as save_tensors

from chainrule import nn
from test_layers import EXAMPLES, NETWORKS
from twins import assert_close, twin_layer

CASES = NETWORKS | {name: ((lambda build=build: [build()]), shape) for name, (build, shape) in EXAMPLES.items()}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of a network with running statistics."""
    path = tmp_path_factory.mktemp("saved") / "net.safetensors"
    build, (n, features) = NETWORKS["normalised"]
    net = nn.Sequential(*build(), seed=0)
    net(np.random.default_rng(0).normal(size=(n, features)))
    nn.save(net, path)
    return path


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pytorch_loads_the_file_and_so_do_we(name: str, dtype: type, tmp_path: Path) -> None:
    build, shape = CASES[name]
    x, path = np.random.default_rng(0).normal(size=shape).astype(dtype), tmp_path / "net.safetensors"
    net = nn.Sequential(*build(), seed=0, dtype=dtype)
    for p in net.parameters():
        p.data = np.asfortranarray(np.random.default_rng(1).normal(size=p.shape))
    net(x)
    net.eval()
    nn.save(net, str(path))

    twin = torch.nn.Sequential(*map(twin_layer, net.layers)).to(torch.from_numpy(x).dtype)
    twin.load_state_dict(load_tensors(path), strict=True)
    assert_close(net(x), twin.eval()(torch.tensor(x)), 1e-10 if dtype == np.float64 else 1e-5)

    again = nn.load(path)
    assert again.dtype == dtype
    assert repr(again) == repr(net)
    np.testing.assert_array_equal(again.eval()(x), net(x))
    assert again.training is False
    assert list(tmp_path.iterdir()) == [path]  # nothing is left beside it


@pytest.mark.parametrize("name", list(nn.ACTIVATIONS))
def test_every_activation_is_saved(name: str, tmp_path: Path) -> None:
    nn.save(nn.Sequential(nn.Linear(2, 2), nn.ACTIVATIONS[name]()), tmp_path / "net")
    assert type(nn.load(tmp_path / "net")[1]) is nn.ACTIVATIONS[name]


def test_layers_keep_their_arguments(tmp_path: Path) -> None:
    layers = [
        nn.Unflatten(1, (2, 6, 5)),
        nn.Conv2d(2, 3, 2, stride=2, padding=1, bias=False, init="he_normal"),
        nn.MaxPool2d(2, stride=1),
        nn.AvgPool2d(2, 1),
        nn.Flatten(),
        nn.Dropout(0.25),
        nn.Linear(6, 4, bias=False, init="xavier_uniform"),
        nn.BatchNorm1d(4, eps=0.01, momentum=0.3),
        nn.LayerNorm(4, eps=0.02),
    ]
    net = nn.Sequential(*layers)
    nn.save(net, tmp_path / "net")
    assert repr(nn.load(tmp_path / "net")) == repr(net)
    assert nn.load(tmp_path / "net")(np.ones((3, 60))).shape == (3, 4)


@given(data=st.data())
def test_a_flipped_byte_is_found(saved: Path, data: st.DataObject) -> None:
    """Wherever it is: in the header's length, in the header, in the weights."""
    content = bytearray(saved.read_bytes())
    at = data.draw(st.integers(0, 15) | st.integers(0, len(content) - 1), label="at")
    content[at] ^= data.draw(st.integers(1, 255), label="flip")
    other = saved.with_name("flipped")
    other.write_bytes(content)
    kept = nn.load(saved)
    try:
        net = nn.load(other)
    except ValueError as error:
        message = str(error)
    else:  # a byte that means nothing, such as white space at the header's end
        for key, values in kept.state_dict().items():
            np.testing.assert_array_equal(net.state_dict()[key], values)
        assert repr(net) == repr(kept)
        return
    assert message.startswith(str(other))


@given(data=st.data())
def test_a_truncated_or_longer_file_is_found(saved: Path, data: st.DataObject) -> None:
    content = saved.read_bytes()
    length = data.draw(st.integers(0, len(content) - 1) | st.integers(len(content) + 1, len(content) + 9))
    other = saved.with_name("cut")
    other.write_bytes((content + b"\0" * 9)[:length])
    with pytest.raises(ValueError, match="cut is"):
        nn.load(other)


@given(content=st.binary(max_size=200))
def test_any_bytes_are_refused(saved: Path, content: bytes) -> None:
    other = saved.with_name("any")
    other.write_bytes(content)
    with pytest.raises(ValueError, match="any is not a readable safetensors file"):
        nn.load(other)


EXECUTED = []


class Malicious:
    """What its pickle does is seen in `EXECUTED`."""

    def __reduce__(self) -> Any:
        return EXECUTED.append, ("code from a file",)


def test_pickles_are_refused_and_never_executed(tmp_path: Path) -> None:
    (tmp_path / "net.pkl").write_bytes(pickle.dumps(Malicious()))
    torch.save(torch.nn.Linear(2, 2).state_dict(), tmp_path / "net.pt")
    np.savez(tmp_path / "net.npz", **{"0.weight": np.array([Malicious()], object)})
    EXECUTED.clear()  # NumPy may have tried it out
    for path in tmp_path.iterdir():
        with pytest.raises(ValueError, match="is not a readable safetensors file"):
            nn.load(path)
    assert EXECUTED == []


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    for dtype in (torch.float32, torch.bfloat16):
        save_tensors({"0.weight": torch.ones(2, 3, dtype=dtype), "0.bias": torch.ones(2, dtype=dtype)}, path)
        with pytest.raises(ValueError, match="no chainrule network: its metadata has no architecture"):
            nn.load(path)


LINEAR = {"layer": "Linear", "in_features": 3, "out_features": 2}
BAD_ARCHITECTURES = [
    "",
    "[",
    "[" * 100_000,
    "null",
    "5",
    "[]",
    '["Linear"]',
    "[{}]",
    [LINEAR | {"layer": "Linaer"}],
    [LINEAR | {"layer": "__import__"}],
    [LINEAR | {"layer": ["Linear"]}],
    [LINEAR | {"layer": "Activation"}, {"layer": "ReLU", "weight": 1}],
    [LINEAR | {"in_features": 4}],
    [LINEAR | {"in_features": -3}],
    [LINEAR | {"in_features": 3.0}],
    [LINEAR | {"in_features": 10**13}],
    [LINEAR | {"in_features": 10**30}],
    [LINEAR | {"bias": False}],
    [LINEAR | {"init": "os.system"}],
    [LINEAR, LINEAR],
    [LINEAR, {"layer": "Dropout", "p": "x"}],
    [LINEAR, {"layer": "BatchNorm1d", "num_features": 10**14}],
]


@pytest.mark.parametrize("architecture", BAD_ARCHITECTURES, ids=lambda a: json.dumps(a)[:40])
@pytest.mark.parametrize("checksum", ["right", "wrong"])
def test_a_wrong_architecture_is_refused(architecture: Any, checksum: str, tmp_path: Path) -> None:
    """Also where someone took the trouble of putting a right checksum on it."""
    path = tmp_path / "net.safetensors"
    text = architecture if isinstance(architecture, str) else json.dumps(architecture)
    tensors = {"0.weight": np.ones((2, 3), np.float32), "0.bias": np.ones(2, np.float32)}
    metadata = {"chainrule": text, "dtype": "float32", "sha256": ""}
    if checksum == "right":
        metadata["sha256"] = nn.files._digest(metadata, tensors)
    save_file(tensors, path, metadata=metadata)
    with pytest.raises(ValueError, match="describes no network" if checksum == "right" else "the checksum differs"):
        nn.load(path)


@pytest.mark.parametrize("dtype", ["float16", "object", "int64", "no dtype", ""])
def test_a_wrong_dtype_is_refused(dtype: str, saved: Path, tmp_path: Path) -> None:
    from safetensors import safe_open

    with safe_open(saved, framework="numpy") as file:
        metadata = file.metadata()
    metadata["dtype"] = dtype
    tensors = load_file(saved)
    metadata["sha256"] = nn.files._digest(metadata, tensors)
    save_file(tensors, tmp_path / "net", metadata=metadata)
    with pytest.raises(ValueError, match="describes no network"):
        nn.load(tmp_path / "net")


def test_paths_that_cannot_be_used_say_so(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.load(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.save(net, tmp_path / "nowhere" / "net")
    with pytest.raises(OSError, match=r".+"):
        nn.load(tmp_path)


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    path = tmp_path / "net"
    nn.save(nn.Sequential(nn.Linear(2, 2), seed=0), path)
    kept = path.read_bytes()

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        nn.save(nn.Sequential(nn.Linear(2, 2), seed=1), path)
    assert path.read_bytes() == kept
    assert list(tmp_path.iterdir()) == [path]
