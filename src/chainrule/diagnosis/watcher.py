"""What all listeners share: the clock, the user's lines and names, and the batch that is open."""

import linecache
import site
import sys
import sysconfig
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from torch import Tensor

from chainrule.diagnosis.recording import Batch, Pass, Recording
from chainrule.diagnosis.tensors import class_labels, right_answers
from chainrule.mistakes.evidence import Place

_PATHS = sysconfig.get_paths()
FOREIGN = tuple(
    {*(_PATHS[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")), *site.getsitepackages()}
    | {str(Path(__file__).parents[1]), "<frozen", "<__array_function__"}
)


class _Numbers:
    """Numbers of things by their identity, counted from 0.

    A thing without weak references, a list say, is kept alive, so that an identity stays its own.
    """

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Callable[[], object], int]] = {}
        self._count = 0

    def get(self, thing: object) -> int | None:
        entry = self._entries.get(id(thing))
        return entry[1] if entry is not None and entry[0]() is thing else None

    def enter(self, thing: object) -> int:
        try:
            found: Callable[[], object] = weakref.ref(thing)
        except TypeError:
            found = partial(_itself, thing)
        number, self._count = self._count, self._count + 1
        self._entries[id(thing)] = found, number
        return number

    def alive(self) -> Iterator[tuple[object, int]]:
        for found, number in list(self._entries.values()):
            if (thing := found()) is not None:
                yield thing, number


def _itself(thing: object) -> object:
    return thing


class Watcher:
    """Keeps the recording, the moment, and the pass and batch that are open.

    Parameters
    ----------
    recording : Recording
        What is filled.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.clock = 0
        self.blind: dict[str, str] = {}
        self.current: Pass | None = None
        self.batch: Batch | None = None
        self.recent: Batch | None = None
        self.threshold: float | None = None
        self.quiet: AbstractContextManager[None] = nullcontext()
        self.entered: Callable[[], None] = lambda: None
        self.left: Callable[[Pass], None] = lambda each: None
        self._labels: tuple[Batch, Tensor] | None = None
        self._scores: tuple[Batch, Tensor] | None = None
        self._theirs: dict[str, bool] = {}
        self._numbers: defaultdict[str, _Numbers] = defaultdict(_Numbers)

    def tick(self) -> int:
        """Return the next moment."""
        self.clock += 1
        return self.clock

    def attempt(self, listen: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        """Call a listener: its own torch calls are not heard, and its failure never reaches the program.

        A failure is noted, and the report says it.
        """
        with self.quiet:
            self.guard(listen, *args, **kwargs)

    def guard(self, listen: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        """Call a listener from where torch functions are not heard anyway; otherwise as `attempt`."""
        try:
            listen(*args, **kwargs)
        except Exception as error:
            self.blind.setdefault(listen.__qualname__, f"{type(error).__name__}: {error}")

    # ---- whose line, whose name

    def frames(self) -> Iterator[FrameType]:
        """Yield the frames of the user's code, the innermost first."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            file = frame.f_code.co_filename
            if self.is_users(file):
                yield frame
            frame = frame.f_back

    def is_users(self, file: str) -> bool:
        """Whether a file is the user's: none of Python's, of an installed package's, or ours."""
        known = self._theirs.get(file)
        if known is None:
            known = self._theirs[file] = not file.startswith(FOREIGN) and bool(
                file in self.recording.program.texts or linecache.getlines(file)
            )
            if known:
                self.recording.program.add(file, "".join(linecache.getlines(file)) or None)
        return known

    def place(self) -> Place | None:
        """Return the user's line that is being executed."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            theirs = self._theirs.get(code.co_filename)
            if self.is_users(code.co_filename) if theirs is None else theirs:
                return Place(code.co_filename, frame.f_lineno, code.co_name)
            frame = frame.f_back
        return None

    def calls(self) -> tuple[tuple[str, int], ...]:
        """Return the user's lines that are being executed, the innermost first."""
        return tuple((frame.f_code.co_filename, frame.f_lineno) for frame in self.frames())

    def name_of(self, thing: object, innermost: bool = True) -> str:
        """Return what the user calls a thing; empty where no variable holds it."""
        found = ""
        for frame in self.frames():
            for scope in (frame.f_locals, frame.f_globals):
                for name, value in scope.items():
                    if value is thing and not name.startswith("_"):
                        found = name
                        break
                if found and innermost:
                    return found
        return found

    def names_of(self, thing: object) -> tuple[str, ...]:
        """Return all variables that hold a thing, the innermost function's first."""
        found = {
            name: None
            for frame in self.frames()
            for scope in (frame.f_locals, frame.f_globals)
            for name, value in scope.items()
            if value is thing and not name.startswith("_")
        }
        return tuple(found)

    # ---- things and their numbers

    def number(self, kind: str, thing: object) -> int | None:
        """Return the number of a thing that is known; None if it is new."""
        return self._numbers[kind].get(thing)

    def enter(self, kind: str, thing: object) -> int:
        """Give a new thing the next number of its kind."""
        return self._numbers[kind].enter(thing)

    def known(self, kind: str) -> list[tuple[Any, int]]:
        """Return the things of a kind that are still alive, with their numbers."""
        return list(self._numbers[kind].alive())

    # ---- passes and batches

    def begin_pass(self, place: Place | None, loader: int | None = None) -> Pass:
        """Open a new pass."""
        self._leave()
        self.entered()
        passes = self.recording.passes
        self.current = Pass(len(passes), self.tick(), place, loader)
        passes.append(self.current)
        return self.current

    def resume(self, each: Pass) -> None:
        """Go on with a pass; those that were begun in between ran inside it."""
        if each is self.current:
            return
        self._leave()
        moment = each.batches[-1].at if each.batches else each.at
        for inner in self.recording.passes[each.number + 1 :]:
            if inner.at > moment and inner.parent is None:
                inner.parent = each.number
        self.current = each

    def begin_batch(self, size: int, traced: bool) -> Batch:
        """Open a new batch in the pass that is open."""
        self.close_batch()
        assert self.current is not None
        self.batch = self.recent = Batch(self.tick(), size, traced=traced)
        self.current.batches.append(self.batch)
        return self.batch

    def end_pass(self, each: Pass, complete: bool) -> None:
        """Close a pass."""
        if each is self.current:
            self._leave()
        each.end, each.complete = self.tick(), complete
        self.entered()

    def _leave(self) -> None:
        self.close_batch()
        if self.current is not None:
            self.left(self.current)
            self.current = None

    def open_batch(self) -> Batch:
        """Return the batch that something belongs to: the open one, or the last there was."""
        if self.batch is not None:
            return self.batch
        if self.recent is None:
            self.begin_pass(self.place())
            self.begin_batch(0, traced=False)
        assert self.recent is not None
        return self.recent

    def scored(self, batch: Batch, scores: Tensor) -> None:
        """Remember a model's result, to count its right answers when the batch is over."""
        if scores.ndim and len(scores) == batch.size:
            self._scores = batch, scores.detach()

    def compare_with(self, batch: Batch, labels: Tensor, sure: bool = True) -> None:
        """Take labels for a batch's true ones; ``sure``: rather than others."""
        known = self._labels is not None and self._labels[0] is batch and self._labels[1] is labels
        if known or not (sure or batch.labels is None):
            return
        found = class_labels(labels, batch.size)
        if found is not None:
            batch.labels, self._labels = found, (batch, labels)

    @property
    def scores(self) -> Tensor | None:
        """The last result of a model in the open batch."""
        return self._scores[1] if self._scores and self._scores[0] is self.batch else None

    def close_batch(self) -> None:
        """Close the open batch and count its right answers."""
        batch, scores = self.batch, self.scores
        self.batch, self._scores, self._labels = None, None, None
        if self.current and batch:
            self.current.end = self.tick()
        if batch is None or scores is None or batch.labels is None:
            return
        hits = right_answers(scores, batch.labels, self.threshold)
        if hits is not None:
            batch.hits, batch.correct, batch.counted = hits, int(hits.sum()), hits.size
