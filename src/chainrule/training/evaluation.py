"""Loss and accuracy of a network on records, which it does not learn from here."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from chainrule.data.dataset import Dataset, dataset_from
from chainrule.nn.losses import Loss
from chainrule.nn.network import Sequential

Data = Dataset | tuple[NDArray[Any], NDArray[Any]]


def evaluate(net: Sequential, data: Data, criterion: Loss) -> tuple[float, float | None]:
    """Return the mean loss over the records and, for classes, the share that is classified correctly.

    The network is put into evaluation mode for this, and back afterwards.

    Returns
    -------
    loss : float
    accuracy : float in [0, 1], or None for a regression
    """
    data, mode, share = dataset_from(data), net.training, records_in(criterion)
    net.eval()
    total, correct = 0.0, 0
    for x, y in data.batches(1024):
        output = net(x)
        total += criterion(output, y) * share(x)
        if data.classes:
            guess = output.argmax(axis=1) if output.shape[1] > 1 else output[:, 0] > _boundary(criterion)
            correct += int((guess == y).sum())
    net.train(mode)
    return total / len(data), correct / len(data) if data.classes else None


def _boundary(criterion: Loss) -> float:
    """Return where a single output changes from one class to the other: ½ for probabilities, 0 for logits."""
    return 0.0 if "Logits" in type(criterion).__name__ else 0.5


def records_in(criterion: Loss) -> Callable[[NDArray[Any]], int]:
    """Return what a batch's loss is multiplied by to be a sum over its records."""
    if criterion.reduction == "none":
        raise ValueError(f"{criterion!r}: reduction must be 'mean' or 'sum' here, where the loss is one number")
    return len if criterion.reduction == "mean" else lambda x: 1
