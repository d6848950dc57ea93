"""Images by class, in a folder or a tar archive: ``cat/001.png``, or ``train/cat/001.png`` and ``test/cat/…``."""

import io
import tarfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from chainrule.data.dataset import Dataset
from chainrule.data.readers import DataError

Array = NDArray[Any]
Images = dict[str, tuple[Array, Array]]  # by part: uint8 images (N, H, W) or (N, H, W, 3), labels (N,)

SUFFIXES = (".jpg", ".jpeg", ".png")
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def holds_images(path: str | Path) -> bool:
    """Return whether ``path`` is a folder, or by its name a tar archive."""
    return Path(path).is_dir() or str(path).lower().endswith(TARS)


def parts_in(path: str | Path) -> tuple[str, ...]:
    """Return ``("test", "train")`` if the images come in two parts, else ``("",)``."""
    return tuple(sorted(decode(path)[0]))


def load_images(path: str | Path, part: str = "") -> Dataset:
    """Read images by class.

    Parameters
    ----------
    path : path
        A folder or a tar archive of JPEG or PNG files, all of one size, each in a folder named by its class.
    part : str
        ``"train"`` or ``"test"``, where the folders of the classes are in two of these names.

    Raises
    ------
    DataError
        If there are no images, no such part, or one is damaged or of another size (the error names it).
    """
    parts, classes = decode(path)
    if part not in parts:
        raise DataError(f"{path} has no part {part!r}: its images are in {', '.join(map(repr, parts))}")
    images, labels = parts[part]
    pixels = images if images.ndim == 3 else images.transpose(0, 3, 1, 2)
    flat = pixels.reshape(len(pixels), -1).astype(np.float32)
    flat /= np.float32(255)
    return Dataset(flat, labels, classes, image_shape=pixels.shape[1:], name=f"{Path(path).name} {part}".strip())


def read_image(path: str | Path, shape: tuple[int, ...]) -> Array:
    """Read one image as a network sees it that was trained on images of ``shape``: resized, and grey if they are.

    Returns
    -------
    float32 array of shape (1, H·W) or (1, 3·H·W), in [0, 1]

    Raises
    ------
    DataError
        If the file can't be read, or ``shape`` is none of an image.
    """
    from PIL import Image

    if not shape:
        raise DataError(f"{path} is an image, but the network was not trained on images")
    try:
        pixels = _image(Path(path).read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error
    image = Image.fromarray(pixels).convert("L" if len(shape) == 2 else "RGB").resize((shape[-1], shape[-2]))
    values = np.asarray(image, dtype=np.float32) / np.float32(255)
    return (values if values.ndim == 2 else values.transpose(2, 0, 1)).reshape(1, -1)


def decode(path: str | Path) -> tuple[Images, tuple[str, ...]]:
    """Return the images of each part, and the classes' names; the last ones read are kept in memory."""
    path = Path(path)
    try:
        return _decode(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error


@lru_cache(maxsize=1)
def _decode(path: Path, _: int) -> tuple[Images, tuple[str, ...]]:
    found: dict[tuple[str, str, str], Array] = {}
    for name, content in tqdm(_files(path), desc=f"reading {path.name}", unit=" images", leave=False, disable=None):
        *above, kind, file = PurePosixPath(name).parts
        part = next((folder for folder in above if folder in ("train", "test")), "")
        image = _image(content, f"{path}: {name}")
        first = next(iter(found.values()), image)
        if image.shape[:2] != first.shape[:2]:
            size, other = (f"{a.shape[1]}x{a.shape[0]}" for a in (image, first))
            raise DataError(f"{path}: {name} has {size} pixels, others have {other}; all must be of one size")
        found[part, kind, file] = image
    if not found:
        raise DataError(f"{path} holds no JPEG or PNG images in folders named by their class")
    classes = sorted({kind for _, kind, _ in found})
    if len(classes) < 2:
        raise DataError(f"{path} holds images of one class only, {classes[0]!r}: it needs a folder for each class")
    grey = all(image.ndim == 2 for image in found.values())
    parts: Images = {}
    for part in sorted({part for part, _, _ in found}):
        keys = sorted(key for key in found if key[0] == part)
        images = np.stack([found[key] if grey else _coloured(found[key]) for key in keys])
        parts[part] = images, np.array([classes.index(kind) for _, kind, _ in keys])
    return parts, tuple(classes)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Go through the image files: each one's name within ``path``, and its content."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() in SUFFIXES and len(file.relative_to(path).parts) > 1:
                yield file.relative_to(path).as_posix(), file.read_bytes()
        return
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = PurePosixPath(member.name)
                if member.isfile() and name.suffix.lower() in SUFFIXES and len(name.parts) > 1:
                    content = archive.extractfile(member)
                    assert content is not None  # it is a regular file
                    yield member.name, content.read()
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is a damaged archive: {error}") from error


def _image(content: bytes, where: str) -> Array:
    """Return the pixels, uint8 of shape (H, W) or (H, W, 3)."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            return np.asarray(image if image.mode == "L" else image.convert("L" if image.mode == "1" else "RGB"))
    except Exception as error:  # a damaged image has more ways to fail than its decoder has errors
        raise DataError(f"{where} is damaged, or no JPEG or PNG image: {error}") from error


def _coloured(image: Array) -> Array:
    return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
