"""MNIST, Fashion-MNIST and CIFAR-10 from files that torchvision's own classes refuse; and anyone's images by class."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from PIL import Image
from torchvision.datasets import VisionDataset

from chainrule.data.images import decode, holds_images
from chainrule.data.readers import IDX_NAMES, DataError, MissingDataError, find_idx, read_idx
from chainrule.data.registry import DIGITS, FASHION

Transform = Callable[[Any], Any] | None


class ClassImages(VisionDataset):  # type: ignore[misc]  # torchvision has no type hints
    """Images in a folder or a tar archive, each in a folder named by its class: ``train/cat/001.png``.

    It is used like torchvision's own sets: item ``i`` is a PIL image and its class number, each after its transform.
    The images are decoded once, and held in memory.

    Parameters
    ----------
    root : path
        The folder or the archive.
    train : bool
        The images in ``train/``, or those in ``test/``; all of them where there are no such folders.
    transform, target_transform : callable, optional
        What is done to each image and to each class number.

    Attributes
    ----------
    data : uint8 tensor of shape (N, H, W) or (N, H, W, 3)
    targets : int64 tensor of shape (N,)
    classes : list of str

    Raises
    ------
    DataError
        If there are no images, or one is damaged or of another size.
    """

    def __init__(
        self, root: str | Path, train: bool = True, transform: Any = None, target_transform: Any = None
    ) -> None:
        super().__init__(Path(root).expanduser(), transform=transform, target_transform=target_transform)
        self.train = train
        images, labels, classes = self._read()
        self.data, self.targets = torch.from_numpy(images.copy()), torch.from_numpy(labels.astype(np.int64))
        self.classes = list(classes)
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}

    def _read(self) -> tuple[Any, Any, tuple[str, ...]]:
        parts, classes = decode(self.root)
        part = "" if set(parts) == {""} else "train" if self.train else "test"
        if part not in parts:
            raise DataError(f"{self.root} has no folder {part!r} of images")
        return *parts[part], classes

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image: Any = Image.fromarray(self.data[index].numpy())
        target: Any = int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        """Say which part this is, as torchvision's own sets do."""
        return f"Split: {'Train' if self.train else 'Test'}"


class MNIST(ClassImages):
    """MNIST from IDX files, gzipped or not, in ``root/MNIST/raw``; torchvision's class needs them unzipped."""

    folder: ClassVar[str] = "MNIST"
    names: ClassVar[tuple[str, ...]] = DIGITS

    def _read(self) -> tuple[Any, Any, tuple[str, ...]]:
        raw = Path(self.root) / self.folder / "raw"
        images, labels = (read_idx(find_idx(raw, name)) for name in IDX_NAMES["train" if self.train else "test"])
        if images.ndim != 3 or labels.shape != images.shape[:1] or labels.max(initial=0) >= len(self.names):
            raise DataError(f"{raw}: images of shape {images.shape} do not go with labels of shape {labels.shape}")
        return images, labels, self.names


class FashionMNIST(MNIST):
    """Fashion-MNIST from IDX files, gzipped or not, in ``root/FashionMNIST/raw``."""

    folder = "FashionMNIST"
    names = FASHION


class CIFAR10(ClassImages):
    """CIFAR-10 from images by class, in ``root/cifar10*``. As JPEG files they are not the genuine bytes."""

    def __init__(
        self, root: str | Path, train: bool = True, transform: Any = None, target_transform: Any = None
    ) -> None:
        for path in sorted(Path(root).expanduser().glob("cifar*10*")):
            if holds_images(path) and path.name != "cifar-10-batches-py":
                super().__init__(path, train, transform, target_transform)
                return
        raise MissingDataError(f"{root} has no folder or archive of images called cifar10*")
