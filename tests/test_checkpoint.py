"""A run that is killed at any moment and started again ends with the very bits of one that was not."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from chainrule import data, fit, nn, optim
from chainrule.training import Checkpoint, CSVLogger, EarlyStopping, TensorBoard

PROGRAM = """
import sys
from chainrule import data, fit, nn, optim
from chainrule.training import Checkpoint, EarlyStopping

train, valid = data.load("digits").split(0.7, 0.3)
net = nn.Sequential(
    nn.Linear(64, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Dropout(0.3), nn.Linear(24, 10), seed=5
)
optimizer = optim.Adam(net.parameters(), lr=0.01)
callbacks = [optim.CosineAnnealingLR(optimizer, 12), EarlyStopping(20), *(Checkpoint(path) for path in sys.argv[2:])]
print("ready", flush=True)
fit(net, train, criterion=nn.CrossEntropyLoss(), optimizer=optimizer, valid=valid, epochs=12, batch_size=40,
    penalty=nn.L2(1e-4), callbacks=callbacks, seed=7)
nn.save(net, sys.argv[1])
"""


def start(*paths):
    command = [sys.executable, "-c", PROGRAM, *map(str, paths)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"})


def test_a_killed_run_ends_with_the_same_bits(tmp_path):
    assert start(tmp_path / "whole.safetensors").wait(120) == 0
    checkpoint, final = tmp_path / "checkpoint.safetensors", tmp_path / "resumed.safetensors"
    rng, kills = np.random.default_rng(), 0
    for _ in range(60):
        run = start(final, checkpoint)
        assert run.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0, 0.25))
        run.send_signal(signal.SIGKILL)
        if run.wait(60) == 0:
            break
        kills += 1
        if kills == 5:  # enough: let it finish
            assert start(final, checkpoint).wait(120) == 0
            break
    assert kills > 0 or final.exists()
    resumed, whole = nn.load(final).state_dict(), nn.load(tmp_path / "whole.safetensors").state_dict()
    assert all(np.array_equal(resumed[key], whole[key]) for key in whole)


@pytest.fixture
def parts():
    return data.load("iris").split(0.7, 0.3)


def run(parts, epochs, callbacks, seed=0):
    net = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3), seed=seed)
    optimizer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    history = fit(
        net, parts[0], criterion=nn.CrossEntropyLoss(), optimizer=optimizer, valid=parts[1],
        epochs=epochs, batch_size=16, callbacks=callbacks, seed=seed,
    )  # fmt: skip
    return net, history


def test_a_run_goes_on_where_it_stopped(parts, tmp_path):
    whole, history = run(parts, 9, [EarlyStopping(50)])
    path = tmp_path / "run"
    run(parts, 4, [Checkpoint(path), EarlyStopping(50)])
    resumed, same = run(parts, 9, [Checkpoint(path), EarlyStopping(50)])
    assert history == same
    assert all(
        np.array_equal(a, b) for a, b in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True)
    )


def test_a_finished_run_is_not_trained_again(parts, tmp_path):
    path = tmp_path / "run"
    first, _ = run(parts, 3, [Checkpoint(path)])
    again, history = run(parts, 3, [Checkpoint(path)])
    assert len(history["train_loss"]) == 3
    assert np.array_equal(first[0].weight.data, again[0].weight.data)


def test_a_file_that_is_no_checkpoint_of_this_run_is_refused(parts, tmp_path):
    path = tmp_path / "run"
    path.write_bytes(b"\x80\x04cposix\nsystem\n")
    with pytest.raises(ValueError, match="damaged, or not a checkpoint"):
        run(parts, 2, [Checkpoint(path)])
    nn.save(nn.Sequential(nn.Linear(4, 3), seed=0), path)
    with pytest.raises(ValueError, match="damaged, or not a checkpoint"):
        run(parts, 2, [Checkpoint(path)])
    path.unlink()
    run(parts, 2, [Checkpoint(path)])
    with pytest.raises(ValueError, match="no checkpoint of this run"):
        run(parts, 3, [Checkpoint(path), EarlyStopping(5)])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="damaged, or not a checkpoint"):
        run(parts, 3, [Checkpoint(path)])


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(parts, tmp_path, monkeypatch):
    path = tmp_path / "run"
    run(parts, 2, [Checkpoint(path)])
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        run(parts, 3, [Checkpoint(path)])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["run"]


def test_the_csv_has_every_epoch_once(parts, tmp_path):
    path, log = tmp_path / "run", tmp_path / "log.csv"
    run(parts, 3, [CSVLogger(log), Checkpoint(path)])
    _, history = run(parts, 5, [CSVLogger(log), Checkpoint(path)])
    rows = log.read_text().splitlines()
    assert rows[0] == "epoch,train_loss,valid_loss,valid_accuracy"
    assert [row.split(",")[0] for row in rows[1:]] == ["1", "2", "3", "4", "5"]
    assert [float(row.split(",")[1]) for row in rows[1:]] == history["train_loss"]


def test_tensorboard_gets_the_history(parts, tmp_path):
    pytest.importorskip("tensorboardX")
    run(parts, 2, [TensorBoard(tmp_path / "logs")])
    (log,) = (tmp_path / "logs").iterdir()
    assert b"train_loss" in log.read_bytes()
    assert b"valid_accuracy" in log.read_bytes()
