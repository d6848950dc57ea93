"""Tables with categories and gaps, and images by class: what is read, and what is said where it can't be."""

import gzip
import io
import tarfile

import numpy as np
import pytest
from PIL import Image

from chainrule import data
from chainrule.data.images import load_images, parts_in, read_image
from chainrule.data.tables import Column, read_like
from chainrule.experiments import Config, run
from chainrule.experiments.parts import parts

# --- tables -----------------------------------------------------------------------------------------------------------


def table(folder, text, **options):
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return data.read_table(path, **options)


def test_numbers_categories_and_gaps(tmp_path):
    found = table(tmp_path, "age,colour,buys\n30,red,yes\n,blue,no\n 4.5 ,NA,no\n?,red,yes\n")
    assert found.columns == (Column("age"), Column("colour", ("blue", "red")))
    assert found.features == ("age", "colour=blue", "colour=red")
    np.testing.assert_array_equal(found.x, [[30, 0, 1], [np.nan, 1, 0], [4.5, 0, 0], [np.nan, 0, 1]])
    assert (found.classes, found.y.tolist(), found.target) == (("no", "yes"), [1, 0, 0, 1], "buys")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_target_is_chosen_by_name(delimiter, tmp_path):
    text = "\ufeffa,b,c\r\n1,2.5,7\r\n2,3.5,8\r\n".replace(",", delimiter)
    found = table(tmp_path, text, target="b")
    assert (found.classes, found.y.tolist(), found.features) == ((), [2.5, 3.5], ("a", "c"))


def test_whole_numbers_are_classes_while_they_are_few(tmp_path):
    rows = "a,y\n" + "".join(f"{i},{i % 20 + 3}\n" for i in range(100))
    assert table(tmp_path, rows).classes == tuple(map(str, range(3, 23)))
    rows = "a,y\n" + "".join(f"{i},{i % 21}\n" for i in range(100))
    assert table(tmp_path, rows).classes == ()
    assert len(table(tmp_path, rows, kind="classes").classes) == 21
    assert len(parts(Config(data=str(tmp_path / "t.csv"), loss="cross_entropy")).inputs.classes) == 21


def test_columns_that_teach_nothing_are_left_out_and_named(tmp_path):
    rows = "".join(f"person {i},{i},,{'ab'[i % 2]}\n" for i in range(40))
    found = table(tmp_path, "name,n,empty,y\n" + rows)
    assert found.columns == (Column("n"),)
    assert found.left_out == {"name": "40 different texts in 40 rows", "empty": "it has no values"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,y\n1,x\n2,x\nold,z\n", r"row 4, column 'a': expected a number, as in 2 other rows, got 'old'"),
        ('a,y\n1,x\n\n"multi\nline",z\n3,z\n4,x\n', "row 5, column 'a'"),
        ("a,y\n1,x\n2,x\ninf,z\n", "row 4, column 'a'.*'inf'"),
        ("a,y\n1,x\n2,\n", "row 3, column 'y': the target is missing"),
        ("a,y\n1,x\n2,NA\n", "row 3, column 'y': the target is missing"),
        ("a,y\n1,2,3\n", "row 2: 3 values, but the header has 2"),
        ("a,a,y\n1,2,3\n", "2 columns are called 'a'"),
        ("y\n1\n", "only one column"),
        ("", "a header and at least one record"),
        ("a,y\n", "a header and at least one record"),
        ("a,y\n,x\n,z\n", "no column to learn from"),
        ("a,y\n" + "".join(f"{i},t{i}\n" for i in range(30)), "expected a number or one of a few classes"),
    ],
)
def test_a_bad_table_says_where(text, message, tmp_path):
    with pytest.raises(data.DataError, match=message) as caught:
        table(tmp_path, text)
    assert "t.csv" in str(caught.value)


def test_an_unknown_target_gets_the_nearest_column(tmp_path):
    with pytest.raises(data.DataError, match=r"unknown column 'prise': did you mean 'price'\?"):
        table(tmp_path, "price,b\n1,2\n", target="prise")


