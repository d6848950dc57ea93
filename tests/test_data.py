"""Data: each set is what it says; splits, batches and standardizing; damaged and hostile files."""

import gzip
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule import data
from chainrule.data.dataset import Dataset
from chainrule.data.readers import read_idx

# Records, columns, classes, image shape: as the sets' own documentation has them.
KNOWN = {
    "digits": (1797, 64, 10, (8, 8)),
    "breast-cancer": (569, 30, 2, ()),
    "iris": (150, 4, 3, ()),
    "wine": (178, 13, 3, ()),
    "diabetes": (442, 10, 0, ()),
    "fashion-small": (2000, 784, 10, (28, 28)),
    "spiral": (600, 2, 2, ()),
    "moons": (600, 2, 2, ()),
    "circles": (600, 2, 2, ()),
    "xor": (600, 2, 2, ()),
    "blobs": (600, 2, 3, ()),
    "plane": (600, 2, 0, ()),
    "hills": (600, 2, 0, ()),
}
DRAWN = ("spiral", "moons", "circles", "xor", "blobs", "plane", "hills")
FROM_ROOT = {"mnist", "fashion-mnist", "cifar10"}


def test_every_dataset_is_tested() -> None:
    assert set(data.DATASETS) == set(KNOWN) | FROM_ROOT


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shapes_classes_and_ranges(name: str, dtype: type) -> None:
    n, columns, n_classes, image_shape = KNOWN[name]
    d = data.load(name, dtype=dtype)
    assert (len(d), d.x.shape, len(d.classes), d.image_shape) == (n, (n, columns), n_classes, image_shape)
    assert d.x.dtype == dtype
    assert np.isfinite(d.x).all()
    assert d.y.shape == (n,)
    assert len(d.features) in (0, columns)
    assert d.name.startswith(name)
    if n_classes:
        assert d.y.dtype == np.int64
        assert set(d.y) == set(range(n_classes))
        assert len(set(d.classes)) == n_classes
    else:
        assert d.y.dtype == dtype
    if image_shape:
        assert (d.x.min(), d.x.max()) == (0, 1)


