"""Mistakes in the loop that moves the weights: the order of the calls, and what they are called on."""

from collections.abc import Callable
from typing import Any

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import training as t

no_zero_grad = Mistake(
    code="TR174",
    title="zero_grad is missing: each step takes the sum of all gradients so far",
    symptom="The loss falls at first, then wavers or rises; accuracy stays well below what the network can do.",
    explanation="backward adds to the gradients that are there. Without zero_grad a step goes along the sum of this "
    "batch's gradient and all earlier ones, taken at weights that are long gone.",
    fix="Call optimizer.zero_grad() once per step, before loss.backward().",
    wrong="loss.backward()\noptimizer.step()",
    right="optimizer.zero_grad()\nloss.backward()\noptimizer.step()",
)


@no_zero_grad.instead_of(t.update)
def adds_up(optimizer: Any, loss: Any, model: Any) -> None:
    loss.backward()
    optimizer.step()


deleted_before_step = Mistake(
    code="TR175",
    title="zero_grad stands between backward and step",
    symptom="The loss stays where it starts, and no weight moves.",
    explanation="backward has just computed the gradients; zero_grad deletes them, and step finds nothing to do.",
    fix="zero_grad before backward, or after step: never between the two.",
    wrong="loss.backward()\noptimizer.zero_grad()\noptimizer.step()",
    right="optimizer.zero_grad()\nloss.backward()\noptimizer.step()",
)


@deleted_before_step.instead_of(t.update)
def _(optimizer: Any, loss: Any, model: Any) -> None:
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


order_of_steps = Mistake(
    code="TR176",
    title="step comes before backward, or one of the two is missing",
    symptom="The loss stays where it starts, and no weight moves.",
    explanation="backward puts the gradients into the parameters, step moves the parameters along them. Without the "
    "one the other has nothing to work with.",
    fix="In this order, for each batch: zero_grad, forward, loss, backward, step.",
    wrong="optimizer.zero_grad()\noptimizer.step()\nloss.backward()",
    right="optimizer.zero_grad()\nloss.backward()\noptimizer.step()",
)


@order_of_steps.instead_of(t.update)
def no_step(optimizer: Any, loss: Any, model: Any) -> None:
    optimizer.zero_grad()
    loss.backward()


@order_of_steps.instead_of(t.update)
def _(optimizer: Any, loss: Any, model: Any) -> None:
    optimizer.zero_grad()
    optimizer.step()
    loss.backward()


@order_of_steps.instead_of(t.update)
def _(optimizer: Any, loss: Any, model: Any) -> None:
    optimizer.step()
    loss.backward()


@order_of_steps.instead_of(t.update)
def no_backward(optimizer: Any, loss: Any, model: Any) -> None:
    optimizer.zero_grad()
    optimizer.step()


@order_of_steps.instead_of(t.update)
def _(optimizer: Any, loss: Any, model: Any) -> None:
    """Step along the gradient of the batch before."""
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()


no_graph = Mistake(
    code="TR152",
    title="the loss is cut off from the network",
    symptom="No learning. RuntimeError: element 0 of tensors does not require grad; silent once somebody has patched "
    "it with requires_grad=True.",
    explanation=".item(), .detach(), .tolist(), argmax and torch.tensor(...) make new numbers that don't know where "
    "they come from. backward can't find the way back to the weights from there.",
    fix="Call backward on the loss that criterion(model(x), y) gives, as it is.",
    wrong="loss = torch.tensor(criterion(model(x), y).item(), requires_grad=True)",
    right="loss = criterion(model(x), y)",
)


gradient_off = Mistake(
    code="TR179",
    title="the gradient is switched off in training",
    symptom="RuntimeError: element 0 of tensors does not require grad; or no learning, where that was patched.",
    explanation="Under torch.no_grad() no graph is recorded, so backward has nothing to go back along.",
    fix="Keep no_grad for the evaluation.",
    wrong="with torch.no_grad():\n    loss = criterion(model(x), y)\nloss.backward()",
    right="loss = criterion(model(x), y)\nloss.backward()",
)
no_graph.instead_of(t.update)(no_backward)
gradient_off.instead_of(t.update)(no_backward)


