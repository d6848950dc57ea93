"""Inputs as the network sees them."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from chainrule.mistakes.catalogue.training_data import (
    augmented,
    not_normalised,
    view_for_permute,
    wrong_constants,
    wrong_order,
)
from chainrule.mistakes.evidence import Evidence
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.training.traces import once

if TYPE_CHECKING:
    from chainrule.diagnosis.recording import Forward, Pass, Recording

another_meaning = Mistake(
    code="TR108",
    title="the augmentation changes what the image shows",
    symptom="The accuracy can't get past a limit.",
    explanation="A digit that is mirrored, or turned by half a circle, is no longer that digit: a turned 6 is a 9.",
    fix="Turn by a few degrees and shift by a few pixels; mirror only what may be seen mirrored.",
    wrong="transforms.RandomHorizontalFlip()  # on digits",
    right="transforms.RandomAffine(degrees=10, translate=(0.1, 0.1))",
    seen=2,
)
scaled_apart = Mistake(
    code="TR112",
    title="training and evaluation inputs are scaled differently",
    symptom="The validation loss is far above the training loss, and it looks like overfitting.",
    explanation="The network has learned one scale. On another one each weight means something else.",
    fix="Apply the same normalisation, with the training set's constants, to both.",
    wrong="x_train = (x_train - mean) / std  # and x_test as it was",
    right="x_test = (x_test - mean) / std",
)
DIGITS = re.compile(r"^(?!.*fashion)(?!.*kmnist).*(mnist|digit|svhn|usps)", re.IGNORECASE)
MOVED = r"Random(Rotation|Affine|Perspective)"


def _inputs(passes: "list[Pass]") -> "list[Forward]":
    found = [f for each in passes for b in each.batches for f in b.forwards if f.input is not None]
    return [
        f for f in found if f.input is not None and f.input.dtype.startswith(("float", "bfloat")) and f.input.finite
    ]


@not_normalised.observed()
@once
def _not_normalised(run: "Recording") -> Iterator[Evidence]:
    for each in run.training:
        for batch in each.batches:
            first = next(
                (op.name for op in batch.ops if op.model is not None and op.name not in {"flatten", "view"}), ""
            )
            if "norm" in first:
                continue
            for forward in _inputs([each])[:1]:
                seen = forward.input
                if seen is None or max(abs(seen.minimum), abs(seen.maximum)) < 15 or seen.std < 5:
                    continue
                raw = seen.whole and seen.minimum >= 0 and 200 < seen.maximum <= 255 and len(seen.shape) > 2
                yield Evidence(
                    f"the inputs lie between {seen.minimum:.4g} and {seen.maximum:.4g}, with mean {seen.mean:.3g} and "
                    f"standard deviation {seen.std:.3g}",
                    forward.place,
                    "warning" if raw else "remark",
                )
            break


@scaled_apart.observed()
@once
def _scaled_apart(run: "Recording") -> Iterator[Evidence]:
    for model in run.models:
        training = [t for t in run.training if model.number in t.models]
        for each in run.evaluations:
            measured = each.losses.size or each.accuracy is not None
            if not measured or any(f.grad_enabled and f.training for f in each.forwards):
                continue
            ours, theirs = _scale(training, model.number), _scale([each], model.number)
            if ours is None or theirs is None:
                continue
            (mean, std), (other_mean, other_std) = ours, theirs
            ratio = other_std / std if std else 1.0
            if ratio > 2 or ratio < 0.5 or abs(other_mean - mean) > max(std, other_std):
                yield Evidence(
                    f"in training the inputs have mean {mean:.3g} and standard deviation {std:.3g}, here "
                    f"{other_mean:.3g} and {other_std:.3g}",
                    each.place,
                    "warning",
                )


def _scale(passes: "list[Pass]", model: int) -> tuple[float, float] | None:
    """Return mean and standard deviation of a model's inputs in traced batches; None for fewer than 30 records."""
    seen = [(f.input_shape[0], f.input) for f in _inputs(passes[:2]) if f.model == model and f.input_shape]
    count = sum(size for size, _ in seen)
    if count < 30:
        return None
    mean = sum(size * s.mean for size, s in seen if s) / count
    square = sum(size * (s.std**2 + s.mean**2) for size, s in seen if s) / count
    return mean, max(square - mean**2, 0.0) ** 0.5


@augmented.observed(whole_epochs=True)
@once
def _augmented(run: "Recording") -> Iterator[Evidence]:
    looks: dict[int, list[Pass]] = {}
    for each in run.evaluations:
        if each.loader is not None and each.batches and each.batches[0].data and each.accuracy is not None:
            looks.setdefault(each.loader, []).append(each)
    for passes in looks.values():
        one, other = passes[0].batches[0], passes[-1].batches[0]
        same = one.indices is not None and other.indices is not None and np.array_equal(one.indices, other.indices)
        if same and one is not other and (one.data[0].mean, one.data[0].std) != (other.data[0].mean, other.data[0].std):
            loader = run.loaders[passes[0].loader or 0]
            yield Evidence(
                f"the first {one.size} records of {loader.name or 'the evaluation'} changed from epoch to epoch: "
                f"their mean was {one.data[0].mean:.4f}, then {other.data[0].mean:.4f}",
                loader.place,
            )


