"""Mistakes in the loop that moves the weights: order of the calls, modes, optimizer, what is kept and returned."""

from contextlib import nullcontext
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


eval_stays = Mistake(
    code="TR165",
    title="training runs in evaluation mode: eval() is never undone, or train() is missing",
    symptom="Dropout does nothing: the training loss is too good, the validation loss rises early. Batch norm stops "
    "learning.",
    explanation="evaluate leaves the model in evaluation mode. train() once, before the first epoch, is gone after "
    "the first evaluation.",
    fix="Call model.train() at the start of each epoch.",
    wrong="model.train()\nfor epoch in range(10):\n    train_one_epoch(...)\n    evaluate(...)  # eval() in it",
    right="def train_one_epoch(model, ...):\n    model.train()",
    seen=5,
)


@eval_stays.instead_of(t.prepare)
def _(model: Any) -> None:
    model.eval()


@eval_stays.instead_of(t.prepare)
def leave_as_it_is(model: Any) -> None:
    pass


def into_eval(model: Any, optimizer: Any) -> Any:
    model.eval()
    return optimizer


eval_stays.replaces({t.end_of_batch: into_eval})
eval_stays.replaces({t.prepare: leave_as_it_is, t.end_of_batch: into_eval})

keeps_graphs = Mistake(
    code="TR167",
    title="losses are kept together with their graphs",
    symptom="Memory grows with each step; plotting asks for .detach().",
    explanation="A loss tensor holds the whole graph that it was computed by, with all activations. total += loss and "
    "losses.append(loss) keep one graph per batch alive.",
    fix="Keep the number: loss.item().",
    wrong="total += loss",
    right="total += loss.item() * len(y)",
    seen=2,
)


@keeps_graphs.instead_of(t.kept)
def _(loss: Any) -> Any:
    return loss


ignored = Mistake(
    code="TR170",
    title="an argument is ignored, a global or a fixed value used",
    symptom="It works in this notebook, and with other arguments it doesn't do what was asked.",
    explanation="criterion, steps, n_classes, batch_size and seed are handed in so that the caller decides.",
    fix="Use the function's own arguments, and nothing from outside.",
    wrong="for _ in range(100):",
    right="for _ in range(steps):",
    seen=1,
)


@ignored.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return -scores.log_softmax(1).gather(1, y[:, None]).mean()


@ignored.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    log_shares = scores.log_softmax(1)
    smooth = 0.9 * log_shares.gather(1, y[:, None]).mean() + 0.1 * log_shares.mean()
    return -smooth


@ignored.instead_of(t.rounds)
def _(steps: int) -> Any:
    return range(7)


nothing_returned = Mistake(
    code="TR203",
    title="the function returns nothing",
    symptom="TypeError: cannot unpack NoneType; or a plot of old numbers.",
    explanation="print shows a number, and a global list keeps it, but the caller gets None.",
    fix="End with return, and what was asked for.",
    wrong="print(total / n, correct / n)",
    right="return total / n, correct / n",
    seen=1,
)


@nothing_returned.instead_of(t.result, t.noted)
def _(*results: Any) -> None:
    return None


@nothing_returned.instead_of(t.reported)
def _(loss: Any, y: Any) -> None:
    return None


@nothing_returned.instead_of(t.history)
def _(losses: list[Any]) -> None:
    return None


history_of_another_length = Mistake(
    code="TR200",
    title="the history is not filled, or not once per step",
    symptom="An empty curve, or one whose x axis is in batches where epochs are meant.",
    explanation="A list that is made and never appended to stays empty; appended to after the loop, it gets one entry.",
    fix="Append inside the loop whose turns the curve shall count.",
    wrong="for _ in range(steps):\n    ...\nlosses.append(loss.item())",
    right="for _ in range(steps):\n    ...\n    losses.append(loss.item())",
    seen=4,
)


@history_of_another_length.instead_of(t.history)
def _(losses: list[Any]) -> Any:
    return []


@history_of_another_length.instead_of(t.history)
def _(losses: list[Any]) -> Any:
    return losses[-1:]


trains_in_test = Mistake(
    code="TR164",
    title="the evaluation trains on what it measures",
    symptom="The 'test' accuracy climbs to 100 %.",
    explanation="backward and step in the evaluation fit the model to the very images whose number is reported.",
    fix="No optimizer in evaluate: forward, loss, count, under torch.no_grad().",
    wrong="for x, y in test_loader:\n    loss = criterion(model(x), y)\n    loss.backward()\n    optimizer.step()",
    right="with torch.no_grad():\n    for x, y in test_loader:\n        loss = criterion(model(x), y)",
    seen=3,
)


