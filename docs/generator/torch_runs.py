"""Steps of a PyTorch program, trained: an epoch and its evaluation, a penalised step, one batch learnt by heart."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from chainrule.mistakes.step import Replaced, Step
from chainrule.mistakes.steps import torch_penalties, training
from docs.generator.curves import Series, Setting, Stopped
from docs.generator.numpy_runs import digits, number


def setting_up(seed: int, *, dropout: float = 0.2, n: int = 700) -> tuple[nn.Module, Any, Any, Any, Any]:
    """Return model, criterion, optimizer, and loaders for training and validation; the last batches are smaller."""
    torch.manual_seed(seed)
    records, test = digits(n)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(dropout), nn.Linear(32, 10))
    train, valid = (
        DataLoader(
            TensorDataset(torch.tensor(each.x, dtype=torch.float32), torch.tensor(each.y)), 32, shuffle=each is records
        )
        for each in (records, test[np.arange(300)])
    )
    return model, nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=0.2), train, valid


def within(step: Step, replaced: Replaced, name: str) -> Any:
    """Return the program of a step with those parts replaced that it has."""
    return step.values(
        {}, {part: new for part, new in replaced.items() if step.parts.get(part.name) is part}, names=[name]
    )[name]


def pair(result: Any) -> tuple[float, float]:
    """Return loss and accuracy as numbers.

    Raises
    ------
    Stopped
        If they are none.
    """
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Stopped(f"where loss and accuracy are expected comes back {type(result).__name__}")
    return number(_plain(result[0])), number(_plain(result[1]))


def _plain(value: Any) -> Any:
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def train_epochs(replaced: Replaced, seed: int, series: Series, *, adam: bool = False) -> None:
    """Train and evaluate with the two functions of lesson 3."""
    model, criterion, optimizer, train_loader, valid_loader = setting_up(seed)
    if adam:
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    train = within(training.train_one_epoch, replaced, "train")
    look_on = within(training.evaluate, replaced, "look_on")
    names = ("training loss", "validation loss", "validation accuracy")
    for name in names:
        series[name] = []
    for _ in range(10):
        loss, _ = pair(train(model, train_loader, criterion, optimizer, "cpu"))
        for name, value in zip(names, (loss, *pair(look_on(model, valid_loader, criterion, "cpu"))), strict=True):
            series[name].append(value)


def train_with_penalty(replaced: Replaced, seed: int, series: Series) -> None:
    """Train by a step that adds an L2 penalty."""
    model, criterion, optimizer, loader, valid_loader = setting_up(seed, dropout=0.0, n=200)
    step = torch_penalties.penalised_step.values({}, replaced, names=["step"])["step"]
    valid_x, valid_y = valid_loader.dataset.tensors
    names = ("loss with penalty", "accuracy on new data", "sum of squared weights")
    for name in names:
        series[name] = []
    for _ in range(20):
        losses = [number(_plain(step(model, x, y, criterion, optimizer, 0.003))) for x, y in loader]
        with torch.no_grad():
            accuracy = float((model(valid_x).argmax(1) == valid_y).float().mean())
            squares = float(sum((p**2).sum() for p in model.parameters()))
        for name, value in zip(names, (sum(losses) / len(losses), accuracy, squares), strict=True):
            series[name].append(value)


def train_on_one_batch(replaced: Replaced, seed: int, series: Series) -> None:
    """Learn one batch by heart."""
    model, criterion, optimizer, loader, _ = setting_up(seed, dropout=0.0)
    program = training.overfit_one_batch.values({}, replaced, names=["overfit"])["overfit"]
    losses = program(model, loader, criterion, optimizer, "cpu", 60)
    if not isinstance(losses, list) or not losses:
        raise Stopped(f"where a list of losses is expected comes back {type(losses).__name__}, {losses!r:.40}")
    series["loss of the batch"] = [number(_plain(loss)) for loss in losses]


NET = "a 64-32-10 PyTorch network with ReLU"
SETTINGS = {
    "epochs": Setting(
        f"{NET} and dropout 0.2 on 700 handwritten digits, batches of 32, plain SGD, learning rate 0.2",
        (training.train_one_epoch, training.evaluate),
        train_epochs,
        seeds=range(3),
    ),
    "Adam": Setting(
        f"{NET} and dropout 0.2 on 700 handwritten digits, batches of 32, Adam, learning rate 0.01",
        (training.train_one_epoch, training.evaluate),
        partial(train_epochs, adam=True),
        seeds=range(3),
    ),
    "penalised": Setting(
        f"{NET} on 200 handwritten digits, plain SGD, an L2 penalty of 0.003 added in each step",
        (torch_penalties.penalised_step,),
        train_with_penalty,
        seeds=range(3),
    ),
    "one batch": Setting(
        f"{NET} that is to learn one batch of 32 by heart",
        (training.overfit_one_batch,),
        train_on_one_batch,
        each="step",
        seeds=range(3),
    ),
}
