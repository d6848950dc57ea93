"""Which records are trained on, and which are measured: overlap of training, validation and test."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.mistakes.catalogue.train_epoch import not_shuffled
from chainrule.mistakes.catalogue.training_data import (
    last_batch_dropped,
    swapped_sets,
    test_on_training,
    validates_on_training,
    validation_stays,
)
from chainrule.mistakes.evidence import Evidence, Place
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Pass, Recording

TRAIN = re.compile(r"(^|[^a-z])(x|y|ds|dl)?_?(train|trn|tr)(ing)?([^a-z]|set|load|data|dl|ds|$)", re.IGNORECASE)
VALIDATION = re.compile(r"(^|[^a-z])(x|y)?_?(val|valid|validation|dev)([^a-z]|set|load|data|dl|ds|$)", re.IGNORECASE)
TEST = re.compile(r"(^|[^a-z])(x|y)?_?(test|tst|te)([^a-z]|set|load|data|dl|ds|$)", re.IGNORECASE)
FEWEST = 20  # records by which sets can be told apart


@dataclass
class Shared:
    """How many different records an evaluation has, how many of them were trained on, and how many were trained on."""

    own: int
    trained: int
    training: int


def shared(run: "Recording", each: "Pass") -> Shared | None:
    """Return how the records of an evaluation lie to those of the training passes of the same models.

    None where records can't be told apart: too few, or equal ones among them.
    """
    training = [t for t in run.training if set(t.models) & set(each.models)]
    dataset = run.dataset_of(each)
    if dataset is not None and all(b.indices is not None for b in each.batches):
        same = [t for t in training if (other := run.dataset_of(t)) is not None and other.base == dataset.base]
        whole = {t.loader: t for t in reversed(same) if t.complete}  # each way through a loader has the same rows
        same = [t for t in same if not t.complete or whole[t.loader] is t]
        if same and all(b.indices is not None for t in same for b in t.batches):
            return _compare(_indices([each]), _indices(same))
    own, trained = each.fingerprints(), [t.fingerprints() for t in training]
    seen = np.concatenate(trained) if trained else own[:0]
    first = trained[0] if trained else own[:0]
    distinct = len(np.unique(own)) >= 0.98 * len(own) and len(np.unique(first)) >= 0.98 * len(first)
    return _compare(own, seen) if distinct else None


def _indices(passes: "list[Pass]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.concatenate([b.indices for each in passes for b in each.batches if b.indices is not None])


def _compare(
    own: "np.ndarray[tuple[int], np.dtype[np.int64]] | np.ndarray[tuple[int], np.dtype[np.uint64]]",
    seen: "np.ndarray[tuple[int], np.dtype[np.int64]] | np.ndarray[tuple[int], np.dtype[np.uint64]]",
) -> Shared | None:
    one, other = np.unique(own), np.unique(seen)
    if len(one) < FEWEST or len(other) < FEWEST:
        return None
    return Shared(len(one), int(np.isin(one, other).sum()), len(other))


def called(run: "Recording", each: "Pass") -> list[str]:
    """Return what an evaluation is called: its loader's name, and the words beside its numbers where they are shown."""
    loader = run.loaders[each.loader] if each.loader is not None else None
    outer = [loader.name] if loader else []
    following = next((p.at for p in run.passes[each.number + 1 :] if p.training and not p.parent), float("inf"))
    labels = []
    for number in run.shown():
        if each.end <= number.at < following or (each.end <= number.at and following == float("inf")):
            values = [each.mean_loss, each.accuracy, None if each.accuracy is None else 100 * each.accuracy]
            if number.decimals != 0 and any(value is not None and number.shows(value) for value in values):
                labels.append(number.label or number.text)
    return [*outer, *labels]


def claims(run: "Recording", each: "Pass") -> str:
    """Return ``"validation"`` or ``"test"``, whichever an evaluation is called; empty where it may be neither."""
    words = called(run, each)
    if not words:
        return ""
    loader, labels = words[0] if each.loader is not None else "", words[1:] if each.loader is not None else words
    said = " ".join(labels)
    for kind, pattern in (("test", TEST), ("validation", VALIDATION)):
        if pattern.search(loader) or (said and pattern.search(said) and not TRAIN.search(said)):
            return kind
    return ""


def _overlaps(run: "Recording") -> "Iterator[tuple[Pass, str, Shared]]":
    """Yield evaluations that are called validation or test and share records with the training, once per line."""
    done = set()
    for each in run.evaluations:
        if (each.place, each.loader) in done or each.total < FEWEST:
            continue
        done.add((each.place, each.loader))
        found, kind = shared(run, each), claims(run, each)
        if found is not None and kind and found.trained:
            yield each, kind, found


def loader_place(run: "Recording", each: "Pass") -> Place | None:
    """Return the line in which a pass's loader was made; without a loader the line of the pass."""
    loader = run.loaders[each.loader] if each.loader is not None else None
    return loader.place if loader and loader.place else each.place


