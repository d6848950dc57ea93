"""Networks in files: safetensors, with the architecture in the metadata. PyTorch reads the same file."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.layer import LAYERS
from chainrule.nn.network import Sequential


def save(net: Sequential, path: str | Path) -> None:
    """Write a network's weights and architecture to ``path``, a safetensors file, whole or not at all.

    ``safetensors.torch.load_file(path)`` gives what ``load_state_dict`` of the PyTorch twin takes.
    """
    from safetensors.numpy import save

    layers = json.dumps([{"layer": type(layer).__name__, **layer.config()} for layer in net.layers])
    # safetensors writes an array's memory as it lies: without this, transposed ones would be saved wrongly.
    tensors = {key: np.asarray(values, order="C") for key, values in net.state_dict().items()}
    metadata = {"chainrule": layers, "dtype": str(net.dtype)}
    write_whole(path, save(tensors, metadata=metadata | {"sha256": _digest(metadata, tensors)}))


def load(path: str | Path) -> Sequential:
    """Build the network that `save` wrote to ``path``. Nothing in the file is ever executed.

    Raises
    ------
    ValueError
        If the file is damaged, or was not written by `save`.
    OSError
        If there is no such file.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            metadata = file.metadata() or {}
            if "chainrule" not in metadata:
                raise ValueError(f"{path} holds weights, but no chainrule network: its metadata has no architecture")
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, TypeError) as error:
        raise ValueError(f"{path} is not a readable safetensors file: {error}") from error
    if metadata.get("sha256") != _digest(metadata, state):
        raise ValueError(f"{path} is damaged: its content is not what was saved (the checksum differs)")
    try:
        layers = [LAYERS[spec.pop("layer")](**spec) for spec in json.loads(metadata["chainrule"])]
        size, held = sum(p.size for x in layers for p in x.parameters()), sum(a.size for a in state.values())
        if size > held:  # before that much is allocated
            raise ValueError(f"its layers have {size} weights, but it holds {held} numbers")
        net = Sequential(*layers, dtype=metadata["dtype"])
        net.load_state_dict(state)
    except Exception as error:  # a description can be wrong in more ways than layers have errors
        raise ValueError(f"{path} describes no network that chainrule can build: {error}") from error
    return net


def write_whole(path: str | Path, content: bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all: a crash leaves the file that was there."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _digest(metadata: dict[str, str], tensors: dict[str, NDArray[Any]]) -> str:
    """Return the SHA-256 of the architecture and all values, so that damage to either shows."""
    digest = hashlib.sha256(repr((metadata.get("chainrule"), metadata.get("dtype"))).encode())
    for key in sorted(tensors):
        digest.update(repr((key, tensors[key].dtype.str, tensors[key].shape)).encode())
        digest.update(tensors[key].tobytes())
    return digest.hexdigest()
