"""The pictures of a run: PNG files in its folder, and the wrongly classified records as CSV."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from chainrule import nn
from chainrule.experiments import build
from chainrule.experiments.runs import Run
from chainrule.nn.files import write_whole
from chainrule.plots.images import confusion_matrix, wrong_images
from chainrule.plots.runs import first_layer, learning_curves, parameter_histograms, predicted_quantities

Array = NDArray[Any]
MOST_CLASSES = 40  # of which a confusion matrix can be read


def draw(run: Run, out: Path) -> None:
    """Draw all that apply to this run, on its validation part, into the folder ``out``."""
    linear = [layer for layer in run.net.layers if isinstance(layer, nn.Linear)]
    inputs = run.parts.inputs
    save(learning_curves({"": run.history}), out / "learning_curves.png")
    save(first_layer(linear[0].weight.data, inputs.image_shape, inputs.features), out / "first_layer.png")
    save(_histograms(run, linear), out / "histograms.png")
    if inputs.classes:
        _answers(run, out)
    else:
        valid, scale = run.parts.valid, inputs.quantities
        assert scale is not None  # a regression's targets are scaled
        truth, answers = scale.inverse(valid.y)[:, 0], scale.inverse(run.net(valid.x))[:, 0]
        save(predicted_quantities(truth, answers, inputs.target), out / "predictions.png")


def save(figure: Figure, path: Path, tight: bool = False) -> None:
    """Write a figure, whole or not at all; ``tight`` measures what is drawn, which takes as long as drawing it."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=150, bbox_inches="tight" if tight else None)
    write_whole(path, content.getvalue())


def _histograms(run: Run, linear: list[nn.Linear]) -> Figure:
    """Take the gradients over the first training records, at the end of training, without penalties."""
    x, y = next(run.parts.train.batches(1024))
    criterion = build.criterion(run.config, run.parts.inputs)
    run.net.zero_grad()
    criterion(run.net(x), y)
    run.net.backward(criterion.backward())
    names = [f"layer {i + 1}: {layer.in_features} to {layer.out_features}" for i, layer in enumerate(linear)]
    weights = {name: layer.weight.data for name, layer in zip(names, linear, strict=True)}
    return parameter_histograms(weights, {n: x.weight.grad for n, x in zip(names, linear, strict=True)})


def _answers(run: Run, out: Path) -> None:
    """Draw the confusion matrix and the worst errors, and list all errors."""
    valid, inputs = run.parts.valid, run.parts.inputs
    probability = probabilities(run.net(valid.x), run.net, inputs.classes)
    answer = probability.argmax(axis=1)
    count = len(inputs.classes)
    if count <= MOST_CLASSES:
        table = np.bincount(valid.y * count + answer, minlength=count**2).reshape(count, count)
        save(confusion_matrix(table, inputs.classes), out / "confusion_matrix.png")
    sure = probability[np.arange(len(answer)), answer]
    wrong = np.flatnonzero(answer != valid.y)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")]
    if inputs.image_shape and len(worst):
        first = worst[:24]
        images = [_picture(valid.x[i], inputs.image_shape) for i in first]
        figure = wrong_images(images, valid.y[first], answer[first], sure[first], inputs.classes)
        save(figure, out / "wrong.png", tight=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = inputs.features if len(inputs.features) == valid.x.shape[1] and not inputs.image_shape else ()
    writer.writerow(["truth", "answer", "confidence", *names])
    original = inputs.scale.inverse(valid.x) if inputs.scale is not None else valid.x
    for i in worst:
        row = [f"{value:.6g}" for value in original[i]] if names else []
        writer.writerow([inputs.classes[valid.y[i]], inputs.classes[answer[i]], f"{sure[i]:.4f}", *row])
    write_whole(out / "wrong.csv", text.getvalue().encode())


def probabilities(output: Array, net: nn.Sequential, classes: tuple[str, ...]) -> Array:
    """Return a probability for each class: the outputs if they are that already, else their softmax."""
    if isinstance(net.layers[-1], nn.Sigmoid):
        return output / np.maximum(output.sum(axis=1, keepdims=True), 1e-12)
    return nn.softmax(output.astype(np.float64))


def _picture(x: Array, shape: tuple[int, ...]) -> Array:
    """Return an image as matplotlib draws it: (H, W) or (H, W, 3)."""
    image = x.reshape(shape)
    return image.transpose(1, 2, 0) if image.ndim == 3 else image
