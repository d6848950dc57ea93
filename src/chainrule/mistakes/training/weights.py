"""Weights and units: how they start, how many scores there are, which units do nothing."""

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_model import bad_start, number_of_scores
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import between, once, trained_losses

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Parameter, Recording

dead_units = Mistake(
    code="TR135",
    title="dead units: their ReLU gives 0 for every record",
    symptom="The loss stops early or never moves; part of the network does nothing.",
    explanation="A ReLU that is 0 for every record passes no gradient, so its unit never comes back. A learning rate "
    "that is too high, or large negative biases, do that.",
    fix="Lower the learning rate, start biases at 0, normalise the inputs.",
    wrong="layer.bias.fill_(-2.0)",
    right="layer.bias.fill_(0.0)",
)
saturated_units = Mistake(
    code="TR136",
    title="saturated units: sigmoid or tanh at the end of its range for every record",
    symptom="The loss falls very slowly.",
    explanation="At the ends of their range sigmoid and tanh are flat: the gradient there is nearly 0. Large inputs or "
    "large weights drive them there.",
    fix="Normalise the inputs and start with small weights (nn.init.xavier_uniform_).",
    wrong="nn.init.normal_(layer.weight, 0, 10)",
    right="nn.init.xavier_uniform_(layer.weight)",
)


@number_of_scores.observed(whole_epochs=True)
@once
def _number_of_scores(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "cross_entropy", "nll_loss", "binary_cross_entropy", "mse_loss"):
        for op in between(batch, loss):
            if op.name == "softmax" and op.output is not None and op.output.shape[-1:] == (1,):
                yield Evidence("a softmax over a single score is always 1, whatever the input", op.place)
    for each, _, loss in trained_losses(run, "cross_entropy", "nll_loss"):
        if len(loss.input_shape) != 2 or len(loss.target_shape) != 1 or loss.input_shape[0] != max(each.sizes):
            continue
        classes = set(each.labels().tolist())
        width, count = loss.input_shape[1], max(classes, default=0) + 1
        if (
            (each.complete or each.loader is None)
            and classes == set(range(count))
            and 2 <= count < width
            and each.total >= 10 * width
        ):
            yield Evidence(
                f"{width} scores for {count} classes: the labels are 0 to {count - 1}, and the other "
                f"{width - count} scores are never right",
                loss.place,
                "remark",
            )


def _is_layer(p: "Parameter") -> bool:
    kinds = r"Linear|Conv\dd|ConvTranspose\dd|Bilinear"
    return len(p.shape) > 1 and p.shape[0] > 1 and bool(re.fullmatch(kinds, p.module_class)) and p.requires_grad


@bad_start.observed()
def _bad_start(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        layers = [p for p in model.parameters if _is_layer(p)]
        first = next((t for t in run.training if model.number in t.models), None)
        if first is None:
            continue
        if len(layers) > 1 and all(p.identical_rows for p in layers):
            value = f"all {layers[0].mean:g}" if layers[0].std == 0 else "equal"
            yield Evidence(
                f"in each of the {len(layers)} layers all units start with the same weights ({layers[0].name}: "
                f"{value}), so they stay alike",
                model.place,
            )
        large = [p for p in layers if p.fresh and p.std * math.sqrt(math.prod(p.shape[1:])) > 10]
        loss = next((batch.losses[-1] for batch in first.batches if batch.losses), None)
        if not large or loss is None:
            continue
        guess = math.log(loss.input_shape[1]) if loss.name == "cross_entropy" and len(loss.input_shape) == 2 else None
        sure = guess is not None and guess > 0 and loss.value > 3 * guess
        rest = f"; the first loss was {loss.value:.1f}, guessing gives {guess:.2f}" if sure else ""
        p = large[0]
        usual = 1 / math.sqrt(math.prod(p.shape[1:]))
        yield Evidence(
            f"{p.name} starts with a spread of {p.std:.2g}; {usual:.2g} keeps the size of what goes through{rest}",
            model.place,
            "error" if sure else "remark",
        )


@dead_units.observed()
def _dead_units(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        trained = any(model.number in each.models for each in run.training)
        for layer in model.probe.activations if model.probe and trained else ():
            if layer.units >= 4 and 2 * layer.dead > layer.units:
                yield Evidence(
                    f"after the run {layer.dead} of {layer.units} units behind a {layer.function} were 0 for every "
                    "record that was looked at",
                    model.place,
                    "remark",
                )


@saturated_units.observed()
def _saturated_units(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        trained = any(model.number in each.models for each in run.training)
        for layer in model.probe.activations if model.probe and trained else ():
            if layer.units >= 4 and 10 * layer.saturated > layer.units:
                yield Evidence(
                    f"after the run {layer.saturated} of {layer.units} units behind a {layer.function} were within 1 % "
                    "of an end of its range for every record that was looked at",
                    model.place,
                    "remark",
                )
