"""Penalties over a model's parameters, and a step of training with one, as programs assembled from named operations."""

from collections.abc import Callable
from typing import Any

from chainrule.mistakes.step import Step
from chainrule.mistakes.steps.training import loss_of, scores_of, update

Program = Callable[..., Any]

# What both penalties have in common: which tensors count, how what they give is added up, and how strongly it counts.
_sum = Step("sum", inputs="", returns="")


@_sum.operation
def tensors(model: Any) -> Any:
    return list(model.parameters())


@_sum.operation
def added_up(sizes: list[Any], tensors: list[Any]) -> Any:
    return sum(sizes)


@_sum.operation
def strength(lamb: float) -> float:
    return lamb


@_sum.operation
def handed_back(penalty: Any, model: Any) -> Any:
    return penalty


l1_torch = Step("l1_torch", inputs="", returns="l1", include=[_sum])


@l1_torch.operation
def magnitude(tensor: Any) -> Any:
    return tensor.abs().sum()


@l1_torch.part
def l1(tensors: Program, magnitude: Program, added_up: Program, strength: Program, handed_back: Program) -> Program:
    return _penalty(tensors, magnitude, added_up, strength, handed_back)


l2_torch = Step("l2_torch", inputs="", returns="l2", include=[_sum])


@l2_torch.operation
def square(tensor: Any) -> Any:
    return (tensor * tensor).sum()


@l2_torch.part
def l2(tensors: Program, square: Program, added_up: Program, strength: Program, handed_back: Program) -> Program:
    return _penalty(tensors, square, added_up, strength, handed_back)


def _penalty(tensors: Program, size: Program, added_up: Program, strength: Program, handed_back: Program) -> Program:
    def penalty(model: Any, lamb: float) -> Any:
        chosen = tensors(model)
        return handed_back(strength(lamb) * added_up([size(tensor) for tensor in chosen], chosen), model)

    return penalty


penalised_step = Step("penalised_step", inputs="", returns="step", include=[_sum])
for _part in (scores_of, loss_of, update):
    penalised_step.parts[_part.name] = _part


@penalised_step.operation
def size(tensor: Any) -> Any:
    return (tensor * tensor).sum()


@penalised_step.operation
def joined(loss: Any, penalty: Any, x: Any) -> Any:
    return loss + penalty


@penalised_step.operation
def before_the_step(optimizer: Any, model: Any, lamb: float) -> None:
    """Do nothing: the loss has all that is needed."""


@penalised_step.operation
def told(total: Any, loss: Any) -> Any:
    return total.item()


@penalised_step.part
def step(
    tensors: Program,
    size: Program,
    added_up: Program,
    strength: Program,
    handed_back: Program,
    scores_of: Program,
    loss_of: Program,
    joined: Program,
    before_the_step: Program,
    update: Program,
    told: Program,
) -> Program:
    penalty_of = _penalty(tensors, size, added_up, strength, handed_back)

    def penalised_step(model: Any, x: Any, y: Any, criterion: Any, optimizer: Any, lamb: float) -> Any:
        loss = loss_of(criterion, scores_of(model, x), y)
        total = joined(loss, penalty_of(model, lamb), x)
        before_the_step(optimizer, model, lamb)
        update(optimizer, total, model)
        return told(total, loss)

    return penalised_step