@validates_on_training.observed(whole_epochs=True)
def _validates_on_training(run: "Recording") -> Iterator[Evidence]:
    for each, kind, found in _overlaps(run):
        if kind == "validation" and found.trained == found.own and found.own >= 0.9 * found.training:
            yield Evidence(
                f"all {found.own:,} records of the validation are ones that were trained on", loader_place(run, each)
            )


@test_on_training.observed(whole_epochs=True)
def _test_on_training(run: "Recording") -> Iterator[Evidence]:
    for each, kind, found in _overlaps(run):
        if kind == "test" and found.trained >= 0.9 * found.training:
            yield Evidence(
                f"{found.trained:,} of the {found.own:,} records of the test were trained on: the test set holds the "
                "training set",
                loader_place(run, each),
            )


@validation_stays.observed(whole_epochs=True)
def _validation_stays(run: "Recording") -> Iterator[Evidence]:
    for each, kind, found in _overlaps(run):
        if found.trained < 0.9 * found.training and found.trained > 0.05 * found.own:
            yield Evidence(
                f"{found.trained:,} of the {found.own:,} records of the {kind} are among the {found.training:,} that "
                "were trained on",
                loader_place(run, each),
            )


@swapped_sets.observed(whole_epochs=True)
@once
def _swapped_sets(run: "Recording") -> Iterator[Evidence]:
    trained = max((len(np.unique(each.fingerprints())) for each in run.training), default=0)
    tested = max((each.total for each in run.evaluations), default=0)
    for each in run.training:
        dataset = run.dataset_of(each)
        if dataset is not None and dataset.train is False:
            yield Evidence(
                f"{dataset.class_name}(train=False), the test set, is trained on: {each.total:,} records",
                loader_place(run, each),
            )
    for node, place in run.program.nodes(ast.Assign):
        assert isinstance(node, ast.Assign)
        name = ast.unparse(node.targets[0])
        flags = [
            keyword.value.value
            for call in ast.walk(node.value)
            if isinstance(call, ast.Call)
            for keyword in call.keywords
            if keyword.arg == "train" and isinstance(keyword.value, ast.Constant)
        ]
        if flags == [False] and TRAIN.search(name) and not TEST.search(name) and 0 < trained < tested:
            yield Evidence(
                f"{name} is made with train=False; {trained:,} records were trained on, {tested:,} tested", place
            )


@last_batch_dropped.observed(whole_epochs=True)
@once
def _last_batch_dropped(run: "Recording") -> Iterator[Evidence]:
    for each in run.evaluations:
        dataset, loader = run.dataset_of(each), run.loaders[each.loader] if each.loader is not None else None
        if loader is None or dataset is None or dataset.length is None or not loader.drop_last or not each.complete:
            continue
        left = dataset.length - each.total
        if 0 < left < (loader.batch_size or 0) and each.correct is not None:
            wrong = each.correct / dataset.length
            shown = [n for n in run.shown() if n.at >= each.end and (n.shows(wrong) or n.shows(100 * wrong))]
            yield Evidence(
                f"drop_last=True: {left} of {dataset.length:,} records are never scored"
                + (
                    f"; {each.correct:,} right answers were divided by {dataset.length:,} all the same" if shown else ""
                ),
                loader.place,
                "warning" if shown and each.correct else "remark",
            )


@not_shuffled.observed(whole_epochs=True)
@once
def _not_shuffled(run: "Recording") -> Iterator[Evidence]:
    by_place: dict[tuple[Place | None, int | None], list[Pass]] = {}
    for each in run.training:
        by_place.setdefault((each.place, each.loader), []).append(each)
    for passes in by_place.values():
        one, other = passes[0], passes[-1]
        marks = [
            [b.indices if b.indices is not None else b.fingerprints for b in each.batches] for each in (one, other)
        ]
        if len(passes) < 2 or len(one.batches) < 3 or any(m is None for side in marks for m in side):
            continue
        orders = [np.concatenate([m for m in side if m is not None]) for side in marks]
        if not np.array_equal(orders[0], orders[1]) or len(np.unique(orders[0])) < FEWEST:
            continue
        labels = one.labels()
        if not len(labels):
            continue  # a series in time may have to keep its order
        sets = [set(b.labels.ravel().tolist()) for b in one.batches if b.labels is not None]
        classes = set().union(*sets)
        sorted_data = 2 <= len(classes) <= 100 and bool((np.diff(labels) >= 0).all())
        yield Evidence(
            f"the {len(orders[0]):,} records came in the same order in all {len(passes)} epochs"
            + (", sorted by class, so that a batch holds one or two of them" if sorted_data else ""),
            loader_place(run, one),
            "warning" if sorted_data else "remark",
            fix="DataLoader(…, shuffle=True)" if one.loader is not None else "",
        )
