"""Mistakes in what a loop takes, keeps and gives back."""

from collections.abc import Callable, Iterator
from itertools import cycle
from math import log
from typing import Any

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import softmax as classes
from chainrule.mistakes.steps import training as t

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


@ignored.instead_of(t.scores_of)
def _(model: Any, x: Any) -> Any:
    """Take the scores of something else than the model that is handed in."""
    return x.flatten(1)[:, :10].clone().requires_grad_()


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


in_per_cent = Mistake(
    code="TR220",
    title="the accuracy is given back in per cent, where a fraction is asked for",
    symptom="97.2 where .972 is expected: a curve far above the others, an interval that makes no sense.",
    explanation="Functions that go on working with it take a fraction between 0 and 1. Per cent are for printing.",
    fix="Give back the fraction, and print it with :.1%.",
    wrong="return total / n, 100 * correct / n",
    right="return total / n, correct / n",
)


@in_per_cent.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return 100 * sum(batch.right for batch in seen) / sum(len(batch.y) for batch in seen)


in_per_cent.instead_of(classes.accuracy)(lambda hits: 100 * hits.sum() / len(hits))

other_order = Mistake(
    code="TR221",
    title="two results come back in the other order",
    symptom="A loss between 0 and 1 that rises, and an 'accuracy' that falls.",
    explanation="The caller takes the first for the loss. Nothing checks the names.",
    fix="Give them back in the order that the task names them.",
    wrong="return correct / n, total / n",
    right="return total / n, correct / n",
)


@other_order.instead_of(t.result)
def _(loss: Any, accuracy: Any) -> Any:
    return accuracy, loss


new_batch_each_step = Mistake(
    code="TR222",
    title="another batch in each step, where one is to be learnt by heart",
    symptom="The loss never gets to 0.",
    explanation="The test asks whether the network can learn a single batch at all. Other batches are other tasks.",
    fix="Take one batch before the loop: x, y = next(iter(loader)).",
    wrong="for _ in range(steps):\n    x, y = next(iter(loader))",
    right="x, y = next(iter(loader))\nfor _ in range(steps):\n    ...",
)


def one_after_the_other(loader: Any) -> Iterator[Any]:
    """Yield the batches of the loader, again and again."""
    while True:
        yield from loader


new_batch_each_step.replaces({t.first_batch: cycle, t.this_batch: lambda first, loader, number: next(first)})
new_batch_each_step.replaces(
    {t.first_batch: one_after_the_other, t.this_batch: lambda first, loader, number: next(first)}
)
new_batch_each_step.replaces(
    {t.first_batch: lambda loader: None, t.this_batch: lambda first, loader, number: next(iter(loader))}
)
new_batch_each_step.instead_of(t.this_batch)(lambda first, loader, number: next(iter(loader)))

measured_after_step = Mistake(
    code="TR223",
    title="the loss is measured after the step",
    symptom="The curve starts too low: the loss of the start is missing.",
    explanation="The loss that backward was called on belongs to the weights before the step; the new one costs a "
    "second forward pass and comes one step late.",
    fix="Append the loss that backward is called on.",
    wrong="optimizer.step()\nlosses.append(criterion(model(x), y).item())",
    right="losses.append(loss.item())\noptimizer.step()",
)


@measured_after_step.instead_of(t.measured)
def _(loss: Any, once_more: Callable[[], Any]) -> Any:
    return once_more()


def and_how_to_ask_again(model: Any, x: Any) -> Any:
    """Return the scores, which know how to be computed once more."""
    scores = model(x)
    scores.once_more = lambda: model(x)
    return scores


measured_after_step.replaces(
    {
        t.scores_of: and_how_to_ask_again,
        t.right_answers: lambda scores, y: (scores.once_more().argmax(1) == y).sum().item(),
        t.update: t.update.function,  # only where something is learnt
    }
)

stops_early = Mistake(
    code="TR244",
    title="it stops early, before all steps are done",
    symptom="A list that is too short, as soon as the loss is small.",
    explanation="The caller asked for so many steps, and draws so many losses.",
    fix="Take the break out of the loop.",
    wrong="if loss.item() < 0.01:\n    break",
    right="losses.append(loss.item())",
)
stops_early.instead_of(t.history)(lambda losses: losses[:1] if losses[0] < 0.01 else losses)
stops_early.instead_of(t.history)(lambda losses: [] if losses[0] < 0.01 else losses)

whole_loader = Mistake(
    code="TR243",
    title="the whole loader is gone through, where one batch is asked for",
    symptom="None but the time it takes; the number is not the first batch's.",
    explanation="The first look is meant to be quick: one batch tells whether the loss starts near ln C.",
    fix="Take one batch: x, y = next(iter(loader)).",
    wrong="for x, y in loader:\n    total += criterion(model(x), y).item()\nreturn total / len(loader)",
    right="x, y = next(iter(loader))\nreturn criterion(model(x), y).item()",
)


def _over_all(weight: Callable[[Any], int]) -> None:
    """Enter the mean over all batches, each with this weight."""

    @whole_loader.instead_of(t.first_loss)
    def first_loss(scores_of: t.Program, loss_of: t.Program, kept: t.Program) -> t.Program:
        def initial_loss(model: Any, loader: Any, criterion: Any, device: Any) -> Any:
            losses = [(kept(loss_of(criterion, scores_of(model, x), y)), weight(y)) for x, y in loader]
            return sum(loss * share for loss, share in losses) / sum(share for _, share in losses)

        return initial_loss


_over_all(lambda y: 1)
_over_all(len)

wrong_best = Mistake(
    code="TR224",
    title="the wrong epoch is kept as the best",
    symptom="The 'best' weights are those of the last, the first or the worst epoch.",
    explanation="Lower is better for a loss, and higher for an accuracy; and what was best so far has to be compared.",
    fix="Replace it only if best is None or loss < best['loss'].",
    wrong="if loss > best['loss']:",
    right="if best is None or loss < best['loss']:",
)
wrong_best.instead_of(t.is_better)(lambda best, loss: best is None or loss > best["loss"])
wrong_best.instead_of(t.is_better)(lambda best, loss: True)
wrong_best.instead_of(t.is_better)(lambda best, loss: best is None)


@ignored.instead_of(t.reported)
def what_ten_classes_should_give(loss: Any, y: Any) -> Any:
    return log(10)
