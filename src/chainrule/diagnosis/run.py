"""``with chainrule.diagnose() as run:``: a stretch of code is watched, and the report is there when it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from chainrule.diagnosis.judge import RunReport, judge
from chainrule.diagnosis.recording import Recording

if TYPE_CHECKING:
    from chainrule.diagnosis.recorder import Recorder


class Run:
    """A watched run. Use it in a ``with`` statement; afterwards its ``report`` says what was found.

    Parameters
    ----------
    batches : int, optional
        End each epoch after so many batches, for a first look; nothing is then said about metrics and epochs.
    show : bool
        Show the report at the end.

    Attributes
    ----------
    recording : Recording
        What was recorded.
    report : Report
        The findings; there after the ``with`` block.
    """

    def __init__(self, batches: int | None = None, show: bool = True) -> None:
        if batches is not None and batches < 1:
            raise ValueError(f"batches must be at least 1; got {batches}")
        self.recording = Recording(cut=batches)
        self.report: RunReport | None = None
        self._show = show
        self._recorder: Recorder | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen while a program runs; `finish`, which may know more of the program, is to be called after it."""
        self.__enter__()
        yield

    def __enter__(self) -> "Run":
        from chainrule.diagnosis.recorder import Recorder

        if not self.recording.program.name:
            self.recording.program.name = "this run"
        self._recorder = Recorder(self.recording)
        self._recorder.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish(None, error)
        if self._show and (error is None or isinstance(error, SystemExit)):
            display(self.report)

    def finish(self, namespace: dict[str, Any] | None, error: BaseException | None) -> RunReport:
        """Stop listening and judge.

        Parameters
        ----------
        namespace : dict or None
            The program's variables, to be searched for histories.
        error : BaseException or None
            What the program stopped with.
        """
        assert self._recorder is not None, "the run was never begun"
        if error is not None and not (isinstance(error, SystemExit) and error.code in {None, 0}):
            self.recording.failure = f"{type(error).__name__}: {error}".strip(": ")
        self._recorder.stop(namespace)
        self.recording.program.shown |= _cells()
        self.report = judge(self.recording)
        return self.report

    def __repr__(self) -> str:
        return repr(self.report) if self.report else repr(self.recording)


def diagnose(batches: int | None = None, show: bool = True) -> Run:
    """Watch a stretch of a PyTorch program and say which silent mistakes are in it.

    Parameters
    ----------
    batches : int, optional
        End each epoch after so many batches, for a first look. Then nothing is said about metrics and epochs.
    show : bool
        Show the report when the block ends. It is also in ``run.report``.

    Examples
    --------
    >>> with chainrule.diagnose() as run:  # doctest: +SKIP
    ...     train(model, loader)
    >>> run.report.findings  # doctest: +SKIP
    """
    return Run(batches, show)


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def _cells() -> dict[str, str]:
    """Return the names by which a notebook's user knows its cells, by the names of IPython's own."""
    names = getattr(getattr(_shell(), "compile", None), "_filename_map", {})
    return {file: f"cell [{number}]" for file, number in names.items()}


def display(report: RunReport | None) -> None:
    """Show a report: drawn in a notebook, else printed."""
    if _shell() is not None:
        sys.modules["IPython"].display.display(report)
    else:
        print(f"\n{report}")
