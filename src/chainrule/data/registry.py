"""The datasets by name: one entry each, the only place that knows it."""

import inspect
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from chainrule.data import cifar
from chainrule.data.dataset import Dataset
from chainrule.data.images import TARS, holds_images, load_images
from chainrule.data.readers import IDX_NAMES, DataError, MissingDataError, find_idx, read_csv, read_idx, read_npz
from chainrule.data.readers import root as data_root
from chainrule.registry import Registry

FASHION = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
DIGITS = tuple("0123456789")

DATASETS: Registry[Callable[..., Dataset]] = Registry("dataset")


def load(name: str | Path, *, dtype: DTypeLike = np.float32, **options: Any) -> Dataset:
    """Load a dataset by its name, or a CSV or NPZ file of one's own.

    Parameters
    ----------
    name : str or Path
        ``"digits"``, ``"breast-cancer"`` (1 = malignant), ``"iris"``, ``"wine"``, ``"diabetes"``, ``"fashion-small"``
        (2,000 + 500 Fashion-MNIST images), all bundled; ``"spiral"``, ``"moons"``, ``"circles"``, ``"xor"``,
        ``"blobs"``, and with quantities ``"plane"``, ``"hills"``, drawn; ``"mnist"``, ``"fashion-mnist"``,
        ``"cifar10"`` from the data root; the path of a ``.csv`` (of numbers; `read_table` reads more) or ``.npz``
        file; or of a tar archive, or as a Path of a folder, of images by class.
    dtype : dtype
        Of ``x``, and of ``y`` in a regression: float32, or float64 where rounding is to be measured.
    **options
        ``part="train"`` or ``"test"`` for the sets that come in two; ``root`` for those from the data root; ``n``,
        ``noise``, ``seed`` for drawn ones; ``target``, a column's name, for CSV.

    Returns
    -------
    Dataset
        Images are flat and scaled to [0, 1].

    Raises
    ------
    ValueError
        If the name is unknown (with the nearest known one), or an option doesn't fit.
    DataError
        If a file is missing or damaged.
    """
    readers: dict[str, Callable[..., Dataset]] = {".csv": read_csv, ".npz": read_npz}
    suffix = Path(name).suffix.lower()
    reader: Callable[..., Dataset]
    if suffix in readers:
        reader = partial(readers[suffix], Path(name))
    elif str(name).lower().endswith(TARS) or (isinstance(name, Path) and name.is_dir()):
        reader = partial(load_images, Path(name))
    else:
        reader = DATASETS[str(name)]
    try:
        inspect.signature(reader).bind(**options)
    except TypeError as error:
        raise ValueError(f"dataset {str(name)!r} does not take these options: {error}") from error
    found = reader(**options)
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64; got {np.dtype(dtype)}")
    x, y = _cast(found.x, dtype, f"{name}: x"), found.y if found.classes else _cast(found.y, dtype, f"{name}: y")
    return Dataset(x, y, found.classes, found.features, found.image_shape, str(found.name))


def _cast(values: Any, dtype: DTypeLike, what: str) -> Any:
    with np.errstate(over="ignore"):
        cast = values.astype(dtype)
    if not (fits := np.isfinite(cast)).all():
        at = tuple(int(i) for i in np.argwhere(~fits)[0])
        raise DataError(f"{what}: {values[at]:g} at row {at[0]} is too large for {np.dtype(dtype)}; load it as float64")
    return cast


def _from_sklearn(name: str, loader: str) -> Callable[[], Dataset]:
    def read() -> Dataset:
        from sklearn import datasets

        bunch = getattr(datasets, loader)()
        classes = tuple(str(c) for c in bunch.get("target_names", ()))
        return Dataset(bunch.data, bunch.target, classes, tuple(map(str, bunch.feature_names)), name=name)

    return read


for _name, _loader in (("iris", "load_iris"), ("wine", "load_wine"), ("diabetes", "load_diabetes")):
    DATASETS[_name] = _from_sklearn(_name, _loader)


@DATASETS.add("digits")
def _digits() -> Dataset:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Dataset(bunch.data / 16, bunch.target, DIGITS, tuple(bunch.feature_names), (8, 8), "digits")


@DATASETS.add("breast-cancer")
def _breast_cancer() -> Dataset:
    """Read it with 1 = malignant, the finding that the test is for; scikit-learn has 1 = benign."""
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    features = tuple(map(str, bunch.feature_names))
    return Dataset(bunch.data, 1 - bunch.target, ("benign", "malignant"), features, name="breast-cancer")


@DATASETS.add("fashion-small")
def _fashion_small(part: str = "train") -> Dataset:
    path = files("chainrule.data") / "bundled" / "fashion-small.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        x, y = arrays[f"x_{_part(part)}"], arrays[f"y_{part}"]
    return _images(x, y, FASHION, f"fashion-small {part}")


@DATASETS.add("mnist")
def _mnist(part: str = "train", root: str | Path | None = None) -> Dataset:
    return _idx_images("MNIST", part, root, DIGITS)


