"""The loss function and what backward starts from."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_loop import climbs, new_tensor, no_graph, wrong_size_of_loss
from chainrule.mistakes.catalogue.training_loss import class_for_object, squared_error, table_of_errors
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.training.traces import last_loss, once, trained_losses

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Batch, Recording

CLASSES = ("cross_entropy", "nll_loss")
SQUARES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


@class_for_object.observed()
def _class_for_object(run: "Recording") -> Iterator[Evidence]:
    if run.failure is None:
        return
    for node, place in run.program.nodes(ast.Assign):
        assert isinstance(node, ast.Assign)
        value = ast.unparse(node.value)
        name = ast.unparse(node.targets[0])
        if isinstance(node.value, ast.Attribute | ast.Name) and re.search(r"nn\.\w+Loss$|^[A-Z]\w+Loss$", value):
            yield Evidence(
                f"{name} is the class {value}; the program stopped with {run.failure}", place, fix=f"{name} = {value}()"
            )


@squared_error.observed(whole_epochs=True)
@once
def _squared_error(run: "Recording") -> Iterator[Evidence]:
    for each, batch, loss in trained_losses(run, *SQUARES):
        target = loss.target
        if target is None or not target.whole or target.minimum < 0 or len(loss.target_shape) > 2:
            continue
        if len(loss.target_shape) == 2 and loss.target_shape[1] > 1:
            continue  # one-hot, or a table of amounts
        classes = int(target.maximum) + 1
        widths = {forward.output_shape[-1] for forward in batch.forwards if len(forward.output_shape) == 2}
        counted = batch.matches is not None or any(other.matches is not None for other in run.batches)
        labels = {label for b in each.batches if b.labels is not None for label in b.labels.ravel().tolist()}
        wide = classes >= 3 and any(width > 2 and width == max(labels, default=-1) + 1 for width in widths)
        if wide or (classes >= 3 and counted):
            yield Evidence(
                f"{loss.name} was given class numbers from {target.minimum:g} to {target.maximum:g}, as if class 8 "
                "were twice class 4",
                loss.place,
                "error" if wide else "remark",
            )


@table_of_errors.observed()
@once
def _table_of_errors(run: "Recording") -> Iterator[Evidence]:
    for batch in run.batches:
        for loss in batch.losses:
            one, other = loss.input_shape, loss.target_shape
            if loss.name in SQUARES:
                short, long = sorted((one, other), key=len)
                if len(short) == 1 and short[0] > 1 and long == (short[0], 1):
                    yield Evidence(
                        f"{loss.name} was given answers {one} and labels {other}: it took the mean of "
                        f"{short[0]} × {short[0]} differences, each answer with every label",
                        loss.place,
                    )
        yield from _difference(batch)


def _difference(batch: "Batch") -> Iterator[Evidence]:
    """Yield where a squared error written by hand subtracts (N,) from (N, 1)."""
    for op in batch.ops:
        if op.name in {"sub", "rsub"} and op.model is None and op.output is not None and batch.size > 1:
            given = [batch.ops[index].output for index in op.inputs if index >= 0]
            column = (batch.size, 1)
            from_model = any(batch.ops[index].model is not None for index in op.inputs if index >= 0)
            table = op.output.shape == (batch.size, batch.size)
            if table and len(given) == 1 and from_model and given[0] is not None and given[0].shape == column:
                yield Evidence(f"answers {column} minus labels ({batch.size},) gave {op.output.shape}", op.place)


@wrong_size_of_loss.observed()
@once
def _wrong_size_of_loss(run: "Recording") -> Iterator[Evidence]:
    for each in run.training:
        for batch in each.batches:
            if len(batch.backwards) != 1 or not batch.losses or not batch.steps or batch.size < 4:
                continue
            loss, backward = batch.losses[-1], batch.backwards[0]
            if loss.name not in CLASSES or loss.value <= 0 or backward.value <= 0 or batch.steps[0].backwards != 1:
                continue
            ratio = loss.value / backward.value
            if loss.reduction == "sum" and abs(ratio - 1) < 1e-5:
                optimizer = run.optimizers[batch.steps[0].optimizer]
                failed = run.nonfinite is not None and optimizer.class_name == "SGD"
                yield Evidence(
                    f"the loss is the sum over {batch.size} records, {loss.value:.1f}; the step is {batch.size} times "
                    f"that of the mean, as if the learning rate were {batch.steps[0].lr[0] * batch.size:g}",
                    loss.place,
                    "warning" if failed else "remark",
                )
            elif loss.reduction == "mean" and abs(ratio / batch.size - 1) < 1e-4:
                yield Evidence(
                    f"backward started from {backward.value:.4f}: the mean over the batch, {loss.value:.4f}, divided "
                    f"by {batch.size} once more",
                    backward.place,
                    "warning",
                )


@climbs.observed()
@once
def _climbs(run: "Recording") -> Iterator[Evidence]:
    for each in run.training:
        for batch in each.batches:
            if not batch.losses or not batch.backwards or not batch.steps or not batch.forwards:
                continue
            loss, backward, step = batch.losses[-1], batch.backwards[-1], batch.steps[-1]
            optimizer = run.optimizers[step.optimizer]
            own = {p.number for p in run.models[batch.forwards[-1].model].parameters}
            if loss.name not in CLASSES or not own & set(optimizer.parameters) or loss.value <= 0:
                continue
            if abs(backward.value + loss.value) <= 1e-5 * abs(loss.value) and len(batch.losses) == 1:
                text = f"backward started from {backward.value:.3f}, the loss {loss.value:.3f} with its sign turned"
                yield Evidence(text + last_loss(run), backward.place)
            elif any(group.get("maximize") for group in optimizer.groups):
                text = f"{optimizer.class_name} was made with maximize=True, so each step makes the loss larger"
                yield Evidence(text + last_loss(run), optimizer.place)


@no_graph.observed()
def _no_graph(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        wanted = {p.number for p in model.parameters if p.requires_grad}
        numbers = {p.number for p in model.parameters}
        batches = [b for b in run.batches if any(forward.model == model.number for forward in b.forwards)]
        looked = [each for b in batches for each in b.backwards if each.sampled]
        steps = [s for b in batches for s in b.steps if numbers & set(run.optimizers[s.optimizer].parameters)]
        if wanted and looked and steps and all(wanted <= set(each.missing) for each in looked):
            yield Evidence(
                f"{len(looked)} backward passes were looked at, and none gave any of the {len(wanted)} tensors of "
                f"weights of {model.class_name} a gradient",
                looked[0].place,
            )


@new_tensor.observed()
def _new_tensor(run: "Recording") -> Iterator[Evidence]:
    if not any(batch.backwards for batch in run.batches):
        return
    for loop, place in run.program.nodes(ast.For):
        assert isinstance(loop, ast.For)
        for index, line in enumerate(loop.body):
            if not isinstance(line, ast.Assign) or not isinstance(line.value, ast.BinOp):
                continue
            name, step = ast.unparse(line.targets[0]), ast.unparse(line.value)
            used = {n.id for rest in loop.body[index + 1 :] for n in ast.walk(rest) if isinstance(n, ast.Name)}
            if name == ast.unparse(loop.target) and ".grad" in step and step.startswith(name) and name not in used:
                at = place._replace(line=line.lineno)
                same = [m for m in run.models if len(m.digests) > 1 and len({digest for _, digest in m.digests}) == 1]
                rest = "; the weights are the same at the end as at the start" if same else ""
                yield Evidence(
                    f"{run.source(at)} gives the loop's variable a new value; the weight itself stays{rest}",
                    at,
                    fix=f"{name} -= {ast.unparse(line.value.right)}  # inside torch.no_grad()",
                )
