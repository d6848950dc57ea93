"""Networks in files: safetensors, with the architecture in the metadata. PyTorch reads the same file."""

import json
from pathlib import Path

import numpy as np

from chainrule.nn.layer import LAYERS
from chainrule.nn.network import Sequential


def save(net: Sequential, path: str | Path) -> None:
    """Write a network's weights and architecture to ``path``, a safetensors file.

    ``safetensors.torch.load_file(path)`` gives what ``load_state_dict`` of the PyTorch twin takes.
    """
    from safetensors.numpy import save_file

    layers = [{"layer": type(layer).__name__, **layer.config()} for layer in net.layers]
    # safetensors writes an array's memory as it lies: without this, transposed ones would be saved wrongly.
    tensors = {key: np.asarray(values, order="C") for key, values in net.state_dict().items()}
    save_file(tensors, str(path), metadata={"chainrule": json.dumps(layers), "dtype": str(net.dtype)})


def load(path: str | Path) -> Sequential:
    """Build the network that `save` wrote to ``path``. Nothing in the file is ever executed.

    Raises
    ------
    ValueError
        If the file is damaged, or was not written by `save`.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            metadata = file.metadata() or {}
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise ValueError(f"{path} is not a readable safetensors file: {error}") from error
    if "chainrule" not in metadata:
        raise ValueError(f"{path} holds weights, but no chainrule network: its metadata has no architecture")
    try:
        described = json.loads(metadata["chainrule"])
        layers = [LAYERS[spec.pop("layer")](**spec) for spec in described]
        net = Sequential(*layers, dtype=metadata.get("dtype", "float32"))
        net.load_state_dict(state)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{path} describes no network that chainrule can build: {error}") from error
    return net
