"""The doors of diagnose: a script, a module, a notebook, the with statement, the magic; and that nothing changes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

import chainrule  # noqa: E402
from chainrule.diagnosis.programs import _plain  # noqa: E402

DATA = """
import sys
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
x = torch.randn(90, 6)
y = (x[:, 0] > 0).long() + (x[:, 1] > 0).long()
train_loader = DataLoader(TensorDataset(x[:60], y[:60]), batch_size=8, shuffle=True)
test_loader = DataLoader(TensorDataset(x[60:], y[60:]), batch_size=8)
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
"""
LOOP = """
losses = []
for epoch in range(3):
    net.train()
    total = 0.0
    for xb, yb in train_loader:
        loss = criterion(net(xb), yb)
        {zero}
        loss.backward()
        optimizer.step()
        total += loss.item() * len(yb)
    losses.append(total / 60)
    net.eval()
    correct = 0
    with torch.no_grad():
        for xb, yb in test_loader:
            correct += (net(xb).argmax(1) == yb).sum().item()
    print(f"epoch {{epoch}}: loss {{losses[-1]:.4f}}, accuracy {{correct / {count}:.4f}}"){mark}
"""
END = """
torch.save([p.detach() for p in net.parameters()], sys.argv[1])
"""


def program(zero: str = "optimizer.zero_grad()", count: str = "30", mark: str = "", end: str = "") -> str:
    return DATA + LOOP.format(zero=zero, count=count, mark=mark) + end


def run(*words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "default"}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def codes(done: "subprocess.CompletedProcess[str]") -> set[str]:
    return {finding["code"] for finding in json.loads(done.stdout)["findings"] if finding["severity"] != "remark"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "healthy.py").write_text(program(end=END))
    (tmp_path / "wrong.py").write_text(program(zero="pass", count="len(test_loader)"))
    return tmp_path


def test_a_healthy_script_has_the_same_weights_and_output_and_exit_status_0(folder: Path) -> None:
    plain = run("healthy.py", "plain.pt", cwd=folder)
    watched = run("-m", "chainrule", "diagnose", "healthy.py", "watched.pt", cwd=folder)
    assert plain.returncode == 0, plain.stderr
    assert watched.returncode == 0, watched.stdout + watched.stderr
    assert watched.stdout.startswith(plain.stdout)
    assert "healthy.py: " in watched.stdout.removeprefix(plain.stdout)
    assert watched.stderr == plain.stderr
    for one, other in zip(torch.load(folder / "plain.pt"), torch.load(folder / "watched.pt"), strict=True):
        assert torch.equal(one, other)


def test_json_on_stdout_and_the_programs_own_output_on_stderr(folder: Path) -> None:
    done = run("-m", "chainrule", "diagnose", "--json", "wrong.py", cwd=folder)
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    assert {"TR174", "TR191"} <= codes(done)
    assert "epoch 2: loss" in done.stderr
    keys = {"code", "title", "severity", "evidence", "explanation", "fix", "file", "line"}
    assert all(set(finding) == keys for finding in findings)
    counted = next(finding for finding in findings if finding["code"] == "TR191")
    line = (folder / "wrong.py").read_text().splitlines()[counted["line"] - 1]
    assert counted["file"] == "wrong.py"
    assert "correct / len(test_loader)" in line


def test_a_module_and_a_notebook_give_the_same_findings(folder: Path) -> None:
    cells = [
        {"cell_type": "code", "source": "%matplotlib inline\n" + DATA, "metadata": {}, "outputs": []},
        {"cell_type": "markdown", "source": "# the loop", "metadata": {}},
        {"cell_type": "code", "source": LOOP.format(zero="pass", count="len(test_loader)", mark="")},
    ]
    (folder / "wrong.ipynb").write_text(
        json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    )
    module = run("-m", "chainrule", "diagnose", "--json", "-m", "wrong", cwd=folder)
    notebook = run("-m", "chainrule", "diagnose", "--json", "wrong.ipynb", cwd=folder)
    assert {"TR174", "TR191"} <= codes(module), module.stderr
    assert codes(notebook) == codes(module), notebook.stderr
    assert any(finding["file"] == "wrong.ipynb, cell 2" for finding in json.loads(notebook.stdout)["findings"])


def test_a_mark_silences_its_line_only(folder: Path) -> None:
    mark = "  # chainrule: ignore[TR191]"
    (folder / "marked.py").write_text(program(zero="pass", count="len(test_loader)", mark=mark))
    assert "TR191" not in codes(done := run("-m", "chainrule", "diagnose", "--json", "marked.py", cwd=folder))
    assert "TR174" in codes(done)


def test_cut_epochs_say_nothing_about_metrics(folder: Path) -> None:
    done = run("-m", "chainrule", "diagnose", "--json", "--batches", "4", "wrong.py", cwd=folder)
    assert "TR191" not in codes(done)
    assert "TR174" in codes(done)


def test_a_program_that_fails_has_exit_status_2_and_its_own_traceback(folder: Path) -> None:
    (folder / "failing.py").write_text(program(zero="pass") + "\nraise RuntimeError('out of luck')\n")
    done = run("-m", "chainrule", "diagnose", "failing.py", cwd=folder)
    assert done.returncode == 2
    assert "RuntimeError: out of luck" in done.stderr
    assert "chainrule" not in done.stderr
    assert "TR174" in done.stdout


def test_arguments_belong_to_the_program(folder: Path) -> None:
    (folder / "args.py").write_text("import sys\nprint(sys.argv[1:], __name__)\n")
    done = run("-m", "chainrule", "diagnose", "args.py", "--json", "-m", "3", cwd=folder)
    assert "['--json', '-m', '3'] __main__" in done.stdout
    assert done.returncode == 0


def test_a_missing_script_is_said_in_one_line(folder: Path) -> None:
    done = run("-m", "chainrule", "diagnose", "nowhere.py", cwd=folder)
    assert done.returncode == 2
    assert "nowhere.py is no file" in done.stderr


def test_the_with_statement(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile(DATA, "<data>", "exec"), names)
    with chainrule.diagnose() as watching:
        torch.manual_seed(0)
        net, optimizer = names["net"], names["optimizer"]
        for xb, yb in names["train_loader"]:  # type: ignore[attr-defined]
            names["criterion"](net(xb), yb).backward()  # type: ignore[operator]
            optimizer.step()  # type: ignore[attr-defined]
    assert watching.report is not None
    found = next(finding for finding in watching.report if finding.code == "TR174")
    assert found.file is not None
    assert found.file.endswith("test_diagnosis_doors.py")
    assert "TR174" in capsys.readouterr().out


def test_the_cell_magic() -> None:
    testing = pytest.importorskip("IPython.testing.globalipapp")
    shell = testing.start_ipython() or testing.get_ipython()
    shell.run_line_magic("load_ext", "chainrule")
    shell.run_cell(DATA)
    shell.run_cell("%%diagnose\n" + LOOP.format(zero="pass", count="len(test_loader)", mark=""))
    report = shell.user_ns["_run"].report
    assert {"TR174", "TR191"} <= {finding.code for finding in report}
    assert all(finding.file is None or finding.file.startswith("cell [") for finding in report), report


def test_everything_is_put_back() -> None:
    before = (torch.save, torch.optim.Optimizer.zero_grad, print, torch.nn.Module.__init__, torch.compile)
    with chainrule.diagnose(show=False):
        assert torch.save is not before[0]
    assert (torch.save, torch.optim.Optimizer.zero_grad, print, torch.nn.Module.__init__, torch.compile) == before
    assert torch.overrides._len_torch_function_stack() == 0
    assert not torch.nn.modules.module._global_forward_hooks


def test_batches_must_be_positive() -> None:
    with pytest.raises(ValueError, match="batches must be at least 1; got 0"):
        chainrule.diagnose(batches=0)


def test_magics_that_run_code_are_taken_off_and_lines_stay() -> None:
    assert _plain("%%time\nx = 1\n%time train(x)").splitlines() == ["# time", "x = 1", "train(x)"]
    assert _plain("\n%%diagnose 3\nx = 1").splitlines() == ["", "# diagnose 3", "x = 1"]
    assert _plain("%timeit f(x)\ny = 5 %time") == "%timeit f(x)\ny = 5 %time"
