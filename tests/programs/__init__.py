"""Small PyTorch programs as learners write them: with a mistake, corrected, and healthy from the start.

The first line of each says which findings it expects: ``# expects: TR120 TR111`` both, ``TR134|TR126`` either of the
two, ``new:dead-units`` a mistake whose code its author did not know; see `NEW`.
"""

import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NEW = {
    "new:labels-out-of-range": "TR116",
    "new:one-hot-labels": "TR117",
    "new:dead-units": "TR135",
    "new:saturated-units": "TR136",
    "new:layer-in-forward": "TR137",
    "new:bce-without-sigmoid": "TR154",
    "new:sigmoid-before-bce-with-logits": "TR155",
    "new:nan": "TR187",
}


@dataclass(frozen=True)
class ProgramFile:
    """One program of the collection.

    ``expects`` holds a set of codes for each mistake in it, of which one must be found; it is empty for a right or
    healthy program. ``known`` are codes that may be found besides: ``# also: TR102``.
    """

    path: Path
    expects: tuple[frozenset[str], ...]
    known: frozenset[str]

    @property
    def kind(self) -> str:
        """``"wrong"``, ``"right"`` or ``"healthy"``."""
        return self.path.parent.name

    def wrongly(self, findings: list[dict[str, Any]]) -> list[str]:
        """Return what is wrong with the findings on this program, as sentences."""
        found = {finding["code"] for finding in findings}
        faults = [f"not found: {' or '.join(sorted(each))}" for each in self.expects if not each & found]
        allowed = self.known.union(*self.expects)
        for finding in findings:
            if finding["severity"] != "remark" and finding["code"] not in allowed:
                faults.append(
                    f"{finding['severity']} {finding['code']} in line {finding['line']}: {finding['evidence']}"
                )
        return faults

    def __str__(self) -> str:
        return f"{self.kind}/{self.path.name}"


def programs(*kinds: str) -> list[ProgramFile]:
    """Return the programs of these kinds; of all without one."""
    paths = (path for kind in kinds or ("wrong", "right", "healthy") for path in sorted((FOLDER / kind).glob("*.py")))
    return [_read(path) for path in paths]


def _read(path: Path) -> ProgramFile:
    marks = {"expects": "nothing", "also": ""}
    for line in path.read_text(encoding="utf-8").splitlines()[:3]:
        name, _, value = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and name in marks:
            marks[name] = value
    words = [] if marks["expects"] == "nothing" else marks["expects"].split()
    expects = tuple(frozenset(NEW.get(code, code) for code in word.split("|")) for word in words)
    return ProgramFile(path, expects, frozenset(marks["also"].split()))


def findings(path: Path) -> list[dict[str, Any]]:
    """Run a program under ``chainrule diagnose`` in a process of its own and return the findings.

    The process is forked, so that PyTorch is imported once for all programs.
    """
    found: list[dict[str, Any]] = json.loads(in_fork(_diagnose, path))
    return found


def in_fork(work: Callable[[Path], str], path: Path) -> str:
    """Return what a function returns for a program in a forked process; the program's output is thrown away."""
    import matplotlib.pyplot  # noqa: F401  (all these before the fork: they take longer than a program)
    import sklearn.datasets  # noqa: F401
    import torch  # noqa: F401
    import torchvision.transforms  # noqa: F401

    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, path, there))
    child.start()
    there.close()
    try:
        answer: str = here.recv()
    finally:
        child.join()
    return answer


def _work(work: Callable[[Path], str], path: Path, pipe: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:
        os.chdir(folder)
        os.environ["MPLBACKEND"] = "agg"
        sys.stdout = sys.stderr = nowhere
        pipe.send(work(path))


def _diagnose(path: Path) -> str:
    from dataclasses import asdict

    from chainrule.diagnosis.programs import diagnose_program

    report, _ = diagnose_program(str(path), [])
    assert "chainrule itself failed" not in report.note, report.note
    return json.dumps([asdict(finding) for finding in report])
