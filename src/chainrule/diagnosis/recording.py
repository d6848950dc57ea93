"""What the recorder knows of a run, and how an entry of the catalogue reads it.

An entry is a `Mistake` with at least one observer, a function from the `Recording` to an `Evidence` per occurrence::

    TR191 = Mistake(code="TR191", title="Count of correct answers divided by the number of batches", ...)

    @TR191.observed(whole_epochs=True)
    def divided_by_batches(run: Recording) -> Iterator[Evidence]:
        for number in run.shown():
            for done in run.last_passes(number.at):
                if done.correct is not None and number.shows(done.correct / len(done.batches)):
                    yield Evidence(f"{number.how} {number.value}: …", number.place)

``whole_epochs=True`` marks an observer that judges epochs or metrics: it is not asked about a run that ``--batches``
cut short. Severity is the evidence's: ``"error"`` or ``"warning"`` for what is certain, ``"remark"`` for what may be
meant that way. One finding is made of several pieces of evidence with the same code and line: the first is shown, the
number of the others mentioned. An observer that raises is reported as a defect of chainrule, not of the program.

**How a run is laid out.** A `Recording` has ``passes``; a `Pass` is one way through a loader (``for x, y in
loader``), or, in a program without loaders, a stretch of calls of a model; it has ``batches``. A pass is ``training``
if its batches had backward passes or optimizer steps, else an evaluation. A validation inside a training loop is a
pass of its own, with the outer one as its ``parent``. A `Batch` has what happened from one batch to the next:
``forwards``, ``losses``, ``backwards``, ``steps``, and, if it is ``traced``, the operations in order (``ops``): a
small graph from the batch's data over the model to the loss and the comparison with the labels. All batches have
their sizes, labels, losses and right answers; costly things are sampled. ``ops`` and summaries: the first two batches
and some later ones of the first pass over a loader, the first batch of the second and of every fifth pass. Gradients:
the first four steps of an optimizer and every fiftieth. Fingerprints: the first pass, and traced batches. What is
None was not looked at: never conclude from it.

**Numbers.** ``numbers`` are what was printed or logged, ``series`` what was appended, ``plots`` what was drawn, each
with its line; ``run.shown()`` goes through the printed and the appended ones, ``run.last_passes(at)`` gives the
passes that one can be about. A pass knows the truth: ``correct``, ``total``, ``accuracy``, ``mean_loss``,
``mean_of_means``. **Source.** ``run.program`` holds the syntax trees; ``run.source(place)`` is a line as text. Syntax
is a hint, not a proof.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from chainrule.diagnosis.made import Activation, Dataset, Loader, Model, Optimizer, Parameter, Part, Probe, Scheduler
from chainrule.diagnosis.passes import Batch, Pass
from chainrule.diagnosis.program import Program
from chainrule.diagnosis.records import Backward, Forward, LossCall, NonFinite, Op, Penalty, Reshape, Step, Summary
from chainrule.diagnosis.shown import Number, Plot, Save, Series, Warned
from chainrule.mistakes.evidence import Evidence, Place

__all__ = [
    "Activation", "Backward", "Batch", "Dataset", "Evidence", "Forward", "Loader", "LossCall", "Model", "NonFinite",
    "Number", "Op", "Optimizer", "Parameter", "Part", "Pass", "Penalty", "Place", "Plot", "Probe", "Recording",
    "Reshape", "Save", "Scheduler", "Series", "Step", "Summary", "Warned",
]  # fmt: skip


@dataclass(repr=False, eq=False)
class Recording:
    """A whole run. See the module's own words on how it is laid out.

    ``cut`` is the number after which ``--batches`` ended each epoch (None: a whole run), ``failure`` the exception's
    words if the program failed. ``blind`` says which listener failed, if one did, and how. ``loader_lengths`` are, for
    each DataLoader that was made, used or not: the line, its batches and its records.
    """

    program: Program = field(default_factory=Program)
    models: list[Model] = field(default_factory=list)
    optimizers: list[Optimizer] = field(default_factory=list)
    schedulers: list[Scheduler] = field(default_factory=list)
    datasets: list[Dataset] = field(default_factory=list)
    loaders: list[Loader] = field(default_factory=list)
    loader_lengths: list[tuple[Place | None, int | None, int | None]] = field(default_factory=list)
    passes: list[Pass] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    saves: list[Save] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    reshapes: list[Reshape] = field(default_factory=list)
    nonfinite: NonFinite | None = None
    cut: int | None = None
    failure: str | None = None
    blind: dict[str, str] = field(default_factory=dict)

    @cached_property
    def training(self) -> list[Pass]:
        """The passes that train, in order."""
        return [each for each in self.passes if each.training]

    @cached_property
    def evaluations(self) -> list[Pass]:
        """The passes that call a model and do not train, in order."""
        return [each for each in self.passes if not each.training and any(each.forwards)]

    @property
    def batches(self) -> Iterator[Batch]:
        """All batches of all passes."""
        return (batch for each in self.passes for batch in each.batches)

    @cached_property
    def steps(self) -> list[Step]:
        """All optimizer steps, in order."""
        return sorted((step for batch in self.batches for step in batch.steps), key=lambda step: step.at)

    def evaluated_before(self, at: int) -> Pass | None:
        """Return the last evaluation that had begun before a moment."""
        return next((each for each in reversed(self.evaluations) if each.at < at), None)

    def trained_before(self, at: int) -> Pass | None:
        """Return the last training pass that had begun before a moment."""
        return next((each for each in reversed(self.training) if each.at < at), None)

    def last_passes(self, at: int) -> list[Pass]:
        """Return what a number shown then can be about: the last evaluation and the last training pass before."""
        found = [self.evaluated_before(at), self.trained_before(at)]
        return sorted((each for each in found if each), key=lambda each: -each.at)

    def shown(self) -> Iterator[Number]:
        """Yield the numbers that were printed, logged or appended, the appended ones under their list's name."""
        yield from self.numbers
        for series in self.series:
            for at, value in zip(series.ats, series.values, strict=True):
                yield Number(at, series.place, value, series.name, series.name, False, None, "appended")

    def dataset_of(self, each: Pass) -> Dataset | None:
        """Return the dataset that a pass ran over; None without a loader."""
        return None if each.loader is None else self.datasets[self.loaders[each.loader].dataset]

    def loader_name(self, each: Pass) -> str:
        """Return the user's name for a pass's loader; empty where there is none."""
        return each.loader_name

    def source(self, place: Place | None) -> str:
        """Return a line of the program as it was written, without indentation; empty where it is not known."""
        return self.program.line(place) if place else ""

    def __repr__(self) -> str:
        steps = sum(len(batch.steps) for batch in self.batches)
        return f"<Recording: {len(self.models)} models, {len(self.passes)} passes, {steps} steps>"
