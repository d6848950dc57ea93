"""Two processes on one machine, started by torchrun: what they compute together is what one computes alone."""

import os
import signal
import subprocess
import sys
import time

import pytest

torch = pytest.importorskip("torch")
if not torch.distributed.is_available():
    pytest.skip("this PyTorch has no torch.distributed", allow_module_level=True)

import numpy as np  # noqa: E402

from chainrule import nn  # noqa: E402
from chainrule.experiments import Config, run  # noqa: E402
from chainrule.pytorch.distributed import World, world  # noqa: E402
from chainrule.pytorch.engine import Trainer  # noqa: E402
from chainrule.training import checkpoint  # noqa: E402

ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo" if sys.platform == "linux" else ""}
TWO = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
BATCHES = (7, 8, 1)

GRADIENTS = """
import sys
import torch
sys.path.insert(0, {tests!r})
from test_distributed import BATCHES, gradients
from chainrule.pytorch.distributed import world
with world("cpu") as processes:
    found = {{f"{{n}}/{{i}}": g for n in BATCHES for i, g in enumerate(gradients(n, processes))}}
    found["sum"], found["same"] = torch.tensor(processes.sum(1.0, processes.rank)), processes.same(processes.rank)
    torch.save(found, f"{{sys.argv[1]}}/{{processes.rank}}.pt")
"""


def gradients(n, processes):
    """Return the gradients that one batch of n records leaves, in float64."""
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.Tanh(), torch.nn.Linear(4, 3)).double()
    x, y = torch.randn(n, 5, dtype=torch.float64), torch.arange(n) % 3
    config = Config(engine="torch", batch_size=n, l2=0.01)
    where = torch.device("cpu")
    trainer = Trainer(
        config, module, torch.optim.SGD(module.parameters(), lr=0.0), nn.CrossEntropyLoss(), where, processes
    )
    trainer.epoch(x, y, y, torch.randperm(n))
    return [p.grad.clone() for p in module.parameters()]


def by_hand(n):
    """Return the same gradients by PyTorch alone: the mean loss of the whole batch, and λ·Σw² over the weights."""
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.Tanh(), torch.nn.Linear(4, 3)).double()
    x, y = torch.randn(n, 5, dtype=torch.float64), torch.arange(n) % 3
    penalty = 0.01 * sum(p.square().sum() for p in module.parameters() if p.ndim > 1)
    return torch.autograd.grad(torch.nn.functional.cross_entropy(module(x), y) + penalty, list(module.parameters()))


def start(*words):
    return subprocess.Popen(
        [*TWO, *map(str, words)], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finished(process):
    text = process.communicate(timeout=300)[0]
    assert process.returncode == 0, text
    return text


def test_without_torchrun_there_is_one_process():
    with world("cpu") as alone:
        assert alone == World(0, 1)
        assert alone.sum(1.5, 2.0) == [1.5, 2.0]
        assert alone.same("x") == "x"
        assert torch.equal(alone.share(torch.arange(5)), torch.arange(5))


def test_every_row_of_a_batch_is_in_exactly_one_share():
    for n in range(9):
        for size in (1, 2, 3):
            shares = [World(rank, size).share(torch.arange(n)).tolist() for rank in range(size)]
            assert sorted(row for share in shares for row in share) == list(range(n))


def test_the_gradients_of_two_processes_are_those_of_one_at_the_same_batch(tmp_path):
    script = tmp_path / "gradients.py"
    script.write_text(GRADIENTS.format(tests=os.path.dirname(__file__)))
    finished(start(script, tmp_path))
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    assert first["sum"].tolist() == second["sum"].tolist() == [2.0, 1.0]
    assert first["same"] == second["same"] == 0
    for n in BATCHES:  # 7 can't be halved; of 1, the second process has nothing
        for i, (alone, expected) in enumerate(zip(gradients(n, World()), by_hand(n), strict=True)):
            torch.testing.assert_close(alone, expected, rtol=1e-12, atol=1e-14)
            torch.testing.assert_close(first[f"{n}/{i}"], expected, rtol=1e-12, atol=1e-14)
            assert torch.equal(first[f"{n}/{i}"], second[f"{n}/{i}"])


TRAIN = ["-m", "chainrule", "train", "--engine", "torch", "--data", "iris", "--hidden", "8", "--batch-size", "25"]


def histories(*folders):
    return [np.genfromtxt(folder / "history.csv", delimiter=",", skip_header=1) for folder in folders]


def test_two_processes_train_as_one_does_and_one_of_them_writes(tmp_path):
    config = Config(
        engine="torch", data="iris", hidden=(8,), batch_size=25, epochs=5, early_stopping=3, schedule="cosine"
    )
    run(config, tmp_path / "one")
    config.to_toml(tmp_path / "config.toml")
    text = finished(start(*TRAIN[:3], "--config", tmp_path / "config.toml", "--out", tmp_path / "two"))
    (tmp_path / "config.toml").unlink()
    assert text.count("records to learn from") == 1
    one, two = histories(tmp_path / "one", tmp_path / "two")
    np.testing.assert_allclose(two, one, rtol=1e-5)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]
    alone, together = (nn.load(tmp_path / name / "weights.safetensors").state_dict() for name in ("one", "two"))
    for key, values in alone.items():
        np.testing.assert_allclose(together[key], values, rtol=1e-4, atol=1e-6)
    if (board := tmp_path / "two" / "tensorboard").exists():
        assert len(list(board.iterdir())) == 1


