"""train, predict, show, data, as a person uses them."""

import csv
import io
import struct
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from chainrule import data, nn
from chainrule.cli import app
from chainrule.data import downloads
from chainrule.experiments import folder
from chainrule.experiments.parts import parts

PICTURES = {"learning_curves.png", "first_layer.png", "histograms.png"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Work in an empty folder with an empty data root; nothing is downloaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path / "root"))
    monkeypatch.setenv("COLUMNS", "200")
    unreachable = {name: (downloads.Source(("http://127.0.0.1:9/x.gz",), "x", ""),) for name in downloads.SOURCES}
    monkeypatch.setattr(downloads, "SOURCES", unreachable)


def invoke(*words, status=0):
    shown = CliRunner().invoke(app, [str(word) for word in words])
    assert shown.exit_code == status, shown.output + str(shown.exception)
    return shown


def size_of(path):
    """Return a PNG file's width and height."""
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">2I", content[16:24])


@pytest.mark.parametrize("verb", ["train", "predict", "show", "data"])
def test_each_help_ends_with_an_example(verb):
    lines = invoke(verb, "--help").stdout.strip().splitlines()
    assert lines[-1].strip().startswith(f"Example: chainrule {verb} ")


def test_trains_help_has_every_name_of_the_registries():
    shown = " ".join(invoke("train", "--help").stdout.split())
    for registry in (nn.ACTIVATIONS, nn.LOSSES, nn.INITIALIZERS):
        assert ", ".join(registry) in shown


