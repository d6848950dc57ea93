"""From tensors to plain numbers: summaries, fingerprints of records, digests of weights. Nothing is changed."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from chainrule.diagnosis.records import Summary

COLUMNS = 4096  # so many numbers of a record are fingerprinted
SAMPLED_WEIGHTS = 1_000_000  # so many numbers of a weight go into its digest
LARGE = 2_000_000  # a tensor with more numbers is summarised from a part of its first dimension

_FACTORS = np.random.default_rng(5).integers(1, 2**62, COLUMNS, dtype=np.uint64) * 2 + 1


def summarise(tensor: Tensor) -> Summary:
    """Return the summary of a tensor."""
    summary = Summary(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), requires_grad=tensor.requires_grad)
    x = tensor.detach()
    if not x.numel() or x.is_complex() or x.is_sparse or x.layout != torch.strided:
        return summary
    if x.numel() > LARGE:
        x = x[: max(1, LARGE * len(x) // x.numel())] if x.ndim > 1 else x[:LARGE]
    summary.whole = not x.is_floating_point()
    values = x.float() if x.dtype != torch.float64 else x
    low, high = (bound.item() for bound in torch.aminmax(values))
    summary.finite = bool(np.isfinite(low) and np.isfinite(high))
    if not summary.finite:
        values = values[values.isfinite()]
        if not values.numel():
            return summary
        low, high = (bound.item() for bound in torch.aminmax(values))
    summary.minimum, summary.maximum = low, high
    std, mean = torch.std_mean(values, correction=0)
    summary.mean, summary.std = mean.item(), std.item()
    summary.zeros = 1 - torch.count_nonzero(values).item() / values.numel()
    few = values.flatten()[:64]
    summary.whole = summary.whole or bool((few == few.round()).all() and (values == values.round()).all())
    if summary.finite and 2 <= x.ndim <= 3:
        summary.row_sums = _range(values.sum(1))
        summary.column_sums = _range(values.sum(0))
    if summary.finite and x.ndim == 4:
        std, mean = torch.std_mean(values, dim=(0, 2, 3), correction=0)
        summary.channel_means, summary.channel_stds = tuple(mean.tolist()), tuple(std.tolist())
    return summary


def _range(sums: Tensor) -> tuple[float, float]:
    low, high = torch.aminmax(sums)
    return low.item(), high.item()


def mean_of(tensor: Tensor) -> float:
    """Return the mean of a tensor; of a single number, the number itself."""
    return float(tensor.item() if tensor.numel() == 1 else tensor.detach().double().mean())


def fingerprints(tensor: Tensor) -> NDArray[np.uint64]:
    """Return a 64-bit fingerprint of each record, (N,): equal where the records are, whatever their shape and dtype."""
    flat = tensor.detach().reshape(len(tensor), -1)
    if flat.shape[1] > COLUMNS:
        flat = flat[:, :: -(-flat.shape[1] // COLUMNS)]
    bits = flat.float().cpu().contiguous().numpy().view(np.uint32)
    mixed: NDArray[np.uint64] = (bits * _FACTORS[: bits.shape[1]]).sum(axis=1, dtype=np.uint64)
    return mixed


def digest(tensors: Iterable[Tensor]) -> str:
    """Return a digest of tensors: equal where all their values are."""
    check = size = 0
    for tensor in tensors:
        flat = tensor.detach().reshape(-1)
        if flat.numel() > SAMPLED_WEIGHTS:
            flat = flat[:: -(-flat.numel() // SAMPLED_WEIGHTS)]
        if flat.dtype == torch.bfloat16:
            flat = flat.float()
        check = zlib.crc32(flat.cpu().contiguous().numpy().data, check)
        size += tensor.numel()
    return f"{size}-{check:08x}"


def tensors_in(value: Any, depth: int = 3) -> Iterator[Tensor]:
    """Yield the tensors in nested tuples, lists and dicts, in order."""
    if isinstance(value, Tensor):
        yield value
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from tensors_in(each, depth - 1)
    elif depth and isinstance(value, list | tuple) and len(value) < 100:
        for each in value:
            yield from tensors_in(each, depth - 1)


def class_labels(tensor: Tensor, size: int) -> NDArray[np.int64] | None:
    """Return a tensor of whole numbers as class numbers (N,) or (N, …); None where it can't be one of a batch of N."""
    if not tensor.ndim or len(tensor) != size or tensor.is_floating_point() or tensor.is_complex():
        return None
    labels = tensor.detach().cpu().numpy().astype(np.int64)
    return labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels


def right_answers(
    result: Tensor, labels: NDArray[np.int64], threshold: float | None = None
) -> NDArray[np.bool_] | None:
    """Return whether each answer is right; None where scores and labels don't belong together.

    The answer is the class of the highest score; with one score per record, class 1 where it is above the threshold.
    Without a threshold it is ½ if all scores look like probabilities, else 0.
    """
    shape = tuple(result.shape)
    if not result.is_floating_point():
        return None
    scores = result.detach().float().cpu().numpy()
    if shape[:1] + shape[2:] == labels.shape and scores.ndim > 1 and shape[1] > 1:
        answers = scores.argmax(1)
    elif shape[:-1] == labels.shape and shape[-1] > 1:
        answers = scores.argmax(-1)
    elif scores.size == labels.size and labels.size and labels.min() >= 0 and labels.max() <= 1:
        if threshold is None:
            threshold = 0.5 if scores.min() >= 0 and scores.max() <= 1 else 0.0
        answers, labels = (scores.reshape(-1) > threshold).astype(np.int64), labels.reshape(-1)
    else:
        return None
    right: NDArray[np.bool_] = answers == labels
    return right