def test_later_rows_are_read_with_the_same_columns(tmp_path):
    columns, path = (Column("age"), Column("colour", ("blue", "red"))), tmp_path / "later.csv"
    path.write_text("extra,colour,age,y\n1,red,,b\n2,,3,\n3,blue,4,c\n")
    found = read_like(path, columns, "y", ("a", "b"))
    np.testing.assert_array_equal(found.x, [[np.nan, 0, 1], [3, 0, 0], [4, 1, 0]])
    assert found.y.tolist() == [1, -1, -1]
    path.write_text("colour,age\nteal,3\n")
    with pytest.raises(data.DataError, match=r"row 2, column 'colour': unknown category 'teal'.*blue, red"):
        read_like(path, columns, "y", ("a", "b"))
    path.write_text("colour\nred\n")
    with pytest.raises(data.DataError, match="no column 'age'"):
        read_like(path, columns, "y", ("a", "b"))


def test_a_table_with_gaps_and_categories_is_learned(tmp_path):
    """The class is decided by the colour and the sign of a number, each missing now and then."""
    rng = np.random.default_rng(0)
    rows = ["noise,n,colour,y"]
    for _ in range(600):
        n, colour = rng.normal(), rng.choice(["red", "blue"])
        truth = "in" if (n > 0) == (colour == "red") else "out"
        rows.append(f"{rng.normal()},{'' if rng.random() < 0.02 else n},{colour},{truth}")
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows))
    found = run(Config(data=str(path), hidden=(32,), lr=0.01, epochs=40))
    assert found.scores["test_accuracy"] > 0.9  # always the commoner class: about 0.5


# --- images -----------------------------------------------------------------------------------------------------------


def png(pixels):
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, format="PNG")
    return content.getvalue()


@pytest.fixture
def pictures(tmp_path, rng):
    """Return a folder of images in two parts and two classes, and the same as an archive."""
    folder = tmp_path / "animals"
    for part, count in (("train", 5), ("test", 2)):
        for kind in ("dog", "cat"):
            (folder / part / kind).mkdir(parents=True)
            for i in range(count):
                (folder / part / kind / f"{i}.png").write_bytes(png(rng.integers(0, 256, (6, 7, 3), dtype=np.uint8)))
    with tarfile.open(tmp_path / "animals.tar.gz", "w:gz") as tar:
        for path in sorted(folder.rglob("*.png"), reverse=True):
            tar.add(path, path.relative_to(folder))
    return folder


def test_images_are_read_as_torchvision_reads_them(pictures):
    datasets = pytest.importorskip("torchvision.datasets")
    for source in (pictures, pictures.with_suffix(".tar.gz")):
        assert parts_in(source) == ("test", "train")
        for part in ("train", "test"):
            ours, theirs = load_images(source, part), datasets.ImageFolder(str(pictures / part))
            expected = np.stack([np.asarray(image) for image, _ in theirs]).transpose(0, 3, 1, 2)
            np.testing.assert_array_equal(ours.x, expected.reshape(len(theirs), -1).astype(np.float32) / 255)
            assert ours.y.tolist() == theirs.targets
            assert list(ours.classes) == theirs.classes
            assert ours.image_shape == (3, 6, 7)


def test_images_by_class_as_a_vision_dataset(pictures):
    datasets = pytest.importorskip("torchvision.datasets")
    from chainrule.pytorch.images import ClassImages

    for train, part in ((True, "train"), (False, "test")):
        theirs = datasets.ImageFolder(str(pictures / part))
        for source in (pictures, pictures.with_suffix(".tar.gz")):
            ours = ClassImages(source, train=train, transform=np.asarray, target_transform=str)
            assert isinstance(ours, datasets.VisionDataset)
            assert len(ours) == len(theirs)
            for (x, y), (image, label) in zip((ours[i] for i in range(len(ours))), theirs, strict=True):
                np.testing.assert_array_equal(x, image)
                assert y == str(label)