@no_graph.instead_of(t.slope_of)
@gradient_off.instead_of(t.slope_of)
def _(loss: Any, y: Any) -> Any:
    return loss.detach()


new_tensor = Mistake(
    code="TR153",
    title="the update makes new tensors instead of moving the model's",
    symptom="No weight moves, or the gradient is None in the next step.",
    explanation="p = p - lr * p.grad gives the name p to a new tensor; the model keeps the old one.",
    fix="Let optimizer.step() do it; by hand, change the parameter in place: with torch.no_grad(): p -= lr * p.grad.",
    wrong="for p in model.parameters():\n    p = p - lr * p.grad",
    right="optimizer.step()",
)
new_tensor.instead_of(t.update)(no_step)


once_per_epoch = Mistake(
    code="TR177",
    title="zero_grad or step once per epoch instead of once per batch",
    symptom="With zero_grad per epoch the training loss looks fine, or better; with step per epoch almost nothing is "
    "learnt.",
    explanation="zero_grad before the loop lets the gradients of all batches add up; step after it takes one step "
    "where there should be as many as batches.",
    fix="Both belong into the loop over the batches.",
    wrong="optimizer.zero_grad()\nfor x, y in loader:\n    criterion(model(x), y).backward()\n    optimizer.step()",
    right="for x, y in loader:\n    optimizer.zero_grad()\n    criterion(model(x), y).backward()\n    optimizer.step()",
)


def clear_first(model: Any, optimizer: Any) -> Any:
    optimizer.zero_grad()
    return optimizer


def step_at_the_end(model: Any, optimizer: Any) -> None:
    optimizer.step()


def step_and_clear_at_the_end(model: Any, optimizer: Any) -> None:
    optimizer.step()
    optimizer.zero_grad()


def only_backward(optimizer: Any, loss: Any, model: Any) -> None:
    loss.backward()


once_per_epoch.replaces({t.begin: clear_first, t.update: adds_up})
once_per_epoch.replaces({t.begin: clear_first, t.update: only_backward, t.end_of_epoch: step_at_the_end})
once_per_epoch.replaces({t.update: only_backward, t.end_of_epoch: step_and_clear_at_the_end})
once_per_epoch.replaces({t.update: no_step, t.end_of_epoch: step_at_the_end})


climbs = Mistake(
    code="TR151",
    title="the loss is maximised",
    symptom="The loss rises, or runs to minus a million.",
    explanation="step goes against the gradient of what backward was called on. With a minus in front of the loss, or "
    "maximize=True, that is uphill.",
    fix="Minimise the loss as it is; a likelihood gets its minus once, inside the loss.",
    wrong="(-loss).backward()",
    right="loss.backward()",
)


@climbs.instead_of(t.slope_of)
def _(loss: Any, y: Any) -> Any:
    return -loss


@climbs.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return -criterion(scores, y)


wrong_size_of_loss = Mistake(
    code="TR147",
    title="a summed loss, or one divided once more, where the mean is meant",
    symptom="With plain SGD the loss explodes or hardly moves; Adam hides it. The first loss is not ln C.",
    explanation="The criterion is a mean over the batch already. A sum, or a further division by the length, changes "
    "the step by the batch size.",
    fix="Leave the criterion's reduction at 'mean', and call backward on what it gives.",
    wrong="loss = criterion(model(x), y) / len(x)",
    right="loss = criterion(model(x), y)",
)


@wrong_size_of_loss.instead_of(t.slope_of)
def _(loss: Any, y: Any) -> Any:
    return loss / len(y)


@wrong_size_of_loss.instead_of(t.slope_of)
def _(loss: Any, y: Any) -> Any:
    return loss * len(y)


@wrong_size_of_loss.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return criterion(scores, y) / len(y)


