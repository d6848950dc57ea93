"""Does check notice every change? Each right solution is changed in one place after another, as a slip would change it.

Run it with ``make mutants``. A mutant that check accepts must give what the solution gives, on 10,000 inputs of a
generator which knows nothing of the exercises' own cases; one that doesn't is printed with its difference, and the exit
status is 1. With PyTorch it is 2,000 inputs, since one takes milliseconds there: an epoch of training, or three loaders
read out. ``--torch-tries 10000`` tries as many there, too. The seconds are processor time.
"""

import argparse
import ast
import difflib
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import generators, setup_generators, torch_generators
from tests.slips import mutants

from chainrule.course import forensics
from chainrule.course.exercise import EXERCISES, Exercise, load
from chainrule.course.judge import SEEDS, wrong_ones
from chainrule.course.observation import TookTooLong, observe, quiet, without_data

WITH_TORCH = {**torch_generators.INPUTS, **setup_generators.INPUTS}
INPUTS = {**generators.INPUTS, **WITH_TORCH}
USE = {**generators.USE, **torch_generators.USE, **setup_generators.USE}
CONVENTIONS = {**generators.CONVENTIONS, **torch_generators.CONVENTIONS}
TRIES = 10_000
SECONDS = 20  # for all cases of an exercise, or for one input: a loop without an end is a difference


class Trial(NamedTuple):
    """What became of a mutant: rejected, or accepted and equal, or accepted and differing, which is then described."""

    accepted: bool
    difference: str
    seconds: float