def test_what_the_classes_mean() -> None:
    cancer = data.load("breast-cancer")
    assert cancer.classes == ("benign", "malignant")
    assert np.bincount(cancer.y).tolist() == [357, 212]  # as scikit-learn's documentation has it
    radius = cancer.features.index("mean radius")
    assert cancer.x[cancer.y == 1, radius].mean() > cancer.x[cancer.y == 0, radius].mean()
    assert np.bincount(data.load("iris").y).tolist() == [50, 50, 50]
    assert np.bincount(data.load("wine").y).tolist() == [59, 71, 48]
    small = data.load("fashion-small", part="test")
    assert len(small) == 500
    assert np.bincount(small.y).tolist() == [50] * 10
    assert np.bincount(data.load("fashion-small").y).tolist() == [200] * 10


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_sets_are_seeded(name: str) -> None:
    a, b, c = (data.load(name, n=50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a.x, b.x)
    assert (a.x != c.x).any()
    assert len(a) == 50
    assert np.bincount(a.y).min() > 5 if a.classes else np.ptp(a.y) > 1
    for wrong in ({"n": 0}, {"n": -1}, {"records": 5}, {"noise": float("nan")}):
        with pytest.raises(ValueError, match=r".+"):
            data.load(name, **wrong)


def test_drawn_quantities_without_noise() -> None:
    plane, hills = (data.load(name, n=200, noise=0, dtype=np.float64) for name in ("plane", "hills"))
    np.testing.assert_allclose(plane.y, plane.x.sum(axis=1))
    angle = np.radians([0, 60, 120, 180, 240, 300])
    for (x1, x2), height in zip(hills.x, hills.y, strict=True):
        tops = [np.exp(-((x1 - 0.6 * np.cos(a)) ** 2 + (x2 - 0.6 * np.sin(a)) ** 2) / 0.08) for a in angle]
        assert height == pytest.approx(tops[0] - tops[1] + tops[2] - tops[3] + tops[4] - tops[5])


def test_unknown_names_and_options() -> None:
    for name, near in (("digit", "digits"), ("Iris", "iris"), ("fashion_mnist", "fashion-mnist")):
        with pytest.raises(ValueError, match=f"unknown dataset '{name}': did you mean '{near}'"):
            data.load(name)
    with pytest.raises(ValueError, match=r"unknown dataset 'qqq': Known: blobs, breast-cancer"):
        data.load("qqq")
    with pytest.raises(ValueError, match="part must be 'train' or 'test'; got 'valid'"):
        data.load("fashion-small", part="valid")
    with pytest.raises(ValueError, match="'iris' does not take these options"):
        data.load("iris", part="train")
    with pytest.raises(ValueError, match="dtype must be float32 or float64"):
        data.load("iris", dtype=np.int32)


# --- splits, batches, standardizing ---------------------------------------------------------------------------------


def tagged(n: int, n_classes: int, seed: int = 0) -> Dataset:
    """Return a set whose first column is the record's number."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.arange(n), rng.normal(size=n)])
    return Dataset(x, rng.integers(n_classes, size=n), tuple(map(str, range(n_classes))))


fractions = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(lambda parts: [p / sum(parts) for p in parts])


@given(n=st.integers(1, 200), n_classes=st.integers(1, 6), parts=fractions, seed=st.integers(0, 2**32 - 1))
def test_split_is_disjoint_complete_stratified_and_seeded(n: int, n_classes: int, parts: Any, seed: int) -> None:
    d = tagged(n, n_classes, seed)
    try:
        split = d.split(*parts, seed=seed)
    except ValueError as error:
        message = str(error)
    else:
        numbers = np.concatenate([part.x[:, 0] for part in split])
        np.testing.assert_array_equal(np.sort(numbers), np.arange(n))
        for part, share in zip(split, parts, strict=True):
            assert abs(len(part) - share * n) <= 1
            np.testing.assert_array_equal(part.y, d.y[part.x[:, 0].astype(int)])
            assert part.classes == d.classes
            for label in range(n_classes):
                expected = share * (d.y == label).sum()
                assert abs((part.y == label).sum() - expected) <= 1 + n_classes / 2
        for part, again in zip(split, d.split(*parts, seed=seed), strict=True):
            np.testing.assert_array_equal(part.x, again.x)
        return
    assert "too few" in message
    assert min(parts) * n < 1


def test_split_spreads_equal_classes_equally() -> None:
    for name in ("iris", "fashion-small"):
        for part, share in zip(data.load(name).split(0.7, 0.2, 0.1), (0.7, 0.2, 0.1), strict=True):
            counts = np.bincount(part.y)
            assert np.abs(counts - share * len(data.load(name)) / len(counts)).max() <= 1
    cancer = data.load("breast-cancer")
    for part in cancer.split(0.5, 0.3, 0.2):
        assert part.y.mean() == pytest.approx(cancer.y.mean(), abs=1 / len(part))


def test_split_is_shuffled_and_another_seed_gives_another() -> None:
    d = tagged(100, 2)
    first, second = d.split(0.5, 0.5, seed=0)[0].x[:, 0], d.split(0.5, 0.5, seed=1)[0].x[:, 0]
    assert set(first) != set(second)
    assert (np.diff(first) < 0).any()
    regression = Dataset(d.x, d.x[:, 1])
    assert (np.diff(regression.split(0.5, 0.5)[0].x[:, 0]) < 0).any()


@pytest.mark.parametrize("wrong", [(), (0.5,), (0.5, 0.6), (1.5, -0.5), (0.0, 1.0), (float("nan"), 0.5), (70, 30)])
def test_fractions_must_add_up(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="positive and add up to 1"):
        tagged(10, 2).split(*wrong)


@given(n=st.integers(1, 50), size=st.integers(1, 60), seed=st.none() | st.integers(0, 2**32 - 1))
def test_batches_cover_each_record_exactly_once(n: int, size: int, seed: int | None) -> None:
    d = tagged(n, 3)
    batches = list(d.batches(size, seed=seed))
    x, y = np.concatenate([b[0] for b in batches]), np.concatenate([b[1] for b in batches])
    np.testing.assert_array_equal(np.sort(x[:, 0]), np.arange(n))
    np.testing.assert_array_equal(y, d.y[x[:, 0].astype(int)])
    assert [len(b[0]) for b in batches] == [size] * (n // size) + [n % size] * (n % size > 0)
    if seed is None:
        np.testing.assert_array_equal(x, d.x)
    for (a, _), (b, _) in zip(batches, d.batches(size, seed=seed), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("columns", [1, 3000])
def test_batches_are_the_same_however_many_are_gathered_at_once(columns: int) -> None:
    n = 5000 if columns == 1 else 50
    d = Dataset(np.arange(n * columns, dtype=np.float32).reshape(n, columns), np.arange(n), tuple(map(str, range(n))))
    order = np.random.default_rng(3).permutation(n)
    for i, (x, y) in enumerate(d.batches(7, seed=3)):
        np.testing.assert_array_equal(y, order[7 * i : 7 * i + 7])
        np.testing.assert_array_equal(x, d.x[y])
    assert 7 * i < n <= 7 * i + 7


def test_batches_of_another_seed_come_in_another_order_and_are_ones_own() -> None:
    d = tagged(50, 2)
    first, second = (next(d.batches(50, seed=seed))[0][:, 0] for seed in (0, 1))
    assert (first != second).any()
    x, y = next(d.batches(10, seed=0))
    x[:] = y[:] = 0
    assert d.x.any()
    assert d.y.any()


@pytest.mark.parametrize("size", [0, -1, 1.5, 2.0, "3", None, True, float("nan"), float("inf")])
def test_a_batch_size_is_a_whole_number(size: Any) -> None:
    with pytest.raises(ValueError, match="batch size must be a whole number of at least 1"):
        next(tagged(5, 2).batches(size))


@given(seed=st.integers(0, 99), scale=st.floats(1e-3, 1e4), offset=st.floats(-1e4, 1e4))
def test_standardize_uses_the_training_part_only(seed: int, scale: float, offset: float) -> None:
    rng = np.random.default_rng(seed)
    x = offset + scale * rng.normal(size=(40, 3))
    train, test = Dataset(x, np.zeros(40)), Dataset(5 * x[:7] + 3, np.zeros(7))
    a, b = train.standardize(test)
    (alone,) = train.standardize()
    np.testing.assert_array_equal(a.x, alone.x)
    np.testing.assert_allclose(a.x.mean(axis=0), 0, atol=1e-7)
    np.testing.assert_allclose(a.x.std(axis=0), 1, rtol=1e-7)
    np.testing.assert_allclose(b.x, (test.x - x.mean(axis=0)) / x.std(axis=0), rtol=1e-7, atol=1e-7)
    np.testing.assert_array_equal(train.x, x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("constant", [0.0, 0.1, 1e6, -3.3])
def test_a_constant_column_is_only_shifted(dtype: type, constant: float) -> None:
    x = np.column_stack([np.full(30, constant), np.arange(30)]).astype(dtype)
    train, test = Dataset(x, np.zeros(30)).standardize(Dataset(x + 1, np.zeros(30)))
    np.testing.assert_allclose(train.x[:, 0], 0, atol=1e-7)
    np.testing.assert_allclose(test.x[:, 0], 1, atol=0.1)
    assert train.x.dtype == dtype


def test_standardize_refuses_another_number_of_columns() -> None:
    with pytest.raises(ValueError, match="must have the training part's 2 columns"):
        tagged(5, 2).standardize(Dataset(np.ones((3, 1)), np.zeros(3)))


# --- what a set refuses ---------------------------------------------------------------------------------------------

BAD_SETS = [
    (np.ones(3), [0, 0, 0], "x must be 2-D"),
    (np.ones((0, 2)), [], "at least one record"),
    (np.ones((2, 0)), [0, 1], "at least one record and one column"),
    (np.ones((3, 2)), [0, 1], "x has 3 records, but y has 2 targets"),
    ([[1, 2], [3, float("nan")]], [0, 1], r"got nan at row 1, column 1 \(1 such values\)"),
    ([[1, float("inf")], [3, float("nan")]], [0, 1], r"got inf at row 0, column 1 \(2 such values\)"),
    ([["a", "b"]], [0], "x must be numbers; got dtype"),
    (np.ones((1, 2), complex), [0], "x must be numbers; got dtype complex128"),
    (np.array([[None, 1]]), [0], "x must be numbers; got dtype object"),
    (np.ones((2, 2)), [0, 2], r"labels must be integers in \[0, 2\); got 2 at index 1"),
    (np.ones((2, 2)), [-1, 1], "got -1 at index 0"),
    (np.ones((2, 2)), [0, 0.5], "got 0.5 at index 1"),
    (np.ones((2, 2)), [0, float("nan")], "got nan at index 1"),
    (np.ones((2, 2)), [[0], [1]], "labels must have shape"),
    (np.ones((2, 2)), ["0", "1"], "labels must be integers"),
]


@pytest.mark.parametrize(("x", "y", "message"), BAD_SETS)
def test_a_set_says_what_is_wrong_with_it(x: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Dataset(x, y, ("no", "yes"))


def test_a_regression_target_must_be_finite_numbers() -> None:
    for y, message in (([1.0, float("inf")], "must be finite; got inf at index 1"), (["a", "b"], "must be numbers")):
        with pytest.raises(ValueError, match=message):
            Dataset(np.ones((2, 2)), y)


# --- IDX ------------------------------------------------------------------------------------------------------------


def idx(array: np.ndarray) -> bytes:
    return b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def mnist(root: Path, zipped: bool, folder: str = "MNIST") -> dict[str, np.ndarray]:
    """Write a small MNIST as its home has it, and return its arrays."""
    raw = root / folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    rng, arrays = np.random.default_rng(0), {}
    for part, n in (("train", 12), ("t10k", 5)):
        arrays[f"{part}-images-idx3-ubyte"] = rng.integers(256, size=(n, 28, 28), dtype=np.uint8)
        arrays[f"{part}-labels-idx1-ubyte"] = rng.integers(10, size=n, dtype=np.uint8)
    for name, array in arrays.items():
        content = gzip.compress(idx(array)) if zipped else idx(array)
        (raw / (name + ".gz" * zipped)).write_bytes(content)
    return arrays


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(("name", "folder"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST")])
def test_mnist_from_the_data_root(
    name: str, folder: str, zipped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = mnist(tmp_path, zipped, folder)
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path))
    for part, stem in (("train", "train"), ("test", "t10k")):
        for d in (data.load(name, part=part), data.load(name, part=part, root=tmp_path)):
            images = arrays[f"{stem}-images-idx3-ubyte"]
            np.testing.assert_allclose(d.x, images.reshape(len(images), -1) / 255, rtol=1e-6)
            np.testing.assert_array_equal(d.y, arrays[f"{stem}-labels-idx1-ubyte"])
            assert d.image_shape == (28, 28)
            assert len(d.classes) == 10


def test_torchvision_reads_the_same_root(tmp_path: Path) -> None:
    try:
        from torchvision.datasets import MNIST
    except (ImportError, RuntimeError) as error:  # RuntimeError: a torchvision of another build than torch's
        pytest.skip(f"torchvision can't be imported: {error}")
    mnist(tmp_path, zipped=False)
    theirs, ours = MNIST(str(tmp_path), train=False), data.load("mnist", part="test", root=tmp_path)
    np.testing.assert_allclose(ours.x.reshape(-1, 28, 28) * 255, theirs.data.numpy(), rtol=1e-6)
    np.testing.assert_array_equal(ours.y, theirs.targets.numpy())


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(data.DataError, match="Set CHAINRULE_DATA to a folder"):
        data.load("mnist", root=tmp_path)


@given(at=st.data(), zipped=st.booleans(), labels=st.booleans())
def test_a_damaged_idx_file_is_a_data_error(
    at: st.DataObject, zipped: bool, labels: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Cut anywhere, or a byte changed anywhere: DataError, or pixels and labels that are still what they can be."""
    root = tmp_path_factory.getbasetemp() / f"damaged-{zipped}"
    mnist(root, zipped)
    name = "t10k-labels-idx1-ubyte" if labels else "t10k-images-idx3-ubyte"
    path = root / "MNIST" / "raw" / (name + ".gz" * zipped)
    content = bytearray(path.read_bytes())
    if at.draw(st.booleans(), label="cut"):
        content = content[: at.draw(st.integers(0, len(content) - 1))]
        certain = True
    else:
        where = at.draw(st.integers(0, min(30, len(content) - 1)) | st.integers(0, len(content) - 1))
        content[where] ^= at.draw(st.integers(1, 255))
        certain = not zipped and where < (8 if labels else 16)
    path.write_bytes(content)
    try:
        d = data.load("mnist", part="test", root=root)
    except data.DataError as error:
        message = str(error)
    else:
        assert not certain
        assert d.x.shape == (5, 784)
        return
    assert str(root) in message


HEADERS = [
    b"",
    b"\0\0\x08",
    b"\0\0\x08\x01",
    b"\0\0\x0d\x01" + struct.pack(">I", 1) + b"abcd",
    b"\x1f\x8b\x08\x00",
    b"\0\0\x08\x04" + struct.pack(">4I", *[65536] * 4),
    b"\0\0\x08\xc8" + struct.pack(">200I", *[1] * 200) + b"1",
    b"\0\0\x08\x02" + struct.pack(">2I", 2**32 - 1, 2**32 - 1) + b"1",
    b"\0\0\x08\x01" + struct.pack(">I", 3) + b"abcd",  # a byte too many
    b"\0\0\x08\x01" + struct.pack(">I", 3) + b"ab",
    b"<html>not found</html>",
]


@pytest.mark.parametrize("content", HEADERS, ids=lambda c: c[:6].hex())
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_hostile_idx_header_is_a_data_error(content: bytes, suffix: str, tmp_path: Path) -> None:
    for packed in {content, gzip.compress(content) if suffix else content}:
        (tmp_path / f"file{suffix}").write_bytes(packed)
        with pytest.raises(data.DataError, match="file"):
            read_idx(tmp_path / f"file{suffix}")


@pytest.mark.parametrize(
    "labels", [np.array(3, np.uint8), np.zeros((5, 1), np.uint8), np.zeros(4, np.uint8), np.full(5, 10, np.uint8)]
)
def test_labels_that_do_not_go_with_the_images_are_a_data_error(labels: np.ndarray, tmp_path: Path) -> None:
    mnist(tmp_path, zipped=False)
    (tmp_path / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").write_bytes(idx(labels))
    with pytest.raises(data.DataError, match=r"labels"):
        data.load("mnist", part="test", root=tmp_path)


# --- CSV and NPZ ----------------------------------------------------------------------------------------------------


def csv(folder: Path, text: str, **options: Any) -> Dataset:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return data.load(path, **options)


def test_csv_of_classes_and_of_quantities(tmp_path: Path) -> None:
    d = csv(tmp_path, "\ufeffa, b,kind\r\n1,2,dog\r\n3,4.5,cat\r\n\r\n-1e3, 6 ,dog\r\n")
    np.testing.assert_array_equal(d.x, np.array([[1, 2], [3, 4.5], [-1000, 6]], np.float32))
    assert (d.classes, d.y.tolist(), d.features) == (("cat", "dog"), [1, 0, 1], ("a", "b"))
    d = csv(tmp_path, "kind,a\n7,1\n5,2\n7,3\n", target="kind")
    assert (d.classes, d.y.tolist(), d.x.tolist()) == (("5", "7"), [1, 0, 1], [[1], [2], [3]])
    d = csv(tmp_path, "a,price\n1,2.5\n2,3\n", dtype=np.float64)
    assert (d.classes, d.y.tolist()) == ((), [2.5, 3.0])
    d = csv(tmp_path, '"first, quoted",y\n"1",0\n2,1\n')
    assert d.features == ("first, quoted",)


BAD_TABLES = [
    ("", "must have a header and at least one record; it has 0 rows"),
    ("a,b\n", "it has 1 rows"),
    ("a,b\n1,0\nx,1\n", "row 3, column 'a': expected a number, got 'x'"),
    ("a,b\n1,0\n\n\nx,1\n", "row 5, column 'a': expected a number, got 'x'"),
    ("a,b\n1,0\n,1\n", "row 3, column 'a': expected a number, got ''"),
    ("a,b\n1,0\nnan,1\n", "row 3, column 'a': expected a finite number, got 'nan'"),
    ("a,b\n1,0\ninf,1\n", "row 3, column 'a': expected a finite number, got 'inf'"),
    ("a,b\n1,0\n1,2,3\n", "row 3: 3 values, but the header has 2"),
    ("a,b\n1,0\n1\n", "row 3: 1 values, but the header has 2"),
    ("a,b\n1,0\n2,\n", "row 3, column 'b': the target is missing"),
    ("a,b\n1,0.5\n2,nan\n", "row 3, column 'b': expected a finite number, got 'nan'"),
    ("a,b\n1,dog\n2,\n", "row 3, column 'b': the target is missing"),
    ("a,b\n1,0\n1e300,1\n", r"1e\+300 at row 1 is too large for float32; load it as float64"),
    ("a;b\n1;0\n", "only one column"),
]


@pytest.mark.parametrize(("text", "message"), BAD_TABLES)
def test_a_bad_csv_says_where(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(data.DataError, match=message):
        csv(tmp_path, text)


def test_csv_columns_and_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(data.DataError, match="no column 'c'; its columns are a, b"):
        csv(tmp_path, "a,b\n1,2\n", target="c")
    with pytest.raises(data.DataError, match="can't be read"):
        data.load(tmp_path / "nowhere.csv")
    with pytest.raises(data.DataError, match="can't be read"):
        data.load(tmp_path / "nowhere.npz")
    (tmp_path / "latin.csv").write_bytes("a,b\n1,\xe9\n".encode("latin-1"))
    with pytest.raises(data.DataError, match="can't be read as CSV"):
        data.load(tmp_path / "latin.csv")


@given(text=st.text(alphabet='ab01.,-\n\r"\te; nan', max_size=60))
def test_any_text_is_a_dataset_or_a_clear_error(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        d = csv(tmp_path_factory.getbasetemp(), text)
    except ValueError as error:
        message = str(error)
    else:
        assert np.isfinite(d.x).all()
        assert len(d) <= text.count("\n") + text.count("\r")
        return
    assert "table" in message


def npz(folder: Path, **arrays: Any) -> Dataset:
    np.savez(folder / "set.npz", **arrays)
    return data.load(folder / "set.npz")


def test_npz_of_classes_images_and_quantities(tmp_path: Path) -> None:
    d = npz(tmp_path, x=np.arange(12).reshape(2, 2, 3), y=np.array([7, 5]))
    assert (d.x.shape, d.classes, d.y.tolist()) == ((2, 6), ("5", "7"), [1, 0])
    d = npz(tmp_path, x=np.ones((2, 3)), y=np.array(["b", "a"]))
    assert (d.classes, d.y.tolist()) == (("a", "b"), [1, 0])
    assert npz(tmp_path, x=np.ones((2, 3)), y=np.array([True, False])).y.tolist() == [1, 0]
    assert npz(tmp_path, x=np.ones((2, 3)), y=np.array([0.5, 2])).classes == ()


BAD_ARRAYS: list[tuple[dict[str, Any], str]] = [
    ({"x": np.ones((2, 3))}, "must hold arrays 'x' and 'y'; it holds x"),
    ({"x": np.ones((2, 3)), "y": np.zeros(3)}, "x has 2 records, but y has 3"),
    ({"x": np.array(1.0), "y": np.zeros(1)}, "x"),
    ({"x": np.ones((0, 3)), "y": np.zeros(0)}, "at least one record"),
    ({"x": np.ones((2, 3)), "y": np.array(1)}, "y"),
    ({"x": np.ones((2, 3)), "y": np.array([[0, 1], [1, 0]])}, "y"),
    ({"x": np.ones((2, 3), complex), "y": np.zeros(2)}, "numbers; got dtype complex128"),
    ({"x": np.array([["a"], ["b"]]), "y": np.zeros(2)}, "numbers; got dtype <U1"),
    ({"x": np.ones((2, 3)), "y": np.array([1j, 2])}, "complex128"),
    ({"x": np.ones((2, 3)), "y": np.array([b"a", b"b"])}, "y"),
    ({"x": np.ones((2, 3)), "y": np.array(["2020", "2021"], "M8[Y]")}, "datetime64"),
    ({"x": np.array([[1, np.nan], [1, 2]]), "y": np.zeros(2)}, "got nan at row 0, column 1"),
    ({"x": np.ones((2, 3)), "y": np.array([0.0, np.nan])}, "got nan at index 1"),
]


@pytest.mark.parametrize(("arrays", "message"), BAD_ARRAYS)
def test_a_bad_npz_says_what_is_wrong(arrays: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        npz(tmp_path, **arrays)
    assert "does not take these options" not in str(caught.value)


EXECUTED = []


class Malicious:
    def __reduce__(self) -> Any:
        return EXECUTED.append, ("code from a file",)


@pytest.mark.parametrize("array", ["x", "y"])
def test_object_arrays_are_refused_without_unpickling(array: str, tmp_path: Path) -> None:
    arrays: dict[str, Any] = {"x": np.ones((1, 1)), "y": np.zeros(1)} | {array: np.array([[Malicious()]], object)}
    with pytest.raises(data.DataError, match="can't be read as NPZ"):
        npz(tmp_path, **arrays)
    (tmp_path / "pickle.npz").write_bytes(pickle.dumps(Malicious()))
    with pytest.raises(data.DataError, match="can't be read as NPZ"):
        data.load(tmp_path / "pickle.npz")
    assert EXECUTED == []


@given(at=st.data())
@settings(max_examples=100)
def test_a_damaged_npz_is_a_data_error(at: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    x, y = np.arange(6.0).reshape(3, 2), np.array([0, 1, 1])
    np.savez(folder / "damaged.npz", x=x, y=y)
    content = bytearray((folder / "damaged.npz").read_bytes())
    where = at.draw(st.integers(0, len(content) - 1))
    if at.draw(st.booleans(), label="cut"):
        content = content[:where]
    else:
        content[where] ^= at.draw(st.integers(1, 255))
    (folder / "damaged.npz").write_bytes(content)
    try:
        d = data.load(folder / "damaged.npz")
    except data.DataError:
        return
    # a byte of the archive that carries nothing, such as a time stamp
    np.testing.assert_array_equal(d.x, x)
    np.testing.assert_array_equal(d.y, y)
