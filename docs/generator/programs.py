"""Whole PyTorch programs with a mistake and without: run for their curve, and watched by diagnose."""

import contextlib
import multiprocessing
import os
import re
import runpy
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.mistakes import Finding
from docs.generator.curves import Comparison, Run, Series, Setting
from docs.generator.sentences import TRAINING

PROGRAMS = Path(__file__).parents[2] / "tests" / "programs"
SEED = re.compile(r"(?<=manual_seed\()(\d+)(?=\))")
POINTS = 40


@dataclass(frozen=True)
class Pair:
    """A program with one mistake in it, and the same program without."""

    wrong: Path
    right: Path


@cache
def pairs() -> dict[str, list[Pair]]:
    """Return the pairs of programs by the code of the mistake."""
    from tests.programs import programs

    found: dict[str, list[Pair]] = {}
    for program in programs("wrong"):
        if len(program.expects) == 1:
            for code in program.expects[0]:
                found.setdefault(code, []).append(Pair(program.path, PROGRAMS / "right" / program.path.name))
    for code, each in found.items():
        each.sort(key=lambda pair: not pair.wrong.name.startswith(code))
    return found


def diagnosed(code: str) -> tuple[str, Finding] | None:
    """Return the first program in which diagnose names a mistake, and the finding; None where there is no program."""
    for pair in pairs().get(code, []):
        text = source(pair.wrong)
        for finding in _apart(partial(_diagnose, text)):
            if finding.code == code:
                return text, finding
    return None


def source(path: Path) -> str:
    """Return a program without the marks of the tests."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not re.match(r"# (expects|also):", line))


def compare(code: str) -> Comparison | None:
    """Run a program with a mistake and without, each from several seeds; None where there is no program."""
    for pair in pairs().get(code, [])[:1]:
        names = _docstring(source(pair.wrong))
        setting = Setting(f"a PyTorch program: {names}", (), _never, each="point")
        wrong, healthy = (
            tuple(_apart(partial(_run, _seeded(source(path), shift))) for shift in shifts)
            for path, shifts in ((pair.wrong, (0,)), (pair.right, (0, 1)))
        )
        shared = [name for name in healthy[0].series if all(name in each.series for each in (*wrong, *healthy))]
        if shared or wrong[0].stopped:
            return Comparison(setting, (), _only(wrong, shared), _only(healthy, shared))
    return None


def _never(replaced: Any, seed: int, series: Series) -> None:
    raise NotImplementedError("a program is run as it is")


def _docstring(text: str) -> str:
    """Return what a program says of itself in its first words."""
    found = re.search(r'^"""(.+?)"""', text, re.DOTALL | re.MULTILINE) or re.search(r"^# (.+)$", text, re.MULTILINE)
    words = " ".join(found[1].split()) if found else "a small network"
    return words[0].lower() + words[1:].rstrip(".")


def _seeded(text: str, shift: int) -> str:
    return SEED.sub(lambda seed: str(int(seed[1]) + 100 * shift), text)


def _only(runs: tuple[Run, ...], names: list[str]) -> tuple[Run, ...]:
    return tuple(Run({name: run.series[name] for name in names}, run.stopped) for run in runs)


def _run(text: str) -> Run:
    """Run a program and return the loss of its steps and evaluations, and the lists of numbers that it fills."""
    import torch

    losses: list[float] = []
    evaluated: list[float] = []
    backward: Any = torch.Tensor.backward

    def noted(self: Any, *arguments: Any, **named: Any) -> Any:
        if self.numel() == 1:
            losses.append(float(self.detach()))
        return backward(self, *arguments, **named)

    def looked_on(module: Any, given: Any, output: Any) -> None:
        if isinstance(module, torch.nn.modules.loss._Loss) and not torch.is_grad_enabled() and output.numel() == 1:
            evaluated.append(float(output))

    torch.nn.modules.module.register_module_forward_hook(looked_on)
    torch.Tensor.backward = noted  # type: ignore[method-assign]
    Path("train.py").write_text(text, encoding="utf-8")
    stopped = ""
    names: dict[str, Any] = {}
    try:
        names = runpy.run_path("train.py", run_name="__main__")
    except BaseException as error:  # whatever the mistake raises is what its page shows
        stopped = f"{type(error).__name__}: {' '.join(str(error).split())}"
    series = {TRAINING: _thinned(losses)} if len(losses) > 2 else {}
    if len(evaluated) > 2:
        series["loss of the evaluation's batches"] = _thinned(evaluated)
    for name, value in names.items():
        lists = {name: value} if isinstance(value, list) else value if isinstance(value, dict) else {}
        for key, numbers in lists.items():
            if isinstance(numbers, list) and _numbers(numbers) and len(series) < 3:
                series[key if key == name else f"{name}[{key!r}]"] = _thinned([float(number) for number in numbers])
    return Run(series, stopped)


def _numbers(values: list[Any]) -> bool:
    return (
        len(values) > 1
        and all(isinstance(value, int | float | np.floating) for value in values)
        and any(isinstance(value, float | np.floating) for value in values)
    )


def _thinned(values: list[float]) -> list[float]:
    """Return means of neighbours, so many that a curve can be read."""
    if len(values) <= POINTS:
        return values
    return [float(np.mean(part)) for part in np.array_split(values, POINTS)]


def _diagnose(text: str) -> list[Finding]:
    from chainrule.diagnosis.programs import diagnose_program

    Path("train.py").write_text(text, encoding="utf-8")
    report, _ = diagnose_program("train.py", [])
    return list(report)


def _apart(work: Callable[[], Any]) -> Any:
    """Return what a function returns in a forked process, in an empty folder; what it prints is thrown away."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, there))
    child.start()
    there.close()
    try:
        return here.recv()
    finally:
        child.join()


def _work(work: Callable[[], Any], pipe: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), open(os.devnull, "w") as nowhere:
        os.environ["MPLBACKEND"] = "agg"
        sys.stdout = sys.stderr = nowhere
        pipe.send(work())
