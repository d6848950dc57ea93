"""How answers are taken from scores and compared with labels."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_metrics import table_of_answers, wrong_axis
from chainrule.mistakes.evidence import Evidence

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Batch, Op, Recording


def _from_model(batch: "Batch", op: "Op") -> bool:
    """Whether a result comes from a model, through however many operations."""
    todo, seen = list(op.inputs), set()
    while todo:
        index = todo.pop()
        if index < 0 or index in seen:
            continue
        seen.add(index)
        if batch.ops[index].model is not None:
            return True
        todo += batch.ops[index].inputs
    return False


@wrong_axis.observed()
def _wrong_axis(run: "Recording") -> Iterator[Evidence]:
    for batch in run.batches:
        compared = {index for op in batch.ops if op.name in {"eq", "ne"} for index in op.inputs}
        for number, op in enumerate(batch.ops):
            if (
                op.name not in {"argmax", "max", "topk"}
                or op.model is not None
                or number not in compared
                or not op.inputs
            ):
                continue
            scores = batch.ops[op.inputs[0]].output if op.inputs[0] >= 0 else None
            if scores is None or len(scores.shape) != 2 or min(scores.shape) < 2 or scores.shape[0] != batch.size:
                continue
            dim = op.arguments.get("dim", 0 if op.name == "argmax" and "dim" in op.arguments else None)
            records, classes = scores.shape
            if not _from_model(batch, op):
                continue
            if dim in {0, -2}:
                what = f"best of the {records} records for each of the {classes} classes"
            elif dim is None and op.name == "argmax":
                what = f"one best of all {records * classes} scores of the batch"
            else:
                continue
            yield Evidence(
                f"the scores have the shape ({records}, {classes}), records by classes; {op.name} took the {what}, and "
                "that was compared with the labels",
                op.place,
            )


@table_of_answers.observed()
def _table_of_answers(run: "Recording") -> Iterator[Evidence]:
    for batch in run.batches:
        for op in batch.ops:
            if op.name != "eq" or op.output is None or op.model is not None:
                continue
            shape = op.output.shape
            if len(shape) != 2 or shape[0] != shape[1] or shape[0] != batch.size or batch.size < 2:
                continue
            column = (batch.size, 1), (batch.size,)
            if batch.sides not in {column, column[::-1]} or batch.compared != shape or not _from_model(batch, op):
                continue
            truth = f"; {batch.correct} of {batch.counted} answers are right" if batch.correct is not None else ""
            yield Evidence(
                f"({batch.size}, 1) was compared with ({batch.size},), which gave {batch.size}×{batch.size} results, "
                f"{batch.matches:,} of them true{truth}",
                op.place,
            )
