"""Sweeps: what is asked for is checked; each setting is trained as `run` does it; whoever dies takes little along."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

optuna = pytest.importorskip("optuna")

from optuna.trial import TrialState, create_trial  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

from chainrule.cli import app  # noqa: E402
from chainrule.experiments import Config, ConfigError, run  # noqa: E402
from chainrule.experiments import sweep as runner  # noqa: E402
from chainrule.experiments.sweep_report import Report  # noqa: E402
from chainrule.experiments.sweep_sampling import DONE  # noqa: E402
from chainrule.experiments.sweep_space import Axis, parse  # noqa: E402
from chainrule.experiments.sweep_storage import open_storage  # noqa: E402
from chainrule.experiments.sweep_study import Sweep, begin, checked  # noqa: E402
from chainrule.experiments.sweep_worker import work  # noqa: E402

IRIS = Config(data="iris", hidden=(4,), epochs=2, batch_size=32)


def plan(*texts, base=IRIS, **options):
    fixed, axes = parse(texts, base)
    return checked(Sweep(fixed, tuple(axes), **options))


def done_alone(tmp_path, sweep):
    """Do the whole sweep in this process."""
    study = begin(sweep, str(tmp_path / "study.journal"))
    work(study)
    return study


# --- what varies -----------------------------------------------------------------------------------------------------


def test_the_syntax_of_ranges_and_choices():
    base, axes = parse(
        ["lr=1e-4..1e-1:log", "hidden=64|128,64", "activation=relu,tanh", "l2=0,1e-4", "batch-size=16..64", "epochs=7"],
        Config(),
    )
    assert base == Config(epochs=7)
    assert axes == [
        Axis("lr", low=1e-4, high=1e-1, log=True),
        Axis("hidden", ("64", "128,64")),
        Axis("activation", ("relu", "tanh")),
        Axis("l2", ("0", "1e-4")),
        Axis("batch_size", low=16, high=64, whole=True),
    ]
    assert [str(axis) for axis in axes[:3]] == ["lr=0.0001..0.1:log", "hidden=64|128,64", "activation=relu,tanh"]
    sweep = Sweep(base, tuple(axes))
    setting = {"lr": 0.02, "hidden": "128,64", "activation": "tanh", "l2": "1e-4", "batch_size": 20}
    assert sweep.settings(setting, seed=2) == Config(
        epochs=7, lr=0.02, hidden=(128, 64), activation="tanh", l2=1e-4, batch_size=20, seed=2
    )


def test_a_grid_takes_the_ends_of_a_range_and_two_values_between():
    assert Axis("lr", low=1e-4, high=1e-1, log=True).grid == pytest.approx([1e-4, 1e-3, 1e-2, 1e-1])
    assert Axis("l2", low=0.0, high=0.3).grid == pytest.approx([0, 0.1, 0.2, 0.3])
    assert Axis("epochs", low=2, high=4, whole=True).grid == [2, 3, 4]
    assert Axis("batch_size", low=16, high=128, log=True, whole=True).grid == [16, 32, 64, 128]
    assert len(plan("lr=1e-3..1e-1:log", "activation=relu,tanh,elu", method="grid").grid) == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lr", "is not NAME=VALUES"),
        ("learning_rate=1,2", "unknown option 'learning_rate'"),
        ("lr=1e-4..x", "a range is LOW..HIGH, two numbers"),
        ("lr=1e-1..1e-4", "a range goes up: 0.0001..0.1"),
        ("lr=0..1:log", "starts above 0"),
        ("lr=1e-4..1:ln", "only ':log' can follow; got ':ln'"),
        ("epochs=1.5..3", "two whole numbers"),
        ("activation=a..b", "has no range: list its values"),
        ("activation=relu,tan", "the nearest is 'tanh'"),
        ("lr=1e-3,-1", "lr must be a number"),
        ("lr=-1..1", "lr must be a number"),
        ("lr=0.1,0.1", "twice"),
        ("seed=1,2", "--seeds"),
        ("lr=0.1", "nothing varies"),
        ("hidden=64,128", "nothing varies"),
    ],
)
def test_what_cannot_be_varied_is_said(text, message):
    with pytest.raises(ConfigError, match=message):
        parse([text], Config())


def test_a_value_that_cannot_be_trained_is_said_before_anything_starts():
    with pytest.raises(ConfigError, match="is for classes, but diabetes has quantities"):
        plan("loss=mse,cross_entropy", base=replace(IRIS, data="diabetes"))
    with pytest.raises(ConfigError, match="sweep them apart"):
        plan("data=iris,diabetes")
    with pytest.raises(ConfigError, match="more than 10,000"):
        plan("lr=0.1..1", "l1=0.1..1", "l2=0.1..1", "dropout=0..0.5", "batch_size=1..99", "epochs=1..99",
             "early_stopping=1..99", method="grid")  # fmt: skip


# --- what is trained -------------------------------------------------------------------------------------------------


def test_a_settings_value_is_the_mean_of_its_runs_and_the_whole_grid_is_done_once(tmp_path):
    sweep = plan("lr=0.01,0.1", "hidden=3|4,4", method="grid", seeds=2, prune=False)
    study = done_alone(tmp_path, sweep)
    assert sorted(json.dumps(t.params) for t in study.trials) == sorted(json.dumps(point) for point in sweep.grid)
    for trial in study.trials:
        by_hand = [run(sweep.settings(trial.params, seed)).scores for seed in (0, 1)]
        assert trial.user_attrs["scores"] == by_hand
        assert trial.value == pytest.approx(np.mean([scores["valid_accuracy"] for scores in by_hand]))
    work(study)  # nothing is left to do
    assert len(study.trials) == 4


def test_a_regression_is_judged_by_its_error(tmp_path):
    sweep = plan("lr=1e-4,0.03", base=Config(data="diabetes", hidden=(8,), epochs=5), method="grid", seeds=2)
    study = done_alone(tmp_path, sweep)
    report = Report(study)
    assert report.settings[0].params == {"lr": 0.03} or report.settings[0].params == {"lr": "0.03"}
    assert report.settings[0].value < report.settings[1].value


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_draws_depend_on_the_trials_number_alone_so_a_resumed_sweep_does_not_repeat_itself(tmp_path, method):
    sweep = plan("lr=1e-3..1:log", method=method, trials=6, seeds=1, prune=False)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = [t.params["lr"] for t in done_alone(tmp_path / "a", sweep).trials]
    done_alone(tmp_path / "b", replace(sweep, trials=2))
    resumed = [t.params["lr"] for t in done_alone(tmp_path / "b", sweep).trials]
    assert resumed == whole
    assert len(set(whole)) == 6


def test_what_a_regression_reached_when_given_up_is_in_the_targets_unit_too(tmp_path):
    base = Config(data="diabetes", hidden=(4,), epochs=9)
    rates = ",".join(f"0.0{i}" for i in range(1, 8))
    report = Report(done_alone(tmp_path, plan(f"lr={rates},1e-9", base=base, method="grid", seeds=1)))
    last = report.settings[-1]
    assert (last.params["lr"], last.ending) == ("1e-9", "given up")
    assert last.value == last.scores[0]["valid_rmse"] > report.settings[0].value > 20


def test_a_setting_that_is_worse_than_the_median_is_given_up_and_one_that_diverges_is_the_worst(tmp_path):
    base = replace(IRIS, epochs=12, optimizer="sgd")
    rates = "0.1,0.11,0.12,0.13,0.14,0.15"
    study = done_alone(tmp_path, plan(f"lr={rates},1e-9,1e6", base=base, method="grid", seeds=1))
    states = {t.params["lr"]: t for t in study.trials}
    assert states["1e-9"].state == TrialState.PRUNED
    assert len(states["1e-9"].intermediate_values) < 12
    assert all(states[rate].state in DONE for rate in rates.split(","))
    report = Report(study)
    assert {s.params["lr"]: s.ending for s in report.settings}["1e-9"] == "given up"
    early = next(s for s in report.settings if s.ending == "given up")
    assert early.value == early.scores[0]["valid_accuracy"]
    (tmp_path / "diverged").mkdir()
    loss = plan("lr=0.1,1e6", base=replace(base, data="diabetes", epochs=3), method="grid", seeds=1)
    report = Report(done_alone(tmp_path / "diverged", loss))
    assert [s.ending for s in report.settings] == ["", "diverged"]
    assert report.settings[1].value == report.settings[0].value


# --- who dies --------------------------------------------------------------------------------------------------------


def workers_of(folder):
    """Return the process ids of the workers on this folder's journal."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "sweep_worker" in line and str(folder) in line]


