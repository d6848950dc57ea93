"""Your code: a learner's functions, right and wrong, drive lesson 1's network."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from chainrule.experiments.config import ConfigError
from chainrule.play.breaking import broken
from chainrule.play.calls import YourCodeError
from chainrule.play.records import records as records_of
from chainrule.play.scripts import numpy_script
from chainrule.play.settings import Settings
from chainrule.play.training import Training
from chainrule.play.yours import Plugged

SETTINGS = Settings(hidden=(4,), by_hand=True, lr=0.5, records=60)
RECORDS = records_of(SETTINGS)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden = sigmoid(x @ weights_input_to_hidden)
    return hidden, sigmoid(hidden @ weights_hidden_to_output)


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    output_error_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_error_term = output_error_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * x[:, None] * hidden_error_term


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sum_i_h, sum_h_o = np.zeros_like(weights_input_to_hidden), np.zeros_like(weights_hidden_to_output)
    for x, target in zip(features, targets, strict=True):
        hidden, output = forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)
        delta_h_o, delta_i_h = backward_pass(x, target, learnrate, hidden, output, weights_hidden_to_output)
        sum_i_h += delta_i_h
        sum_h_o += delta_h_o
    weights_input_to_hidden += sum_i_h / len(features)
    weights_hidden_to_output += sum_h_o / len(features)
    return weights_input_to_hidden, weights_hidden_to_output


def l2_regularization(weights, lamb):
    return lamb * np.sum(weights**2)


def l1_regularization(weights, lamb):
    return lamb * np.sum(np.abs(weights)), lamb * np.sign(weights)


RIGHT = (sigmoid, forward_pass, backward_pass, update_weights)


def train(runner, epochs=2):
    for epoch in range(epochs):
        for x, y in RECORDS.train.batches(10, seed=epoch):
            runner.step(x, y)
    return np.concatenate([weight.ravel() for weight, _ in runner.weights()])


@pytest.mark.parametrize("functions", [[one] for one in RIGHT] + [RIGHT], ids=[one.__name__ for one in RIGHT] + ["all"])
def test_right_functions_give_the_right_run(functions):
    plugged = Plugged.of(**{function.__name__: function for function in functions})
    theirs = broken(SETTINGS, RECORDS, "", plugged)
    ours = broken(SETTINGS, RECORDS, "")
    assert train(theirs) == pytest.approx(train(ours), rel=1e-9)
    assert theirs.forward(RECORDS.test.x)[-1] == pytest.approx(ours.forward(RECORDS.test.x)[-1])
    assert all(report.passed for report in plugged.reports.values())


@pytest.mark.parametrize("function", [l1_regularization, l2_regularization])
def test_their_penalty_is_followed(function):
    settings = SETTINGS.changed({"l1": 0.01, "l2": 0.02})
    plugged = Plugged.of(**{function.__name__: function})
    ours, theirs = (train(broken(settings, RECORDS, "", each)) for each in (None, plugged))
    assert theirs == pytest.approx(ours, rel=1e-6)
    assert ours != pytest.approx(train(broken(SETTINGS, RECORDS, "")), rel=1e-3)


def test_wrong_function_runs_and_its_finding_stands_beside():
    def wrong(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
        error = output_layer_out - target
        output_error_term = error * output_layer_out * (1 - output_layer_out)
        hidden_error_term = output_error_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
        return learnrate * output_error_term * hidden_layer_out, learnrate * x[:, None] * hidden_error_term

    plugged = Plugged.of(backward_pass=wrong)
    theirs = broken(SETTINGS, RECORDS, "", plugged)
    climbing = broken(SETTINGS, RECORDS, "GD121")
    assert train(theirs) == pytest.approx(train(climbing), rel=1e-9)
    assert [found.code for found in plugged.reports["backward_pass"].findings] == ["GD121"]
    mixed = train(broken(SETTINGS, RECORDS, "GD104", plugged))
    assert mixed != pytest.approx(train(climbing), rel=1e-3)


def raised_by(**functions):
    settings = SETTINGS.changed({"l2": 0.01})
    with pytest.raises(YourCodeError) as caught:
        broken(settings, RECORDS, "", Plugged.of(**functions)).step(RECORDS.train.x[:5], RECORDS.train.y[:5])
    return caught.value


def test_what_they_raise_is_told_with_its_line():
    def divides(*arguments):
        return 1 / 0  # here

    for name in ("forward_pass", "backward_pass", "update_weights", "sigmoid", "l2_regularization"):
        error = raised_by(**{name: divides})
        assert error.function == name
        assert error.text == "ZeroDivisionError: division by zero"
        assert error.file.endswith("test_play_yours.py")
        assert "# here" in Path(error.file).read_text(encoding="utf-8").splitlines()[error.line - 1]


class Sulking:
    def __array__(self, *arguments, **options):
        raise RuntimeError("no numbers from me")


def recursive(x):
    return recursive(x)


def test_what_they_return_is_looked_at():
    assert "got None (is a return missing?)" in raised_by(backward_pass=lambda *arguments: None).text
    assert (
        "shape (4,) and an array of shape (2, 4); got 2 values"
        in raised_by(backward_pass=lambda x, t, r, h, o, w: (r * h, np.zeros((4, 2)))).text
    )
    assert "got 3 values" in raised_by(forward_pass=lambda x, w, v: (1, 2, 3)).text
    assert "an array of shape (5, 4)" in raised_by(sigmoid=np.sum).text
    assert "got str" in raised_by(update_weights=lambda *arguments: "later").text
    assert "got Sulking" in raised_by(sigmoid=lambda x: Sulking()).text
    assert "RecursionError" in raised_by(sigmoid=recursive).text
    assert "SystemExit" in raised_by(sigmoid=lambda x: exit()).text


def test_endless_loop_is_ended(monkeypatch):
    def endless(*arguments):
        while True:
            pass

    monkeypatch.setattr("chainrule.play.calls.PATIENCE", 0.2)
    monkeypatch.setattr("chainrule.play.yours.PATIENCE", 0.2)
    (found,) = Plugged.of(backward_pass=endless).reports["backward_pass"].findings
    assert (found.code, found.severity) == ("CR004", "error")
    assert "more than 0.2 seconds" in raised_by(backward_pass=endless).text


def test_their_prints_and_warnings_are_kept_from_the_terminal(capsys):
    def loud(x):
        print("x is", x)
        return 1 / (1 + np.exp(-1000 * np.asarray(x)))

    broken(SETTINGS, RECORDS, "", Plugged.of(sigmoid=loud)).step(RECORDS.train.x[:5], RECORDS.train.y[:5])
    assert capsys.readouterr() == ("", "")


def test_arguments_are_copies():
    def careless(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
        changes = backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output)
        x *= 0
        weights_hidden_to_output *= 0
        return changes

    ours, theirs = (broken(SETTINGS, RECORDS, "", each) for each in (None, Plugged.of(backward_pass=careless)))
    before = RECORDS.train.x.copy()
    assert train(theirs) == pytest.approx(train(ours), rel=1e-9)
    assert (RECORDS.train.x == before).all()


def test_unknown_names_are_refused_kindly():
    with pytest.raises(ConfigError, match="did you mean 'backward_pass'"):
        Plugged.of(backwards_pass=backward_pass)
    with pytest.raises(ConfigError, match="sigmoid must be a function; got int"):
        Plugged.of(sigmoid=3)


@pytest.mark.parametrize("settings", [SETTINGS, SETTINGS.changed({"l1": 0.01, "l2": 0.02, "mistake": "GD104"})])
@pytest.mark.parametrize(
    "functions",
    [[one] for one in RIGHT] + [[l1_regularization, l2_regularization], [*RIGHT, l2_regularization]],
    ids=lambda each: "-".join(one.__name__ for one in each),
)
def test_numpy_script_has_the_functions_in_it(functions, settings, tmp_path):
    plugged = Plugged.of(**{function.__name__: function for function in functions})
    training = Training(settings, RECORDS, broken(settings, RECORDS, settings.mistake, plugged))
    for _ in range(9):
        training.step()
    path = tmp_path / "script.py"
    path.write_text(numpy_script(training, plugged), encoding="utf-8")
    _, _, (i_h, h_o) = runpy.run_path(str(path), run_name="__main__")["RESULT"]
    np.testing.assert_allclose(i_h, training.runner.weights_input_to_hidden, rtol=1e-9)
    np.testing.assert_allclose(h_o, training.runner.weights_hidden_to_output, rtol=1e-9)


def test_function_of_another_name_and_a_notebooks_are_taken_along(tmp_path):
    def mine(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
        """Halve each change."""
        h_o, i_h = backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output)
        return h_o / 2, i_h / 2

    plugged = Plugged.of(notebook(tmp_path / "first.ipynb", CELLS[:3]), backward_pass=mine)
    training = Training(SETTINGS, RECORDS, broken(SETTINGS, RECORDS, "", plugged))
    for _ in range(5):
        training.step()
    path = tmp_path / "script.py"
    path.write_text(numpy_script(training, plugged), encoding="utf-8")
    _, _, (i_h, _) = runpy.run_path(str(path), run_name="__main__")["RESULT"]
    np.testing.assert_allclose(i_h, training.runner.weights_input_to_hidden, rtol=1e-9)
    with pytest.raises(ConfigError, match="sigmoid can't be taken along"):
        numpy_script(training, Plugged.of(sigmoid=lambda x: 1 / (1 + np.exp(-x))))


CELLS = [
    "import numpy as np\nprint('never run')\nfeatures = open('nowhere.csv')",
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "%matplotlib inline\ndef forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):\n"
    "    hidden = sigmoid(x @ weights_input_to_hidden)\n"
    "    return hidden, sigmoid(hidden @ weights_hidden_to_output)",
    "def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):\n"
    "    raise NotImplementedError('backward_pass is not written yet')",
    "def l2_regularization(weights, lamb):\n    norm = weights.nom()\n    return lamb * norm",
]


def notebook(path, cells):
    code = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    path.write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def test_notebooks_functions_are_plugged_in(tmp_path, capsys):
    plugged = Plugged.of(notebook(tmp_path / "first.ipynb", CELLS))
    assert plugged.names == ("sigmoid", "forward_pass", "l2_regularization")
    assert any("backward_pass is not written yet" in problem for problem in plugged.problems)
    assert plugged.reports["forward_pass"].passed
    assert capsys.readouterr().out == ""
    settings = SETTINGS.changed({"l2": 0.1})
    with pytest.raises(YourCodeError) as caught:
        broken(settings, RECORDS, "", plugged).step(RECORDS.train.x[:5], RECORDS.train.y[:5])
    assert (caught.value.file, caught.value.line) == ("first.ipynb, code cell 5", 2)
    assert "norm = weights.nom()" in str(caught.value)


def test_script_and_functions_together(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("\n".join(CELLS[:2]), encoding="utf-8")
    assert Plugged.of(path, backward_pass=backward_pass).names == ("sigmoid", "backward_pass")


def test_notebooks_that_hold_nothing_are_refused_kindly(tmp_path):
    with pytest.raises(ConfigError, match=r"none of the functions.*not written yet"):
        Plugged.of(notebook(tmp_path / "stub.ipynb", [CELLS[0], CELLS[3]]))
    with pytest.raises(ConfigError, match="can't be read"):
        Plugged.of(tmp_path / "nowhere.ipynb")
    (tmp_path / "bad.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="this is no notebook"):
        Plugged.of(tmp_path / "bad.ipynb")
