"""The network itself: activations between the layers, layers that PyTorch doesn't see, layers that nothing uses."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_model import (
    dropout_stays,
    hidden_softmax,
    no_activation,
    plain_list,
    unused_layer,
    wrong_flatten,
)
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.scores import softmax_over_batch
from chainrule.mistakes.training.traces import DROPOUT, LAYERS, before, once, trained_losses

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Model, Op, Recording

layer_in_forward = Mistake(
    code="TR137",
    title="a layer is made anew in each forward",
    symptom="The loss wavers around where it starts; the same input gives another answer each time.",
    explanation="A layer made in forward has new random weights in every call, and the optimizer never sees them.",
    fix="Make the layer in __init__ and call it in forward.",
    wrong="def forward(self, x):\n    return nn.Linear(32, 10)(x)",
    right="self.fc = nn.Linear(32, 10)  # in __init__",
)
WEIGHTED = {"Linear", "Conv1d", "Conv2d", "Conv3d", "BatchNorm1d", "BatchNorm2d", "LayerNorm", "LSTM", "GRU", "RNN"}
WEIGHTED |= {"Embedding", "Bilinear", "ConvTranspose2d", "MultiheadAttention"}


def _traced_ops(run: "Recording") -> "Iterator[tuple[list[Op], int, Op]]":
    """Yield the operations of traced training batches that ran inside a model, with their list and index."""
    for each in run.training:
        for batch in each.batches:
            for index, op in enumerate(batch.ops):
                if op.model is not None:
                    yield batch.ops, index, op


@layer_in_forward.observed()
def _layer_in_forward(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        for kind, made in model.made_in_forward.items():
            calls = {at for at, _ in made}
            if kind in WEIGHTED and len(calls) > 1:
                yield Evidence(
                    f"{model.class_name}'s forward made {len(made)} new {kind} layers in {len(calls)} calls; none of "
                    "their weights was ever trained",
                    made[0][1],
                )


@plain_list.observed()
def _plain_list(run: "Recording") -> Iterator[Evidence]:
    held = {number for optimizer in run.optimizers for number in optimizer.parameters}
    for model in run.models:
        unseen = set(model.hidden_parameters) - held
        if not unseen or not run.training:
            continue
        for name, count in model.hidden.items():
            yield Evidence(
                f"self.{name} holds {count} layers that model.parameters() doesn't list: {len(unseen)} tensors of "
                "weights that no optimizer has",
                _assigned(run, name.rpartition(".")[2]) or model.place,
            )


def _assigned(run: "Recording", attribute: str) -> Place | None:
    for node, place in run.program.nodes(ast.Assign):
        assert isinstance(node, ast.Assign)
        if any(isinstance(each, ast.Attribute) and each.attr == attribute for each in node.targets):
            return place
    return None


@unused_layer.observed()
def _unused_layer(run: "Recording") -> Iterator[Evidence]:
    reads = {
        node.attr
        for node, _ in run.program.nodes(ast.Attribute)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    classes = {node.name for node, _ in run.program.nodes(ast.ClassDef) if isinstance(node, ast.ClassDef)}
    for model in run.models:
        traced = any(forward.output is not None for batch in run.batches for forward in batch.forwards)
        if model.class_name not in classes or not traced:
            continue
        for part in model.parts:
            known = part.class_name in WEIGHTED or part.class_name.startswith("Dropout")
            if known and not part.calls and part.name and "." not in part.name and part.name not in reads:
                yield Evidence(
                    f"self.{part.name}, a {part.class_name}, was made in {model.class_name} and never called",
                    _assigned(run, part.name),
                    "warning",
                )


@no_activation.observed()
@once
def _no_activation(run: "Recording") -> Iterator[Evidence]:
    for ops, index, op in _traced_ops(run):
        if op.name not in LAYERS:
            continue
        earlier = before(ops, index)
        while earlier is not None and earlier.name in DROPOUT:
            earlier = before(ops, ops.index(earlier))
        if earlier is None or earlier.name not in LAYERS or earlier.model != op.model:
            continue
        probe = run.models[op.model].probe if op.model is not None else None
        sure = probe is not None and bool(probe.linear) and not _bottleneck(ops, earlier, op)
        names = [each.module or each.name for each in (earlier, op)]
        rest = "; the whole network is a linear function of its input" if probe is not None and probe.linear else ""
        yield Evidence(
            f"{names[1]} gets what {names[0]} gives, with no activation in between: the two do what one linear layer "
            f"could{rest}",
            op.place,
            "error" if sure else "remark",
        )


def _bottleneck(ops: "list[Op]", first: "Op", second: "Op") -> bool:
    """Whether the layer in the middle is narrower than the output: two matrices on purpose (PCA, low rank)."""
    if first.output is None or second.output is None:
        return False
    return len(first.output.shape) == 2 and first.output.shape[-1] < second.output.shape[-1]


@hidden_softmax.observed()
@once
def _hidden_softmax(run: "Recording") -> Iterator[Evidence]:
    for ops, index, op in _traced_ops(run):
        if op.name not in LAYERS:
            continue
        earlier = before(ops, index)
        while earlier is not None and earlier.name in DROPOUT:
            earlier = before(ops, ops.index(earlier))
        if earlier is not None and earlier.name == "softmax" and earlier.output is not None:
            units = earlier.output.shape[-1]
            yield Evidence(
                f"{op.module or op.name} gets the result of a softmax over {units} units: they add up to 1, "
                f"{1 / units:.3f} each on average",
                earlier.place,
            )


@dropout_stays.observed()
@once
def _dropout_stays(run: "Recording") -> Iterator[Evidence]:
    for each in run.evaluations:
        for batch in each.batches:
            calls = {forward.model: forward for forward in batch.forwards if not forward.training}
            for op in batch.ops:
                on = op.arguments.get("training", op.arguments.get("train"))
                made_anew = op.module_class.startswith("Dropout")
                if op.name not in DROPOUT or op.model not in calls or on is False or op.arguments.get("p") == 0:
                    continue
                model = run.models[op.model]
                if made_anew and (op.module or not any(kind.startswith("Dropout") for kind in model.made_in_forward)):
                    continue  # a registered layer whose own flag is on: that was set on purpose
                how = "made anew in forward" if made_anew else "called without training=self.training"
                yield Evidence(
                    f"in eval mode dropout was still on: it is {how}, so eval() can't reach it",
                    op.place,
                    "remark" if on is True and not made_anew else "error",
                    fix="" if made_anew else "F.dropout(x, training=self.training)",
                )


def answers_depend(model: "Model") -> bool:
    """Whether a record's answer was seen to change with the other records of its batch."""
    return model.probe is not None and model.probe.independent is False


@wrong_flatten.observed()
@once
def _wrong_flatten(run: "Recording") -> Iterator[Evidence]:
    for _, batch, loss in trained_losses(run, "cross_entropy", "nll_loss", "binary_cross_entropy_with_logits"):
        if softmax_over_batch(batch, loss) is not None or loss.of_model is None or not batch.forwards:
            continue
        model, forward = run.models[loss.of_model], batch.forwards[-1]
        records, answers = forward.input_shape[:1], forward.output_shape[:1]
        if answers_depend(model) and loss.target_shape[:1] == records == answers:
            collated = batch.indices is not None and len(batch.indices) == batch.size == records[0]
            yield Evidence(
                "the answer for a record changes with the other records in the batch, in eval mode, too: the "
                "dimension of the batch is mixed up with another one",
                forward.place,
                "error" if collated else "remark",
            )