@pytest.mark.skipif(os.name != "posix", reason="kills by POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_worker_loses_its_own_setting_alone_and_another_takes_it_up(tmp_path, how):
    sweep = plan("lr=0.01,0.02,0.03,0.04,0.05", "activation=relu,tanh", base=replace(IRIS, epochs=40), method="grid",
                 seeds=2, prune=False)  # fmt: skip
    killed, over = [], threading.Event()

    def kill():
        journal = tmp_path / "study.journal"
        while not killed and not over.is_set():
            busy = workers_of(tmp_path)
            if busy and journal.exists() and "scores" in journal.read_text():
                os.kill(busy[0], how)
                killed.append(busy[0])
            time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    study = runner.sweep(sweep, tmp_path, workers=2)
    over.set()
    thread.join()
    assert killed
    finished = [t for t in study.trials if t.state == TrialState.COMPLETE]
    assert sorted(json.dumps(t.params) for t in finished) == sorted(json.dumps(point) for point in sweep.grid)
    assert all(len(t.user_attrs["scores"]) == 2 for t in finished)
    assert len(study.trials) <= len(finished) + 1
    assert not workers_of(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="kills by POSIX signals")
def test_a_killed_sweep_takes_its_workers_along_and_goes_on_when_started_again(tmp_path):
    words = ["sweep", "lr=1e-3..1:log", "--data", "iris", "--epochs", "40", "--trials", "9", "--seeds", "2",
             "--method", "random", "--no-prune", "--workers", "2", "--out", str(tmp_path)]  # fmt: skip
    command = [sys.executable, "-m", "chainrule", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = tmp_path / "study.journal"
    while not (journal.exists() and "scores" in journal.read_text()):
        time.sleep(0.05)
    process.kill()
    process.wait()
    deadline = time.time() + 30
    while workers_of(tmp_path) and time.time() < deadline:
        time.sleep(0.2)
    assert not workers_of(tmp_path)
    before = {t.number: t.value for t in runner.load(str(journal)).trials if t.state == TrialState.COMPLETE}
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = {t.number: t.value for t in runner.load(str(journal)).trials if t.state == TrialState.COMPLETE}
    assert len(after) == 9
    assert before.items() <= after.items()
    assert "The best setting: lr=" in done.stdout


def test_two_commands_at_once_share_one_sweep_and_do_no_setting_too_many(tmp_path):
    words = [
        "lr=1e-3..1:log",
        "--data",
        "iris",
        "--epochs",
        "10",
        "--trials",
        "7",
        "--seeds",
        "1",
        "--method",
        "random",
        "--no-prune",
    ]
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    begin(
        plan("lr=1e-3..1:log", base=Config(data="iris", epochs=10), trials=7, seeds=1, method="random", prune=False),
        url,
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "chainrule", "sweep", *words, "--storage", url, "--out", str(tmp_path / k)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for k in "ab"
    ]
    texts = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], texts
    study = runner.load(url)
    assert len([t for t in study.trials if t.state == TrialState.COMPLETE]) == 7


def test_a_line_that_was_left_half_written_is_taken_off(tmp_path):
    path = tmp_path / "study.journal"
    study = done_alone(tmp_path, plan("lr=0.01,0.1", method="grid", seeds=1))
    with path.open("ab") as file:
        file.write(b'{"op_code":6,"worker_id":"a1')
    again = optuna.load_study(study_name=study.study_name, storage=open_storage(str(path)))
    again.set_user_attr("written", "after")
    last = optuna.load_study(study_name=study.study_name, storage=open_storage(str(path)))
    assert last.user_attrs["written"] == "after"
    assert [t.value for t in last.trials] == [t.value for t in study.trials]


def test_a_damaged_journal_is_said_and_left_alone(tmp_path):
    path = tmp_path / "study.journal"
    path.write_text("no journal\n")
    with pytest.raises(ConfigError, match=r"study\.journal can't be read"):
        open_storage(str(path))
    assert path.read_text() == "no journal\n"


@pytest.mark.skipif(os.name != "posix", reason="interrupts by a POSIX signal")
def test_ctrl_c_ends_the_workers_and_says_how_to_go_on(tmp_path):
    words = ["sweep", "lr=1e-3..1:log", "--data", "iris", "--epochs", "200", "--workers", "2", "--out", str(tmp_path)]
    process = subprocess.Popen([sys.executable, "-m", "chainrule", *words], stderr=subprocess.PIPE, text=True)
    while len(workers_of(tmp_path)) < 2:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "stopped; what is done is kept. The same command goes on with it" in said
    assert not workers_of(tmp_path)


def test_a_folder_with_another_sweep_is_left_alone(tmp_path):
    done_alone(tmp_path, plan("lr=0.01,0.1", method="grid", seeds=1))
    before = (tmp_path / "study.journal").read_bytes()
    with pytest.raises(ConfigError, match=r"holds another sweep \(lr=0.01,0.1: grid, 1 seed, data iris"):
        begin(plan("lr=0.01,0.2", method="grid", seeds=1), str(tmp_path / "study.journal"))
    assert (tmp_path / "study.journal").read_bytes() == before


def test_a_worker_that_fails_ends_the_sweep_with_its_reason(tmp_path, monkeypatch):
    sweep = plan("lr=0.01,0.1", base=replace(IRIS, data=str(table(tmp_path))), method="grid", seeds=1)
    monkeypatch.setattr(runner, "checked", lambda plan: plan)
    (tmp_path / "own.csv").unlink()
    with pytest.raises(RuntimeError, match=r"a worker failed: .*own\.csv"):
        runner.sweep(sweep, tmp_path / "out")


def table(folder):
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'yes' if a > b else 'no'}" for a, b in rng.normal(size=(60, 2))]
    path = folder / "own.csv"
    path.write_text("\n".join(["first,second,answer", *rows]) + "\n")
    return path