@another_meaning.observed()
@once
def _another_meaning(run: "Recording") -> Iterator[Evidence]:
    for each in run.training:
        dataset = run.dataset_of(each)
        if dataset is None or not dataset.transform:
            continue
        base = run.datasets[dataset.base]
        shows = next((n for n in (base.class_name, base.name, dataset.name) if DIGITS.search(n)), "")
        angles = re.search(r"(?:RandomRotation|RandomAffine)\(degrees=\[([-\d.]+), ([-\d.]+)\]", dataset.transform)
        found = [name for name in ("RandomHorizontalFlip", "RandomVerticalFlip") if name in dataset.transform]
        if angles and max(abs(float(angle)) for angle in angles.groups()) > 90:
            found.append(f"turning by {angles[1]} to {angles[2]} degrees")
        for node, _ in run.program.nodes(ast.FunctionDef):
            assert isinstance(node, ast.FunctionDef)
            if f"function {node.name}" in dataset.transform and re.search(r"\bflip\(|fliplr|flipud", ast.unparse(node)):
                found.append(f"the flip in {node.name}")
        if shows and found:
            loader = run.loaders[each.loader or 0]
            yield Evidence(f"{' and '.join(found)} on {shows}", loader.place, "remark")


@wrong_order.observed()
@once
def _wrong_order(run: "Recording") -> Iterator[Evidence]:
    for each in run.training:
        dataset = run.dataset_of(each)
        match = dataset and re.search(
            rf"Normalize\((?:[^()]|\([^()]*\))*\).*?({MOVED})\(([^\n]*)", dataset.transform, re.DOTALL
        )
        if match and not re.search(r"fill=[^0,)]", match[3]):
            loader = run.loaders[each.loader or 0]
            yield Evidence(
                f"{match[1]} comes after Normalize and fills corners with 0, which is no longer black",
                loader.place,
                "remark",
            )
    if not any(True for _ in run.training):
        return
    for node, place in run.program.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        if ast.unparse(node.func).rpartition(".")[2] == "Compose" and node.args and isinstance(node.args[0], ast.List):
            parts = [ast.unparse(part) for part in node.args[0].elts]
            normalising = [i for i, part in enumerate(parts) if re.search(r"Normalize\(|^normali[sz]e$", part)]
            moving = [i for i, part in enumerate(parts) if re.search(MOVED, part) and "fill" not in part]
            if normalising and moving and normalising[0] < moving[-1]:
                yield Evidence(
                    f"{parts[moving[-1]]} comes after {parts[normalising[0]]} and fills corners with 0, which is no "
                    "longer black",
                    place,
                    "remark",
                )


@wrong_constants.observed()
@once
def _wrong_constants(run: "Recording") -> Iterator[Evidence]:
    number = r"\(?\[?([-\d., e]+?),?\)?\]?"
    for each in run.training:
        dataset, traced = run.dataset_of(each), next((b for b in each.batches if b.data), None)
        match = dataset and re.search(rf"Normalize\(mean={number}, std={number}(?:, |\))", dataset.transform)
        if not match or traced is None or not traced.data[0].channel_means:
            continue
        means, stds = ([float(part) for part in group.split(",") if part.strip()] for group in match.groups())
        seen, place = traced.data[0], run.loaders[each.loader or 0].place
        channels = len(seen.channel_means)
        off = max(abs(m) for m in seen.channel_means) > 0.5 or max(seen.channel_stds) > 2 * min(seen.channel_stds)
        if len(means) == 1 < channels and off:
            shown = ", ".join(f"{m:.2f}" for m in seen.channel_means)
            yield Evidence(
                f"one mean, {means[0]:g}, for {channels} channels; afterwards the channels have means {shown}",
                place,
                "remark",
            )
        raw_means = [
            m * s + mu for m, s, mu in zip(seen.channel_means, stds * channels, means * channels, strict=False)
        ]
        raw_stds = [sd * s for sd, s in zip(seen.channel_stds, stds * channels, strict=False)]
        near = all(
            abs(a - b) < 0.15 * abs(b)
            for a, b in zip(
                [*raw_means, *raw_stds], [*stds * channels][:channels] + [*means * channels][:channels], strict=False
            )
        )
        right = all(abs(a - b) < 0.15 * abs(b) for a, b in zip(raw_means, means * channels, strict=False))
        if near and not right:
            yield Evidence(
                f"before Normalize the mean is {raw_means[0]:.3f} and the standard deviation {raw_stds[0]:.3f}: "
                f"mean={means[0]:g} and std={stds[0]:g} are swapped",
                place,
            )


@view_for_permute.observed()
@once
def _view_for_permute(run: "Recording") -> Iterator[Evidence]:
    for each in run.reshapes if run.training else ():
        yield Evidence(
            f"{each.name} made {each.before} into {each.after}: the same numbers in the same order, cut anew, so that "
            "rows, columns or channels are mixed up",
            each.place,
            "warning",
        )
