"""What is done to the scores between the last layer and the loss."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_loss import nll_of_scores, over_the_batch, softmax_first
from chainrule.mistakes.catalogue.training_model import activation_on_scores, dropout_on_scores
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import (
    DROPOUT,
    LAYERS,
    SQUASHING,
    before,
    between,
    dimension,
    last_loss,
    once,
    trained_losses,
)

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Batch, LossCall, Op, Recording

sigmoid_twice = Mistake(
    code="TR155",
    title="a sigmoid before binary_cross_entropy_with_logits, which has its own",
    symptom="The loss can't fall below .31, and the scores never get certain.",
    explanation="BCEWithLogitsLoss applies the sigmoid itself. A probability between 0 and 1, taken for a score, "
    "becomes one between .50 and .73.",
    fix="Return the raw score, or use BCELoss with the sigmoid.",
    wrong="loss = nn.BCEWithLogitsLoss()(torch.sigmoid(model(x)), y)",
    right="loss = nn.BCEWithLogitsLoss()(model(x), y)",
)

no_sigmoid = Mistake(
    code="TR154",
    title="binary_cross_entropy of scores that went through no sigmoid",
    symptom="An error for scores outside [0, 1]; where they are cut off instead, a loss that jumps and units that "
    "stop learning.",
    explanation="BCELoss takes probabilities. A score that is cut to [0, 1] has no gradient outside, and log(0) "
    "inside the loss makes it huge.",
    fix="Use BCEWithLogitsLoss on the raw scores, or apply torch.sigmoid.",
    wrong="loss = nn.BCELoss()(model(x).clamp(0, 1), y)",
    right="loss = nn.BCEWithLogitsLoss()(model(x), y)",
)


def _sums_to_one(loss: "LossCall") -> bool:
    scores = loss.input
    if scores is None or scores.row_sums is None or scores.shape[1] < 2:
        return False
    return scores.minimum >= 0 and all(abs(total - 1) < 1e-4 for total in scores.row_sums)


@softmax_first.observed()
@once
def _softmax_first(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "cross_entropy"):
        softmax = next((op for op in between(batch, loss) if op.name == "softmax"), None)
        known = [op.name for op in between(batch, loss)]
        by_hand = _sums_to_one(loss) and "log_softmax" not in known
        if not by_hand and (softmax is None or "log" in known or dimension(softmax) == 0):
            continue
        classes = loss.input_shape[1] if len(loss.input_shape) > 1 else 2
        floor = math.log(1 + (classes - 1) / math.e)
        yield Evidence(
            f"each row that cross_entropy was given adds up to 1 already; with {classes} classes the loss can't fall "
            f"below {floor:.3f}{last_loss(run)}",
            softmax.place if softmax else loss.place,
        )


@sigmoid_twice.observed()
@once
def _sigmoid_twice(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "binary_cross_entropy_with_logits"):
        for op in between(batch, loss)[:1]:
            if op.name in {"sigmoid", "softmax"} and loss.input is not None:
                yield Evidence(
                    f"the scores come out of {op.name}, between {loss.input.minimum:.2f} and {loss.input.maximum:.2f}, "
                    f"and {loss.name} applies the sigmoid again{last_loss(run)}",
                    op.place,
                )


@no_sigmoid.observed()
@once
def _no_sigmoid(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "binary_cross_entropy"):
        done = between(batch, loss)
        if loss.op is None or loss.input is None or (done and done[0].name in {"sigmoid", "softmax"}):
            continue
        cut = done[0] if done and done[0].name in {"clamp", "relu", "hardtanh"} else None
        if cut is not None and not any(op.name in {"sigmoid", "softmax"} for op in done):
            yield Evidence(
                f"the scores reach {loss.name} through {cut.name} instead of a sigmoid; {loss.input.zeros:.0%} of them "
                "are exactly 0 and have no gradient",
                cut.place,
            )


@no_sigmoid.observed()
@once
def _no_sigmoid_by_hand(run: "Recording") -> Iterator[Evidence]:
    for each in run.training:
        for batch in each.batches:
            for index, op in enumerate(batch.ops):
                inverse = before(batch.ops, index) if op.name == "log" and op.model is None else None
                cut = before(batch.ops, batch.ops.index(inverse)) if inverse and inverse.name == "rsub" else None
                layer = before(batch.ops, batch.ops.index(cut)) if cut and cut.name == "clamp" else None
                if cut is not None and layer is not None and layer.name in LAYERS and cut.output is not None:
                    yield Evidence(
                        "log(p) and log(1 - p) are taken of a layer's scores cut to between "
                        f"{cut.output.minimum:.2g} and {cut.output.maximum:.2g}, not of a sigmoid",
                        cut.place,
                    )


@activation_on_scores.observed()
@once
def _activation_on_scores(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "cross_entropy", "nll_loss"):
        done = [op for op in between(batch, loss) if op.name not in DROPOUT]
        if done and done[0].name == "log_softmax":
            done = done[1:]
        if not done or done[0].name not in SQUASHING or done[0].output is None:
            continue
        scores = done[0].output
        yield Evidence(
            f"the scores went through {done[0].name} before {loss.name}: they are between {scores.minimum:.2f} and "
            f"{scores.maximum:.2f}" + (f", {scores.zeros:.0%} of them exactly 0" if scores.zeros else ""),
            done[0].place,
        )


@dropout_on_scores.observed()
@once
def _dropout_on_scores(run: "Recording") -> Iterator[Evidence]:
    losses = ("cross_entropy", "nll_loss", "binary_cross_entropy_with_logits", "binary_cross_entropy", "mse_loss")
    for _, batch, loss in trained_losses(run, *losses):
        for op in between(batch, loss):
            on = op.arguments.get("training", op.arguments.get("train", True))
            if op.name in DROPOUT and on and op.output is not None and op.output.zeros:
                yield Evidence(
                    f"{op.output.zeros:.0%} of the scores that {loss.name} was given were set to 0 by dropout", op.place
                )


def softmax_over_batch(batch: "Batch", loss: "LossCall") -> "Op | None":
    """Return the softmax over the records of a batch that stands before a loss; None where there is none."""
    for op in between(batch, loss):
        if op.name in {"softmax", "log_softmax"} and dimension(op) == 0 and op.output is not None:
            shape = op.output.shape
            if len(shape) == 2 and shape[0] == batch.size and shape[0] != shape[1]:
                return op
    return None


@over_the_batch.observed()
@once
def _over_the_batch(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "cross_entropy", "nll_loss", "kl_div", "mse_loss"):
        op = softmax_over_batch(batch, loss)
        if op is not None and op.output is not None:
            records, classes = op.output.shape
            yield Evidence(
                f"{op.name} ran over dimension 0 of {records} × {classes} scores, so the shares of a class add up to 1 "
                "over the batch: the answer for a record changes with the other records",
                op.place,
            )


@nll_of_scores.observed()
@once
def _nll_of_scores(run: "Recording") -> Iterator[Evidence]:
    for _, _, loss in trained_losses(run, "nll_loss"):
        if loss.input is not None and loss.input.maximum > 1e-3:
            yield Evidence(
                f"nll_loss was given numbers between {loss.input.minimum:.2f} and {loss.input.maximum:.2f}; the "
                f"logarithm of a probability is never above 0. Its value was {loss.value:.3f}{last_loss(run)}",
                loss.place,
            )