# --- what is said ----------------------------------------------------------------------------------------------------


def study_of(sweep, score, n=40):
    """Return a study whose settings were drawn at random, and scored by ``score(params, rng)`` with each seed."""
    rng = np.random.default_rng(1)
    study = optuna.create_study(direction="maximize")
    study.set_user_attr("sweep", sweep.as_json())
    study.set_user_attr("trials", n)
    for _ in range(n):
        params = {"lr": float(10 ** rng.uniform(-4, -1)), "hidden": str(rng.choice(["64", "128,64"])),
                  "l2": str(rng.choice(["0", "1e-4"]))}  # fmt: skip
        scores = [{"valid_accuracy": score(params, rng), "test_accuracy": 0.5} for _ in range(sweep.seeds)]
        value = float(np.mean([s["valid_accuracy"] for s in scores]))
        study.add_trial(
            create_trial(params=params, distributions=sweep.space, value=value, user_attrs={"scores": scores})
        )
    return study


@pytest.fixture
def three():
    base, axes = parse(["lr=1e-4..1e-1:log", "hidden=64|128,64", "l2=0,1e-4"], Config())
    return Sweep(base, tuple(axes), seeds=3)


def test_the_sentence_names_what_mattered(three, tmp_path):
    def steep(params, rng):
        return 0.9 - 0.1 * (np.log10(params["lr"]) + 2.5) ** 2 + 0.002 * rng.normal()

    report = Report(study_of(three, steep))
    assert report.write(tmp_path).startswith("What mattered most was lr, with 9")
    assert "none is sure to have mattered" in report.sentence(*report.shares())
    assert report.noise() == pytest.approx(0.002, rel=0.4)
    assert abs(np.log10(report.settings[0].params["lr"]) + 2.5) < 0.3
    assert "on the test part, which chose nothing, 0.5" in report.best()
    for name in ("importance.png", "parallel.png", "contours.png", "settings.csv", "best.toml"):
        assert (tmp_path / name).stat().st_size > 0
    best = Config.from_toml(tmp_path / "best.toml")
    assert best.lr == pytest.approx(report.settings[0].params["lr"])


