"""What is chosen by which records: epochs, weights or settings by the test set."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.mistakes.catalogue.training_data import test_as_validation
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.training.splits import FEWEST, TEST, TRAIN, VALIDATION, called, claims, loader_place, shared
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Pass, Recording

LOOKS = 5
KEEPS = re.compile(r"state_dict\(|torch\.save\(|\.save\w*\(|deepcopy\(")


@test_as_validation.observed(whole_epochs=True)
@once
def _test_as_validation(run: "Recording") -> Iterator[Evidence]:
    if len(run.training) < 2:
        return
    last, first = run.training[-1].at, run.training[0].at
    between = _some_of_each(run, first, last)
    held_out = [each for each in between if (s := shared(run, each)) is None or s.trained < 0.5 * s.own]
    only_one = len({_records(run, each) for each in held_out}) == 1
    for each in between:
        dataset, names = run.dataset_of(each), " ".join([*each.names, *called(run, each)])
        of_test = dataset is not None and (dataset.train is False or bool(TEST.search(dataset.name)))
        if VALIDATION.search(names) and (of_test or TEST.search(" ".join(each.names))):
            yield Evidence(
                f"the validation runs over the test set, {each.total:,} records: "
                + (", ".join(each.names) if not of_test or dataset is None else dataset.name or dataset.class_name),
                loader_place(run, each),
                "warning",
            )
        elif only_one and claims(run, each) == "test" and (chosen := _choice(run)):
            yield Evidence(
                f"what is kept is chosen here, by the {each.total:,} records of the test set, the only ones that are "
                "measured",
                chosen,
                "warning",
            )


def _some_of_each(run: "Recording", first: int, last: int) -> "list[Pass]":
    """Return evaluations between two moments, up to `LOOKS` of each loop and loader: the others are like them."""
    found: dict[object, list[Pass]] = {}
    for each in run.evaluations:
        if first < each.at < last and each.total >= FEWEST:
            found.setdefault((each.place, each.loader), []).append(each)
    return [each for alike in found.values() for each in alike[:LOOKS]]


def _records(run: "Recording", each: "Pass") -> object:
    """Return what tells the records of passes apart: the dataset's rows, without a loader the first batch's marks."""
    dataset = run.dataset_of(each)
    if dataset is not None:
        return dataset.base, None if dataset.rows is None else frozenset(dataset.rows.tolist())
    first = each.batches[0].fingerprints if each.batches else None
    return frozenset() if first is None else frozenset(first.tolist())


def _choice(run: "Recording") -> Place | None:
    """Return the line at which the best result so far, not one of the training, decides what is kept; None without."""
    for file, tree in run.program.trees.items():
        for branch in ast.walk(tree):
            if isinstance(branch, ast.If) and any(
                _renews(branch, better) and not _of_training(tree, new) for better, new in _compared(branch.test)
            ):
                return Place(file, branch.lineno)
    return None


def _compared(test: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield both readings of each ``a > b`` in a condition: which of the two is the best so far, which the new one."""
    for node in ast.walk(test):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Gt | ast.GtE | ast.Lt | ast.LtE):
            yield ast.unparse(node.left), node.comparators[0]
            yield ast.unparse(node.comparators[0]), node.left


def _renews(branch: ast.If, best: str) -> bool:
    """Whether a branch sets the best result anew, and keeps something beside it: weights, an epoch, a setting."""
    targets: list[str] = []
    for line in branch.body:
        if isinstance(line, ast.Assign) and not isinstance(line.value, ast.Constant):
            for target in line.targets:
                targets += map(ast.unparse, target.elts if isinstance(target, ast.Tuple) else [target])
    keeps = KEEPS.search(" ".join(map(ast.unparse, branch.body)))
    return best in targets and (len(targets) > 1 or keeps is not None)


def _of_training(tree: ast.AST, value: ast.expr) -> bool:
    """Whether a value is one of the training: by its name, or since a loop with ``backward`` in it makes it."""
    names = {ast.unparse(node) for node in ast.walk(value) if isinstance(node, ast.Name | ast.Attribute)}
    if TRAIN.search(" ".join(names)):
        return True
    for _ in range(2):  # the value is made of others, as a mean is of a sum
        made = [
            node for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in names
        ]
        names |= {node.id for line in made for node in ast.walk(line.value) if isinstance(node, ast.Name)}
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and any(".backward(" in ast.unparse(line) for line in _simple(loop.body)):
            adds = [line for line in _simple(loop.body) if isinstance(line, ast.AugAssign)]
            if names & {ast.unparse(line.target) for line in adds}:
                return True
    return False


def _simple(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a block, those of its ``if`` and ``with`` too, but no loop's."""
    found: list[ast.stmt] = []
    for line in body:
        inner = isinstance(line, ast.If | ast.With)
        found += _simple([*line.body, *getattr(line, "orelse", [])]) if isinstance(line, ast.If | ast.With) else []
        if not inner and not isinstance(line, ast.For | ast.While):
            found.append(line)
    return found
