"""One epoch of training and one evaluation, as lesson 3 has them written; and data held ready in memory."""

from collections.abc import Iterable
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from chainrule.pytorch.memory import InMemory as InMemory

Batches = Iterable[tuple[Tensor, Tensor]]


def train_one_epoch(
    model: nn.Module,
    loader: Batches,
    criterion: nn.Module,
    optimizer: Optimizer,
    device: torch.device | str = "cpu",
) -> tuple[float, float]:
    """Train ``model`` once through ``loader``, in training mode.

    Parameters
    ----------
    model : Module
        Takes a batch of inputs, returns logits of shape (B, C).
    loader : iterable of (inputs, labels)
        Batches; the last one may be smaller.
    criterion : Module
        Mean loss of a batch, from logits and labels.
    optimizer : Optimizer
        Holds the model's parameters.
    device : device
        Where the model is; the batches are sent there.

    Returns
    -------
    loss, accuracy : float
        Means over the records, of what each batch gave before its step; accuracy is a fraction.
    """
    model.train()
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += int((logits.argmax(1) == y).sum())
        count += len(y)
    return total / count, right / count


@torch.no_grad()
def evaluate(
    model: nn.Module, loader: Batches, criterion: nn.Module, device: torch.device | str = "cpu"
) -> tuple[float, float]:
    """Return the mean loss per record and the accuracy of ``model`` over ``loader``, changing nothing.

    The model is evaluated in evaluation mode and left in the mode it was in. Parameters as `train_one_epoch`.
    """
    mode = model.training
    model.eval()
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        logits = model(x)
        total += criterion(logits, y).item() * len(y)
        right += int((logits.argmax(1) == y).sum())
        count += len(y)
    model.train(mode)
    return total / count, right / count


def gradient_error(model: nn.Module, criterion: nn.Module, x: Tensor, y: Tensor, *, samples: int = 20) -> float:
    """Compare autograd's gradient of ``criterion(model(x), y)`` with central differences, in float64.

    Parameters
    ----------
    model, criterion : Module
        The model is copied; the one given is not changed.
    x, y : tensor
        One batch.
    samples : int
        How many entries of each parameter tensor are nudged; drawn with a fixed seed.

    Returns
    -------
    float
        The largest difference, relative to the largest gradient among those compared.
    """
    twin, x, h = deepcopy(model).double().eval(), x.double(), 1e-5
    parameters = [p for p in twin.parameters() if p.requires_grad]
    gradients = torch.autograd.grad(criterion(twin(x), y), parameters)
    rng, exact, numeric = np.random.default_rng(0), [], []
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            weights, slopes = parameter.view(-1), gradient.reshape(-1)
            for i in rng.permutation(len(weights))[:samples]:
                kept, losses = weights[i].item(), []
                for value in (kept + h, kept - h):
                    weights[i] = value
                    losses.append(criterion(twin(x), y).item())
                weights[i] = kept
                exact.append(slopes[i].item())
                numeric.append((losses[0] - losses[1]) / (2 * h))
    return float(np.abs(np.subtract(exact, numeric)).max() / np.abs(exact).max())
