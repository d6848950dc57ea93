"""Grading notebooks and scripts: each runs in a child of its own, with limits; what it says is judged here."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from chainrule.course import forensics
from chainrule.course.check import judged
from chainrule.course.exercise import Exercise, find, load
from chainrule.course.judge import wrong_ones
from chainrule.course.observation import Observation
from chainrule.course.witness import cases_for, heard, plain
from chainrule.mistakes.finding import Finding, Report

SECONDS = 60
MEGABYTES = 4096
LONGEST = 64 << 20  # bytes of a notebook, and of what a child may say
SCRATCH = 256 << 20  # bytes that a child may leave in its folder
GLANCE = 0.2  # seconds between two looks at a running child
Message = dict[str, Any]


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


@dataclass(frozen=True)
class _Job:
    """What is asked of every submission of one grading."""

    names: Sequence[str]
    files: Sequence[Path]
    seeds: Sequence[int]
    seconds: int
    megabytes: int


def grade(
    paths: Sequence[Path],
    *,
    exercises: Sequence[str] = (),
    files: Sequence[Path] = (),
    seconds: int = SECONDS,
    megabytes: int = MEGABYTES,
) -> Iterator[Grade]:
    """Yield the grade of each notebook or script, in order; several run at a time.

    Parameters
    ----------
    paths : sequence of Path
        ``.ipynb`` or ``.py`` files.
    exercises : sequence of str
        Names of the exercises to grade. Default: every one that a file holds an answer to.
    files : sequence of Path
        A teacher's own exercises.
    seconds : int
        Processor time for each file; it may take three times as long by the clock.
    megabytes : int
        Memory for each file.

    Raises
    ------
    CourseError
        If there is no exercise of such a name, or a teacher's file can't be read.
    """
    load(files)
    names = [find(None, name).name for name in exercises]
    seeds = [secrets.randbelow(1 << 31) for _ in range(3)]  # nobody can know them beforehand
    job = _Job(names, [file.resolve() for file in files], seeds, seconds, megabytes)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        ran = pool.map(lambda path: _run(path, job), paths)
        for path, (messages, problem) in zip(paths, ran, strict=True):  # judged in this thread, one by one
            yield _grade(path, messages, problem, seeds)


def _grade(path: Path, messages: Sequence[Message], problem: str, seeds: Sequence[int]) -> Grade:
    """Judge what was said of one submission."""
    known = load()
    told: Message = {"limits": [], "problems": [], "prying": [], "errors": [], "replaced": []}
    started: list[str] = []
    seen: dict[str, list[Observation]] = {}
    about: dict[str, Message] = {}
    for message in messages:
        if message.get("starts") in known:
            started.append(str(message["starts"]))
        if message.get("exercise") in known:
            name = str(message["exercise"])
            with suppress(Exception):  # what can't be read was not said
                seen[name] = _observations(known[name], seeds, message["seen"])
                about[name] = {key: [plain(each) for each in message[key]] for key in ("borrowed", "replaced")}
        told.update({key: list(map(plain, message[key])) for key in told if key in message and "seen" not in message})
    suspicious = [_prying(told["prying"])] if told["prying"] else []
    suspicious += [_replaced(told["replaced"], "warning")] if told["replaced"] else []
    reports = []
    for name in started:
        if name not in about:
            reports.append(Report(name, [_no_answer(problem)], title=str(known[name])))
            continue
        report = judged(known[name], seen[name], together=partial(_right_together, known[name], known, seen))
        more = [forensics.borrowed(each, report.passed) for each in about[name]["borrowed"]] + suspicious
        more += [_replaced(about[name]["replaced"], "error")] if about[name]["replaced"] else []
        reports.append(replace(report, findings=report.findings + more))
    problems = [*told["problems"], *told["errors"], *([problem] if problem else [])]
    return Grade(path, reports, tuple(told["limits"]), tuple(problems))


def _observations(exercise: Exercise, seeds: Sequence[int], said: Sequence[Any]) -> list[Observation]:
    """Pair what the child said with the cases, which are made again here: it has no say in what was asked."""
    return [heard(case, each) for case, each in zip(cases_for(exercise, seeds), said, strict=True)]


def _right_together(task: Exercise, known: dict[str, Exercise], seen: dict[str, list[Observation]]) -> bool:
    return task.caller in seen and not wrong_ones(known[task.caller], seen[task.caller])


def _prying(names: Iterable[str]) -> Finding:
    title = f"uses {', '.join(names)}, with which code can look into the grader: read this one yourself"
    return Finding("CR006", title, "warning")


def _replaced(names: Iterable[str], severity: Any) -> Finding:
    title = f"puts something else in the place of {', '.join(names)}"
    return Finding(
        "CR008", title, severity, fix="Leave other people's modules as they are: they are put back for the check."
    )


def _no_answer(problem: str) -> Finding:
    return Finding("CR004", "your code brings the whole run to its end", evidence=problem)


def _run(path: Path, job: _Job) -> tuple[list[Message], str]:
    """Run a submission in a child and return its messages, and what stopped it if something did."""
    try:
        text = _text(path)
    except (OSError, ValueError) as error:
        return [], f"can't be read: {getattr(error, 'strerror', None) or error}"
    key = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="chainrule-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder).resolve()
        order = {
            "key": key,
            "name": path.name,
            "text": text,
            "only": list(job.names),
            "files": [str(file) for file in job.files],
            "seeds": list(job.seeds),
            "seconds": job.seconds,
            "megabytes": job.megabytes,
            "scratch": str(scratch),
        }
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "chainrule.course.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            env=_environment(scratch),
            start_new_session=True,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        with ThreadPoolExecutor(max_workers=1) as reader, child.stdout:
            said = reader.submit(child.stdout.read, LONGEST)
            with suppress(OSError), child.stdin:  # a child that is gone already will be noticed
                child.stdin.write(json.dumps(order).encode())
            problem = _wait(child, 3 * job.seconds, scratch)
            lines = said.result().decode(errors="replace").splitlines()
    messages = [message for line in lines if (message := _message(line, key))]
    if not problem and not any(message.get("done") for message in messages):
        problem = _ending(child.returncode)
    return messages, problem


def _text(path: Path) -> str:
    """Return what is in a file; it has to be a file, and not endless."""
    if not path.exists():
        raise ValueError("there is no such file")
    if not path.is_file():
        raise ValueError("it is no file")
    if path.stat().st_size > LONGEST:
        raise ValueError(f"it is larger than {LONGEST >> 20} MB")
    return path.read_text(encoding="utf-8")


def _environment(scratch: Path) -> dict[str, str]:
    """Return what the child needs to know of the surroundings, and nothing else."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG", "VIRTUAL_ENV") if name in os.environ}
    folders = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), str(scratch))
    return {
        **kept,
        **folders,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
    }


