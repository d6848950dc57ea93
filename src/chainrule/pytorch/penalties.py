"""Penalties on a model's parameters, to be added to the loss before ``backward()``."""

from collections.abc import Callable

import torch
from torch import Tensor, nn


def l1_torch(model: nn.Module, lamb: float) -> Tensor:
    """Return λ·Σ|w| over all of the model's parameters, biases included.

    Parameters
    ----------
    model : torch.nn.Module
        The model whose ``parameters()`` are penalised.
    lamb : float
        Strength λ, not negative.

    Returns
    -------
    Tensor of shape ()
        Part of the graph, so ``(loss + l1_torch(model, lamb)).backward()`` reaches every parameter.

    Raises
    ------
    ValueError
        If ``lamb`` is negative or not finite, or the model has no parameters.
    """
    return _penalty(model, lamb, lambda p: p.abs().sum())


def l2_torch(model: nn.Module, lamb: float) -> Tensor:
    """Return λ·Σw² over all of the model's parameters, biases included.

    SGD and Adam with ``weight_decay=2 * lamb`` do the same to the same parameters; AdamW does not.

    Parameters
    ----------
    model : torch.nn.Module
        The model whose ``parameters()`` are penalised.
    lamb : float
        Strength λ, not negative.

    Returns
    -------
    Tensor of shape ()
        Part of the graph, so ``(loss + l2_torch(model, lamb)).backward()`` reaches every parameter.

    Raises
    ------
    ValueError
        If ``lamb`` is negative or not finite, or the model has no parameters.
    """
    return _penalty(model, lamb, lambda p: p.square().sum())


def _penalty(model: nn.Module, lamb: float, measure: Callable[[Tensor], Tensor]) -> Tensor:
    if not 0 <= lamb < float("inf"):
        raise ValueError(f"lamb must be a finite number of at least 0; got {lamb}")
    terms = [measure(p) for p in model.parameters()]
    if not terms:
        raise ValueError(f"{type(model).__name__} has no parameters to penalise; pass the model, not the loss")
    return lamb * torch.stack(terms).sum()
