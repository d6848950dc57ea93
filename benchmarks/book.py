"""The MNIST experiments of Michael Nielsen's *Neural Networks and Deep Learning*, trained again.

    python benchmarks/book.py [--out DIR]        (MNIST in the data root: $CHAINRULE_DATA)

The book's costs are per record: ½‖y - a‖², and -Σ y ln a + (1 - y) ln(1 - a) over the ten outputs. Ours average over
records *and* outputs, so a cost of the book is 5 times our MSE, 10 times our binary cross-entropy, and its learning
rate η becomes 5η or 10η. Its penalty, (λ/2n)·Σw² beside the cost, becomes λ/(2·10·n)·Σw² beside ours.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from chainrule import data, nn, optim, plots


@dataclass(frozen=True)
class Experiment:
    """One training run of the book, in the book's terms."""

    title: str
    hidden: int
    cost: str
    eta: float
    lam: float
    epochs: int
    images: int = 50_000
    wide_start: bool = False  # weights from N(0, 1), as in chapter 1, instead of N(0, 1/n_in)
    published: float | None = None  # best test accuracy, in per cent


EXPERIMENTS = (
    Experiment("chapter 1", 30, "quadratic", 3.0, 0, 30, wide_start=True, published=95.42),
    Experiment("cross-entropy, η 0.1", 30, "cross-entropy", 0.1, 5.0, 30, published=96.53),
    Experiment("cross-entropy, η 0.1", 100, "cross-entropy", 0.1, 5.0, 30, published=97.81),
    Experiment("cross-entropy, η 0.5", 100, "cross-entropy", 0.5, 5.0, 30, published=97.92),
    Experiment("cross-entropy, η 0.1, longer", 100, "cross-entropy", 0.1, 5.0, 60, published=98.04),
    Experiment("1,000 images", 30, "cross-entropy", 0.5, 0, 400, images=1000, wide_start=True, published=82.27),
    Experiment("1,000 images, λ 0.1", 30, "cross-entropy", 0.5, 0.1, 400, images=1000, wide_start=True, published=87.1),
)


def train(experiment: Experiment, seed: int = 0) -> dict[str, list[float]]:
    """Train once, and return cost and accuracy on training and test images, epoch by epoch."""
    full, test = data.load("mnist"), data.load("mnist", part="test")
    images = full[slice(0, experiment.images)]
    layers: list[nn.Layer] = [nn.Linear(784, experiment.hidden), nn.Sigmoid(), nn.Linear(experiment.hidden, 10)]
    criterion: nn.Loss = nn.BCEWithLogitsLoss()  # with the last sigmoid in the loss: the same cost, safely computed
    scale = 10.0
    if experiment.cost == "quadratic":
        layers, criterion, scale = [*layers, nn.Sigmoid()], nn.MSELoss(), 5.0
    net = nn.Sequential(*layers, seed=seed)
    start(net, experiment.wide_start, seed)
    optimizer = optim.SGD(net.parameters(), lr=scale * experiment.eta)
    penalty = nn.L2(experiment.lam / (2 * scale * len(images)))
    wanted = np.eye(10, dtype=np.float32)
    curves: dict[str, list[float]] = {
        "training cost": [],
        "test cost": [],
        "training accuracy": [],
        "test accuracy": [],
    }
    for epoch in range(experiment.epochs):
        for x, y in images.batches(10, seed=seed * 1000 + epoch):
            criterion(net(x), wanted[y])
            optimizer.zero_grad()
            net.backward(criterion.backward())
            if experiment.lam:
                penalty.add_gradient(net.parameters())
            optimizer.step()
        for name, part in (("training", images), ("test", test)):
            cost, accuracy = measure(net, part, criterion, wanted)
            curves[f"{name} cost"].append(scale * cost)
            curves[f"{name} accuracy"].append(100 * accuracy)
    return curves


def start(net: nn.Sequential, wide: bool, seed: int) -> None:
    """Draw first weights as the book does: N(0, 1) in chapter 1, N(0, 1/n_in) later; biases from N(0, 1)."""
    rng = np.random.default_rng(seed)
    for p in net.parameters():
        spread = 1.0 if wide or p.name == "bias" else 1 / np.sqrt(p.shape[1])
        p.data = rng.normal(0, spread, p.shape)


def measure(
    net: nn.Sequential, part: data.Dataset, criterion: nn.Loss, wanted: NDArray[np.float32]
) -> tuple[float, float]:
    """Return mean cost and accuracy."""
    cost, right = 0.0, 0
    for x, y in part.batches(1000):
        output = net(x)
        cost += criterion(output, wanted[y]) * len(x)
        right += int((output.argmax(axis=1) == y).sum())
    return cost / len(part), right / len(part)


def main() -> None:
    """Run all experiments; print the table and write the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/book"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    table = Table(title="Neural Networks and Deep Learning: best test accuracy in per cent")
    for heading in ("experiment", "network", "epochs", "the book", "ours, best", "ours, last", "seconds"):
        table.add_column(heading)
    for i, experiment in enumerate(EXPERIMENTS, start=1):
        began = time.perf_counter()
        curves = train(experiment)
        network = f"784-{experiment.hidden}-10, {experiment.cost}, λ {experiment.lam:g}"
        accuracy = curves["test accuracy"]
        table.add_row(
            experiment.title, network, str(experiment.epochs), f"{experiment.published}",
            f"{max(accuracy):.2f}", f"{accuracy[-1]:.2f}", f"{time.perf_counter() - began:.0f}",
        )  # fmt: skip
        for what in ("cost", "accuracy"):
            pair = {name.removesuffix(f" {what}"): values for name, values in curves.items() if name.endswith(what)}
            label = f"{what}, per cent" if what == "accuracy" else what
            figure = plots.curves(pair, ylabel=label, title=f"{experiment.title}: {network}")
            figure.savefig(out / f"{i}-{what}.png")
        print(experiment.title, network, f"best {max(accuracy):.2f}", flush=True)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
