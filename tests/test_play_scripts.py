"""Take it away: the scripts run without chainrule, and reach the session's numbers."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chainrule.experiments.config import ConfigError
from chainrule.nn import ACTIVATIONS, LOSSES
from chainrule.optim import OPTIMIZERS
from chainrule.play.breaking import applies, broken
from chainrule.play.pieces import LOSSES as WRITTEN_LOSSES
from chainrule.play.records import records as records_of
from chainrule.play.scripts import numpy_script, pytorch_script
from chainrule.play.settings import Settings
from chainrule.play.training import Training

SMALL = Settings(data="blobs", records=80, hidden=(5, 4), batch_size=7, seed=3, lr=0.05)
BY_HAND = Settings(hidden=(4,), by_hand=True, records=80, lr=0.5)


def trained(settings, steps=20):
    found = records_of(settings)
    training = Training(settings, found, broken(settings, found, settings.mistake))
    for _ in range(steps):
        training.step()
    return training


def run(text, folder):
    """Run a script as `python script.py` does, in this process, and return its losses and weights."""
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    return runpy.run_path(str(path), run_name="__main__")["RESULT"]


def assert_same(training, result, rel=1e-4):
    train_loss, test_loss, values = result
    runner, records = training.runner, training.records
    assert train_loss == pytest.approx(runner.loss(records.train.x, records.train.y), rel=rel)
    assert test_loss == pytest.approx(runner.loss(records.test.x, records.test.y), rel=rel)
    if training.settings.by_hand:
        ours = [runner.weights_input_to_hidden, runner.weights_hidden_to_output]
    else:
        ours = [array for pair in runner.weights() for array in pair]
    for mine, theirs in zip(ours, values, strict=True):
        np.testing.assert_allclose(theirs, mine, rtol=rel, atol=rel * float(np.abs(mine).max()))


def both(settings, folder, steps=20, rel=1e-4):
    training = trained(settings, steps)
    assert_same(training, run(numpy_script(training), folder), rel)
    assert_same(training, run(pytorch_script(training), folder), rel)
    return training


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer(optimizer, tmp_path):
    both(SMALL.changed({"optimizer": optimizer, "lr": 0.01, "l1": 0.001, "l2": 0.002}), tmp_path)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_momentum(optimizer, tmp_path):
    both(SMALL.changed({"optimizer": optimizer, "lr": 0.01, "momentum": 0.8, "nesterov": True}), tmp_path)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation(activation, tmp_path):
    both(SMALL.changed({"activation": [activation, "tanh"], "hidden": [5, 3]}), tmp_path)


@pytest.mark.parametrize("data", ["blobs", "xor", "diabetes"])
@pytest.mark.parametrize("loss", LOSSES)
def test_each_loss(loss, data, tmp_path):
    settings = SMALL.changed({"data": data, "records": 80, "loss": loss})
    if data == "diabetes" and loss in ("bce", "bce_with_logits", "cross_entropy"):
        with pytest.raises(ConfigError, match="classes"):
            trained(settings)
        return
    both(settings, tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"hidden": []},
        {"dropout": 0.3},
        {"init": "he_normal", "standardize": False},
        {"features": ["x1", "x2", "x1·x2", "sin(π·x1)"]},
        {"data": "digits", "records": 60},
        {"data": "fashion-small", "records": 40},
        {"data": "iris", "records": 60, "batch_size": 100},
        {"data": "diabetes", "records": 60, "l2": 0.1},
    ],
    ids=str,
)
def test_other_settings(changed, tmp_path):
    both(SMALL.changed(changed), tmp_path)


def test_many_steps_stay_close(tmp_path):
    training = both(Settings(), tmp_path, steps=500, rel=1e-3)
    assert training.epoch == 20


# Runs in which rounding grows: huge numbers, or slopes that are nothing else.
ROUGH = ("TR111", "TR141", "GD158", "GD157", "TR133")
MISTAKEN_RUNS = {
    "three classes": SMALL.changed({"l1": 0.01, "l2": 0.01, "dropout": 0.2, "momentum": 0.5, "loss": "cross_entropy"}),
    "two classes": Settings(records=80, hidden=(4,), batch_size=7, lr=0.05),
    "images": Settings(data="digits", records=60, hidden=(6,), lr=0.05, momentum=0.5, l2=0.001),
}


@pytest.mark.parametrize("name", MISTAKEN_RUNS)
def test_each_mistake_of_the_engines_run_is_in_both_scripts(name, tmp_path):
    settings = MISTAKEN_RUNS[name]
    said = [one for one in applies(settings, records_of(settings)) if one.applies]
    assert len(said) >= 20
    for one in said:
        training = trained(settings.changed({"mistake": one.code}), 15)
        for text in (numpy_script(training), pytorch_script(training)):
            assert f"he mistake, {one.code}" in text
            assert text.count(one.code) >= 2, one  # in the head, and where it is
            with np.errstate(all="ignore"):
                result = run(text, tmp_path)
            if one.code in ROUGH:
                records = training.records.train
                assert result[0] == pytest.approx(training.runner.loss(records.x, records.y), rel=0.03)
            elif np.isfinite(result[0]) and abs(result[0]) < 100:
                assert_same(training, result, rel=2e-3)


@pytest.mark.parametrize("changed", [{}, {"l1": 0.001, "l2": 0.002}], ids=str)
def test_lessons_network(changed, tmp_path):
    both(BY_HAND.changed(changed), tmp_path, rel=1e-9)


def test_each_mistake_by_hand_is_in_the_numpy_script(tmp_path):
    settings = BY_HAND.changed({"l1": 0.001, "l2": 0.002})
    said = [one for one in applies(settings, records_of(settings)) if one.applies]
    assert len(said) >= 40
    for one in said:
        training = trained(settings.changed({"mistake": one.code}), 12)
        text = numpy_script(training)
        assert f"# the mistake, {one.code}" in text
        with np.errstate(all="ignore"):
            if not training.sentence:
                assert_same(training, run(text, tmp_path), rel=1e-6)
    assert "this is the run without the mistake" in " ".join(pytorch_script(training).split())


BLOCKED = """\
import runpy, sys
sys.modules["chainrule"] = None  # an import of it would raise
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
"""


def test_scripts_run_by_themselves_without_chainrule(tmp_path):
    runs = [trained(SMALL.changed({"dropout": 0.1, "mistake": "TR174"})), trained(BY_HAND)]
    for number, write in enumerate((numpy_script, pytorch_script)):
        for name, training in zip("ab", runs, strict=True):
            (tmp_path / f"{number}{name}.py").write_text(write(training), encoding="utf-8")
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    assert not any("chainrule" in Path(path).read_text(encoding="utf-8") for path in paths)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BLOCKED, *paths],
        capture_output=True, text=True, cwd=tmp_path, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    said = [float(line.split("train loss ")[1].split(",")[0]) for line in done.stdout.splitlines()]
    assert len(said) == 4
    for loss, training in zip(said, [*runs, *runs], strict=True):
        records = training.records.train
        assert loss == pytest.approx(training.runner.loss(records.x, records.y), rel=1e-4)


def test_what_no_script_is_written_for_is_said(monkeypatch):
    training = trained(SMALL)
    monkeypatch.delitem(WRITTEN_LOSSES, "cross_entropy")
    with pytest.raises(ConfigError, match="no script is written for the loss 'cross_entropy' yet"):
        numpy_script(training)


def test_before_the_first_step_and_after_changes(tmp_path):
    training = trained(SMALL, 0)
    assert "STEPS = 120" in numpy_script(training)
    training.altered = True
    assert "were changed on the way" in numpy_script(training)