@wrong_size_of_loss.instead_of(t.loss_of)
def summed(criterion: Any, scores: Any, y: Any) -> Any:
    return criterion(scores, y) * len(y)


@wrong_size_of_loss.instead_of(t.reported)
def _(loss: Any, y: Any) -> Any:
    return loss / len(y)


@wrong_size_of_loss.instead_of(t.reported)
def _(loss: Any, y: Any) -> Any:
    return loss * len(y)


@climbs.instead_of(t.reported)
def _(loss: Any, y: Any) -> Any:
    return -loss


wrong_size_of_loss.replaces(
    {t.loss_of: summed, t.mean_loss: lambda seen, loader: sum(b.loss for b in seen) / sum(len(b.y) for b in seen)}
)


scheduler_per_batch = Mistake(
    code="TR142",
    title="the learning rate changes from batch to batch",
    symptom="After a few batches nothing moves any more: the learning rate has gone.",
    explanation="Most schedulers count epochs. Stepped once per batch, or made anew in each epoch, they shrink the "
    "learning rate hundreds of times as fast.",
    fix="Call scheduler.step() once per epoch, after the loop over the batches; make it once, before training.",
    wrong="for x, y in loader:\n    ...\n    optimizer.step()\n    scheduler.step()",
    right="for x, y in loader:\n    ...\n    optimizer.step()\nscheduler.step()",
    seen=1,
)


@scheduler_per_batch.instead_of(t.end_of_batch)
def _(model: Any, optimizer: Any) -> Any:
    for group in optimizer.param_groups:
        group["lr"] *= 0.9
    return optimizer


new_optimizer = Mistake(
    code="TR148",
    title="a new optimizer is made inside the loop",
    symptom="None, or a slightly worse result.",
    explanation="Momentum and Adam's averages live in the optimizer. A new one has forgotten them, and the one that "
    "the caller has set up is not used.",
    fix="Make the optimizer once, before training, and use the one that is handed in.",
    wrong="for x, y in loader:\n    optimizer = torch.optim.Adam(model.parameters())",
    right="optimizer = torch.optim.Adam(model.parameters())\nfor x, y in loader:\n    ...",
)


@new_optimizer.instead_of(t.begin, t.end_of_batch)
def _(model: Any, optimizer: Any) -> Any:
    return type(optimizer)(model.parameters(), lr=0.01)


weights_anew = Mistake(
    code="TR178",
    title="the weights are drawn anew in each epoch or step",
    symptom="Each epoch starts again at ln C, the loss of a network that knows nothing.",
    explanation="What the epochs before have learnt is thrown away.",
    fix="Make the model, and its first weights, once, before training.",
    wrong="def train_one_epoch(model, ...):\n    model.apply(init_weights)",
    right="model.apply(init_weights)  # once, before the epochs",
)


@weights_anew.instead_of(t.begin, t.end_of_batch)
def _(model: Any, optimizer: Any) -> Any:
    for parameter in model.parameters():
        parameter.data.normal_()
    return optimizer


def _one_step(weight: Callable[[Any], float], over: Callable[[int, int], float]) -> None:
    """Enter one step at the end of the epoch, by the slope of all losses together, each with this weight."""

    @once_per_epoch.instead_of(t.train)
    def train(
        prepare: t.Program, batches: t.Program, scores_of: t.Program, loss_of: t.Program, right_answers: t.Program
    ) -> t.Program:
        def train_one_epoch(model: Any, loader: Any, criterion: Any, optimizer: Any, device: Any) -> Any:
            prepare(model)
            total, right, records, count = 0.0, 0, 0, 0
            for x, y in batches(loader):
                scores = scores_of(model, x)
                total = total + loss_of(criterion, scores, y) * weight(y)
                right, records, count = right + right_answers(scores, y), records + len(y), count + 1
            mean: Any = total / over(records, count)
            optimizer.zero_grad()
            mean.backward()
            optimizer.step()
            return mean.item(), right / records

        return train_one_epoch


_one_step(len, lambda records, count: records)
_one_step(lambda y: 1, lambda records, count: count)
