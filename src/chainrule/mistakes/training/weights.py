"""Weights and units: how they start, which model was trained, which units do nothing."""

import ast
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_model import bad_start, number_of_scores
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import between, once, trained_losses

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Model, Parameter, Recording

never_made = Mistake(
    code="TR127",
    title="a new network is defined, but the old one is trained",
    symptom="The improved network is no better, or better only by the longer training.",
    explanation="A class does nothing until an object of it is made and trained.",
    fix="Make an object of the new class and hand its parameters to a new optimizer.",
    wrong="class Net2(nn.Module): ...\nnet2 = Net()",
    right="class Net2(nn.Module): ...\nnet2 = Net2()",
    seen=3,
)
never_trained = Mistake(
    code="TR128",
    title="the network that is evaluated was never trained",
    symptom="An accuracy like that of guessing, after a training that went well.",
    explanation="Calling the class again makes a network with new random weights; the trained one is another object.",
    fix="Evaluate the object that was trained, or load its weights with load_state_dict first.",
    wrong="train(model)\nmodel = Net()\ntest(model)",
    right="train(model)\ntest(model)",
    seen=3,
)
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


@never_made.observed()
def _never_made(run: "Recording") -> Iterator[Evidence]:
    if not run.training:
        return
    names = {node.id for node, _ in run.program.nodes(ast.Name) if isinstance(node, ast.Name)}
    names |= {node.attr for node, _ in run.program.nodes(ast.Attribute) if isinstance(node, ast.Attribute)}
    used = {model.class_name for model in run.models}
    main = run.training[0].place
    for node, place in run.program.nodes(ast.ClassDef):
        assert isinstance(node, ast.ClassDef)
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        if "Module" in bases and node.name not in names and main is not None and place.file == main.file:
            trained = ", ".join(sorted(used)) or "another one"
            yield Evidence(f"{node.name} is defined and never made; trained was {trained}", place, "remark")


@never_trained.observed()
@once
def _never_trained(run: "Recording") -> Iterator[Evidence]:
    trained = {number for each in run.training for number in each.models}
    for each in run.evaluations:
        for number in each.models:
            model = run.models[number]
            if number in trained or each.accuracy is None:
                continue
            twins = [run.models[other] for other in trained if _alike(run.models[other], model)]
            earlier = [twin for twin in twins if any(t.at < each.at and twin.number in t.models for t in run.training)]
            fresh = all(p.fresh for p in model.parameters) and not model.loads
            if not earlier or not fresh:
                continue
            known = {digest for twin in twins for _, digest in twin.digests}
            if model.digest(each.end) in known or len({digest for _, digest in model.digests}) > 1:
                continue  # it was given a trained network's weights, or they are changed in another way
            yield Evidence(
                f"{model.name or model.class_name} was made in line {model.place.line if model.place else '?'} and "
                f"never trained; it got {each.accuracy:.2%} of {each.counted:,} records right. Trained was "
                f"{earlier[-1].name or 'another object'} of the same class",
                each.place,
            )


def _alike(one: "Model", other: "Model") -> bool:
    shapes = [[p.shape for p in model.parameters] for model in (one, other)]
    return one.number != other.number and one.class_name == other.class_name and shapes[0] == shapes[1]


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
