"""Shares, the loss of classification and its slope in named parts; one record (K,) or a batch (N, K)."""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

softmax = Step("softmax", inputs="z", returns="shares")


@softmax.part
def shifted(z: Any) -> Any:
    return z - z.max(axis=-1, keepdims=True)


@softmax.part
def powers(shifted: Any) -> Any:
    return np.exp(shifted)


@softmax.part
def total(powers: Any) -> Any:
    return powers.sum(axis=-1, keepdims=True)


@softmax.part
def shares(powers: Any, total: Any) -> Any:
    return powers / total


softmax_of_predictions = Step("softmax", inputs="predictions", returns="shares axes", include=[softmax])


@softmax_of_predictions.part
def z(predictions: Any) -> Any:
    return predictions


@softmax_of_predictions.part
def axes(shares: Any) -> Any:
    """Return how many axes there are: one for a single record, as it came."""
    return np.ndim(shares)


cross_entropy_of_shares = Step("cross_entropy_loss", inputs="probs target_index", returns="loss")


@cross_entropy_of_shares.part
def table(probs: Any) -> Any:
    """Return one row for each record, also where there is one record only."""
    return np.atleast_2d(probs)


@cross_entropy_of_shares.part
def places(target_index: Any) -> Any:
    return np.ravel(target_index)


@cross_entropy_of_shares.part
def logarithms(table: Any) -> Any:
    return np.log(table)


@cross_entropy_of_shares.part
def picked(logarithms: Any, places: Any) -> Any:
    return logarithms[np.arange(len(places)), places]


@cross_entropy_of_shares.part
def losses(picked: Any) -> Any:
    return -picked


@cross_entropy_of_shares.operation
def average(total: Any, table: Any) -> Any:
    return total / len(table)


@cross_entropy_of_shares.part
def loss(losses: Any, average: Any, table: Any) -> Any:
    return average(losses.sum(), table)


softmax_with_cross_entropy = Step(
    "softmax_with_cross_entropy",
    inputs="predictions target_index",
    returns="loss dprediction axes_of_slope",
    include=[softmax_of_predictions, cross_entropy_of_shares],
)


@softmax_with_cross_entropy.part
def probs(shares: Any) -> Any:
    return shares


@softmax_with_cross_entropy.part
def onehot(table: Any, places: Any) -> Any:
    return np.eye(table.shape[1])[places]


@softmax_with_cross_entropy.part
def difference(table: Any, onehot: Any) -> Any:
    return table - onehot


@softmax_with_cross_entropy.part
def slope(difference: Any, average: Any, table: Any) -> Any:
    return average(difference, table)


@softmax_with_cross_entropy.part
def dprediction(slope: Any, predictions: Any) -> Any:
    return slope.reshape(predictions.shape)


@softmax_with_cross_entropy.part
def axes_of_slope(dprediction: Any) -> Any:
    return np.ndim(dprediction)


cross_entropy_loss = Step(
    "cross_entropy_loss", inputs="logits labels", returns="loss gradient", include=[softmax_with_cross_entropy]
)


@cross_entropy_loss.part
def predictions(logits: Any) -> Any:
    return logits


@cross_entropy_loss.part
def target_index(labels: Any) -> Any:
    return labels


@cross_entropy_loss.part
def gradient(dprediction: Any) -> Any:
    return dprediction


accuracy_of_classes = Step("accuracy", inputs="predictions targets", returns="accuracy")


@accuracy_of_classes.part
def compared(targets: Any) -> Any:
    return targets


@accuracy_of_classes.part
def hits(predictions: Any, compared: Any) -> Any:
    return predictions == compared


@accuracy_of_classes.part
def accuracy(hits: Any) -> Any:
    return hits.sum() / len(hits)
