"""The mistakes of L1 and L2 penalties, made with PyTorch; those that need its graph have their entries here."""

from collections.abc import Callable
from typing import Any

from chainrule.mistakes.catalogue import penalties as p
from chainrule.mistakes.mistake import CATALOGUE, Mistake
from chainrule.mistakes.steps import torch_penalties as s
from chainrule.mistakes.steps import training as t


def matrices(model: Any) -> list[Any]:
    """Return the weights without the biases."""
    return [tensor for tensor in model.parameters() if tensor.dim() > 1]


# The size of one tensor ---------------------------------------------------------------------------------------------


@p.norm.instead_of(s.square, s.size)
@p.wrong_norm.instead_of(s.magnitude)
def norm(tensor: Any) -> Any:
    return tensor.norm()


@p.norm.instead_of(s.square, s.size)
@p.root_at_zero.instead_of(s.square)
def root(tensor: Any) -> Any:
    return (tensor * tensor).sum().sqrt()


@p.half_apart.instead_of(s.square)
def _(tensor: Any) -> Any:
    return (tensor * tensor).sum() / 2


@p.root_at_zero.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    return (tensor * tensor).sqrt().sum()


@p.root_at_zero.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return (tensor * tensor).sum().sqrt() ** 2


@p.for_vectors_only.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return (tensor @ tensor.t()).sum()


@p.for_vectors_only.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return (tensor.t() @ tensor).sum()


@p.for_vectors_only.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return tensor @ tensor.t()


@p.builtin_sum.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    return sum(abs(tensor))


@p.builtin_sum.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return sum(tensor**2)


def root_of_all(sizes: list[Any], tensors: list[Any]) -> Any:
    """Return the norm of all numbers together."""
    return sum(sizes) ** 0.5


p.norm.replaces({s.square: s.square.function, s.added_up: root_of_all})
p.norm.replaces({s.size: s.size.function, s.added_up: root_of_all})


def all_in_one_list(sizes: list[Any], tensors: list[Any]) -> Any:
    """Return the sums of the rows of all tensors, one after the other."""
    return sum(each.reshape(-1)[0] for each in sizes).repeat(2)


p.builtin_sum.instead_of(s.added_up)(all_in_one_list)


@p.builtin_sum.instead_of(s.added_up)
def _(sizes: list[Any], tensors: list[Any]) -> Any:
    if any(tensor.dim() > 2 for tensor in tensors):
        raise RuntimeError("Tensors must have same number of dimensions")
    return all_in_one_list(sizes, tensors)


@p.mean_for_sum.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    return tensor.abs().mean()


@p.mean_for_sum.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return (tensor * tensor).mean()


@p.mean_for_sum.instead_of(s.added_up)
def _(sizes: list[Any], tensors: list[Any]) -> Any:
    return sum(sizes) / len(sizes)


@p.mean_for_sum.instead_of(s.added_up)
def _(sizes: list[Any], tensors: list[Any]) -> Any:
    return sum(sizes) / sum(tensor.numel() for tensor in tensors)


@p.no_magnitudes.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    return tensor.sum()


@p.no_magnitudes.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    return tensor.sum().abs()


@p.no_factor_two.instead_of(s.square, s.size)
@p.half_apart.instead_of(s.square, s.size)
def half_the_slope(tensor: Any) -> Any:
    full = (tensor * tensor).sum()
    return (full + full.detach()) / 2


@p.wrong_norm.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    """Take the largest column sum of a matrix, as linalg.norm(tensor, 1) does."""
    if tensor.dim() > 2:
        raise RuntimeError("linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D.")
    return tensor.abs().sum(0).max() if tensor.dim() == 2 else tensor.abs().sum()


@p.wrong_norm.instead_of(s.magnitude, s.size)
def _(tensor: Any) -> Any:
    """Take the largest sum of all, along the first axis."""
    return tensor.norm(1, 0).max()


