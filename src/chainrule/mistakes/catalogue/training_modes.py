"""Mistakes of mode: training where there is evaluation, and the other way round."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from chainrule.mistakes.catalogue.training_loop import gradient_off
from chainrule.mistakes.catalogue.training_results import keeps_graphs
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import training as t

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
trains_in_test.replaces({t.without_a_graph: records_a_graph, t.after_a_batch: lambda model, loss: loss.backward()})


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
keeps_graphs.replaces({t.without_a_graph: records_a_graph, t.kept: lambda loss: loss})


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


@gradient_off.instead_of(t.without_a_graph)
@contextmanager
def off_for_good(model: Any) -> Iterator[None]:
    import torch

    torch.set_grad_enabled(False)
    yield
