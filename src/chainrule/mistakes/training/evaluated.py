"""Which model was trained, and whether it is the one that is evaluated."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Model, Pass, Recording

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
    explanation="Calling the class again makes a network with new random weights, and so does loading what was saved "
    "before the training; the trained weights are elsewhere.",
    fix="Evaluate the object that was trained, or load its trained weights with load_state_dict first.",
    wrong="train(model)\nmodel = Net()\ntest(model)",
    right="train(model)\ntest(model)",
    seen=3,
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
    first: dict[int, int] = {}  # the moment of each model's first training
    for done in run.training:
        for number in done.models:
            first.setdefault(number, done.at)
    last: dict[int, Pass] = {}  # the last evaluation of each trained model
    for each in run.evaluations if first else ():
        for number in each.models:
            model = run.models[number]
            if number in first:
                last[number] = each
            elif all(p.fresh for p in model.parameters) and not model.loads and each.accuracy is not None:
                before = [run.models[other] for other, at in first.items() if at < each.at]
                yield from _another_one(run, each, model, before)
    for number, each in last.items():
        yield from _as_at_the_start(run, each, run.models[number])


def _another_one(run: "Recording", each: "Pass", model: "Model", before: "list[Model]") -> Iterator[Evidence]:
    """Yield an evaluation of a network that was made and never trained, after others were."""
    if not before:
        return
    twins = [other for other in before if _alike(other, model)]
    known = {digest for twin in twins for _, digest in twin.digests}
    if model.digest(each.end) in known or len({digest for _, digest in model.digests}) > 1:
        return  # it was given a trained network's weights, or they are changed in another way
    numbers = {other.number for other in twins or before}
    last = max(done.end for done in run.training if numbers & set(done.models))
    after = [other for other in run.evaluations if other.at >= last and numbers & set(other.models)]
    beside = any(other.loader == each.loader and other.total == each.total for other in after)
    if beside or (after and not twins):
        return  # the trained one is measured as well: this one is there to compare
    yield Evidence(
        f"{model.name or model.class_name} was made in line {model.place.line if model.place else '?'} and never "
        f"trained; it got {each.accuracy:.2%} of {each.counted:,} records right. Trained was "
        f"{(twins or before)[-1].name or 'another object'}" + (" of the same class" if twins else ""),
        each.place,
        "error" if twins else "warning",
    )


def _as_at_the_start(run: "Recording", each: "Pass", model: "Model") -> Iterator[Evidence]:
    """Yield an evaluation, the last that there is, of a trained network that has its first weights again."""
    if not model.loads or each.accuracy is None:
        return
    trainings = [done for done in run.training if model.number in done.models]
    if each.at < trainings[-1].at:
        return
    first, now = model.digest(trainings[0].batches[0].at + 1) or model.digests[0][1], model.digest(each.end)
    changed = {digest for at, digest in model.digests if trainings[0].at < at < each.at} - {first}
    if first == now and changed and model.loads[-1] > trainings[-1].at:
        yield Evidence(
            f"{model.name or model.class_name} was evaluated with the weights it had before the training, loaded again "
            f"afterwards; it got {each.accuracy:.2%} of {each.counted:,} records right",
            each.place,
        )


def _alike(one: "Model", other: "Model") -> bool:
    shapes = [[p.shape for p in model.parameters] for model in (one, other)]
    return one.number != other.number and one.class_name == other.class_name and shapes[0] == shapes[1]