@p.wrong_norm.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    """Take the square of the spectral norm of a matrix, as linalg.norm(tensor, 2) ** 2 does."""
    if tensor.dim() > 2:
        raise RuntimeError("linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D.")
    return tensor.svd()[1][0] ** 2 if tensor.dim() == 2 else (tensor * tensor).sum()


@p.wrong_norm.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return tensor.abs().sum() ** 2


@p.wrong_norm.instead_of(s.square, s.size)
def _(tensor: Any) -> Any:
    return tensor.abs().max() ** 2


@p.wrong_norm.instead_of(s.square)
def _(tensor: Any) -> Any:
    return tensor.abs().sum()


@p.wrong_norm.instead_of(s.magnitude)
def _(tensor: Any) -> Any:
    return (tensor * tensor).sum()


# Which tensors count ------------------------------------------------------------------------------------------------


def _leaves_out(choose: Callable[[list[Any]], list[Any]]) -> None:
    """Enter a choice among all tensors, and the same one among the weights alone."""
    p.one_forgotten.instead_of(s.tensors)(lambda model: choose(list(model.parameters())))
    p.one_forgotten.instead_of(s.tensors)(lambda model: choose(matrices(model)))


_leaves_out(lambda tensors: tensors[1:])
_leaves_out(lambda tensors: tensors[2:])
_leaves_out(lambda tensors: tensors[:1])
_leaves_out(lambda tensors: tensors[:2])
_leaves_out(lambda tensors: tensors[:-1])
_leaves_out(lambda tensors: tensors[:-2])


@p.one_forgotten.instead_of(s.tensors)
def _(model: Any) -> Any:
    """Take the biases only."""
    return [tensor for tensor in model.parameters() if tensor.dim() == 1]


@p.only_the_last.instead_of(s.tensors)
def _(model: Any) -> Any:
    return matrices(model)[-1:]


@p.only_the_last.instead_of(s.added_up)
def _(sizes: list[Any], tensors: list[Any]) -> Any:
    return sizes[-1]


wrong_module = Mistake(
    code="RG106",
    title="the penalty goes over the parameters of the wrong module",
    symptom="The penalty is always 0; curves with and without it are the same.",
    explanation="A loss function has no weights: criterion.parameters() is empty, and the sum over it is 0.",
    fix="Sum over model.parameters().",
    wrong="sum(p.abs().sum() for p in criterion.parameters())",
    right="sum(p.abs().sum() for p in model.parameters())",
    seen=1,
)


@wrong_module.instead_of(s.tensors)
@p.never_used.instead_of(s.tensors)
def _(model: Any) -> Any:
    return [0 * tensor.detach() for tensor in model.parameters()]


# How strongly it counts ---------------------------------------------------------------------------------------------


@p.wrong_strength.instead_of(s.strength)
def _(lamb: float) -> float:
    return 1.0


@p.wrong_strength.instead_of(s.strength)
def _(lamb: float) -> float:
    return 0.01


@p.wrong_strength.instead_of(s.strength)
def _(lamb: float) -> float:
    return lamb**2


@p.subtracted.instead_of(s.strength)
def _(lamb: float) -> float:
    return -lamb


@p.subtracted.instead_of(s.joined)
def _(loss: Any, penalty: Any, x: Any) -> Any:
    return loss - penalty


@p.twice_over.instead_of(s.joined)
def _(loss: Any, penalty: Any, x: Any) -> Any:
    return loss + 2 * penalty


@p.over_batch.instead_of(s.joined)
def _(loss: Any, penalty: Any, x: Any) -> Any:
    return loss + penalty / len(x)


@p.over_batch.instead_of(s.joined)
def _(loss: Any, penalty: Any, x: Any) -> Any:
    return (loss + penalty) / len(x)


@p.never_used.instead_of(s.joined)
def _(loss: Any, penalty: Any, x: Any) -> Any:
    return loss


# The graph, the weights, other calls --------------------------------------------------------------------------------

