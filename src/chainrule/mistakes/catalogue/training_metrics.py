"""Mistakes in the share of right answers that an epoch reports, and in what it is counted over."""

from itertools import islice
from typing import Any

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import training as t

percent_sign = Mistake(
    code="TR190",
    title="a fraction is printed with a percent sign",
    symptom="0.97% for a network that answers 97 % rightly.",
    explanation="0.97 and 97 % are the same number; 0.97 % is a hundredth of it.",
    fix="Multiply by 100, or let Python do it: f'{accuracy:.1%}'.",
    wrong='print(f"accuracy: {correct / total:.2f}%")',
    right='print(f"accuracy: {correct / total:.2%}")',
    seen=16,
)


divided_by_batches = Mistake(
    code="TR191",
    title="the count of right answers is divided by the number of batches",
    symptom="An 'accuracy' that can rise to the batch size: 31.9 with batches of 32, however good the network is.",
    explanation="The counter holds records, len(loader) counts batches. The quotient is the number of right answers in "
    "an average batch; only with batches of 100 does it happen to be a percentage.",
    fix="Divide by the number of records: correct / len(loader.dataset), or count them in the loop.",
    wrong="accuracy = correct / len(test_loader)",
    right="accuracy = correct / len(test_loader.dataset)",
    seen=12,
)


@divided_by_batches.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / len(seen)


@divided_by_batches.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return 100 * sum(batch.right for batch in seen) / len(seen)


other_length = Mistake(
    code="TR182",
    title="divided by the length of another loader or set",
    symptom="Loss and accuracy are wrong by a constant factor; the accuracy may never reach 1, or exceed it.",
    explanation="The sum runs over one set and the divisor counts another: val_loss / len(test_loader).",
    fix="Divide by the records that the loop has seen: count them, or take len(loader.dataset) of the same loader.",
    wrong="for x, y in valid_loader:\n    ...\nreturn val_loss / len(train_loader.dataset)",
    right="for x, y in valid_loader:\n    ...\nreturn val_loss / len(valid_loader.dataset)",
    seen=3,
)
ANOTHER = 371  # any number that has nothing to do with the loader at hand


@other_length.instead_of(t.mean_loss)
def records_by_another(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen) / ANOTHER


@other_length.instead_of(t.mean_loss)
def batches_by_another(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss for batch in seen) / ANOTHER