@DATASETS.add("fashion-mnist")
def _fashion_mnist(part: str = "train", root: str | Path | None = None) -> Dataset:
    return _idx_images("FashionMNIST", part, root, FASHION)


@DATASETS.add("cifar10")
def _cifar10(part: str = "train", root: str | Path | None = None) -> Dataset:
    """Read the published batches, or what else the root has: a folder or an archive of images, ``cifar10*``."""
    folder = data_root(root)
    if (folder / cifar.FOLDER).is_dir():
        x, y = cifar.read_batches(folder / cifar.FOLDER, _part(part))
        return _images(x, y, cifar.CLASSES, f"cifar10 {part}")
    others = sorted(path for pattern in ("cifar10*", "cifar-10*") for path in folder.glob(pattern))
    for path in filter(holds_images, others):
        return load_images(path, _part(part))
    raise MissingDataError(
        f"{folder / cifar.FOLDER} is not there. Set CHAINRULE_DATA to a folder laid out as torchvision's root, or "
        "use bundled data: 'digits', 'fashion-small'"
    )


def _idx_images(folder: str, part: str, where: str | Path | None, classes: tuple[str, ...]) -> Dataset:
    raw = data_root(where) / folder / "raw"
    x, y = (read_idx(find_idx(raw, name)) for name in IDX_NAMES[_part(part)])
    if x.ndim != 3 or y.ndim != 1 or len(x) != len(y) or not x.size:
        raise DataError(f"{raw}: images of shape {x.shape} do not go with labels of shape {y.shape}")
    try:
        return _images(x, y, classes, f"{folder} {part}")
    except ValueError as error:
        raise DataError(f"{raw}: {error}") from error


def _images(x: Any, y: Any, classes: tuple[str, ...], name: str) -> Dataset:
    flat = x.reshape(len(x), -1).astype(np.float32) / np.float32(255)
    return Dataset(flat, y, classes, image_shape=x.shape[1:], name=name)


def _part(part: str) -> str:
    if part not in ("train", "test"):
        raise ValueError(f"part must be 'train' or 'test'; got {part!r}")
    return part


def _drawn(name: str, noise: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function that draws ``(x, y)`` from ``n``, ``noise`` and a seed; ``noise`` here is its default."""

    def enter(draw: Callable[..., Any]) -> Callable[..., Any]:
        def read(n: int = 600, noise: float = noise, seed: int = 0) -> Dataset:
            if not isinstance(n, int | np.integer) or n < 2:
                raise ValueError(f"n must be a whole number of at least 2; got {n!r}")
            if not isinstance(noise, Real) or not (np.isfinite(noise) and noise >= 0):
                raise ValueError(f"noise must be a finite number of at least 0; got {noise!r}")
            x, y = draw(n, noise, seed)
            classes = tuple(map(str, np.unique(y))) if y.dtype.kind in "iu" else ()
            return Dataset(x, y, classes, ("x1", "x2"), name=name)

        DATASETS[name] = read
        return draw

    return enter


@_drawn("moons", noise=0.2)
def _moons(n: int, noise: float, seed: int) -> Any:
    from sklearn.datasets import make_moons

    return make_moons(n, noise=noise, random_state=seed)


@_drawn("circles", noise=0.1)
def _circles(n: int, noise: float, seed: int) -> Any:
    from sklearn.datasets import make_circles

    return make_circles(n, noise=noise, factor=0.5, random_state=seed)


@_drawn("blobs", noise=1.0)
def _blobs(n: int, noise: float, seed: int) -> Any:
    from sklearn.datasets import make_blobs

    return make_blobs(n, cluster_std=noise, random_state=seed)


@_drawn("xor", noise=0.1)
def _xor(n: int, noise: float, seed: int) -> Any:
    """Draw points in the square [-1, 1]²: class 1 where the coordinates' signs differ."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=(n, 2))
    y = (x[:, 0] > 0) != (x[:, 1] > 0)
    return x + noise * rng.normal(size=x.shape), y.astype(int)


@_drawn("spiral", noise=0.02)
def _spiral(n: int, noise: float, seed: int) -> Any:
    """Draw two arms, each from the centre outwards through one and a half turns, half a turn apart."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    radius = np.sqrt(rng.uniform(size=n))
    angle = 2 * np.pi * (1.5 * radius + y / 2)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.normal(size=x.shape), y


@_drawn("plane", noise=0.1)
def _plane(n: int, noise: float, seed: int) -> Any:
    """Draw points in the square [-1, 1]² and the height of a plane over each, x1 + x2; the noise is in the height."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=(n, 2))
    return x, x.sum(axis=1) + noise * rng.normal(size=n)


@_drawn("hills", noise=0.05)
def _hills(n: int, noise: float, seed: int) -> Any:
    """Draw points in the square [-1, 1]² and the height of three hills and three hollows, set around in turn."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=(n, 2))
    angle = np.pi / 3 * np.arange(6)
    tops = 0.6 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    distance = ((x[:, None] - tops) ** 2).sum(axis=2)
    return x, np.exp(-distance / 0.08) @ (-1.0) ** np.arange(6) + noise * rng.normal(size=n)
