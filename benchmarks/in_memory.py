"""An epoch of CIFAR-10-sized images: a DataLoader that opens each image by itself, beside `InMemory`.

    python benchmarks/in_memory.py [--root DIR] [--images N] [--repeats K]

The same images, transforms and network (lesson 3's), batches of the same size, one thread for arithmetic. The
DataLoader has 0, 1 and 2 workers, each of them a process more. All epochs are timed in turn, again and again;
medians are reported. Images are CIFAR-10's where the root has them, else drawn at random. Then the same network is
trained through both loaders on the bundled Fashion-MNIST images, with several seeds: what is quicker must not be worse.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms as v1
from torchvision.datasets import CIFAR10, VisionDataset
from torchvision.transforms import v2

from chainrule.pytorch import loops
from chainrule.pytorch.datasets import FashionSmall
from chainrule.pytorch.memory import InMemory

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
BATCH = 128


class Noise(VisionDataset):  # type: ignore[misc]
    """Random images of CIFAR-10's size, opened as torchvision's CIFAR10 opens its own."""

    def __init__(self, n: int) -> None:
        super().__init__(".")
        rng = np.random.default_rng(0)
        self.data = rng.integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)
        self.targets = rng.integers(0, 10, n).tolist()

    def __getitem__(self, index: int) -> tuple[Any, int]:
        image: Any = Image.fromarray(self.data[index])
        return (image if self.transform is None else self.transform(image)), self.targets[index]

    def __len__(self) -> int:
        return len(self.data)


def images(root: Path | None, n: int) -> Any:
    """Return CIFAR-10's training images, cut to n, or as many drawn ones."""
    if root is None:
        return Noise(n)
    dataset = CIFAR10(str(root), train=True)
    dataset.data, dataset.targets = dataset.data[:n], dataset.targets[:n]
    return dataset


def compositions() -> dict[str, Any]:
    """Return what is compared: fixed transforms, and the usual random ones in torchvision's two versions."""
    tensors = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
    return {
        "ToTensor, Normalize": v1.Compose([v1.ToTensor(), v1.Normalize(MEAN, STD)]),
        "RandomCrop, flip, ToTensor, Normalize": v1.Compose(
            [v1.RandomCrop(32, padding=4), v1.RandomHorizontalFlip(), v1.ToTensor(), v1.Normalize(MEAN, STD)]
        ),
        "the same from transforms.v2": v2.Compose([v2.RandomCrop(32, padding=4), v2.RandomHorizontalFlip(), *tensors]),
    }


def network(shape: tuple[int, int, int], seed: int) -> nn.Module:
    """Return lesson 3's network."""
    torch.manual_seed(seed)
    n = shape[0] * shape[1] * shape[2]
    return nn.Sequential(nn.Flatten(), nn.Linear(n, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def trainer(loader: Any, shape: tuple[int, int, int], seed: int = 0) -> Callable[[], tuple[float, float]]:
    """Return a function that trains one epoch."""
    model = network(shape, seed)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    return lambda: loops.train_one_epoch(model, loader, nn.CrossEntropyLoss(), optimizer)


def seconds(run: Callable[[], object]) -> float:
    """Return how long one call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def speed(dataset: Any, repeats: int, console: Console) -> None:
    """Time an epoch through each loader, in turn; print the medians and what the best DataLoader takes more."""
    table = Table(title=f"seconds for an epoch of {len(dataset):,} images, batches of {BATCH}, one thread")
    for heading in ("transforms", "0 workers", "1 worker", "2 workers", "InMemory", "best DataLoader / InMemory"):
        table.add_column(heading, justify="right" if heading != "transforms" else "left")
    for name, transform in compositions().items():
        dataset.transform = transform
        reading = time.perf_counter()
        quick = InMemory.of(dataset, BATCH, seed=0)
        reading = time.perf_counter() - reading
        loaders: dict[str, Any] = {
            str(workers): DataLoader(dataset, BATCH, shuffle=True, num_workers=workers, persistent_workers=workers > 0)
            for workers in (0, 1, 2)
        }
        epochs = {key: trainer(loader, (3, 32, 32)) for key, loader in (loaders | {"InMemory": quick}).items()}
        times: dict[str, list[float]] = {key: [] for key in epochs}
        for _ in range(repeats):
            for key, epoch in epochs.items():
                times[key].append(seconds(epoch))
        medians = {key: statistics.median(values) for key, values in times.items()}
        best = min("012", key=medians.__getitem__)
        ratios = [a / b for a, b in zip(times[best], times["InMemory"], strict=True)]
        ratio = f"{statistics.median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]"
        table.add_row(name, *(f"{medians[key]:.2f}" for key in medians), ratio)
        console.print(f"{name}: read into memory once, {reading:.1f} s; {quick!r}")
    console.print(table)


def accuracy(seeds: int, epochs: int, console: Console) -> None:
    """Train on the bundled images through both loaders, with the same random transforms; print test accuracies."""
    parts = [v1.RandomCrop(28, padding=2), v1.RandomHorizontalFlip(), v1.ToTensor(), v1.Normalize((0.286,), (0.353,))]
    train = FashionSmall(train=True, transform=v1.Compose(parts))
    test = InMemory.of(FashionSmall(train=False, transform=v1.Compose(parts[2:])), 500)
    found: dict[str, list[float]] = {"DataLoader": [], "InMemory": []}
    for seed in range(seeds):
        order = torch.Generator().manual_seed(seed)
        slow = DataLoader(train, 32, shuffle=True, generator=order)
        for key, loader in (("DataLoader", slow), ("InMemory", InMemory.of(train, 32, seed=seed))):
            model = network((1, 28, 28), seed)
            optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
            for _ in range(epochs):
                loops.train_one_epoch(model, loader, nn.CrossEntropyLoss(), optimizer)
            found[key].append(loops.evaluate(model, test, nn.CrossEntropyLoss())[1])
    for key, values in found.items():
        console.print(f"{key}: test accuracy {np.mean(values):.4f} ± {np.std(values, ddof=1):.4f} ({seeds} seeds)")
    gap = np.subtract(found["InMemory"], found["DataLoader"])
    error = gap.std(ddof=1) / np.sqrt(seeds)
    console.print(f"difference, seed by seed: {gap.mean():+.4f}, standard error {error:.4f}")


def main() -> None:
    """Measure both, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help="torchvision's root with CIFAR-10; random images if not given")
    parser.add_argument("--images", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args()
    torch.set_num_threads(1)
    console = Console(width=130)
    speed(images(options.root, options.images), options.repeats, console)
    accuracy(options.seeds, options.epochs, console)


if __name__ == "__main__":
    main()
