"""Checkpoints: the whole state of a run in one safetensors file, written so that a crash can't damage it."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.nn.files import write_whole
from chainrule.training.callbacks import Callback

if TYPE_CHECKING:
    from chainrule.training.run import Run


class Checkpoint(Callback):
    """Save the run after each epoch, and go on from there when the same training is started again.

    The file holds weights, optimizer, history, callbacks and the random generators: a run that was killed at
    any moment and started again ends with the very bits of one that was not. `fit` saves after its other
    callbacks, wherever this one stands among them.

    Parameters
    ----------
    path : str or Path
        The file; it appears, and is replaced, in one step of the file system.
    every : int
        How many epochs between saves.
    resume : bool
        Whether to go on from the file, if it is there.
    """

    def __init__(self, path: str | Path, every: int = 1, resume: bool = True) -> None:
        if every < 1:
            raise ValueError(f"every must be at least 1; got {every}")
        self.path, self.every, self.resume = Path(path), every, resume

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.path)!r}, every={self.every})"

    def train_begin(self, run: "Run") -> None:
        """Load the file, if it is there.

        Raises
        ------
        ValueError
            If it is damaged, or of another network or optimizer.
        """
        if self.resume and self.path.exists():
            state = read(self.path)
            try:
                run.load_state(state)
            except (KeyError, TypeError, IndexError) as error:
                raise ValueError(f"{self.path} is no checkpoint of this run: {error!r}") from error
            except ValueError as error:
                raise ValueError(f"{self.path} is no checkpoint of this run: {error}") from error

    def epoch_end(self, run: "Run") -> None:
        if run.epoch % self.every == 0 or run.stop:
            write(self.path, run.state())

    def train_end(self, run: "Run") -> None:
        """Leave the file as it is: it is of the last epoch, before callbacks restored anything."""


def write(path: Path, state: dict[str, Any]) -> None:
    """Write a tree of dicts, lists, numbers, strings and arrays to ``path``, whole or not at all."""
    from safetensors.numpy import save

    arrays: dict[str, Any] = {}
    tree = _take_arrays(state, arrays)
    content = json.dumps({"run": tree, "sha256": _digest(tree, arrays)})
    write_whole(path, save(arrays, metadata={"checkpoint": content}))


def read(path: Path) -> dict[str, Any]:
    """Read what `write` wrote; nothing in the file is ever executed.

    Raises
    ------
    ValueError
        If the file is damaged or not a checkpoint.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
            content = json.loads((file.metadata() or {})["checkpoint"])
        tree = content["run"]
        if content["sha256"] != _digest(tree, arrays):
            raise ValueError(f"{path} is damaged, or not a checkpoint: its checksum differs")
        state: dict[str, Any] = _put_arrays(tree, arrays)
    except (SafetensorError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is damaged, or not a checkpoint: {error!r}") from error
    return state


def _digest(tree: Any, arrays: dict[str, Any]) -> str:
    """Return the SHA-256 of all values, so that damage to any shows."""
    digest = hashlib.sha256(json.dumps(tree, sort_keys=True).encode())
    for key in sorted(arrays):
        digest.update(repr((key, arrays[key].dtype.str, arrays[key].shape)).encode())
        digest.update(arrays[key].tobytes())
    return digest.hexdigest()


def _take_arrays(tree: Any, arrays: dict[str, Any]) -> Any:
    """Move the arrays of ``tree`` into ``arrays``, and return the tree with their keys in their places."""
    if isinstance(tree, np.ndarray):
        key = str(len(arrays))
        arrays[key] = np.asarray(tree, order="C")
        return {"array": key}
    if isinstance(tree, dict):
        return {"dict": {key: _take_arrays(value, arrays) for key, value in tree.items()}}
    if isinstance(tree, list):
        return [_take_arrays(value, arrays) for value in tree]
    return tree


def _put_arrays(tree: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(tree, list):
        return [_put_arrays(value, arrays) for value in tree]
    if isinstance(tree, dict):
        if "array" in tree:
            return arrays[tree["array"]]
        return {key: _put_arrays(value, arrays) for key, value in tree["dict"].items()}
    return tree
