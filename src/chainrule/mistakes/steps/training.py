"""One epoch of training, its evaluation and what stands around them, as programs assembled from named operations.

The operations only call methods of the objects that they are handed (`model.train()`, `loss.backward()`), so nothing
here imports PyTorch.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

from chainrule.mistakes.step import Step

Program = Callable[..., Any]


class Seen(NamedTuple):
    """What a loop keeps of one batch."""

    loss: Any
    right: Any
    scores: Any
    y: Any


# What training and evaluation have in common: scores, loss, and the numbers that are made of them.
measures = Step("measures", inputs="", returns="")


@measures.operation
def batches(loader: Iterable[Any]) -> Iterable[Any]:
    return loader


@measures.operation
def scores_of(model: Any, x: Any) -> Any:
    return model(x)


@measures.operation
def loss_of(criterion: Any, scores: Any, y: Any) -> Any:
    return criterion(scores, y)


@measures.operation
def kept(loss: Any) -> Any:
    """Return what is kept of a batch's loss."""
    return loss.item()


@measures.operation
def right_answers(scores: Any, y: Any) -> Any:
    return (scores.argmax(1) == y).sum().item()


@measures.operation
def mean_loss(seen: list[Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen) / sum(len(batch.y) for batch in seen)


@measures.operation
def accuracy(seen: list[Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / sum(len(batch.y) for batch in seen)


@measures.operation
def result(loss: Any, accuracy: Any) -> Any:
    return loss, accuracy


# What moves the weights.
descent = Step("descent", inputs="", returns="")


@descent.operation
def begin(model: Any, optimizer: Any) -> Any:
    """Do what comes before the first batch, and return the optimizer to go on with."""
    return optimizer


@descent.operation
def slope_of(loss: Any, y: Any) -> Any:
    """Return what backward() is called on."""
    return loss


@descent.operation
def update(optimizer: Any, loss: Any, model: Any) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@descent.operation
def end_of_batch(model: Any, optimizer: Any) -> Any:
    """Do what comes after a batch, and return the optimizer to go on with."""
    return optimizer


@descent.operation
def end_of_epoch(model: Any, optimizer: Any) -> None:
    pass


train_one_epoch = Step("train_one_epoch", inputs="", returns="train", include=[measures, descent])


@train_one_epoch.operation
def prepare(model: Any) -> None:
    model.train()


@train_one_epoch.part
def train(
    prepare: Program,
    begin: Program,
    batches: Program,
    scores_of: Program,
    loss_of: Program,
    slope_of: Program,
    update: Program,
    end_of_batch: Program,
    end_of_epoch: Program,
    kept: Program,
    right_answers: Program,
    mean_loss: Program,
    accuracy: Program,
    result: Program,
) -> Program:
    def train_one_epoch(model: Any, loader: Any, criterion: Any, optimizer: Any, device: Any) -> Any:
        prepare(model)
        optimizer, seen = begin(model, optimizer), []
        for x, y in batches(loader):
            scores = scores_of(model, x)
            loss = loss_of(criterion, scores, y)
            update(optimizer, slope_of(loss, y), model)
            optimizer = end_of_batch(model, optimizer)
            seen.append(Seen(kept(loss), right_answers(scores, y), scores, y))
        end_of_epoch(model, optimizer)
        return result(mean_loss(seen, loader), accuracy(seen, loader))

    return train_one_epoch


evaluate = Step("evaluate", inputs="", returns="look_on", include=[measures])


@evaluate.operation
def switch_off(model: Any) -> None:
    """Switch off what is for training only, such as dropout."""
    model.eval()


@evaluate.operation
def without_a_graph(model: Any) -> AbstractContextManager[None]:
    """Record no graph: what torch.no_grad() does, said to the parameters instead."""
    return _frozen(model)


@contextmanager
def _frozen(model: Any) -> Iterator[None]:
    model.requires_grad_(False)
    try:
        yield
    finally:
        model.requires_grad_(True)


@evaluate.operation
def after_a_batch(model: Any, loss: Any) -> None:
    """Do nothing: nobody learns here."""


@evaluate.part
def look_on(
    switch_off: Program,
    without_a_graph: Program,
    batches: Program,
    scores_of: Program,
    loss_of: Program,
    after_a_batch: Program,
    kept: Program,
    right_answers: Program,
    mean_loss: Program,
    accuracy: Program,
    result: Program,
) -> Program:
    def evaluate(model: Any, loader: Any, criterion: Any, device: Any) -> Any:
        switch_off(model)
        seen = []
        with without_a_graph(model):
            for x, y in batches(loader):
                scores = scores_of(model, x)
                loss = loss_of(criterion, scores, y)
                after_a_batch(model, loss)
                seen.append(Seen(kept(loss), right_answers(scores, y), scores, y))
        return result(mean_loss(seen, loader), accuracy(seen, loader))

    return evaluate


initial_loss = Step("initial_loss", inputs="", returns="first_loss")
for _part in (scores_of, loss_of, kept):
    initial_loss.parts[_part.name] = _part


@initial_loss.operation
def first_batch(loader: Any) -> Any:
    return next(iter(loader))


@initial_loss.operation
def reported(loss: Any, y: Any) -> Any:
    return loss


@initial_loss.part
def first_loss(first_batch: Program, scores_of: Program, loss_of: Program, kept: Program, reported: Program) -> Program:
    def initial_loss(model: Any, loader: Any, criterion: Any, device: Any) -> Any:
        x, y = first_batch(loader)
        return reported(kept(loss_of(criterion, scores_of(model, x), y)), y)

    return initial_loss


overfit_one_batch = Step("overfit_one_batch", inputs="", returns="overfit", include=[descent])
for _part in (first_batch, scores_of, loss_of, kept):
    overfit_one_batch.parts[_part.name] = _part


@overfit_one_batch.operation
def rounds(steps: int) -> Iterable[int]:
    return range(steps)


@overfit_one_batch.operation
def this_batch(first: Any, loader: Any, number: int) -> Any:
    return first


@overfit_one_batch.operation
def measured(loss: Any, once_more: Program) -> Any:
    """Return the loss that is noted, of before the step; ``once_more`` computes it of after it."""
    return loss


@overfit_one_batch.operation
def history(losses: list[Any]) -> Any:
    return losses


@overfit_one_batch.part
def overfit(
    first_batch: Program,
    begin: Program,
    rounds: Program,
    this_batch: Program,
    scores_of: Program,
    loss_of: Program,
    slope_of: Program,
    update: Program,
    end_of_batch: Program,
    kept: Program,
    measured: Program,
    history: Program,
) -> Program:
    def overfit_one_batch(model: Any, loader: Any, criterion: Any, optimizer: Any, device: Any, steps: int) -> Any:
        first, losses = first_batch(loader), []
        optimizer = begin(model, optimizer)
        for number in rounds(steps):
            x, y = this_batch(first, loader, number)

            def forward(x: Any = x, y: Any = y) -> Any:
                return loss_of(criterion, scores_of(model, x), y)

            loss = forward()
            update(optimizer, slope_of(loss, y), model)
            losses.append(kept(measured(loss, forward)))
            optimizer = end_of_batch(model, optimizer)
        return history(losses)

    return overfit_one_batch


best_state = Step("best_state", inputs="", returns="keep_best")


@best_state.operation
def is_better(best: Any, loss: float) -> bool:
    return best is None or loss < best["loss"]


@best_state.operation
def copied(model: Any) -> Any:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


@best_state.operation
def noted(best: Any, loss: float, epoch: int, state: Any) -> Any:
    return {"loss": loss, "epoch": epoch, "state": state}


@best_state.part
def keep_best(is_better: Program, copied: Program, noted: Program) -> Program:
    def best_state(best: Any, model: Any, loss: float, epoch: int) -> Any:
        return noted(best, loss, epoch, copied(model)) if is_better(best, loss) else best

    return best_state
