"""Reading the operations of traced batches: what stands between the last layer and the loss."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TYPE_CHECKING

from chainrule.mistakes.evidence import Evidence

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Batch, LossCall, Op, Pass, Recording

LAYERS = {"linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "bilinear"}
SHAPING = {
    "view", "reshape", "flatten", "squeeze", "unsqueeze", "getitem", "contiguous", "float", "double", "to", "permute",
    "transpose", "t", "movedim", "select", "clone", "detach", "type", "unflatten", "view_as", "reshape_as",
}  # fmt: skip
SQUASHING = {"sigmoid", "tanh", "hardtanh", "hardsigmoid", "relu", "relu6"}
DROPOUT = {"dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"}
PASSED = SQUASHING | DROPOUT | {"softmax", "log_softmax", "log", "clamp", "logsigmoid"}


def once(look: "Callable[[Recording], Iterable[Evidence]]") -> "Callable[[Recording], Iterator[Evidence]]":
    """Return an observer that gives the first evidence for each line only, the first of them all without lines."""

    @wraps(look)
    def first_for_each_line(run: "Recording") -> Iterator[Evidence]:
        seen = set()
        for evidence in look(run):
            if evidence.place not in seen:
                seen.add(evidence.place)
                yield evidence

    return first_for_each_line


def before(ops: "list[Op]", index: int) -> "Op | None":
    """Return the operation whose result an operation took as its first input, past those that only change shapes."""
    while True:
        index = ops[index].inputs[0] if ops[index].inputs else -1
        if index < 0 or ops[index].name not in SHAPING:
            return ops[index] if index >= 0 else None


def between(batch: "Batch", loss: "LossCall") -> "list[Op]":
    """Return what was done to the scores between the last layer and a loss function, the last operation first.

    Empty where the loss took a layer's output as it is, or where that is not known.
    """
    found: list[Op] = []
    index = -1 if loss.op is None else loss.op
    while index >= 0:
        inputs = batch.ops[index].inputs
        index = inputs[0] if inputs else -1
        if index < 0 or batch.ops[index].name not in PASSED | SHAPING:
            break
        if batch.ops[index].name in PASSED:
            found.append(batch.ops[index])
    return found


def trained_losses(run: "Recording", *names: str) -> "Iterator[tuple[Pass, Batch, LossCall]]":
    """Yield the calls of these loss functions in traced batches that a backward pass started from."""
    for each in run.training:
        for batch in each.batches:
            if batch.traced and batch.backwards:
                for loss in batch.losses:
                    if loss.name in names and loss.at < batch.backwards[-1].at:
                        yield each, batch, loss


def dimension(op: "Op") -> int | None:
    """Return the dimension that a softmax ran over, counted from the front; None where it was not given."""
    dim = op.arguments.get("dim")
    if not isinstance(dim, int) or op.output is None:
        return None
    return dim % len(op.output.shape) if op.output.shape else dim


def last_loss(run: "Recording") -> str:
    """Return the loss of the last training pass as half a sentence; empty where it is not known."""
    loss = run.training[-1].mean_loss if run.training else None
    return "" if loss is None else f"; in the last epoch it was {loss:.3f}"
