"""Images for lesson 3, as torchvision keeps them: the bundled subset, and the full sets where they are to be had."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from torchvision.datasets import CIFAR10, MNIST, FashionMNIST, VisionDataset

from chainrule.data.readers import DataError, MissingDataError
from chainrule.data.readers import root as data_root
from chainrule.pytorch import images
from chainrule.registry import Registry

Transform = Callable[[Any], Any]


class FashionSmall(images.ClassImages):
    """2,000 training and 500 test images of Fashion-MNIST, shipped with chainrule.

    It is used like ``torchvision.datasets.FashionMNIST``: item ``i`` is a PIL image of 28 x 28 grey pixels and
    its class number, each after its transform.

    Parameters
    ----------
    root : path, optional
        A folder that holds ``fashion-small.npz``; the package's own if not given.
    train : bool
        The training images, or the test images.
    transform, target_transform : callable, optional
        What is done to each image and to each class number.

    Attributes
    ----------
    data : uint8 tensor of shape (N, 28, 28)
    targets : int64 tensor of shape (N,)
    classes : list of str

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """

    classes = FashionMNIST.classes

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        folder = Path(str(files("chainrule.data") / "bundled")) if root is None else Path(root).expanduser()
        super().__init__(folder, train, transform, target_transform)

    def _read(self) -> tuple[Any, Any, tuple[str, ...]]:
        path, part = Path(self.root) / "fashion-small.npz", "train" if self.train else "test"
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return arrays[f"x_{part}"], arrays[f"y_{part}"], tuple(FashionMNIST.classes)
        except FileNotFoundError:
            raise DataError(f"{path} is not there; leave root out to use the file that chainrule ships") from None
        except Exception as error:  # a zip archive can be damaged in more ways than its reader has errors
            raise DataError(f"{path} can't be read: {error}") from error


# By name: torchvision's class, where it looks, and ours for the files that it refuses.
IMAGES: Registry[tuple[type[VisionDataset], str, type[VisionDataset]]] = Registry("image dataset")
IMAGES["mnist"] = (MNIST, "MNIST/raw/*-ubyte", images.MNIST)
IMAGES["fashion-mnist"] = (FashionMNIST, "FashionMNIST/raw/*-ubyte", images.FashionMNIST)
IMAGES["cifar10"] = (CIFAR10, "cifar-10-batches-py", images.CIFAR10)
IMAGES["fashion-small"] = (FashionSmall, "fashion-small.npz", FashionSmall)


def load_images(
    name: str,
    transform: Transform | None = None,
    root: str | Path | None = None,
    download: bool = False,
) -> tuple[VisionDataset, VisionDataset]:
    """Return the training set and the test set of ``name``.

    A full set is read from the data root by torchvision's own class, or by ours from gzipped files or images by class
    (see `chainrule.pytorch.images`). If it isn't there and can't be downloaded, or
    may not be, a notice is printed, and what you get is the bundled `FashionSmall`.

    Parameters
    ----------
    name : str
        ``"fashion-small"`` (bundled), ``"fashion-mnist"``, ``"mnist"`` or ``"cifar10"``.
    transform : callable, optional
        What is done to each image.
    root : path, optional
        The data root, laid out as torchvision's; else ``$CHAINRULE_DATA``, else the platform's cache folder. It may
        be read-only if nothing is downloaded.
    download : bool
        Whether torchvision may download what is missing into the root.

    Raises
    ------
    ValueError
        If the name is unknown.
    DataError
        If files are there, but damaged.
    """
    kind, looked_for, ours = IMAGES[name]
    if kind is FashionSmall:
        return FashionSmall(train=True, transform=transform), FashionSmall(train=False, transform=transform)
    folder = data_root(root)
    try:
        return _read(kind, folder, transform)
    except FileNotFoundError:
        reason = "downloading is off (download=False)"
    try:
        return ours(folder, True, transform), ours(folder, False, transform)
    except MissingDataError:
        pass
    if download:
        try:
            for train in (True, False):
                kind(str(folder), train=train, download=True)
        except (OSError, RuntimeError) as error:
            reason = f"downloading it failed: {error}"
        else:
            return _read(kind, folder, transform)
    print(
        f"{name} is not there: looked for {folder / looked_for}; {reason}.\n"
        "Going on with the bundled fashion-small: 2,000 + 500 images of Fashion-MNIST."
    )
    return load_images("fashion-small", transform)


def _read(kind: Any, folder: Path, transform: Transform | None) -> tuple[VisionDataset, VisionDataset]:
    """Read both parts with torchvision's class; FileNotFoundError if they aren't there."""
    try:
        return tuple(kind(str(folder), train=train, transform=transform, download=False) for train in (True, False))
    except Exception as error:  # what torchvision's readers raise on a damaged file is not documented
        if isinstance(error, RuntimeError) and str(error).startswith("Dataset not found"):
            raise FileNotFoundError(folder) from error
        raise DataError(f"{kind.__name__} under {folder} can't be read; is a file damaged? {error}") from error
