"""Mistakes in the loss that an epoch reports."""

from collections.abc import Callable
from typing import Any

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import training as t

mean_of_means = Mistake(
    code="TR192",
    title="a mean of the batches' means, though the last batch is smaller",
    symptom="Loss or accuracy is off by up to one per cent, and changes a little with the batch size.",
    explanation="Each batch counts the same then, so a record in the small last batch counts more than the others.",
    fix="Weight each batch by its length, loss.item() * len(y), and divide by the number of records.",
    wrong="total += loss.item()\n...\nreturn total / len(loader)",
    right="total += loss.item() * len(y)\n...\nreturn total / len(loader.dataset)",
    seen=7,
)


@mean_of_means.instead_of(t.mean_loss)
def means_of_loss(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss for batch in seen) / len(seen)


@mean_of_means.instead_of(t.accuracy)
def means_of_accuracy(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right / len(batch.y) for batch in seen) / len(seen)


mean_of_means.replaces({t.mean_loss: means_of_loss, t.accuracy: means_of_accuracy})


wrong_scale = Mistake(
    code="TR162",
    title="batch means are divided by the number of records, or weighted sums by the number of batches",
    symptom="The loss is too small or too large by the batch size; curves made in different ways can't be compared.",
    explanation="loss.item() is already the mean of its batch. A sum of such means belongs to the number of batches; "
    "only a sum over records, loss.item() * len(y), belongs to the number of records.",
    fix="Either both by record or both by batch; with an uneven last batch, by record.",
    wrong="total += loss.item()\n...\nreturn total / len(loader.dataset)",
    right="total += loss.item() * len(y)\n...\nreturn total / len(loader.dataset)",
    seen=4,
)


@wrong_scale.instead_of(t.mean_loss)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss for batch in seen) / sum(len(batch.y) for batch in seen)


@wrong_scale.instead_of(t.mean_loss)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen) / len(seen)


sum_of_losses = Mistake(
    code="TR163",
    title="the sum of the batches' losses is reported as the loss",
    symptom="A loss of 20 or 600 that depends on the number of batches, and falls when the batches get larger.",
    explanation="A sum grows with the data. Only a mean can be compared between sets, batch sizes and with ln C.",
    fix="Divide by what was summed over, after the loop.",
    wrong="return total_loss, accuracy",
    right="return total_loss / len(loader.dataset), accuracy",
    seen=3,
)


@sum_of_losses.instead_of(t.mean_loss)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss for batch in seen)


@sum_of_losses.instead_of(t.mean_loss)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen)


last_loss = Mistake(
    code="TR166",
    title="the last batch's loss is taken for the epoch's",
    symptom="A noisy curve that jumps from epoch to epoch; the smaller the last batch, the more.",
    explanation="After the loop the variable loss holds the last batch: one sample of the data instead of their mean.",
    fix="Add up inside the loop, total += loss.item() * len(y), and divide after it.",
    wrong="for x, y in loader:\n    loss = criterion(model(x), y)\nhistory.append(loss.item())",
    right="for x, y in loader:\n    loss = criterion(model(x), y)\n    total += loss.item() * len(y)\n"
    "history.append(total / len(loader.dataset))",
    seen=3,
)


@last_loss.instead_of(t.mean_loss)
def loss_of_the_last(seen: list[t.Seen], loader: Any) -> Any:
    return seen[-1].loss


@last_loss.instead_of(t.first_batch)
def _(loader: Any) -> Any:
    return list(loader)[-1]


@last_loss.instead_of(t.history)
def loss_after_the_loop(losses: list[Any]) -> Any:
    return losses[-1:]


leftover = Mistake(
    code="TR161",
    title="the running loss is set back for a print, and what is left is taken for the epoch's loss",
    symptom="A curve far too low, .004 or .000, whatever the printed lines say.",
    explanation="After the reset the sum holds only the batches since the last print; divided by the whole epoch it "
    "says nothing.",
    fix="Keep two sums: one for the printed line, which is set back, and one for the epoch, which is not.",
    wrong="if i % 100 == 99:\n    print(running / 100)\n    running = 0\n...\nhistory.append(running / len(loader))",
    right="epoch_loss += loss.item() * len(y)  # never set back\n...\nhistory.append(epoch_loss / len(loader.dataset))",
    seen=7,
)


def _left_over(every: int, weighted: bool, divisor: Callable[[list[t.Seen]], int]) -> None:
    """Enter a running loss that is set back after every so many batches."""

    def mean_loss(seen: list[t.Seen], loader: Any) -> Any:
        left = seen[len(seen) - len(seen) % every :]
        return sum(batch.loss * (len(batch.y) if weighted else 1) for batch in left) / divisor(seen)

    leftover.instead_of(t.mean_loss)(mean_loss)


for _every in (2, 3):
    _left_over(_every, True, lambda seen: sum(len(batch.y) for batch in seen))
    _left_over(_every, True, len)
    _left_over(_every, False, len)
    _left_over(_every, False, lambda seen: sum(len(batch.y) for batch in seen))
    _left_over(_every, False, lambda seen, every=_every: every)  # type: ignore[misc]


divided_inside = Mistake(
    code="TR186",
    title="the running sum is divided inside the loop over the batches",
    symptom="A loss near 0, such as .0001, that is hardly more than the last batch's share.",
    explanation="Each batch then divides all that came before it once more; the first ones count next to nothing.",
    fix="Divide once, after the loop: one level to the left.",
    wrong="for x, y in loader:\n    total += loss.item()\n    total /= len(loader)",
    right="for x, y in loader:\n    total += loss.item() * len(y)\ntotal /= len(loader.dataset)",
    seen=1,
)


def _divided_each_time(weighted: bool, count: Callable[[list[t.Seen], int], int]) -> None:
    """Enter sums that are divided after each batch, of the loss and of the right answers."""

    def folded(seen: list[t.Seen], value: Callable[[t.Seen], Any]) -> Any:
        total = 0.0
        for number, batch in enumerate(seen, 1):
            total = (total + value(batch)) / count(seen, number)
        return total

    def mean_loss(seen: list[t.Seen], loader: Any) -> Any:
        return folded(seen, lambda batch: batch.loss * (len(batch.y) if weighted else 1))

    def accuracy(seen: list[t.Seen], loader: Any) -> Any:
        return folded(seen, lambda batch: batch.right)

    divided_inside.instead_of(t.mean_loss)(mean_loss)
    divided_inside.instead_of(t.accuracy)(accuracy)
    divided_inside.replaces({t.mean_loss: mean_loss, t.accuracy: accuracy})


for _weighted in (True, False):
    _divided_each_time(_weighted, lambda seen, number: len(seen))
    _divided_each_time(_weighted, lambda seen, number: sum(len(batch.y) for batch in seen))
    _divided_each_time(_weighted, lambda seen, number: sum(len(batch.y) for batch in seen[:number]))


# The same in an epoch by hand.
def divided_each_time(changes: Any) -> Any:
    total = 0.0
    for change in changes:
        total = (total + change) / len(changes)
    return total


divided_inside.replaces({b.accumulate: divided_each_time, b.average: lambda total, features: total})
