"""What a program makes: models with their parameters, optimizers, schedulers, datasets, loaders."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chainrule.diagnosis.records import Summary
from chainrule.mistakes.evidence import Place


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