cut_off = Mistake(
    code="RG113",
    title="the penalty is cut off from the graph: .data, .item(), .detach(), NumPy, torch.tensor(...)",
    symptom="The printed loss contains the penalty, the weights are those of a training without it.",
    explanation="A number without a graph has no slope. backward can't tell the weights to shrink.",
    fix="Compute it from the parameters themselves: p.abs().sum(), (p**2).sum(), and keep the tensor.",
    wrong="sum((p.data ** 2).sum() for p in model.parameters())",
    right="sum((p ** 2).sum() for p in model.parameters())",
)


@cut_off.instead_of(s.tensors)
def _(model: Any) -> Any:
    return [tensor.detach() for tensor in model.parameters()]


@cut_off.instead_of(s.joined)
@p.never_used.instead_of(s.joined)
def _(loss: Any, penalty: Any, x: Any) -> Any:
    return loss + penalty.detach()


@p.moves_the_weights.instead_of(s.handed_back)
def _(penalty: Any, model: Any) -> Any:
    for tensor in model.parameters():
        tensor.data *= 0.5
    return penalty


earlier = {"sum": 0.0}  # what all calls before have added up, as a learner's global has it


@p.accumulates.instead_of(s.handed_back)
def _(penalty: Any, model: Any) -> Any:
    before = earlier["sum"]
    earlier["sum"] = min(before + abs(float(penalty.detach())), 1e6) + 1
    return penalty + before


once_before = Mistake(
    code="RG118",
    title="the penalty is computed once, and not in every step",
    symptom="RuntimeError: Trying to backward through the graph a second time; with retain_graph=True it goes on with "
    "an old value.",
    explanation="The weights move in each step, so their penalty and its slope do, too.",
    fix="Compute it inside the loop, from the weights as they are now; retain_graph is not needed then.",
    wrong="penalty = l2_torch(model, lamb)\nfor x, y in loader:\n    (criterion(model(x), y) + penalty).backward()",
    right="for x, y in loader:\n    (criterion(model(x), y) + l2_torch(model, lamb)).backward()",
)


@once_before.instead_of(s.handed_back)
def _(penalty: Any, model: Any) -> Any:
    """Return the first call's penalty in each call, with the value and the slope that it had then."""
    parameters = list(model.parameters())
    if not hasattr(model, "first"):
        kept = [tensor.grad for tensor in parameters]
        for tensor in parameters:
            tensor.grad = None
        penalty.backward()
        model.first = (float(penalty.detach()), [(tensor.detach().clone(), tensor.grad) for tensor in parameters])
        for tensor, gradient in zip(parameters, kept, strict=True):
            tensor.grad = gradient
    value, start = model.first
    moves = zip(parameters, start, strict=True)
    return value + sum(((tensor - tensor.detach()) * slope).sum() for tensor, (_, slope) in moves if slope is not None)


@p.twice_over.instead_of(s.before_the_step)
def _(optimizer: Any, model: Any, lamb: float) -> None:
    for group in optimizer.param_groups:
        group["weight_decay"] = 2 * lamb


@p.twice_over.instead_of(s.before_the_step)
def _(optimizer: Any, model: Any, lamb: float) -> None:
    for group in optimizer.param_groups:
        group["weight_decay"] = lamb


in_the_report = Mistake(
    code="RG121",
    title="the penalty is in one of the reported losses",
    symptom="Training and validation curve can't be compared: the gap between them is the penalty.",
    explanation="The penalty is there for training. How well the model does on new data is the data's loss alone.",
    fix="Report the criterion's value for both curves.",
    wrong="return total / n + l2_torch(model, lamb).item(), correct / n",
    right="return total / n, correct / n",
)


@in_the_report.instead_of(t.mean_loss)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen) / sum(len(batch.y) for batch in seen) + 0.1


for _told in (
    lambda total, loss: total.item(),
    lambda total, loss: (total + loss).item(),
    lambda total, loss: loss.item(),
):
    CATALOGUE["TR175"].replaces({s.joined: lambda loss, penalty, x: penalty, s.told: _told})