def records_a_graph(model: Any) -> Any:
    return nullcontext()


def learns(model: Any, loss: Any) -> None:
    loss.backward()
    for parameter in model.parameters():
        parameter.data -= 0.01 * parameter.grad
        parameter.grad = None


trains_in_test.replaces({t.without_a_graph: records_a_graph, t.after_a_batch: learns})

no_no_grad = Mistake(
    code="TR180",
    severity="remark",
    title="no torch.no_grad() in the evaluation",
    symptom="The same numbers, slower, with more memory.",
    explanation="PyTorch records the graph for a backward that never comes, and keeps every activation for it.",
    fix="Wrap the loop in with torch.no_grad():, or write @torch.no_grad() above the function.",
    wrong="model.eval()\nfor x, y in loader:\n    scores = model(x)",
    right="model.eval()\nwith torch.no_grad():\n    for x, y in loader:\n        scores = model(x)",
    seen=26,
)
no_no_grad.instead_of(t.without_a_graph)(records_a_graph)

no_eval = Mistake(
    code="TR181",
    title="no eval() in the evaluation: dropout is on while it is measured",
    symptom="The validation accuracy is too low and changes from look to look (.77 instead of .82), though the network "
    "is good.",
    explanation="In training mode dropout switches units off and batch norm uses the batch's own statistics; the "
    "answers are not those of the network that will be used.",
    fix="Call model.eval() before the loop, with brackets.",
    wrong="with torch.no_grad():\n    for x, y in loader: ...",
    right="model.eval()\nwith torch.no_grad():\n    for x, y in loader: ...",
    seen=9,
)


@no_eval.instead_of(t.switch_off)
def _(model: Any) -> None:
    pass


@no_eval.instead_of(t.switch_off)
def _(model: Any) -> None:
    model.train()


only_a_reference = Mistake(
    code="TR169",
    title="the 'best' weights are only a reference to the model's",
    symptom="The best state always equals the last one.",
    explanation="state_dict() hands out the very tensors that training goes on changing; so do dict(...), copy.copy "
    "and .data. Only a copy stays as it is.",
    fix="Copy the tensors: copy.deepcopy(model.state_dict()), or {k: v.clone() for ...}.",
    wrong="best = {'loss': loss, 'epoch': epoch, 'state': model.state_dict()}",
    right="best = {'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())}",
    seen=1,
)


@only_a_reference.instead_of(t.copied)
def reference(model: Any) -> Any:
    return model.state_dict()


@only_a_reference.instead_of(t.copied)
def _(model: Any) -> Any:
    return model


no_weights_saved = Mistake(
    code="TR204",
    title="the class or the method is saved instead of the weights",
    symptom="It shows only on loading: the file holds no weights.",
    explanation="model.state_dict without brackets is the method, and Net is the recipe; neither holds the numbers.",
    fix="Call it: model.state_dict().",
    wrong="torch.save(model.state_dict, path)",
    right="torch.save(model.state_dict(), path)",
    seen=4,
)


@no_weights_saved.instead_of(t.copied)
def _(model: Any) -> Any:
    return model.state_dict


@no_weights_saved.instead_of(t.copied)
def _(model: Any) -> Any:
    return type(model)


other_weights_saved = Mistake(
    code="TR205",
    title="the weights of another model, or of another moment, are saved",
    symptom="It shows only on loading: the scores are not those of the trained model.",
    explanation="What is kept has to be this model's weights at this moment, beside this loss and epoch.",
    fix="Take model.state_dict() of the model that is handed in, each time that the loss is better.",
    wrong="best = {'loss': loss, 'epoch': epoch, 'state': best['state']}",
    right="best = {'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())}",
    seen=4,
)


@other_weights_saved.instead_of(t.copied)
def _(model: Any) -> Any:
    return {name: 2 * value + 3 for name, value in model.state_dict().items()}


@other_weights_saved.instead_of(t.noted)
def _(best: Any, loss: float, epoch: int, state: Any) -> Any:
    return {"loss": loss, "epoch": epoch, "state": state if best is None else best["state"]}