def test_the_sentence_does_not_claim_what_chance_may_have_done(three):
    report = Report(study_of(three, lambda params, rng: 0.9 + 0.01 * rng.normal()))
    shares, drawn = report.shares()
    assert sum(shares.values()) == pytest.approx(1)
    low = {name: np.percentile(values, 2.5) for name, values in drawn.items()}
    assert all(low[name] < 0.9 for name in low)
    two_alike = {name: np.array([0.5, 0.4, 0.6, 0.5] * 15) for name in ("lr", "hidden")}
    two_alike["hidden"] = 1 - two_alike["lr"]
    assert "do not tell for sure" in report.sentence({"lr": 0.5, "hidden": 0.5}, two_alike)


def test_too_few_settings_say_so(three, tmp_path):
    report = Report(study_of(three, lambda params, rng: rng.uniform(), n=4))
    assert report.write(tmp_path) == "4 settings are too few, or too alike, to say what mattered."
    assert (tmp_path / "parallel.png").exists()
    assert not (tmp_path / "importance.png").exists()


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_from_a_csv_file_to_its_report_and_on_again(tmp_path):
    path, out = table(tmp_path), tmp_path / "out"
    words = ["sweep", "lr=0.003,0.01,0.03,0.1", "activation=relu,tanh", "--data", str(path), "--epochs", "3",
             "--seeds", "2", "--method", "grid", "--out", str(out)]  # fmt: skip
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 0, first.output
    for text in ("8 settings", "validation accuracy", "The best setting: lr=", "settings.csv"):
        assert text in first.output
    again = CliRunner().invoke(app, ["sweep", "--out", str(out)])
    assert again.exit_code == 0, again.output
    assert len(runner.load(str(out / "study.journal")).trials) == 8
    lines = (out / "settings.csv").read_text().splitlines()
    assert lines[0] == "rank,lr,activation,validation accuracy,seed 0,seed 1,ending"
    assert len(lines) == 9


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lr=1e-3,1e-2", "--epoch", "3"], "No such option"),
        (["lr=1e-3,1e-2", "--activation", "rel"], "the nearest is 'relu'"),
        (["lr=1e-3"], "nothing varies"),
        (["--out", "nowhere"], "say what is to be varied"),
        (["lr=1e-3,1e-2", "--storage", "nosql://x"], "can't be read: "),
        (["lr=1e-3,1e-2", "--data", "nothing.csv"], "nothing.csv"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["sweep", *words])
    assert result.exit_code in (1, 2)
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert not (tmp_path / "nowhere").exists()
