"""The child that runs a submission: its text in, facts out. It judges nothing, so it can't be talked into anything.

``python -m chainrule.course.sandbox`` reads a job from stdin and writes what it observed to stdout, which only it
knows afterwards. Before it runs any of the submission, it makes the inputs, forgets everything that it knows about
right answers, and gives up what a submission must not have.
"""

import builtins
import json
import linecache
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TextIO

PATIENCE = 10.0  # seconds for one exercise
PRIVATE = ("chainrule.course", "chainrule.mistakes")
FRAMES = {"tb_frame", "gi_frame", "cr_frame", "ag_frame"}
PEEPING = {"sys._getframe", "sys._current_frames", "sys._current_exceptions", "sys.settrace", "sys.setprofile"}
PEEPING |= {"gc.get_objects", "gc.get_referrers", "gc.get_referents"}
INSIDES = {"__code__", "__defaults__", "__kwdefaults__"}
WATCHED = ("builtins", "numpy", "torch", "torch.nn.functional", "json", "copy", "io")
LENDERS = ("/inspect.py", "/traceback.py", "/ctypes/__init__.py")  # these hand on to others what they get


class NotForSubmissions(ImportError):
    """Something that a submission can't have while it is graded."""


class _Closed(MetaPathFinder):
    """Refuses to import the grader's own rooms, and a teacher's."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._private = (*PRIVATE, *(file.stem for file in files))

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.startswith(PRIVATE) or name in self._private:
            raise NotForSubmissions(f"{name} is not available to a submission that is being graded")


def close_the_grader(exercises: Iterable[Any], files: Iterable[Path], cells: Iterable[str]) -> None:
    """Take the grader, and everything that knows an answer, out of reach of the code that runs from now on."""
    import chainrule

    forget(exercises)
    rooms = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(PRIVATE)}
    for room in rooms.values():
        give_its_own_numpy(room)
    builtins.__import__ = _among_ourselves(rooms)
    for name in ("course", "mistakes"):
        vars(chainrule).pop(name, None)
    vars(chainrule)["check"] = lambda *arguments, **settings: None
    sys.meta_path.insert(0, _Closed(files))
    sys.addaudithook(_refuse_frames({f"<{cell}>" for cell in cells}))


def _among_ourselves(rooms: dict[str, ModuleType]) -> Any:
    """Return an import for which the grader's rooms are there when one of them asks, and for nobody else."""
    usual, ours = builtins.__import__, {id(vars(room)) for room in rooms.values()}

    def get(name: str, space: Any = None, names: Any = None, wanted: Sequence[str] = (), level: int = 0) -> Any:
        if name in rooms and wanted and id(space) in ours:
            return rooms[name]
        return usual(name, space, names, wanted, level)

    return get


def forget(exercises: Iterable[Any]) -> None:
    """Take the formulas out of the right steps and the mistakes, and the solutions out of the exercises."""
    from chainrule.mistakes.mistake import CATALOGUE
    from chainrule.mistakes.step import needs

    for mistake in CATALOGUE.values():
        mistake.variations.clear()
    CATALOGUE.clear()
    for exercise in exercises:
        for part in exercise.step.parts.values():
            part.function = None
        vars(exercise).update(solution="", right=(), hints=(), cases=None)
    needs.cache_clear()
    for name in [name for name in sys.modules if name.startswith("chainrule.mistakes.catalogue")]:
        vars(sys.modules[name]).clear()


def give_its_own_numpy(room: ModuleType) -> None:
    """Let a module of the grader's use a copy of NumPy's names, which stay what they are when others are changed."""
    import numpy as np

    own = ModuleType("numpy")
    vars(own).update(vars(np))
    for part in (np.linalg, np.random):
        copy = ModuleType(part.__name__)
        vars(copy).update(vars(part))
        setattr(own, part.__name__.removeprefix("numpy."), copy)
    for name in [name for name, value in vars(room).items() if value is np]:
        setattr(room, name, own)


def _refuse_frames(theirs: set[str]) -> Any:
    """Return an audit hook that lets no code in these files look into what calls it, or change others' functions."""
    look, busy = sys._getframe, False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal busy
        wanted = event in PEEPING or event.startswith("ctypes.")
        wanted = wanted or (event == "object.__getattr__" and arguments[1] in FRAMES)
        wanted = wanted or (event == "object.__setattr__" and arguments[1] in INSIDES)
        if busy or not wanted:
            return
        busy = True
        try:
            frame = look(1)
            while frame.f_back is not None and frame.f_code.co_filename.endswith(LENDERS):
                frame = frame.f_back
            asked = frame.f_code.co_filename in theirs
        finally:
            busy = False
        if asked:
            raise NotForSubmissions(f"{event} is not available to a submission that is being graded")

    return hook


