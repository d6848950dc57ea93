"""Grading notebooks and scripts: each runs in a child of its own, with limits; what it says is judged here."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.course import forensics
from chainrule.course.check import judged
from chainrule.course.exercise import Exercise, find, load
from chainrule.course.judge import wrong_ones
from chainrule.course.lessons import CourseError
from chainrule.course.observation import Observation
from chainrule.course.submission import Submission, read
from chainrule.course.witness import heard
from chainrule.mistakes.finding import Finding, Report

SECONDS = 60
MEGABYTES = 4096


@dataclass(frozen=True)
class Grade:
    """All that was found in one notebook: a report for each exercise, and which limits it ran under."""

    path: Path
    reports: list[Report] = field(default_factory=list)
    limits: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there is an answer, and every one is right."""
        return bool(self.reports) and not self.problems and all(report.passed for report in self.reports)


def grade(
    paths: Sequence[Path], *, exercises: Sequence[str] = (), seconds: int = SECONDS, megabytes: int = MEGABYTES
) -> Iterator[Grade]:
    """Yield the grade of each notebook or script, in order; several are graded at a time.

    Parameters
    ----------
    paths : sequence of Path
        ``.ipynb`` or ``.py`` files.
    exercises : sequence of str
        Names of the exercises to grade. Default: every one that a file holds an answer to.
    seconds : int
        Processor time for each file; it may take three times as long by the clock.
    megabytes : int
        Memory for each file.
    """
    names = [find(None, name).name for name in exercises]
    seeds = [secrets.randbelow(1 << 31) for _ in range(3)]  # nobody can know them beforehand
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(lambda path: _grade(path, names, seeds, seconds, megabytes), paths)


def _grade(path: Path, names: Sequence[str], seeds: Sequence[int], seconds: int, megabytes: int) -> Grade:
    try:
        submission = read(path)
    except CourseError as error:
        return Grade(path, problems=(str(error),))
    messages, problem = _run(submission, names, seeds, seconds, megabytes)
    known = load()
    limits: tuple[str, ...] = ()
    problems = [*submission.problems, *([problem] if problem else [])]
    observed: dict[str, list[Observation]] = {}
    borrowed: dict[str, list[str]] = {}
    for message in messages:
        name = str(message.get("exercise"))
        if "limits" in message:
            limits, problems = tuple(map(str, message["limits"])), [*problems, *map(str, message["errors"])]
        elif name in known:
            try:
                observed[name] = _observations(known[name], seeds, message["seen"])
                borrowed[name] = list(map(str, message["borrowed"]))
            except (ValueError, KeyError, TypeError, IndexError) as error:
                problems.append(f"{name}: what came back can't be read ({type(error).__name__})")
    reports = []
    for name, seen in observed.items():
        report = judged(known[name], seen, together=partial(_right_together, known[name], known, observed))
        more = [forensics.borrowed(each, report.passed) for each in borrowed[name]] + _prying(submission)
        reports.append(replace(report, findings=report.findings + more))
    return Grade(path, reports, limits, tuple(problems))


def _observations(exercise: Exercise, seeds: Sequence[int], said: Sequence[Any]) -> list[Observation]:
    """Pair what the child said with the cases, which are made again here: it has no say in what was asked."""
    cases = [case for seed in seeds for case in exercise.cases(np.random.default_rng(seed))]
    return [heard(case, each) for case, each in zip(cases, said, strict=True)]


def _right_together(task: Exercise, known: dict[str, Exercise], observed: dict[str, list[Observation]]) -> bool:
    return task.caller in observed and not wrong_ones(known[task.caller], observed[task.caller])


def _prying(submission: Submission) -> list[Finding]:
    if not submission.prying:
        return []
    names = ", ".join(submission.prying)
    return [
        Finding(
            "CR006", f"imports {names}, with which code can look into the grader: read this one yourself", "warning"
        )
    ]


def _run(
    submission: Submission, names: Sequence[str], seeds: Sequence[int], seconds: int, megabytes: int
) -> tuple[list[dict[str, Any]], str]:
    """Run a submission in a child and return its messages, and what stopped it if something did."""
    key = secrets.token_hex(16)
    ours, theirs = os.pipe()
    job = {
        "descriptor": theirs,
        "key": key,
        "only": list(names),
        "seeds": list(seeds),
        "seconds": seconds,
        "megabytes": megabytes,
        "definitions": [asdict(each) for each in submission.definitions],
    }
    with (
        tempfile.TemporaryDirectory(prefix="chainrule-") as scratch,
        os.fdopen(ours, encoding="utf-8", errors="replace") as inbox,
    ):
        child = subprocess.Popen(
            [sys.executable, "-m", "chainrule.course.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            env=_environment(scratch),
            pass_fds=[theirs],
            start_new_session=True,
        )
        os.close(theirs)
        with ThreadPoolExecutor(max_workers=1) as reader:
            lines = reader.submit(lambda: inbox.read(64 << 20).splitlines())
            problem = _wait(child, json.dumps(job).encode(), 3 * seconds)
            messages = [message for line in lines.result() if (message := _message(line, key))]
    if not problem and not any(message.get("done") for message in messages):
        problem = _ending(child.returncode)
    return messages, problem


def _environment(scratch: str) -> dict[str, str]:
    """Return what the child needs to know of the surroundings, and nothing else."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG", "VIRTUAL_ENV") if name in os.environ}
    package = str(Path(__file__).parents[2])
    return {
        **kept,
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": scratch,
        "PYTHONPATH": package,
        "OMP_NUM_THREADS": "1",
    }


def _wait(child: "subprocess.Popen[bytes]", job: bytes, seconds: int) -> str:
    problem = ""
    try:
        child.communicate(job, timeout=seconds)
    except subprocess.TimeoutExpired:
        problem = f"stopped: it ran for more than {seconds} seconds"
    finally:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # and whatever it has started
        child.kill()
        child.wait()
    return problem


def _ending(status: int) -> str:
    if status == -getattr(signal, "SIGXCPU", 24) or status == -getattr(signal, "SIGKILL", 9):
        return "stopped: it used up its processor time or its memory"
    return f"ended early, with status {status}"


def _message(line: str, key: str) -> dict[str, Any] | None:
    """Return a message that carries the key; whatever else a submission may have written there is nothing."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) and message.get("key") == key else None