def _wait(child: "subprocess.Popen[bytes]", seconds: int, scratch: Path) -> str:
    """Wait for a child, but not too long and not while it fills the disk; return what stopped it, if we did."""
    problem, end = "", time.monotonic() + seconds
    while not problem:
        with suppress(subprocess.TimeoutExpired):
            child.wait(GLANCE)
            break
        if time.monotonic() > end:
            problem = f"stopped: it ran for more than {seconds} seconds"
        elif _size(scratch) > SCRATCH:
            problem = f"stopped: it wrote more than {SCRATCH >> 20} MB"
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # and whatever it has started, where it can start anything
    child.kill()
    child.wait()
    return problem


def _size(folder: Path) -> int:
    """Return how many bytes are in a folder whose files come and go."""
    total = 0
    for where, _, files in os.walk(folder):
        for file in files:
            with suppress(OSError):
                total += os.lstat(os.path.join(where, file)).st_size
    return total


def _ending(status: int) -> str:
    if status in {-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL")}:
        return "stopped: it used up its processor time or its memory"
    if status < 0:
        return f"ended early: Python itself came down ({signal.Signals(-status).name})"
    return f"ended early, with status {status}"


def _message(line: str, key: str) -> Message | None:
    """Return a message that carries the key; whatever else a submission may have written there is nothing."""
    try:
        message = json.loads(line) if key in line else None
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and message.get("key") == key else None
