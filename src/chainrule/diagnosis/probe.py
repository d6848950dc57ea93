"""Looking at a model after the run: a copy of it, in eval mode, on records that it was given."""

import contextlib
import copy
import io
import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from chainrule.diagnosis.made import Activation, Probe
from chainrule.diagnosis.tensors import summarise, tensors_in

BOUNDED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "hardtanh": (-1.0, 1.0), "hardsigmoid": (0.0, 1.0)}
RECTIFIERS = {"relu", "relu6"}


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """Leave random numbers, gradient mode and output as they are found."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    with (
        torch.random.fork_rng(),
        torch.no_grad(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)  # noqa: NPY002


def probe(module: nn.Module, records: list[Tensor]) -> Probe:
    """Return what a copy of a model shows on records.

    Parameters
    ----------
    module : nn.Module
        The model; it is not touched.
    records : list of Tensor
        Batches of its inputs.
    """
    result = Probe()
    alike = [each for each in records if each.shape[1:] == records[0].shape[1:]]
    if not alike:
        result.problem = "the model takes several inputs, or none was kept"
        return result
    x = torch.cat(alike)
    try:
        with untouched():
            _look(copy.deepcopy(module), x, result)
    except Exception as error:  # a model may need what is gone by now: a file, a closed worker, another mode
        result.problem = f"{type(error).__name__}: {error}"
    return result


def _look(model: nn.Module, x: Tensor, result: Probe) -> None:
    def call(batch: Tensor) -> Tensor:
        return next(tensors_in(model(batch))).detach()

    model.eval()
    few = x[:16]
    with _Activations() as activations:
        first = next(tensors_in(model(x)))
    result.activations = activations.hidden(first)
    result.output = summarise(first)
    result.repeats = _same(call(few), call(few))
    if result.repeats and len(few) >= 4 and first.ndim and len(first) == len(x):
        half = len(few) // 2
        result.independent = _same(torch.cat([call(few[:half]), call(few[half:])]), call(few))
    if result.repeats and x.is_floating_point():
        result.far = summarise(call(few * 100))
        result.linear = _linear(call, few)
    before = call(few)
    model.train()
    result.modes_differ = not _same(before, call(few)) if result.repeats else None


def _same(one: Tensor, other: Tensor) -> bool:
    scale = float(one.abs().max()) if one.numel() else 0.0
    return one.shape == other.shape and bool(((one - other).abs() <= 1e-4 * scale + 1e-6).all())


def _linear(call: Any, x: Tensor) -> bool:
    """Whether f(a) − f(b) = f(a − b + c) − f(c) for far points too: true of an affine function only."""
    a, b, c = x, x.flip(0), x.roll(1, 0)
    left = call(3 * a) - call(b)
    right = call(3 * a - b + c) - call(c)
    scale = float((left.abs().max() + right.abs().max()) / 2)
    return left.shape == right.shape and scale > 0 and bool(((left - right).abs().max() <= 1e-3 * scale).item())


class _Activations(TorchFunctionMode):
    """Counts the units of each hidden activation that are dead, or saturated, on all records."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[Tensor, Activation]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "").rstrip("_")
        if name in RECTIFIERS | BOUNDED.keys() and isinstance(result, Tensor) and result.ndim > 1:
            units = result.movedim(1, -1).reshape(-1, result.shape[1])
            dead = int((units == 0).all(0).sum()) if name in RECTIFIERS else 0
            low, high = BOUNDED.get(name, (-math.inf, math.inf))
            edge = 0.01 * (high - low)
            saturated = int((((units - low) < edge) | ((high - units) < edge)).all(0).sum()) if name in BOUNDED else 0
            self.seen.append((result, Activation(name, units.shape[1], dead, saturated)))
        return result

    def hidden(self, output: Tensor) -> list[Activation]:
        """Return what was counted, without the activation whose result the model returned."""
        return [each for result, each in self.seen if result is not output]