def snapshot() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return the functions and classes that an answer has no business to change, by module, each with a copy."""
    modules = [name for name in sys.modules if name in WATCHED or name.startswith("numpy.")]
    spaces = {name: vars(sys.modules[name]) for name in modules}
    return {
        module: (space, {name: value for name, value in space.items() if callable(value)})
        for module, space in spaces.items()
    }


def restore(before: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    """Put back what was replaced since the snapshot; return its names. New names are nobody's harm."""
    replaced = []
    for module, (space, kept) in before.items():
        for name, value in kept.items():
            new = space.get(name)
            its_own = (
                module.startswith("torch") and isinstance(new, FunctionType) and new.__code__.co_filename[0] != "<"
            )
            if new is not value and not its_own:  # PyTorch exchanges some of its functions when it is compiled
                replaced.append(f"{module}.{name}")
                space[name] = value
    return replaced


def namespace_from(definitions: Sequence[Any], wanted: set[str]) -> tuple[dict[str, Any], list[str]]:
    """Execute the definitions one by one; return the names they made, and the errors in those that are wanted.

    Many others fail, since nothing else of a notebook runs and not everything is installed here.
    """
    theirs = ModuleType("__main__")
    sys.modules["__main__"], namespace = theirs, vars(theirs)
    errors = []
    for each in definitions:
        try:
            exec(compile(each.source, f"<{each.cell}>", "exec"), namespace)
        except BaseException as error:  # SystemExit and its like end nothing but this definition
            if wanted.intersection(each.names):
                errors.append(f"{each.cell}, line {each.line}: {type(error).__name__}: {error}")
    return namespace, errors


def read_in_one_process() -> None:
    """Let PyTorch's loaders read in this process: there can be no others."""
    from torch.utils.data import DataLoader

    from chainrule.course import instrument, probe  # noqa: F401  what looks at loops must be there before it is closed

    several = DataLoader._get_iterator

    def one(self: Any) -> Any:
        self.num_workers = 0
        return several(self)

    DataLoader._get_iterator = one  # type: ignore[method-assign]


def main() -> None:
    """Run one job."""
    job = json.load(sys.stdin)
    out = _keep_stdout()
    from chainrule.course.confinement import confine
    from chainrule.course.exercise import load
    from chainrule.course.submission import parse
    from chainrule.course.witness import cases_for, testify, time_for  # before the grader is closed

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps({"key": key, **message}) + "\n")
        out.flush()

    this = sys.modules["__main__"]  # which will be another one for a submission
    key, files = job["key"], [Path(file) for file in job["files"]]
    known = load(files).values()
    submission = parse(job["name"], job["text"])
    asked = [exercise for exercise in known if not job["only"] or exercise.name in job["only"]]
    asked = [exercise for exercise in asked if set((exercise.called or exercise.name).split()) <= submission.names]
    wanted = {name for exercise in asked for name in (exercise.called or exercise.name).split()}
    definitions = submission.needed_for(wanted)
    if any("torch" in each.source for each in definitions):
        read_in_one_process()
    cases = {exercise.name: cases_for(exercise, job["seeds"]) for exercise in asked}
    package = Path(__file__).parents[1]
    hidden = [package / "course", package / "mistakes", *files]
    limits = confine(job["seconds"], job["megabytes"], Path(job["scratch"]), hidden)
    say({"limits": limits, "problems": submission.problems, "prying": submission.prying})
    for cell, source in submission.cells.items():
        linecache.cache[f"<{cell}>"] = (len(source), None, source.splitlines(keepends=True), f"<{cell}>")
    close_the_grader(known, files, submission.cells)
    patience, before = min(PATIENCE, job["seconds"] / 2), snapshot()
    with time_for(patience):
        namespace, errors = namespace_from(definitions, wanted)
    say({"errors": errors, "replaced": restore(before)})
    testify(namespace, asked, cases, patience, say, replaced=lambda: restore(before))
    say({"done": True})
    del this


def _keep_stdout() -> TextIO:
    """Return stdout to write to; whatever else writes to stdout and stderr from now on is lost."""
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return kept


if __name__ == "__main__":
    main()