def tried(name: str, source: str, tries: int) -> Trial:
    """Let check judge a mutant; if it is accepted, compare it with the solution."""
    began, task = process_time(), EXERCISES[name]
    assert takes_solution(name), f"{name}: the solution itself is rejected"
    try:
        with limited(SECONDS), quiet():
            mutant = answer_of(task, source)
            if not accepted(task, mutant):
                return Trial(False, "", process_time() - began)
    except (Exception, TookTooLong):  # it can't even be defined
        return Trial(False, "", process_time() - began)
    worlds = range(1 + len(CONVENTIONS.get(name, ())))
    equal = any(difference(name, mutant, world, tries) is None for world in worlds)
    text = "" if equal else described(task, source, difference(name, mutant, 0, tries))
    return Trial(True, text, process_time() - began)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` in what takes longer, and again each second if that is caught."""

    def stop(*_: Any) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def accepted(task: Exercise, answer: Any) -> bool:
    """Say whether check would accept an answer; no mistake is looked for, and the first wrong case ends it."""
    seen = []
    with quiet(), without_data(answer):
        for case in (case for seed in SEEDS for case in task.tried_on(seed)):
            one = observe(task, answer, case)
            if one.changed or wrong_ones(task, [one]):
                return False
            seen.append(one)
        return not forensics.is_unwritten(seen) and not wrong_ones(task, seen)


@lru_cache
def takes_solution(name: str) -> bool:
    """Say whether check accepts the solution; once in each process, where an error would else count as a rejection."""
    return accepted(EXERCISES[name], solution(name))


def answer_of(task: Exercise, source: str) -> Any:
    """Execute a source after the other solutions of its lesson, and return the answer in it; an error is none."""
    names = torch_generators.names() if task.name in WITH_TORCH else dict(generators.NAMES)
    for each in EXERCISES.values():
        if each.lesson == task.lesson and each.number < task.number and "torch" not in each.solution:
            try:
                exec(each.solution, names)
            except NameError:  # a class that is built on one of the lesson's own
                continue
    exec(source, names)
    given = [names[name] for name in (task.called or task.name).split()]
    return given[0] if len(given) == 1 else tuple(given)


def difference(name: str, mutant: Any, world: int, tries: int) -> tuple[Any, ...] | None:
    """Return inputs on which a mutant doesn't give what is right in one convention; None if there are none."""
    with quiet():
        for number in range(tries):
            want = wanted(name, world, number)
            try:
                got = result(name, mutant, asked(name, number))
            except (Exception, TookTooLong):  # where the solution gives something
                return asked(name, number)
            if len(got) != len(want) or not all(map(_close, got, want)):
                return asked(name, number)
        return None


@lru_cache(TRIES)
def asked(name: str, number: int) -> tuple[Any, ...]:
    """Return an input of the independent generator."""
    return INPUTS[name](np.random.default_rng((12345, number)))


@lru_cache(TRIES)
def wanted(name: str, world: int, number: int) -> list[Any]:
    """Return what the solution gives for an input, or the solution in another convention."""
    return result(name, solution(name, world), asked(name, number))


@lru_cache
def solution(name: str, world: int = 0) -> Any:
    """Return the solution of an exercise, or the same in another convention."""
    changes = [("", ""), *CONVENTIONS.get(name, ())]
    return answer_of(EXERCISES[name], EXERCISES[name].solution.replace(*changes[world]))


def result(name: str, answer: Any, inputs: tuple[Any, ...]) -> list[Any]:
    """Return all that an answer gives for an input, as a list of arrays."""
    with limited(SECONDS):
        given = USE[name](answer, *deepcopy(inputs)) if name in USE else answer(*deepcopy(inputs))
        return [np.asarray(each, float) for each in (given if isinstance(given, tuple | list) else [given])]


def _close(one: Any, other: Any) -> bool:
    """Say whether two results are the same to the rounding that check allows, in the same shape but for axes of 1."""
    if np.array_equal(one, other):
        return True
    if one.squeeze().shape != other.squeeze().shape:
        return False
    finite = np.isfinite(other)
    scale = np.abs(other[finite]).max(initial=0.0) or 1.0
    return bool(np.allclose(one.reshape(other.shape), other, rtol=0, atol=2e-5 * scale, equal_nan=True))


def described(task: Exercise, source: str, inputs: tuple[Any, ...] | None) -> str:
    """Return the lines that a mutant changes, and the shapes of inputs on which it shows."""
    lines = (ast.unparse(ast.parse(task.solution)).splitlines(), source.splitlines())
    changes = [line for line in difflib.unified_diff(*lines, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")]
    shapes = [str(np.shape(one)) if np.ndim(one) else f"{one}" for one in inputs or () if not isinstance(one, list)]
    return "\n".join([*changes, f"differs on inputs {', '.join(shapes)}"])


def survivors(name: str, tries: int, every: int = 1) -> tuple[int, list[str]]:
    """Return how many mutants of an exercise's solution there are, and how those differ that check should reject."""
    sources = [*mutants(EXERCISES[name].solution)][::every]
    return len(sources), [each.difference for each in (tried(name, one, tries) for one in sources) if each.difference]


def main() -> int:
    """Mutate all solutions and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*", help="names; default: all")
    parser.add_argument("--tries", type=int, default=TRIES, help="inputs for each mutant that check accepts")
    parser.add_argument("--torch-tries", type=int, default=2_000, help="the same for PyTorch exercises")
    options = parser.parse_args()
    load()
    columns = "{:32} {:>7} {:>8} {:>14} {:>19} {:>6} {:>7}"
    print(
        columns.format("exercise", "mutants", "rejected", "accepted+equal", "accepted+differing", "inputs", "seconds")
    )
    failed, jobs = 0, {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name in options.exercises or EXERCISES:
            sources = [*mutants(EXERCISES[name].solution)]
            tries = options.torch_tries if name in WITH_TORCH else options.tries
            jobs[name] = tries, pool.map(tried, [name] * len(sources), sources, [tries] * len(sources))
        for name, tries, trials in ((name, tries, [*job]) for name, (tries, job) in jobs.items()):
            wrong = [each.difference for each in trials if each.difference]
            kept = sum(each.accepted for each in trials)
            counts = (len(trials), len(trials) - kept, kept - len(wrong), len(wrong), tries)
            print(columns.format(name, *counts, f"{sum(each.seconds for each in trials):.0f}"), flush=True)
            print(*wrong, sep="\n", end="\n" * bool(wrong), flush=True)
            failed += len(wrong)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