@other_length.instead_of(t.accuracy)
def hits_by_another(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / ANOTHER


other_length.replaces({t.mean_loss: records_by_another, t.accuracy: hits_by_another})
other_length.replaces({t.mean_loss: batches_by_another, t.accuracy: hits_by_another})


fixed_batch_size = Mistake(
    code="TR183",
    title="a fixed batch size is written into the count",
    symptom="The accuracy is a little too low, or only part of the images is counted; it depends on the batch size.",
    explanation="The last batch is smaller, and another run has other batches: total += 64 counts images that are not "
    "there, and range(4) looks at four of each batch.",
    fix="Use the batch's own length: total += len(y).",
    wrong="total += 64",
    right="total += len(y)",
    seen=3,
)
FIXED = 371  # any number that is no batch's length


@fixed_batch_size.instead_of(t.mean_loss)
def records_by_fixed(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen) / (FIXED * len(seen))


@fixed_batch_size.instead_of(t.mean_loss)
def batches_by_fixed(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss for batch in seen) / (FIXED * len(seen))


@fixed_batch_size.instead_of(t.accuracy)
def hits_by_fixed(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / (FIXED * len(seen))


fixed_batch_size.replaces({t.mean_loss: records_by_fixed, t.accuracy: hits_by_fixed})
fixed_batch_size.replaces({t.mean_loss: batches_by_fixed, t.accuracy: hits_by_fixed})


def _only_the_first(images: int) -> None:
    """Enter counts of the first few images of each batch."""

    def right_answers(scores: Any, y: Any) -> Any:
        return (scores[:images].argmax(1) == y[:images]).sum().item()

    fixed_batch_size.instead_of(t.right_answers)(right_answers)


for _images in (2, 3, 4, 5):
    _only_the_first(_images)


one_per_batch = Mistake(
    code="TR193",
    title="accuracy from the last batch only, or from one image of each batch",
    symptom="A noisy accuracy that moves in large steps.",
    explanation="A counter that is set to 0 inside the loop, or read after it, has seen one batch; an index such as "
    "predicted[0] sees one image of each.",
    fix="Set the counters to 0 before the loop, and add the whole batch: (predicted == y).sum().item().",
    wrong="for x, y in loader:\n    correct = 0\n    correct += (predicted == y).sum().item()",
    right="correct = 0\nfor x, y in loader:\n    correct += (predicted == y).sum().item()",
    seen=2,
)


@one_per_batch.instead_of(t.right_answers)
def one_image(scores: Any, y: Any) -> Any:
    return int(scores[0].argmax() == y[0])


@one_per_batch.instead_of(t.accuracy)
def accuracy_of_the_last(seen: list[t.Seen], loader: Any) -> Any:
    return seen[-1].right / len(seen[-1].y)


one_per_batch.replaces(
    {t.right_answers: one_image, t.accuracy: lambda seen, loader: sum(batch.right for batch in seen) / len(seen)}
)


@one_per_batch.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return seen[-1].right / sum(len(batch.y) for batch in seen)


stale = Mistake(
    code="TR194",
    title="a variable of another loop, or of the last batch, is reported",
    symptom="The same number as before, or one that doesn't belong to this loop.",
    explanation="Names outlive their loops: predicted and y still hold the last batch, val_correct the loop before.",
    fix="Report what this loop has counted, and give each loop names of its own.",
    wrong="return total / n, (predicted == y).float().mean()  # after the loop",
    right="return total / n, correct / n",
    seen=2,
)
stale.instead_of(t.accuracy)(accuracy_of_the_last)


wrong_denominator = Mistake(
    code="TR195",
    title="the count of right answers is divided by a count of something else",
    symptom="An accuracy that is too small or too large by a constant factor.",
    explanation="Only the number of records makes a share of it: not the number of scores, scores.numel(), and not the "
    "length of the last batch.",
    fix="Divide by the number of records that were looked at.",
    wrong="accuracy = correct / len(y)  # after the loop: the last batch",
    right="accuracy = correct / len(loader.dataset)",
    seen=1,
)


@wrong_denominator.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / sum(batch.scores.numel() for batch in seen)


@wrong_denominator.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / len(seen[-1].y)


@wrong_denominator.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / (len(seen) * len(seen[0].y))


@wrong_denominator.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen)


mean_of_bool = Mistake(
    code="TR196",
    title="the mean of a tensor of True and False",
    symptom="RuntimeError: mean(): could not infer output dtype.",
    explanation="PyTorch takes the mean of floating-point numbers only; a comparison gives True and False.",
    fix="Convert first, (predicted == y).float().mean(), or count: (predicted == y).sum().item().",
    wrong="accuracy = (predicted == y).mean()",
    right="correct += (predicted == y).sum().item()",
    seen=1,
)


@mean_of_bool.instead_of(t.right_answers)
def _(scores: Any, y: Any) -> Any:
    return (scores.argmax(1) == y).mean().item()


wrong_axis = Mistake(
    code="TR197",
    title="argmax over the wrong dimension, or over none",
    symptom="An error about sizes, or an accuracy near chance.",
    explanation="Scores are (records, classes). argmax(0) looks for the best record of each class, and argmax() for "
    "the best of all scores in the batch; the answer of each record is argmax(1).",
    fix="Take the maximum over the classes: scores.argmax(dim=1).",
    wrong="predicted = scores.argmax(0)",
    right="predicted = scores.argmax(1)",
)


@wrong_axis.instead_of(t.right_answers)
def _(scores: Any, y: Any) -> Any:
    return (scores.argmax(0) == y).sum().item()


@wrong_axis.instead_of(t.right_answers)
def _(scores: Any, y: Any) -> Any:
    return (scores.argmax() == y).sum().item()


table_of_answers = Mistake(
    code="TR198",
    title="answers (N, 1) are compared with labels (N,): each answer with every label",
    symptom="More right answers than records: an accuracy above 1, or above 100 %.",
    explanation="Shapes (N, 1) and (N,) broadcast to a table (N, N). topk(1), max(keepdim=True) and unsqueeze(1) make "
    "such a column.",
    fix="Bring both to the shape (N,) first: predicted.view(-1) == y, or scores.argmax(1) == y.",
    wrong="top_p, top_class = scores.topk(1, dim=1)\ncorrect += (top_class == y).sum()",
    right="correct += (top_class.view(-1) == y).sum()",
)


@table_of_answers.instead_of(t.right_answers)
def table(scores: Any, y: Any) -> Any:
    return (scores.argmax(1, keepdim=True) == y).sum().item()


table_of_answers.replaces(
    {
        t.right_answers: table,
        t.accuracy: lambda seen, loader: sum(batch.right / len(batch.y) ** 2 for batch in seen) / len(seen),
    }
)


@table_of_answers.instead_of(t.accuracy)
def _(seen: list[t.Seen], loader: Any) -> Any:
    """Compare all answers of the epoch with all labels."""
    labels = [label for batch in seen for label in batch.y.tolist()]
    answers = [answer for batch in seen for answer in batch.scores.argmax(1).tolist()]
    return sum(labels.count(answer) for answer in answers) / len(labels)


no_effect = Mistake(
    code="TR172",
    title="a line computes something and throws it away",
    symptom="A sum that stays 0, or a number that never changes.",
    explanation="total + loss.item() on a line of its own is worked out and forgotten; the sum needs +=. "
    "So is F.relu(x) without x = before it.",
    fix="Assign the result: total += loss.item(), x = F.relu(x).",
    wrong="total + loss.item() * len(y)",
    right="total += loss.item() * len(y)",
    seen=1,
)


@no_effect.instead_of(t.mean_loss)
def nothing_summed(seen: list[t.Seen], loader: Any) -> Any:
    return 0.0


@no_effect.instead_of(t.accuracy)
def nothing_counted(seen: list[t.Seen], loader: Any) -> Any:
    return 0.0


no_effect.replaces({t.mean_loss: nothing_summed, t.accuracy: nothing_counted})


stops_early = Mistake(
    code="TR171",
    title="return or break inside the loop: only the first batch is looked at",
    symptom="Epochs are very quick and teach very little.",
    explanation="return ends the function at once, break the loop: all other batches are skipped.",
    fix="Move return out of the loop, one level to the left, and take a break left from debugging out.",
    wrong="for x, y in loader:\n    ...\n    return total / n, correct / n",
    right="for x, y in loader:\n    ...\nreturn total / n, correct / n",
    seen=1,
)


@stops_early.instead_of(t.batches)
def first_only(loader: Any) -> Any:
    return islice(loader, 1)


stops_early.replaces(
    {
        t.batches: first_only,
        t.mean_loss: lambda seen, loader: seen[0].loss * len(seen[0].y) / len(loader.dataset),
        t.accuracy: lambda seen, loader: seen[0].right / len(loader.dataset),
    }
)
stops_early.replaces(
    {
        t.batches: first_only,
        t.mean_loss: lambda seen, loader: seen[0].loss / len(loader),
        t.accuracy: lambda seen, loader: seen[0].right / len(loader.dataset),
    }
)


@stops_early.instead_of(t.rounds)
def _(steps: int) -> Any:
    return range(1)


@fixed_batch_size.instead_of(t.mean_loss)
def records_by_full_batches(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.loss * len(batch.y) for batch in seen) / (len(loader) * loader.batch_size)


@fixed_batch_size.instead_of(t.accuracy)
def hits_by_full_batches(seen: list[t.Seen], loader: Any) -> Any:
    return sum(batch.right for batch in seen) / (len(loader) * loader.batch_size)


fixed_batch_size.replaces({t.mean_loss: records_by_full_batches, t.accuracy: hits_by_full_batches})


@wrong_axis.instead_of(t.right_answers)
def as_many_as_there_are(scores: Any, y: Any) -> Any:
    return sum(int(guess == label) for guess, label in zip(scores.argmax(0), y, strict=False))
