"""An exercise: the right step in named parts, the inputs it is tried on, and what is looked at."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.course.lessons import CourseError
from chainrule.course.trace import NOT_THEIRS, place_in_theirs
from chainrule.mistakes.mistake import CATALOGUE, ENTERED, Mistake
from chainrule.mistakes.step import NOTHING, Part, Replaced, Step
from chainrule.registry import Registry, unknown

Facts = dict[str, Any]
TOPICS = (
    "activation",
    "backpropagation",
    "neural_network",
    "softmax",
    "penalties",
    "training",
    "training_preflight",
    "training_data",
    "training_model",
    "torch_penalties",
    "results",
    "layers",
    "train_epoch",
)


class CheckError(CourseError, ValueError):
    """A check that can't be made: no exercise of that name, or something that is no answer."""


@dataclass(frozen=True)
class Case:
    """One input on which an answer is tried.

    Parameters
    ----------
    name : str
        What it is, in the report's words: ``"7 records"``.
    inputs : dict
        The step's inputs by name. Every size in it should differ from every other.
    updates : tuple of str
        The inputs that an answer may change in place; the other arrays are handed out read-only.
    """

    name: str
    inputs: dict[str, Any]
    updates: tuple[str, ...] = ()
    untouched: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)  # see Step.values
    known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # what mistakes give here

    def handed_out(self, *, read_only: bool = False) -> "Case":
        """Return the case with copies of its inputs; if asked, arrays read-only, but for those that may be changed."""
        memo: dict[int, Any] = {}  # what two inputs share they share still
        inputs = {name: _copy(value, memo) for name, value in self.inputs.items()}
        for name, value in inputs.items():
            if read_only and name not in self.updates:
                freeze(value)
        return Case(self.name, inputs, self.updates)


@dataclass(frozen=True, eq=False, repr=False)
class Exercise:
    """One exercise; `exercise` makes one and enters it into the registry.

    Parameters
    ----------
    name : str
        Its name, by default also the name of the function or class that is asked for.
    step : Step
        The right way, in named parts.
    cases : callable
        From a generator of random numbers to the cases.
    called : str
        The name of the function or class that is asked for, where it isn't ``name``.
    observe : callable, optional
        From ``(answer, case)`` to facts: whatever is compared, by name. Default: call the answer with the step's inputs
        in order, and name its results like the step's ``returns``.
    program : str
        The operation of the step that *is* the right answer, where the exercise is a class or a procedure, such as a
        training loop: then `observe` looks at it as it looks at the learner's.
    glance : callable, optional
        A quick look at a program, from ``(answer, case)`` to the first values of some of the facts: mistakes that give
        other ones are not looked at more closely.
    right : tuple
        Replacements of parts that are right as well, such as another convention.
    suits : callable, optional
        Says whether an answer is meant for this exercise, where several have the same name.
    caller : str
        Name of a function which calls the answer: where the learner has written it too, the two are judged together.
    remarks : tuple of str
        Facts that an answer is right without; a mistake of severity ``remark`` is named by them.
    tolerance : float
        Largest difference allowed, relative to the largest value of the fact.
    lesson, number : str, int
        Where it stands in the course.
    hints : tuple of str
        From a nudge to nearly the answer.
    solution : str
        One right answer, shown after success.
    why : str
        One sentence on why the right answer is right.
    commonest : Mistake, optional
        What most learners who go wrong do here.
    """

    name: str
    step: Step
    cases: Callable[[np.random.Generator], Iterable[Case]]
    called: str = ""
    observe: Callable[[Any, Case], Facts] | None = None
    program: str = ""
    glance: Callable[[Any, Case], Facts] | None = None
    right: tuple[Replaced, ...] = ()
    suits: Callable[[Any], bool] | None = None
    caller: str = ""
    remarks: tuple[str, ...] = ()
    tolerance: float = 1e-6
    lesson: str = ""
    number: int = 0
    hints: tuple[str, ...] = ()
    solution: str = ""
    why: str = ""
    commonest: Mistake | None = field(default=None)

    def tried_on(self, seed: int) -> tuple[Case, ...]:
        """Return the cases of a seed; they are made once, and what is worked out about them is kept a while."""
        return _made(self, seed)

    def look(self, answer: Any, case: Case) -> Facts:
        """Return the facts about an answer in one case."""
        with same_gradient_mode():
            if self.observe is not None:
                return self.observe(answer, case)
            return unpack(answer(*(case.inputs[name] for name in self.step.inputs)), self.step.returns)

    def glimpse(self, case: Case, replaced: Replaced) -> Facts:
        """Return what a glance at the program shows, with parts replaced."""
        program = self.step.values({}, replaced, names=[self.program])[self.program]
        with same_gradient_mode():
            return {} if self.glance is None else self.glance(program, case.handed_out())

    def expect(self, case: Case, replaced: Replaced = NOTHING, *, fact: str | None = None) -> Facts:
        """Return the facts about the right answer, or about one with parts replaced; or only one of them."""
        if self.program:
            program = self.step.values({}, replaced, names=[self.program])[self.program]
            return self.look(program, case.handed_out())
        names = None if fact is None else [fact]
        return self.step.values(case.inputs, replaced, names=names, untouched=case.untouched)

    def mistakes(self) -> Sequence[tuple[Mistake, Replaced]]:
        """Return every known mistake that can be made here, with what it replaces."""
        return _fitting(self.step, sum(map(len, ENTERED)))

    def numbered(self) -> Sequence[tuple[Mistake, Part]]:
        """Return every known mistake that puts some number in the place of a part, with the part."""
        return _numbered(self.step, sum(map(len, ENTERED)))

    def __str__(self) -> str:
        return f"Exercise {self.number}, {self.name}" if self.number else self.name

    def __repr__(self) -> str:
        return f"<exercise {self.name}>"


