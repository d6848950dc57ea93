"""The single things that happen in a run, in numbers: tensors, operations, calls, losses, gradients, steps.

Everything here, in `made` and in `shown` is plain: numbers, strings, tuples and NumPy arrays. A model, an optimizer, a
loader is referred to by its number, which is its index in the recording's list: ``run.models[forward.model]``. ``at``
is the moment of an event: one count runs through the whole recording, so that of two events the smaller ``at`` came
first.
"""

from dataclasses import dataclass, field
from typing import Any

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
class Reshape:
    """A ``view`` or ``reshape`` to the same sizes in another order: (N, 8, 6, 3) to (N, 3, 8, 6)."""

    at: int
    place: Place | None
    name: str
    before: tuple[int, ...]
    after: tuple[int, ...]


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
