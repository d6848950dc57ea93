"""What `chainrule diagnose` costs: epochs of lesson 3's training, watched and not, in turn.

    python benchmarks/diagnose.py [--epochs N] [--validate]

Two processes train the same network on the bundled Fashion-MNIST images, one of them under the recorder; they take
turns, one epoch each, so that whatever else the machine does meets both alike. Both end with the same weights, bit by
bit. The times of the processor are the ones to look at on a busy machine; of both kinds medians are reported, and the
whole run's, in which the costlier looks of the first epoch have their share.
"""

import argparse
import multiprocessing
import statistics
import time
from contextlib import nullcontext
from multiprocessing.connection import Connection
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import transforms

import chainrule
from chainrule.pytorch.datasets import FashionSmall
from chainrule.pytorch.memory import InMemory

MEAN, STD = 0.286, 0.353


def loader(in_memory: bool) -> Any:
    """Return the training loader of lesson 3: 1,600 images in batches of 32, opened one by one or all in memory."""
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))])
    images = FashionSmall(train=True, transform=transform)
    if in_memory:
        pairs = [images[k] for k in range(1600)]
        return InMemory(torch.stack([x for x, _ in pairs]), torch.tensor([y for _, y in pairs]), batch_size=32, seed=0)
    return DataLoader(Subset(images, range(1600)), batch_size=32, shuffle=True)


def network() -> nn.Module:
    """Return the network of lesson 3."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def train_one_epoch(model: nn.Module, batches: Any, criterion: nn.Module, optimizer: Any) -> tuple[float, float]:
    """Train for one epoch and return the mean loss and the share of right answers."""
    model.train()
    total, right, count = 0.0, 0, 0
    for x, y in batches:
        optimizer.zero_grad()
        scores = model(x)
        loss = criterion(scores, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (scores.argmax(dim=1) == y).sum().item()
        count += len(y)
    return total / count, right / count


def work(pipe: Connection, watched: bool, in_memory: bool) -> None:
    """Train one epoch each time the pipe says so, and send its times; at the end the sum of all weights."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    batches, model, criterion = loader(in_memory), network(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    with chainrule.diagnose(show=False) if watched else nullcontext():
        while pipe.recv():
            wall, processor = time.perf_counter(), time.process_time()
            train_one_epoch(model, batches, criterion, optimizer)
            pipe.send((time.perf_counter() - wall, time.process_time() - processor))
        begun = time.process_time()
    pipe.send((time.process_time() - begun, [p.detach().clone().numpy() for p in model.parameters()]))


def race(epochs: int, in_memory: bool) -> tuple[list[list[tuple[float, float]]], float]:
    """Return the times (wall, processor) of each epoch of both, plain first, and the seconds that the report took."""
    context = multiprocessing.get_context("spawn")
    pipes = []
    for watched in (False, True):
        here, there = context.Pipe()
        context.Process(target=work, args=(there, watched, in_memory), daemon=True).start()
        there.close()
        pipes.append(here)
    times: list[list[tuple[float, float]]] = [[], []]
    for epoch in range(epochs):
        for which in (0, 1) if epoch % 2 else (1, 0):
            pipes[which].send(True)
            times[which].append(pipes[which].recv())
    for pipe in pipes:
        pipe.send(False)
    (_, plain), (report, watched_weights) = (pipe.recv() for pipe in pipes)
    assert all((one == other).all() for one, other in zip(plain, watched_weights, strict=True)), "the weights differ"
    return times, report


def main() -> None:
    """Print what watching costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=40)
    epochs = parser.parse_args().epochs
    table = Table("images", "time", "plain, ms", "watched, ms", "more", "more in the whole run", "report, s")
    for in_memory in (False, True):
        times, report = race(epochs, in_memory)
        for kind, name in enumerate(("wall", "processor")):
            plain, watched = ([each[kind] for each in side] for side in times)
            medians = statistics.median(plain), statistics.median(watched)
            table.add_row(
                "in memory" if in_memory else "one by one",
                name,
                f"{1000 * medians[0]:.0f}",
                f"{1000 * medians[1]:.0f}",
                f"{medians[1] / medians[0] - 1:.1%}",
                f"{sum(watched) / sum(plain) - 1:.1%}",
                f"{report:.1f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