@lru_cache(64)
def _made(exercise: Exercise, seed: int) -> tuple[Case, ...]:
    return tuple(exercise.cases(np.random.default_rng(seed)))


forget_cases = _made.cache_clear


@lru_cache
def _fitting(step: Step, entered: int) -> Sequence[tuple[Mistake, Replaced]]:
    """Return the mistakes that can be made in a step; found anew when the catalogue has more of them."""
    return [(mistake, replaced) for mistake in CATALOGUE.values() for replaced in mistake.in_step(step)]


@lru_cache
def _numbered(step: Step, entered: int) -> Sequence[tuple[Mistake, Part]]:
    parts = [(mistake, part) for mistake in CATALOGUE.values() for part in mistake.numbers]
    return [(mistake, part) for mistake, part in parts if step.parts.get(part.name) is part]


EXERCISES: Registry[Exercise] = Registry("exercise")


def exercise(
    name: str, step: Step, cases: Callable[[np.random.Generator], Iterable[Case]], **settings: Any
) -> Exercise:
    """Make an `Exercise` and enter it into the registry; the settings are its other fields."""
    NOT_THEIRS.add(cases.__code__.co_filename)
    return EXERCISES.add(name)(Exercise(name, step, cases, **settings))


def load(files: Iterable[Path] = ()) -> Registry[Exercise]:
    """Return the registry with the exercises of all lessons in it, and with those in a teacher's own files.

    Raises
    ------
    CheckError
        If a file can't be read, or holds no exercise.
    """
    _load_topics()
    for file in files:
        _load_file(file.resolve())
    return EXERCISES


@cache
def _load_topics() -> None:
    import_module("chainrule.mistakes.catalogue")
    for topic in TOPICS:
        import_module(f"chainrule.course.exercises.{topic}")


def _load_file(file: Path) -> None:
    """Execute a teacher's file, once; it belongs to the grader's own rooms."""
    name, before = f"chainrule.course.exercises:{file}", len(EXERCISES)
    if name in sys.modules:
        return
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise CheckError(f"{file} is no Python file, where exercises should be")
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        place = place_in_theirs(error)
        raise CheckError(f"{file}{f', {place}' if place else ''}: {type(error).__name__}: {error}") from error
    if len(EXERCISES) == before:
        raise CheckError(f"{file} makes no exercise: end it with exercise(name, step, cases, …)")


def find(answer: Any, name: str | None = None) -> Exercise:
    """Return the exercise that an answer is meant for, by its own name or by the one given.

    Raises
    ------
    CheckError
        If no exercise has that name.
    """
    known = load().values()
    wanted = name or str(getattr(answer, "__name__", type(answer).__name__))
    chosen = choose(answer, wanted, known)
    if chosen is None:
        raise CheckError(
            unknown("exercise", wanted, sorted({entry.called or entry.name for entry in known}))
            + '. If your answer has another name, say which exercise it is: check(my_sigmoid, exercise="sigmoid")'
        )
    return chosen


def choose(answer: Any, name: str, among: Iterable[Exercise]) -> Exercise | None:
    """Return the exercise of that name which suits the answer; an exercise's own name comes before what it asks for."""
    same_name = [entry for entry in among if name in (entry.name, entry.called)]
    suitable = [entry for entry in same_name if entry.suits is None or entry.suits(answer)]
    exact = [entry for entry in suitable if entry.name == name]
    return next(iter(exact or suitable or same_name), None)


@contextmanager
def same_gradient_mode() -> Iterator[None]:
    """Put PyTorch's switch for gradients back as it was, where PyTorch is in use: learners leave it off."""
    torch = sys.modules.get("torch")
    before = torch is not None and torch.is_grad_enabled()
    try:
        yield
    finally:
        if torch is not None:
            torch.set_grad_enabled(before)


def _copy(value: Any, memo: dict[int, Any]) -> Any:
    """Return a deep copy; quickly for numbers, as most inputs are."""
    return value.copy("K") if type(value) is np.ndarray and value.dtype.kind in "fi" else deepcopy(value, memo)


def freeze(value: Any) -> None:
    """Make an array read-only, and the arrays in a list."""
    for array in value if isinstance(value, list) else [value]:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False


def unpack(result: Any, names: tuple[str, ...]) -> Facts:
    """Name the results of a call; what isn't as many results as names are becomes the first of them."""
    if len(names) == 1:
        return {names[0]: result}
    one_axis = isinstance(result, np.ndarray) and result.ndim == 1
    several = (one_axis or isinstance(result, tuple | list)) and len(result) == len(names)
    return dict(zip(names, result if several else (result, *[None] * (len(names) - 1)), strict=True))
