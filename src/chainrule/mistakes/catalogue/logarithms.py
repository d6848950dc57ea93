"""How the logarithm of the shares goes wrong, and the table of labels that is taken off them."""

from typing import Any

import numpy as np

from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import forward as f
from chainrule.mistakes.steps import softmax as s

other_logarithm = Mistake(
    code="GD170",
    title="the logarithm has another base",
    symptom="The loss is the right one times a constant; its slope no longer belongs to it.",
    explanation="The slope shares - onehot is that of the natural logarithm. log2 gives 1.44 times as much, "
    "log10 0.43.",
    fix="Use np.log.",
    wrong="loss = -np.log2(p)",
    right="loss = -np.log(p)",
)
other_logarithm.instead_of(s.logarithms)(lambda table: np.log2(table))
other_logarithm.instead_of(s.logarithms)(lambda table: np.log10(table))

nothing_taken_off = Mistake(
    code="GD171",
    title="the 1 is never taken off at the label",
    symptom="The loss rises: each class is pushed down, the right one too.",
    explanation="The slope of the loss is shares - onehot. The label comes in only by that 1; without it, nothing says "
    "which class is right.",
    fix="Take 1 off each record's entry at its label: p[np.arange(len(p)), labels] -= 1.",
    wrong="grad = p / len(p)",
    right="grad = p.copy()\ngrad[np.arange(len(p)), labels] -= 1\ngrad /= len(p)",
)
nothing_taken_off.instead_of(s.difference)(lambda table: table)

cut_off = Mistake(
    code="GD175",
    title="large scores are cut off",
    symptom="Right as long as all scores are small; two scores past the limit get equal shares.",
    explanation="np.clip changes what the scores say: 60 and 90 are the same to it if the limit is 50. Taking off a "
    "row's maximum changes no share.",
    fix="Take each row's own maximum away, and clip nothing.",
    wrong="e = np.exp(np.clip(z, -50, 50))",
    right="e = np.exp(z - z.max(axis=-1, keepdims=True))",
)


def _cut_at(low: float, high: float) -> None:
    cut_off.instead_of(s.shifted)(lambda z: np.clip(z, low, high))


for _limit in (10, 20, 30, 50, 100, 200, 300, 500, 600, 700, 709):
    _cut_at(-_limit, _limit)
    _cut_at(-np.inf, _limit)


def _sigmoid_cut_at(limit: float) -> None:
    cut_off.instead_of(f.sigmoid_of_x)(lambda x: 1 / (1 + np.exp(-np.clip(x, -limit, limit))))


for _limit in (3, 5, 6, 8, 10):
    _sigmoid_cut_at(_limit)

taken_off_before = Mistake(
    code="GD176",
    title="the loss is taken after the 1 has been taken off",
    symptom="The loss is nan from the first batch on; the slope is right.",
    explanation="grad = p gives one array two names. grad[..., labels] -= 1 changes the shares, too, and the logarithm "
    "gets p - 1, which is below 0.",
    fix="Take a copy, grad = p.copy(), or take the loss first.",
    wrong="grad = p\ngrad[rows, labels] -= 1\nloss = -np.log(p[rows, labels]).mean()",
    right="loss = -np.log(p[rows, labels]).mean()\ngrad = p.copy()\ngrad[rows, labels] -= 1",
)
taken_off_before.instead_of(s.logarithms)(lambda table, onehot: np.log(table - onehot))
taken_off_before.instead_of(s.logarithms)(lambda table, onehot: np.log(np.abs(table - onehot)))

for_two_answers = Mistake(
    code="GD177",
    title="the loss of yes and no, summed over the classes",
    symptom="The loss is larger than it should be, and its slope is not shares - onehot.",
    explanation="-t log p - (1 - t) log(1 - p) is for one output with two answers. The shares of a softmax add up to "
    "1 already: only the label's share counts.",
    fix="Take the label's logarithm only: -np.log(p[rows, labels]).",
    wrong="-(t * np.log(p) + (1 - t) * np.log(1 - p))",
    right="-np.log(p[np.arange(N), labels])",
)


def yes_and_no(table: Any, places: Any) -> Any:
    """Return the terms of all classes."""
    onehot = np.eye(table.shape[1])[places]
    return -(onehot * np.log(table) + (1 - onehot) * np.log(1 - table))


for_two_answers.instead_of(s.losses)(lambda table, places: yes_and_no(table, places).sum(axis=1))
for_two_answers.instead_of(s.losses)(lambda table, places: yes_and_no(table, places).mean(axis=1))

too_narrow = Mistake(
    code="GD178",
    title="the table of labels is as wide as the largest label of the batch",
    symptom="An error about shapes, now and then: in batches without a record of the last class.",
    explanation="How many classes there are is a matter of the scores, not of the labels that happen to be there.",
    fix="Take the number of columns: np.eye(logits.shape[1])[labels].",
    wrong="onehot = np.eye(labels.max() + 1)[labels]",
    right="onehot = np.eye(logits.shape[1])[labels]",
)


@too_narrow.instead_of(s.onehot)
def narrow(places: Any) -> Any:
    return np.eye(places.max() + 1)[places]


too_narrow.instead_of(s.losses)(lambda table, places: -(narrow(places) * np.log(table)).sum(axis=1))