@pytest.mark.skipif(os.name != "posix", reason="kills by POSIX signals")
def test_a_run_whose_process_was_killed_goes_on_to_the_same_bits(tmp_path):
    words = [*TRAIN, "--epochs", "60", "--dropout", "0.2", "--early-stopping", "50"]
    finished(start(*words, "--out", tmp_path / "whole"))
    process = start(*words, "--out", tmp_path / "killed")
    history = tmp_path / "killed" / "history.csv"
    while not (history.exists() and len(history.read_text().splitlines()) > 5):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.01)
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    children = [int(pid) for pid, parent in map(str.split, listed.splitlines()[1:]) if parent == str(process.pid)]
    assert len(children) >= 2
    os.kill(max(children), signal.SIGKILL)
    process.communicate(timeout=300)
    assert process.returncode != 0
    assert not (tmp_path / "killed" / "scores.json").exists()
    finished(start("-m", "chainrule", "train", "--resume", "--out", tmp_path / "killed"))
    whole, killed = histories(tmp_path / "whole", tmp_path / "killed")
    assert len(whole) > 6
    np.testing.assert_array_equal(killed, whole)
    states = [checkpoint.read(tmp_path / name / "checkpoint.safetensors") for name in ("whole", "killed")]
    for key, values in states[0]["net"].items():
        np.testing.assert_array_equal(states[1]["net"][key], values)


def test_the_numpy_engine_says_that_it_is_one_process():
    process = start("-m", "chainrule", "train", "--data", "iris", "--epochs", "1")
    text = process.communicate(timeout=300)[0]
    assert process.returncode != 0
    assert "chainrule: several processes train together with engine torch alone: add --engine torch" in text


def test_mixed_precision_rounds_the_forward_pass_and_nothing_else():
    torch.manual_seed(0)
    module = torch.nn.Linear(5, 3)
    x, y = torch.randn(8, 5), torch.arange(8) % 3
    seen = {}
    for precision in ("float32", "bfloat16"):
        config = Config(engine="torch", batch_size=8, precision=precision)
        optimizer = torch.optim.SGD(module.parameters(), lr=0.0)
        trainer = Trainer(config, module, optimizer, nn.CrossEntropyLoss(), torch.device("cpu"), World())
        loss = trainer.epoch(x, y, y, torch.arange(8))
        seen[precision] = loss, module.weight.grad.clone()
        assert module.weight.dtype == module.weight.grad.dtype == torch.float32
    exact, rounded = seen["float32"], seen["bfloat16"]
    assert exact[0] != rounded[0]
    assert abs(exact[0] - rounded[0]) < 0.02
    torch.testing.assert_close(rounded[1], exact[1], rtol=0.1, atol=0.01)
