"""Downloads, from servers on loopback that break off, lie, or can't go on from the middle."""

import gzip
import hashlib
import io
import pickle
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from chainrule import data
from chainrule.data import cifar, downloads
from chainrule.data.downloads import Source, fetch, verify

CONTENT = np.random.default_rng(0).integers(0, 256, size=200_000, dtype=np.uint8).tobytes()
ZIPPED = gzip.compress(CONTENT, compresslevel=1)
RIGHT = hashlib.sha256(CONTENT).hexdigest()


class Server(HTTPServer):
    """Serves files; ``breaks`` ends a connection after so many bytes, ``ranges`` is whether it can go on."""

    def __init__(self, **files: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.breaks, self.ranges, self.asked = files, 0, True, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server, span = self.server, self.headers.get("Range")
        server.asked.append((self.path, span))
        content = server.files.get(self.path[1:])
        if content is None:
            self.send_error(404)
            return
        start = int(span.removeprefix("bytes=").rstrip("-")) if span and server.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = start + server.breaks if server.breaks else len(content)
        self.wfile.write(content[start:end])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server():
    found = Server(**{"a.gz": ZIPPED, "wrong.gz": gzip.compress(b"other")})
    yield found
    found.shutdown()
    found.server_close()


def source(monkeypatch: pytest.MonkeyPatch, *urls: str, path: str = "Set/raw/a", sha256: str = RIGHT) -> None:
    monkeypatch.setitem(downloads.SOURCES, "set", (Source(urls, path, sha256),))


def test_a_file_arrives_unpacked_and_alone(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    fetch("set", tmp_path, progress=False)
    assert (tmp_path / "Set/raw/a").read_bytes() == CONTENT
    assert [p.name for p in (tmp_path / "Set/raw").iterdir()] == ["a"]
    fetch("set", tmp_path, progress=False)  # it is there: nothing is asked for again
    assert len(server.asked) == 1
    verify("set", tmp_path)


def test_a_broken_download_is_no_data_and_goes_on_where_it_stopped(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    server.breaks = 70_000
    for broken in (70_000, 140_000):
        with pytest.raises(data.DataError, match="the connection ended"):
            fetch("set", tmp_path, progress=False)
        assert not (tmp_path / "Set/raw/a").exists()
        assert (tmp_path / "Set/raw/.a.part").stat().st_size == broken
    fetch("set", tmp_path, progress=False)
    assert (tmp_path / "Set/raw/a").read_bytes() == CONTENT
    assert [span for _, span in server.asked] == [None, "bytes=70000-", "bytes=140000-"]


def test_a_mirror_goes_on_where_another_broke_off(server, tmp_path, monkeypatch):
    good = Server(**{"a.gz": ZIPPED})
    source(monkeypatch, server.url("a.gz"), good.url("a.gz"))
    server.breaks = 70_000
    fetch("set", tmp_path, progress=False)
    assert (tmp_path / "Set/raw/a").read_bytes() == CONTENT
    assert good.asked == [("/a.gz", "bytes=70000-")]
    good.shutdown()
    good.server_close()


def test_a_server_that_cannot_go_on_begins_again(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    server.ranges = False
    (tmp_path / "Set/raw").mkdir(parents=True)
    (tmp_path / "Set/raw/.a.part").write_bytes(ZIPPED[:1000])
    fetch("set", tmp_path, progress=False)
    assert (tmp_path / "Set/raw/a").read_bytes() == CONTENT


@pytest.mark.parametrize("begun", [b"not what the file begins with", ZIPPED + b"more than there is"])
def test_a_wrong_beginning_is_thrown_away(begun, server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    (tmp_path / "Set/raw").mkdir(parents=True)
    (tmp_path / "Set/raw/.a.part").write_bytes(begun)
    fetch("set", tmp_path, progress=False)
    assert (tmp_path / "Set/raw/a").read_bytes() == CONTENT


def test_another_content_is_refused_and_the_next_mirror_asked(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("wrong.gz"), server.url("nowhere.gz"))
    with pytest.raises(data.DataError, match=r"checksum differs.*404.*bundled data: 'digits'"):
        fetch("set", tmp_path, progress=False)
    assert list((tmp_path / "Set/raw").iterdir()) == []
    source(monkeypatch, server.url("wrong.gz"), server.url("a.gz"))
    fetch("set", tmp_path, progress=False)
    assert (tmp_path / "Set/raw/a").read_bytes() == CONTENT


def test_a_root_that_cannot_be_written_to_is_named(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    (tmp_path / "Set").write_text("a file where a folder should be")
    with pytest.raises(data.DataError, match=r"can't be downloaded.*Set.*--data-root"):
        fetch("set", tmp_path, progress=False)


def test_a_full_disk_leaves_nothing_that_looks_like_data(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(data.DataError, match="1,000 free"):
        fetch("set", tmp_path, progress=False)
    assert not (tmp_path / "Set/raw/a").exists()


def test_verify_finds_a_changed_byte(server, tmp_path, monkeypatch):
    source(monkeypatch, server.url("a.gz"))
    fetch("set", tmp_path, progress=False)
    path = tmp_path / "Set/raw/a"
    path.write_bytes(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
    with pytest.raises(data.DataError, match="not the published file"):
        verify("set", tmp_path)
    path.unlink()
    (tmp_path / "Set/raw/a.gz").write_bytes(ZIPPED)  # torchvision keeps the gzipped one, too
    verify("set", tmp_path)


def test_every_registered_source_has_mirrors_and_a_checksum():
    for name in ("mnist", "fashion-mnist", "cifar10"):
        for found in downloads.SOURCES[name]:
            assert len(found.urls) >= 2
            assert len(found.sha256) == 64


# --- CIFAR-10: pickled batches ----------------------------------------------------------------------------------------


def batches(rng: np.random.Generator) -> dict[str, bytes]:
    """Return files as the published ones are made: pickles of a dict with arrays, here of 20 images each."""
    names = [*cifar.BATCHES["train"], *cifar.BATCHES["test"]]
    return {
        name: pickle.dumps(
            {"data": rng.integers(0, 256, (20, 3072), dtype=np.uint8), "labels": rng.integers(0, 10, 20).tolist()},
            protocol=2,
        )
        for name in names
    }


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def published(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> None:
    for part in cifar.BATCHES.values():
        for name in part:
            monkeypatch.setitem(part, name, md5(files[name]))


def test_cifar_is_read_as_torchvision_reads_it(tmp_path, monkeypatch, rng):
    datasets = pytest.importorskip("torchvision.datasets")
    files = batches(rng)
    files["batches.meta"] = pickle.dumps({"label_names": list(cifar.CLASSES)}, protocol=2)
    folder = tmp_path / cifar.FOLDER
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    published(monkeypatch, files)
    for attribute, part in (("train_list", "train"), ("test_list", "test")):
        monkeypatch.setattr(datasets.CIFAR10, attribute, [[name, md5(files[name])] for name in cifar.BATCHES[part]])
    monkeypatch.setattr(
        datasets.CIFAR10,
        "meta",
        {"filename": "batches.meta", "key": "label_names", "md5": md5(files["batches.meta"])},
    )
    for part in ("train", "test"):
        ours, theirs = data.load("cifar10", part=part, root=tmp_path), datasets.CIFAR10(tmp_path, train=part == "train")
        expected = theirs.data.transpose(0, 3, 1, 2).reshape(len(theirs), -1) / np.float32(255)
        np.testing.assert_array_equal(ours.x, expected.astype(np.float32))
        assert ours.y.tolist() == theirs.targets
        assert ours.classes == tuple(theirs.classes)
        assert ours.image_shape == (3, 32, 32)


def test_a_changed_cifar_file_is_never_unpickled(tmp_path, monkeypatch, rng):
    files = batches(rng)
    published(monkeypatch, files)
    folder = tmp_path / cifar.FOLDER
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "test_batch").write_bytes(b"cos\nsystem\n(S'touch harmed'\ntR.")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(data.DataError, match="not the published file"):
        data.load("cifar10", part="test", root=tmp_path)
    monkeypatch.setitem(cifar.BATCHES["test"], "test_batch", md5((folder / "test_batch").read_bytes()))
    with pytest.raises(data.DataError, match=r"asks for \w+\.system"):  # even with the right checksum
        data.load("cifar10", part="test", root=tmp_path)
    assert not Path("harmed").exists()


def test_the_cifar_archive_becomes_its_folder(tmp_path, monkeypatch, rng):
    files, archive = batches(rng), io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(f"{cifar.FOLDER}/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    content = archive.getvalue()
    server = Server(**{"c.tar.gz": content})
    checksum = hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(downloads.SOURCES, "cifar10", (Source((server.url("c.tar.gz"),), cifar.FOLDER, checksum),))
    published(monkeypatch, files)
    fetch("cifar10", tmp_path, progress=False)
    assert [path.name for path in tmp_path.iterdir()] == [cifar.FOLDER]
    verify("cifar10", tmp_path)
    server.shutdown()
    server.server_close()
