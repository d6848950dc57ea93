"""Runs by their options: what is valid, that both engines agree, and that a run goes on where it was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import fields

import numpy as np
import pytest
from scipy.stats import binomtest

from chainrule import data, nn, optim
from chainrule.experiments import Config, ConfigError, folder, run
from chainrule.experiments.config import choices
from chainrule.experiments.parts import Scale, parts
from chainrule.experiments.report import interval

# --- options ----------------------------------------------------------------------------------------------------------


def test_a_configuration_comes_back_from_its_file(tmp_path):
    config = Config(data="iris", hidden=(12, 7), lr=3e-5, schedule="cosine", l1=1e-4, early_stopping=3, seed=2**40)
    config.to_toml(tmp_path / "c.toml")
    assert Config.from_toml(tmp_path / "c.toml") == config
    (tmp_path / "c.toml").write_text("hidden = []\nbatch-size = 7\n")
    assert Config.from_toml(tmp_path / "c.toml") == Config(hidden=(), batch_size=7)


def test_texts_become_options():
    config = Config.parse({"hidden": "64, 32", "lr": "1e-2", "batch-size": "7", "activation": "tanh"}, Config(epochs=3))
    assert config == Config(hidden=(64, 32), lr=0.01, batch_size=7, activation="tanh", epochs=3)
    assert Config.parse({"hidden": "none"}).hidden == ()
    assert Config.parse({"epochs": "1e2"}).epochs == 100


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("lr", "fast", r"lr must be a number .* such as 0.001; got 'fast'"),
        ("lr", "-1", "got -1.0: the nearest is 1e-12"),
        ("lr", "nan", "lr must be a number"),
        ("lr", "inf", "the nearest is 1000000"),
        ("dropout", "1.5", "from 0 to 0.99; got 1.5: the nearest is 0.99"),
        ("epochs", "2.4", "a whole number of at least 1; got 2.4: the nearest is 2"),
        ("batch_size", "0", "the nearest is 1"),
        ("hidden", "128,x", "whole numbers with commas between, such as 128,64; got '128,x'"),
        ("hidden", "128,0", "hidden must be a whole number of at least 1; got 0"),
        ("seed", "-3", "the nearest is 0"),
        ("activation", "rleu", "unknown activation 'rleu': the nearest is 'relu'"),
        ("optimizer", "ADAM", "the nearest is 'adam'"),
        ("schedule", "cos", "the nearest is 'cosine'"),
        ("init", "he", "the nearest is 'he_"),
        ("engine", "tourch", "the nearest is 'torch'"),
        ("device", "cuda", "device must be cpu with engine numpy"),
        ("larning_rate", "1", "unknown option 'larning_rate'"),
        ("epoch", "1", "did you mean 'epochs'"),
    ],
)
def test_an_invalid_option_gets_the_nearest_valid_one(name, text, message):
    with pytest.raises(ConfigError, match=message):
        Config.parse({name: text})


@pytest.mark.parametrize("content", ["lr = ", "lr = 'fast'", "rl = 1", "hidden = 3", b"\xff", "epochs = true"])
def test_a_bad_file_is_named(content, tmp_path):
    path = tmp_path / "c.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError, match=r"c\.toml"):
        Config.from_toml(path)


def test_what_enters_a_registry_is_an_option():
    @nn.ACTIVATIONS.add("cube_for_test")
    class CubeForTest(nn.Identity):
        pass

    try:
        assert run(Config(data="iris", activation="cube_for_test", epochs=1)).config.activation == "cube_for_test"
        named = next(f for f in fields(Config) if f.name == "activation")
        assert "cube_for_test" in choices(named)
        with pytest.raises(ConfigError, match="PyTorch has no layer 'CubeForTest': take engine numpy"):
            run(Config(data="iris", activation="cube_for_test", engine="torch"))
    finally:
        del nn.ACTIVATIONS["cube_for_test"], nn.LAYERS["CubeForTest"]


# --- records ----------------------------------------------------------------------------------------------------------


def test_the_parts_share_no_record_and_leave_none_out():
    found, whole = parts(Config(data="digits")), data.load("digits")
    together = np.concatenate([part.x for part in (found.train, found.valid, found.test)])
    assert sorted(map(bytes, together)) == sorted(map(bytes, whole.x))


def test_scales_come_from_the_training_part_alone():
    found, whole = parts(Config(data="wine")), data.load("wine", dtype=np.float64)
    np.testing.assert_allclose(found.train.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found.train.x.std(axis=0), 1, atol=1e-5)
    original = found.inputs.scale.inverse(np.concatenate([p.x for p in (found.train, found.valid, found.test)]))
    np.testing.assert_allclose(np.sort(original, axis=0), np.sort(whole.x, axis=0), rtol=1e-5)


def test_what_is_missing_is_scaled_to_the_mean():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    scale = Scale.of(values)
    np.testing.assert_array_equal(scale(values), [[-1, 0], [1, 0], [0, 0]])


@pytest.mark.parametrize(("right", "count"), [(0, 5), (5, 5), (37, 40), (1, 1000)])
def test_the_interval_is_wilsons(right, count):
    expected = binomtest(right, count).proportion_ci(method="wilson")
    assert interval(right / count, count) == pytest.approx((expected.low, expected.high), abs=1e-4)


# --- both engines -----------------------------------------------------------------------------------------------------

EVERY = [
    *({"activation": name} for name in nn.ACTIVATIONS),
    *({"init": name} for name in nn.INITIALIZERS),
    *({"optimizer": name, "lr": 0.005} for name in optim.OPTIMIZERS),
    *({"schedule": name, "epochs": 6} for name in optim.SCHEDULES),
    *({"loss": name} for name in nn.LOSSES),
    *({"data": "diabetes", "loss": name} for name in ("", "l1", "huber")),
    {"l1": 1e-3, "l2": 1e-2},
    {"data": "breast-cancer", "loss": "bce", "hidden": ()},
    {"early_stopping": 1, "lr": 0.1, "epochs": 12},
]


@pytest.mark.parametrize("options", EVERY, ids=str)
def test_numpy_and_torch_take_the_same_steps(options):
    """PyTorch's layers, losses, optimizers are the oracle: the same curves to float32's rounding."""
    pytest.importorskip("torch")
    config = Config(**{"data": "iris", "hidden": (9, 5), "epochs": 3, "lr": 0.01, "batch_size": 16, **options})
    ours = run(config)
    theirs = run(Config(**{f.name: getattr(config, f.name) for f in fields(Config)} | {"engine": "torch"}))
    assert set(ours.history) == set(theirs.history)
    for name, values in ours.history.items():
        assert values == pytest.approx(theirs.history[name], rel=2e-4, abs=2e-5), name
    assert ours.scores == pytest.approx(theirs.scores, rel=2e-4, abs=2e-5)


def test_dropout_drops_in_training_alone():
    for engine in ("numpy", "torch"):
        with_, without = (run(Config(data="iris", dropout=p, engine=engine, epochs=2)) for p in (0.5, 0.0))
        assert with_.history["train_loss"] != without.history["train_loss"]
        x = with_.parts.valid.x
        np.testing.assert_array_equal(with_.net(x), with_.net(x))


def test_rmse_is_in_the_targets_unit():
    found = run(Config(data="diabetes", epochs=3))
    scale, part = found.parts.inputs.quantities, found.parts.valid
    truth = np.sort(data.load("diabetes", dtype=np.float64).y)
    original = scale.inverse(part.y)[:, 0]
    assert np.abs(truth[np.searchsorted(truth, original - 1e-3)] - original).max() < 1e-3
    error = scale.inverse(found.net(part.x))[:, 0] - original
    assert found.scores["valid_rmse"] == pytest.approx(np.sqrt((error**2).mean()))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": "diabetes", "loss": "cross_entropy"}, "for classes, but diabetes has quantities"),
        ({"data": "digits", "target": "x"}, "target names a column of a CSV file"),
        ({"data": "dgits"}, "did you mean 'digits'"),
        ({"engine": "torch", "device": "cuda:77"}, "device 'cuda:77' is not"),
        ({"engine": "torch", "device": "gpu"}, "the nearest is 'cpu'"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_written(options, message, tmp_path):
    if options.get("engine") == "torch":
        pytest.importorskip("torch")
    with pytest.raises(ValueError, match=message):
        run(Config(**options), tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- folders, and resuming --------------------------------------------------------------------------------------------


def test_a_folder_has_all_of_a_run(tmp_path):
    found = run(Config(data="iris", epochs=3), tmp_path / "out")
    assert Config.from_toml(tmp_path / "out" / folder.CONFIG) == found.config
    assert folder.history_of(tmp_path / "out") == found.history
    assert folder.scores_of(tmp_path / "out") == found.scores
    assert folder.inputs_of(tmp_path / "out") == found.parts.inputs
    kept = nn.load(tmp_path / "out" / folder.WEIGHTS).eval()
    np.testing.assert_array_equal(kept(found.parts.test.x), found.net(found.parts.test.x))


def test_a_folder_is_one_runs(tmp_path):
    run(Config(data="iris", epochs=2), tmp_path)
    with pytest.raises(ConfigError, match=r"other options: lr was 0.001, is now 0.1"):
        run(Config(data="iris", epochs=2, lr=0.1), tmp_path)
    with pytest.raises(ConfigError, match=r"epochs was 2, is now 1"):
        run(Config(data="iris", epochs=1), tmp_path)
    longer = run(Config(data="iris", epochs=5), tmp_path)
    assert longer.history == run(Config(data="iris", epochs=5)).history


def test_other_data_is_another_run(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("a,b\n" + "".join(f"{i},{i % 2}\n" for i in range(40)))
    config = Config(data=str(table), epochs=1)
    run(config, tmp_path / "out")
    table.write_text("a,b\n" + "".join(f"{2 * i},{i % 2}\n" for i in range(40)))
    os.utime(table, (1, 1))
    with pytest.raises(ConfigError, match="has changed since"):
        run(config, tmp_path / "out")


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_a_run_killed_at_random_moments_ends_with_the_same_bits(engine, tmp_path):
    if engine == "torch":
        pytest.importorskip("torch")
    options = f"--data digits --hidden 40,20 --dropout 0.3 --schedule plateau --early-stopping 50 --engine {engine}"
    words = [sys.executable, "-m", "chainrule", "train", *options.split(), "--epochs", "40"]

    def start(out, *more):
        return subprocess.Popen(
            [*words, "--out", str(out), *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )

    assert start(tmp_path / "whole").wait(300) == 0
    out, rng, kills = tmp_path / "killed", np.random.default_rng(), 0
    while kills < 2:
        before = _written(out)
        process = start(out, *(["--resume"] if (out / folder.CONFIG).exists() else []))
        while process.poll() is None and _written(out) == before:  # it has begun to train, or has already ended
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        if process.wait(60) == 0:
            break
        kills += 1
    ended = folder.HISTORY, folder.SCORES, folder.CHECKPOINT, "wrong.csv"
    if not all((out / name).exists() for name in ended):  # killed before the pictures, it has its scores already
        assert start(out, "--resume").wait(300) == 0
    assert kills > 0
    whole, killed = (nn.load(tmp_path / name / folder.WEIGHTS).state_dict() for name in ("whole", "killed"))
    assert all(np.array_equal(killed[key], whole[key]) for key in whole)
    for name in ended:
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert not [path.name for path in out.glob(".*")]  # nothing half written is left


def _written(out):
    path = out / folder.CHECKPOINT
    return path.stat().st_mtime_ns if path.exists() else None


def test_ctrl_c_says_how_to_go_on(tmp_path):
    words = [sys.executable, "-m", "chainrule", "train", "--epochs", "100000", "--out", str(tmp_path / "a b")]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and _written(tmp_path / "a b") is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    epochs = len(folder.history_of(tmp_path / "a b")["train_loss"])
    assert f"stopped; saved after epoch {epochs} of 100000. Go on with: " in said
    assert said.rstrip().endswith(f"chainrule train --resume --out '{tmp_path / 'a b'}'")


def test_a_damaged_checkpoint_is_one_clear_error_and_loses_nothing(tmp_path):
    run(Config(data="iris", epochs=2), tmp_path)
    path = tmp_path / folder.CHECKPOINT
    content = path.read_bytes()
    kept = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file() and p.name not in ("config.toml",)}
    for damaged in (content[: len(content) // 2], content[:-3] + bytes([content[-3] ^ 1]) + content[-2:], b""):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="damaged, or not a checkpoint"):
            run(Config(data="iris", epochs=3), tmp_path)
        path.write_bytes(content)
        assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name in kept} == kept
    assert len(run(Config(data="iris", epochs=3), tmp_path).history["train_loss"]) == 3


def test_a_disk_that_is_full_leaves_what_was_saved(tmp_path, monkeypatch):
    run(Config(data="iris", epochs=2), tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file() and p.name != "config.toml"}
    written = nn.files.write_whole

    def full(path, content):
        if path.name in ("history.csv", "checkpoint.safetensors"):
            raise OSError(28, "No space left on device", str(path))
        written(path, content)

    monkeypatch.setattr("chainrule.training.callbacks.write_whole", full)
    with pytest.raises(OSError, match="No space"):
        run(Config(data="iris", epochs=4), tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name in before} == before


def test_the_checkpoint_can_stand_elsewhere(tmp_path):
    config = Config(data="iris", epochs=2)
    run(config, tmp_path / "out", checkpoint=tmp_path / "fast")
    assert (tmp_path / "fast" / folder.CHECKPOINT).exists()
    assert not (tmp_path / "out" / folder.CHECKPOINT).exists()
    again = run(Config(data="iris", epochs=4), tmp_path / "out", checkpoint=tmp_path / "fast")
    assert again.history == run(Config(data="iris", epochs=4)).history


def test_inputs_come_back_from_their_file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,colour,n\n" + "".join(f"{i},{'red' if i % 3 else 'blue'},{i / 7}\n" for i in range(40)))
    inputs = parts(Config(data=str(path))).inputs
    folder.write_json(tmp_path / folder.INPUTS, inputs.as_json())
    assert folder.inputs_of(tmp_path) == inputs
    for text in ("", "{", "{}", json.dumps([1])):
        (tmp_path / folder.INPUTS).write_text(text)
        with pytest.raises(ConfigError, match="damaged"):
            folder.inputs_of(tmp_path)
