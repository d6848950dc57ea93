"""CIFAR-10 in the layout that torchvision reads: pickled batches, opened only if they are the published ones."""

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.readers import DataError

FOLDER = "cifar-10-batches-py"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

# MD5 of the published files, as torchvision has them.
BATCHES = {
    "train": {
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    },
    "test": {"test_batch": "40351d587109b95175f43aff81a1287e"},
}


class _ArraysOnly(pickle.Unpickler):
    """Refuses whatever an array isn't made of: a pickle could otherwise run any code."""

    ALLOWED = ("_reconstruct", "ndarray", "dtype", "encode")

    def find_class(self, module: str, name: str) -> Any:
        if name in self.ALLOWED and module.split(".")[0] in ("numpy", "_codecs"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")


def read_batches(folder: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return images of shape (N, 3, 32, 32) and labels of shape (N,) of ``part``, ``"train"`` or ``"test"``.

    Raises
    ------
    DataError
        If a file is missing, or is not the published one.
    """
    images, labels = [], []
    for name, checksum in BATCHES[part].items():
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            raise DataError(f"{folder / name} can't be read: {error.strerror or error}") from error
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != checksum:
            raise DataError(f"{folder / name} is not the published file: its checksum differs. Delete {folder}")
        try:
            batch = _ArraysOnly(io.BytesIO(content), encoding="latin1").load()
            images.append(np.asarray(batch["data"], dtype=np.uint8).reshape(-1, 3, 32, 32))
            labels.append(np.asarray(batch["labels"]))
        except (pickle.UnpicklingError, KeyError, ValueError, TypeError) as error:
            raise DataError(f"{folder / name} can't be read: {error}") from error
    return np.concatenate(images), np.concatenate(labels)