def test_gzipped_idx_files_as_a_vision_dataset(tmp_path, rng, monkeypatch):
    pytest.importorskip("torchvision")
    from chainrule.pytorch import images
    from chainrule.pytorch.datasets import load_images as by_name

    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    kept = {}
    for stem, count in (("train", 12), ("t10k", 5)):
        x, y = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8), np.arange(count, dtype=np.uint8) % 10
        kept[stem] = x, y
        for name, array in ((f"{stem}-images-idx3-ubyte", x), (f"{stem}-labels-idx1-ubyte", y)):
            head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            (raw / f"{name}.gz").write_bytes(gzip.compress(head + array.tobytes()))
    train, test = by_name("mnist", root=tmp_path)
    for found, stem in ((train, "train"), (test, "t10k")):
        assert isinstance(found, images.MNIST)
        np.testing.assert_array_equal(found.data, kept[stem][0])
        assert found.targets.tolist() == kept[stem][1].tolist()
        assert np.asarray(found[3][0]).tolist() == kept[stem][0][3].tolist()


def test_cifar_as_images_in_the_data_root(tmp_path, rng):
    pytest.importorskip("torchvision")
    from chainrule.pytorch.datasets import load_images as by_name

    with tarfile.open(tmp_path / "cifar10-images.tar", "w") as tar:
        for part in ("train", "test"):
            for kind in ("airplane", "cat"):
                content = png(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8))
                info = tarfile.TarInfo(f"{part}/{kind}/0.png")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    train, test = by_name("cifar10", root=tmp_path)
    ours = data.load("cifar10", part="test", root=tmp_path)
    assert (type(train).__name__, len(train), train.classes) == ("CIFAR10", 2, ["airplane", "cat"])
    np.testing.assert_array_equal(ours.x, test.data.numpy().transpose(0, 3, 1, 2).reshape(2, -1) / np.float32(255))


def test_a_folder_of_images_is_trained_on(tmp_path, rng):
    for kind, light in (("bright", 180), ("dark", 30)):
        (tmp_path / "lights" / kind).mkdir(parents=True)
        for i in range(40):
            pixels = rng.normal(light, 20, (5, 5)).clip(0, 255).astype(np.uint8)
            (tmp_path / "lights" / kind / f"{i}.png").write_bytes(png(pixels))
    found = run(Config(data=str(tmp_path / "lights"), epochs=20, lr=0.01))
    assert found.scores["test_accuracy"] == 1
    assert found.parts.inputs.image_shape == (5, 5)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "holds no JPEG or PNG images"),
        ({"a/1.png": (2, 2)}, "of one class only, 'a'"),
        ({"a/1.png": (2, 2), "b/1.png": (2, 3)}, "b/1.png has 3x2 pixels, others have 2x2"),
        ({"a/1.png": (2, 2), "b/1.jpg": b"no image"}, "b/1.jpg is damaged, or no JPEG or PNG"),
    ],
)
def test_bad_images_are_named(files, message, tmp_path):
    for name, content in files.items():
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content if isinstance(content, bytes) else png(np.zeros(content, np.uint8)))
    (tmp_path / "set").mkdir(exist_ok=True)
    with pytest.raises(data.DataError, match=message):
        load_images(tmp_path / "set")


def test_a_damaged_archive_is_named(pictures, tmp_path):
    whole = pictures.with_suffix(".tar.gz").read_bytes()
    path = tmp_path / "cut.tar.gz"
    for content in (whole[: len(whole) // 2], b"no archive", b""):
        path.write_bytes(content)
        with pytest.raises(data.DataError, match=r"cut\.tar\.gz"):
            load_images(path, "train")


def test_a_single_image_is_brought_to_the_networks_size(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(np.full((20, 10, 3), 51, np.uint8)))
    np.testing.assert_allclose(read_image(path, (4, 6)), np.full((1, 24), 0.2), atol=1e-6)
    assert read_image(path, (3, 4, 6)).shape == (1, 72)
    with pytest.raises(data.DataError, match="not trained on images"):
        read_image(path, ())


def test_bytes_in_an_npz_file_are_images(tmp_path, rng):
    x = rng.integers(0, 256, (4, 3, 5, 3), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", x=x, y=np.arange(4) % 2)
    found = data.load(tmp_path / "a.npz")
    assert found.image_shape == (3, 3, 5)
    np.testing.assert_array_equal(found.x, x.transpose(0, 3, 1, 2).reshape(4, -1) / np.float32(255))
