"""The single things that a recording holds: tensors in numbers, operations, models, optimizers, loaders, figures.

Everything here is plain: numbers, strings, tuples and NumPy arrays. A model, an optimizer, a loader is referred to by
its number, which is its index in the recording's list: ``run.models[forward.model]``. ``at`` is the moment of an
event: one count runs through the whole recording, so that of two events the smaller ``at`` came first.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.mistakes.evidence import Place


@dataclass
class Summary:
    """What there is to know of a tensor without keeping it.

    ``row_sums`` are the least and the greatest sum over dimension 1 (the classes), ``column_sums`` over dimension 0
    (the records of the batch), None where the tensor has fewer than two dimensions. ``zeros`` is the share of exact
    zeros. ``whole`` says that all values are whole numbers. The numbers are over the finite values; NaN where there
    are none.
    """

    shape: tuple[int, ...]
    dtype: str
    minimum: float = float("nan")
    maximum: float = float("nan")
    mean: float = float("nan")
    std: float = float("nan")
    zeros: float = 0.0
    finite: bool = True
    whole: bool = False
    requires_grad: bool = False
    row_sums: tuple[float, float] | None = None
    column_sums: tuple[float, float] | None = None
    channel_means: tuple[float, ...] = ()
    channel_stds: tuple[float, ...] = ()


@dataclass
class Op:
    """One call of a torch function while a batch was traced: ``linear``, ``relu``, ``softmax``, ``argmax``, ``eq``.

    ``inputs`` are the indices, in ``batch.ops``, of the calls whose results it takes; −1 is a tensor from outside
    (the batch's data, a weight). ``module`` is the dotted path of the module it ran in (``"fc1"``; empty in the
    model's own ``forward``; None outside a model). ``arguments`` are its plain arguments by name: ``dim``, ``p``,
    ``training``, ``size``.
    """

    name: str
    at: int
    place: Place | None
    module: str | None
    module_class: str
    inputs: tuple[int, ...]
    arguments: dict[str, Any]
    output: Summary | None = None
    model: int | None = None


@dataclass
class LossCall:
    """One call of a loss function: ``cross_entropy``, ``nll_loss``, ``mse_loss``, ``binary_cross_entropy_with_logits``.

    ``value`` is its value (the mean, if it returned many numbers). ``arguments`` are its plain arguments:
    ``reduction``, ``label_smoothing``, ``ignore_index``; ``weighted`` says that it was given class weights.
    ``of_model`` is the model whose result it got, directly or through operations. ``input`` and ``target`` are there
    in traced batches; shapes always. ``op`` is its index in ``batch.ops`` where the batch is traced.
    """

    name: str
    at: int
    place: Place | None
    value: float
    reduction: str
    input_shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    target_dtype: str
    weighted: bool = False
    arguments: dict[str, Any] = field(default_factory=dict)
    of_model: int | None = None
    input: Summary | None = None
    target: Summary | None = None
    op: int | None = None


@dataclass
class Forward:
    """One call of a whole model (not of a part of it from within).

    ``training`` is the model's flag; ``modes`` are the flags of those of its layers that behave differently in the
    two modes (dropout, batch normalisation), by path. ``input`` and ``output`` are there in traced batches.
    ``trained`` says that a backward pass went through its result.
    """

    model: int
    at: int
    place: Place | None
    training: bool
    modes: dict[str, bool]
    grad_enabled: bool
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...] = ()
    input: Summary | None = None
    output: Summary | None = None
    trained: bool = False


@dataclass
class Penalty:
    """What was added to the loss before ``backward``: its value, and its gradient g beside the weights w.

    ``along`` is ⟨g, w⟩: twice the value for λ·Σw², once for λ·Σ|w| and for a norm, 0 if it is cut off from the graph.
    ``cosine_loss`` is the cosine of g with the loss's own gradient: ±1 where the loss was only scaled, as with
    accumulation. ``cosine_w``, ``cosine_sign`` and ``cosine_one`` are the cosines of g with w, with sign(w) and with
    ones, over the parameters it has a gradient for: ``parameters``.
    """

    value: float
    norm: float
    along: float
    cosine_w: float
    cosine_sign: float
    cosine_loss: float
    parameters: tuple[str, ...] = ()
    cosine_one: float = 0.0


@dataclass
class Backward:
    """One backward pass. ``value`` is the number it started from, with all that was added to the loss.

    Sampled: ``cleared`` says that every gradient was None or zero before it, ``norm`` is the norm of what it added,
    ``before`` the norm of what was there, ``missing`` the numbers of the parameters of the models in this batch that
    it did not reach.
    """

    at: int
    place: Place | None
    value: float
    sampled: bool = False
    cleared: bool | None = None
    norm: float | None = None
    before: float | None = None
    missing: tuple[int, ...] = ()
    penalty: Penalty | None = None


@dataclass
class Step:
    """One ``optimizer.step()``.

    ``backwards`` counts the backward passes since the last step of this optimizer; ``lr`` holds each group's rate.
    Sampled: ``leftover`` is the norm of that part of the gradient which backward passes *before* the optimizer's
    previous step had left there, divided by the norm of the fresh part (0: rightly cleared; gradient clipping does
    not count), ``norm`` the gradient's norm, ``without`` the names of its parameters without gradient or with a
    gradient of zero, ``ratios`` ‖change‖/‖weight‖ for each parameter by name.
    """

    at: int
    place: Place | None
    optimizer: int
    backwards: int
    lr: tuple[float, ...]
    sampled: bool = False
    leftover: float | None = None
    norm: float | None = None
    without: tuple[str, ...] = ()
    ratios: dict[str, float] = field(default_factory=dict)


@dataclass
class Parameter:
    """A parameter at the model's first call. ``number`` tells parameters apart over all models and optimizers.

    ``identical_rows`` says that all units of the layer start alike; ``std`` and ``largest`` are of its first values.
    ``fresh``: its module was made in this run and no weights had been loaded into it (a copied module is not fresh).
    """

    number: int
    name: str
    shape: tuple[int, ...]
    requires_grad: bool
    mean: float
    std: float
    largest: float
    identical_rows: bool
    module_class: str = ""
    fresh: bool = False


@dataclass
class Part:
    """A module within a model, by its path; ``calls`` counts how often it ran in the whole recording."""

    name: str
    class_name: str
    parameters: int
    calls: int = 0


@dataclass
class Activation:
    """A hidden activation after the run: how many units are dead or saturated on all of up to 1,000 records.

    A saturated unit is within 1 % of an end of its range on every one of them.
    """

    function: str
    units: int
    dead: int
    saturated: int


@dataclass
class Probe:
    """What a copy of the model showed after the run, in eval mode, on records it was trained on.

    ``repeats``: two passes give the same. ``modes_differ``: train mode gives another output (dropout, batch
    normalisation). ``independent``: a record's output does not depend on the other records of its batch. ``linear``:
    the outputs are an affine function of the inputs. ``output`` is of these records, ``far`` of the same records
    times 100. A fact is None where it could not be found out; ``problem`` then says why.
    """

    repeats: bool | None = None
    modes_differ: bool | None = None
    independent: bool | None = None
    linear: bool | None = None
    output: Summary | None = None
    far: Summary | None = None
    activations: list[Activation] = field(default_factory=list)
    problem: str = ""


@dataclass
class Model:
    """A model that was called: its class, where it was made, its parameters as they were at its first call.

    ``name`` is the user's variable. ``hidden`` are attributes (``"layers"``) that hold modules in a plain list or
    dict, with how many, ``hidden_parameters`` the numbers of those modules' trainable parameters. ``made_in_forward``
    are classes of modules that were made during calls, each with (the call's moment, line). ``loads`` are the moments
    at which weights were loaded into it with ``load_state_dict``, before its first call too. ``digests`` are
    (at, digest) of all its weights: equal digest, equal weights.
    """

    number: int
    class_name: str
    name: str
    at: int
    place: Place | None
    parameters: list[Parameter] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)
    hidden_parameters: tuple[int, ...] = ()
    made_in_forward: dict[str, list[tuple[int, Place | None]]] = field(default_factory=dict)
    loads: list[int] = field(default_factory=list)
    digests: list[tuple[int, str]] = field(default_factory=list)
    probe: Probe | None = None

    def digest(self, at: int) -> str | None:
        """Return the digest of the weights as they were at a moment: the last one noted before it."""
        return next((digest for when, digest in reversed(self.digests) if when <= at), None)


@dataclass
class Optimizer:
    """An optimizer: the numbers of its ``parameters``, and each group's lr, weight_decay, momentum, maximize (0, 1)."""

    number: int
    class_name: str
    name: str
    at: int
    place: Place | None
    parameters: tuple[int, ...]
    groups: list[dict[str, float]]
    zero_grads: list[tuple[int, Place | None]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)


@dataclass
class Scheduler:
    """A learning-rate scheduler; ``steps`` holds (at, place, the first group's rate after it) for each of its steps.

    ``given`` are the numbers that its steps were called with, a metric or an epoch. ``settings`` are its plain
    attributes: ``step_size``, ``gamma``, ``T_max``, ``total_steps``.
    """

    number: int
    class_name: str
    name: str
    at: int
    place: Place | None
    optimizer: int | None
    steps: list[tuple[int, Place | None, float]] = field(default_factory=list)
    given: list[float] = field(default_factory=list)
    settings: dict[str, float] = field(default_factory=dict)


@dataclass
class Dataset:
    """A dataset behind a loader. Through ``Subset`` it comes to a base: ``rows`` are indices there, None means all.

    ``base`` is its number (of two datasets that hold the same records in arrays, the first one's), ``train`` its
    ``train`` attribute if it has one, ``transform`` the transform in words.
    """

    number: int
    class_name: str
    name: str
    length: int | None
    base: int
    rows: NDArray[np.int64] | None = None
    train: bool | None = None
    transform: str = ""


@dataclass
class Loader:
    """A DataLoader. ``length`` counts batches, ``shuffled``: a random sampler, so the order changes with each pass."""

    number: int
    name: str
    at: int
    place: Place | None
    dataset: int
    batch_size: int | None
    length: int | None
    shuffled: bool
    sampler: str
    drop_last: bool


@dataclass
class Number:
    """A number that the program showed: printed, logged, or drawn in a plot.

    ``text`` is the whole message, ``label`` the words in front of the number (in a plot: the label of the line),
    ``percent`` says that a percent sign follows it, ``decimals`` how many were printed (None: unrounded).
    """

    at: int
    place: Place | None
    value: float
    text: str
    label: str
    percent: bool
    decimals: int | None
    how: str

    def shows(self, true: float) -> bool:
        """Whether this is how ``true`` looks after rounding to the decimals that were printed."""
        tolerance = 1e-6 * max(1.0, abs(true)) if self.decimals is None else 0.5001 * 10.0**-self.decimals
        return abs(self.value - true) <= tolerance


@dataclass
class Series:
    """A list (or dict of lists, attribute) of numbers that grew during the run: a history.

    ``name`` is the user's (``"history['loss']"``, ``"train_losses"``), ``place`` the line of its ``append``. ``ats``
    are moments at or shortly after each append. ``graphs`` counts the elements that are tensors which keep a graph.
    """

    name: str
    place: Place | None
    values: list[float] = field(default_factory=list)
    ats: list[int] = field(default_factory=list)
    graphs: int = 0
    plotted: bool = False


@dataclass
class Plot:
    """A line that was drawn: its x and y values, its label, the labels of its axes, and the axes' number."""

    at: int
    place: Place | None
    label: str
    x_label: str
    y_label: str
    values: NDArray[np.float64]
    xs: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    axes: int = 0


@dataclass
class Save:
    """Something that was written with ``torch.save``.

    ``kind``: ``"module"``, ``"weights"`` (a state_dict), ``"class"``, ``"method"``, ``"dict"`` (a checkpoint) or
    ``"other"``. ``contents`` maps each key of a checkpoint to its own kind; also ``"optimizer"`` (an optimizer's
    state_dict) and ``"number"``. ``digests`` maps each key (``""`` if it is the object itself) to the digest of the
    weights in it, comparable with a model's. ``unused`` maps each key whose weights are those of a module that has
    not been called yet to the line it was made in.
    """

    at: int
    place: Place | None
    kind: str
    path: str
    contents: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    unused: dict[str, Place | None] = field(default_factory=dict)


@dataclass
class Reshape:
    """A ``view`` or ``reshape`` to the same sizes in another order: (N, 8, 6, 3) to (N, 3, 8, 6)."""

    at: int
    place: Place | None
    name: str
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass
class Warned:
    """A Python warning that the run raised, such as the one on shapes that broadcast in a loss."""

    at: int
    place: Place | None
    category: str
    text: str


@dataclass
class NonFinite:
    """The first NaN or infinity of a run: the first operation that made it out of finite numbers, and how it was met.

    ``op`` is None where the weights already held one or the operation could not be found. ``largest_weight`` is the
    largest absolute weight then.
    """

    at: int
    place: Place | None
    what: str
    op: Op | None
    weights_finite: bool
    largest_weight: float