def test_help_is_quick_to_import():
    script = (
        "import sys\nsys.argv = ['chainrule', '--help']\nfrom chainrule.cli import app\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('numpy', 'torch', 'matplotlib', 'sklearn', 'tqdm') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"
    assert {"train", "predict", "show", "data"} <= set(shown.split())


def test_a_run_on_images_leaves_all_it_promised():
    shown = invoke("train", "--epochs", 2, "--hidden", "20,10").stdout
    out = folder.Path("runs/digits-1")
    assert "1,258 + 269 + 270 records" in shown
    assert "64-20-10-10, relu, 1,620 weights" in shown
    names = {path.name for path in out.iterdir()}
    assert PICTURES | {"confusion_matrix.png", "wrong.png", "wrong.csv"} <= names
    assert {folder.WEIGHTS, folder.HISTORY, folder.CONFIG, folder.CHECKPOINT, folder.SCORES} <= names
    for path in out.glob("*.png"):
        width, height = size_of(path)
        assert 300 < width < 4000
        assert 100 < height < 4000
    invoke("train", "--epochs", 1)
    assert (folder.Path("runs/digits-2") / folder.SCORES).exists()


def test_torch_reads_the_weights():
    torch_files = pytest.importorskip("safetensors.torch")
    invoke("train", "--data", "iris", "--epochs", 2, "--hidden", 7, "--engine", "torch", "--out", "r")
    state = torch_files.load_file("r/weights.safetensors")
    assert {key: tuple(values.shape) for key, values in state.items()} == {
        "0.weight": (7, 4), "0.bias": (7,), "2.weight": (3, 7), "2.bias": (3,),
    }  # fmt: skip


def test_the_wrong_ones_are_listed_as_they_are():
    invoke("train", "--data", "iris", "--epochs", 1, "--out", "r")
    rows = list(csv.DictReader(folder.Path("r/wrong.csv").read_text().splitlines()))
    valid = parts(folder.Config.from_toml("r/config.toml")).valid
    net = nn.load("r/weights.safetensors").eval()
    wrong = int((net(valid.x).argmax(axis=1) != valid.y).sum())
    assert len(rows) == wrong > 0
    known = {tuple(np.round(row, 3)) for row in data.load("iris", dtype=np.float64).x}
    for row in rows:
        assert row["truth"] != row["answer"]
        assert tuple(float(row[name]) for name in list(row)[3:]) in known


def test_a_runs_configuration_starts_the_same_run_again():
    invoke("train", "--data", "iris", "--epochs", 3, "--lr", 0.01, "--seed", 5, "--out", "a")
    invoke("train", "--config", "a/config.toml", "--out", "b")
    invoke("train", "--config", "a/config.toml", "--seed", 6, "--out", "c")
    histories = [folder.history_of(folder.Path(name)) for name in "abc"]
    assert histories[0] == histories[1] != histories[2]


def test_a_finished_run_goes_on_with_more_epochs():
    invoke("train", "--data", "iris", "--epochs", 2, "--out", "a")
    invoke("train", "--resume", "--out", "a", "--epochs", 4)
    invoke("train", "--data", "iris", "--epochs", 4, "--out", "b")
    assert folder.history_of(folder.Path("a")) == folder.history_of(folder.Path("b"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--activation", "rleu"], "the nearest is 'relu'"),
        (["--lr", "fast"], "lr must be a number"),
        (["--data", "minst"], "did you mean 'mnist'"),
        (["--data", "none.csv"], "none.csv can't be read as CSV: No such file"),
        (["--data", "mnist"], "can't be downloaded"),
        (["--data", "mnist"], "bundled data: 'digits', 'fashion-small'"),
        (["--config", "none.toml"], "none.toml can't be read"),
        (["--resume"], "--resume needs the run's folder"),
        (["--resume", "--out", "none"], "none holds no run to resume"),
        (["--out", "file/under"], "file"),
        (["--data", "diabetes", "--loss", "bce"], "quantities to predict: the nearest is 'mse'"),
        (["--lr", "1e5", "--optimizer", "sgd", "--data", "iris", "--hidden", "9,9,9"], "diverged"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_status(words, message, tmp_path):
    (tmp_path / "file").write_text("")
    shown = invoke("train", *words, status=1)
    said = [line for line in shown.stderr.splitlines() if line.startswith("chainrule: ")]
    assert len(said) == 1
    assert message in said[0]
    assert "Traceback" not in shown.output


def test_an_earlier_run_is_never_overwritten():
    invoke("train", "--data", "iris", "--epochs", 1, "--out", "a")
    before = {path.name: path.read_bytes() for path in folder.Path("a").iterdir() if path.is_file()}
    for words in (["--out", "a"], ["--checkpoint", "a", "--out", "b"], ["--resume", "--out", "a", "--lr", "0.5"]):
        assert "a holds a run" in invoke("train", "--data", "iris", *words, status=1).stderr
    assert {path.name: path.read_bytes() for path in folder.Path("a").iterdir() if path.is_file()} == before
    assert not folder.Path("b").exists()


def test_predictions_of_classes_are_the_networks():
    found = data.load("iris")
    names = [name.replace(" (cm)", "") for name in found.features]
    rows = [[*(f"{v:.3g}" for v in x), found.classes[y]] for x, y in zip(found.x, found.y, strict=True)]
    with open("iris.csv", "w", newline="") as file:
        csv.writer(file).writerows([[*names, "kind"], *rows])
    invoke("train", "--data", "iris.csv", "--epochs", 30, "--lr", 0.01, "--out", "r")
    with open("later.csv", "w", newline="") as file:  # another order, and one column more
        csv.writer(file).writerows([["kind", "extra", *names[::-1]], *([r[4], "0", *r[3::-1]] for r in rows)])
    shown = invoke("predict", "r", "later.csv")
    answers = list(csv.DictReader(io.StringIO(shown.stdout)))
    inputs, net = folder.inputs_of(folder.Path("r")), nn.load("r/weights.safetensors").eval()
    expected = nn.softmax(net(inputs.scale(np.round(found.x.astype(float), 2))).astype(float))
    assert [row["kind"] for row in answers] == [found.classes[i] for i in expected.argmax(axis=1)]
    np.testing.assert_allclose([[float(r[f"p({c})"]) for c in found.classes] for r in answers], expected, atol=1e-4)
    right = int((expected.argmax(axis=1) == found.y).sum())
    assert f"{right} of 150 records of known class are right" in shown.stderr
    assert right > 130


def test_predictions_of_quantities_are_in_their_unit():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    with open("t.csv", "w", newline="") as file:
        csv.writer(file).writerows([["a", "b", "price"], *([a, b, 500 + 100 * a - 50 * b] for a, b in x)])
    invoke("train", "--data", "t.csv", "--hidden", "none", "--epochs", 60, "--lr", 0.05, "--out", "r")
    with open("new.csv", "w") as file:
        file.write("b,a\n1,2\n")
    invoke("predict", "r", "new.csv", "--out", "answers.csv")
    (row,) = csv.DictReader(folder.Path("answers.csv").read_text().splitlines())
    assert float(row["price"]) == pytest.approx(650, abs=5)
    assert "rmse" in invoke("predict", "r", "t.csv").stderr


def test_arrays_and_images_are_predicted():
    image = pytest.importorskip("PIL.Image")
    found = data.load("digits")
    np.savez("d.npz", x=(found.x * 255).round().astype(np.uint8).reshape(-1, 8, 8), y=found.y)
    invoke("train", "--data", "d.npz", "--epochs", 15, "--out", "r")
    shown = invoke("predict", "r", "d.npz")
    right = int(shown.stderr.split(" of ")[0].split()[-1])
    assert right > 1600
    image.fromarray((found.x[:1] * 255).round().astype(np.uint8).reshape(8, 8)).save("one.png")
    assert invoke("predict", "r", "one.png").stdout.splitlines()[1] == shown.stdout.splitlines()[1]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("n.csv", "a\n1\n", "no column 'sepal length (cm)'"),
        ("n.npz", "", "can't be read as NPZ"),
        ("n.png", "", "not trained on images"),
        ("n.xyz", "", "is none of"),
        ("none.csv", None, "can't be read as CSV"),
    ],
)
def test_files_that_do_not_fit_are_refused(file, content, message):
    invoke("train", "--data", "iris", "--epochs", 1, "--out", "r")
    if content is not None:
        folder.Path(file).write_text(content)
    assert message in invoke("predict", "r", file, status=1).stderr


def test_an_unfinished_run_does_not_predict():
    (folder.Path("r")).mkdir()
    assert "r holds no run" in invoke("predict", "r", "x.csv", status=1).stderr
    invoke("train", "--data", "iris", "--epochs", 1, "--out", "s")
    folder.Path("s/weights.safetensors").unlink()
    assert "chainrule train --resume --out s" in invoke("predict", "s", "x.csv", status=1).stderr


def test_show_compares_runs_and_draws_them():
    for name, lr in (("a", 0.001), ("b", 0.01)):
        invoke("train", "--data", "iris", "--epochs", 2, "--lr", lr, "--out", name)
    folder.Path("b/scores.json").unlink()  # as if it were still running
    shown = invoke("show", "a", "b", "--out", "both.png").stdout.splitlines()
    assert shown[0].split() == ["run", "lr", "epochs", "valid", "loss", "valid", "test"]
    scores = folder.scores_of(folder.Path("a"))
    shares = [f"{scores['valid_accuracy']:.1%}", f"{scores['test_accuracy']:.1%}"]
    assert shown[1].split() == ["a", "0.001", "2/2", f"{scores['valid_loss']:.4g}", *shares]
    last = folder.history_of(folder.Path("b"))["valid_accuracy"][-1]
    assert shown[2].split()[-1] == f"{last:.1%}"
    assert size_of(folder.Path("both.png"))[0] > 600
    assert "none holds no run" in invoke("show", "a", "none", status=1).stderr


def test_data_lists_all_and_verifies():
    shown = invoke("data").stdout
    assert all(name in shown for name in data.DATASETS)
    assert "not there; chainrule data mnist --download" in shown
    assert invoke("data", "iris").stdout == "iris: 150 records, 4 columns, 3 classes\n"
    failed = invoke("data", "mnist", "wine", status=1)
    assert "wine: 178 records" in failed.stdout
    assert "is not there" in failed.stderr


def test_data_describes_a_table():
    folder.Path("t.csv").write_text("age,colour,y\n3,red,1\n,blue,0\n4,,1\n5,red,0\n")
    lines = [line.split() for line in invoke("data", "t.csv").stdout.splitlines()]
    assert ["age", "numbers", "1"] in lines
    assert ["colour", "2", "categories", "1"] in lines
    assert lines[-1][:4] == ["y", "the", "target,", "2"]


def test_a_changed_file_of_the_data_root_is_found(tmp_path, monkeypatch):
    raw = tmp_path / "root" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for stem in ("train", "t10k"):
        images = struct.pack(">4B3I", 0, 0, 8, 3, 20, 2, 2) + bytes(80)
        (raw / f"{stem}-images-idx3-ubyte").write_bytes(images)
        (raw / f"{stem}-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, 20) + bytes(range(10)) * 2)
    monkeypatch.undo()
    shown = CliRunner().invoke(app, ["data", "mnist", "--data-root", str(tmp_path / "root")])
    assert shown.exit_code == 1
    assert "is not the published file: its checksum differs" in shown.stderr
