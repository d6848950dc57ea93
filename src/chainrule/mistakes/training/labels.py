"""Labels: whether they belong to their records, and are what the loss expects."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.train_epoch import labels_apart
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Recording

out_of_range = Mistake(
    code="TR116",
    title="labels outside the range that the loss expects",
    symptom="IndexError: Target 10 is out of bounds; with BCE a loss below 0.",
    explanation="C scores stand for classes 0 to C−1; a binary loss takes 0 and 1.",
    fix="Let the labels begin with 0, one less than their count at the most.",
    wrong="y = data['class']  # 1 and 2",
    right="y = data['class'] - 1",
)
not_indices = Mistake(
    code="TR117",
    title="one-hot labels where class numbers are meant, or their maximum instead of its place",
    symptom="An error about the target's type or size; or a perfect accuracy, since all labels are 1.",
    explanation="Cross-entropy takes the number of the class. The largest entry of a one-hot row is always 1; its "
    "place is the class.",
    fix="Use one_hot.argmax(dim=1).",
    wrong="y = one_hot.max(dim=1)[0].long()",
    right="y = one_hot.argmax(dim=1)",
)


@labels_apart.observed(whole_epochs=True)
@once
def _labels_apart(run: "Recording") -> Iterator[Evidence]:
    scores = [each.accuracy for each in run.evaluations if each.accuracy is not None]
    classes = {label for each in run.training[:1] for label in each.labels().tolist()}
    if not scores or len(classes) < 3 or min(1.0, 2 / len(classes)) < scores[-1]:
        return
    for block, _ in run.program.nodes(ast.Module, ast.FunctionDef):
        shuffles = []
        for line in getattr(block, "body", []):
            text = ast.unparse(line) if isinstance(line, ast.Assign | ast.Expr) else ""
            one = re.fullmatch(r"(\w+) = \1\[[\w.]*(randperm|permutation)\(.*\)\]", text)
            two = re.fullmatch(r"[\w.]*shuffle\((\w+)\)", text)
            if one or two:
                shuffles.append((line.lineno, (one or two)[1]))  # type: ignore[index]
        names = {name for _, name in shuffles}
        if len(names) > 1 and run.training[0].place is not None:
            place = run.training[0].place._replace(line=shuffles[1][0], function="<module>")
            yield Evidence(
                f"{' and '.join(sorted(names))} are shuffled apart, each in an order of its own; at the end "
                f"{scores[-1]:.1%} of the answers are right, and guessing gives {1 / len(classes):.1%}",
                place,
            )


@out_of_range.observed()
@once
def _out_of_range(run: "Recording") -> Iterator[Evidence]:
    stopped = re.search(r"Target (-?\d+) is out of bounds", run.failure or "")
    if stopped:
        loss = next((each for batch in run.batches for each in batch.losses), None)
        scores = loss.input_shape[1] if loss and len(loss.input_shape) > 1 else None
        last = run.training[-1] if run.training else None
        yield Evidence(
            f"a label is {stopped[1]}"
            + (f", and there are {scores} scores, for classes 0 to {scores - 1}" if scores else ""),
            loss.place if loss else last.place if last else None,
        )
    for batch in run.batches:
        for loss in batch.losses:
            if loss.name == "binary_cross_entropy_with_logits" and loss.target is not None:
                low, high = loss.target.minimum, loss.target.maximum
                if low < 0 or high > 1:
                    yield Evidence(
                        f"{loss.name} was given labels between {low:g} and {high:g}; it takes 0 to 1. Its value was "
                        f"{loss.value:.3f}",
                        loss.place,
                    )


@not_indices.observed()
@once
def _not_indices(run: "Recording") -> Iterator[Evidence]:
    if run.failure and re.search(
        r"class probabilities, got Long|0D or 1D target|multi-target not supported", run.failure
    ):
        last = run.training[-1] if run.training else run.passes[-1] if run.passes else None
        yield Evidence(f"the program stopped with {run.failure}", last.place if last else None)
    for each in run.training:
        labels = each.labels()
        loss = next((loss for batch in each.batches for loss in batch.losses), None)
        known = loss is not None and loss.name in {"cross_entropy", "nll_loss"} and len(labels) >= 50
        whole = each.complete or each.loader is None
        if loss is not None and known and whole and len(set(labels.tolist())) == 1 and loss.input_shape[1] > 1:
            yield Evidence(
                f"all {len(labels):,} labels of an epoch are {labels[0]}; there are {loss.input_shape[1]} scores",
                loss.place,
                "warning",
            )
