"""Finding the operation that made the first NaN or infinity."""

import copy
import math
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from chainrule.diagnosis.recording import Batch
from chainrule.diagnosis.records import Backward, LossCall, NonFinite, Op
from chainrule.diagnosis.tensors import summarise, tensors_in
from chainrule.diagnosis.watcher import Watcher


class _Finder(TorchFunctionMode):
    """Notes the first operation with finite inputs and a result that is not."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self.watcher = watcher
        self.found: Op | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        outputs = [each for each in tensors_in(result) if each.is_floating_point()]
        if self.found is None and outputs and not bool(outputs[0].isfinite().all()):
            inputs = [each for each in tensors_in(args) if each.is_floating_point()]
            if all(bool(each.isfinite().all()) for each in inputs):
                name, now = getattr(func, "__name__", "").strip("_"), summarise(outputs[0])
                self.found = Op(name, self.watcher.tick(), self.watcher.place(), None, "", (), {}, now)
        return result


def find(
    watcher: Watcher, batch: Batch, loss: LossCall | Backward, call: tuple[nn.Module, tuple[Any, ...]] | None
) -> NonFinite:
    """Return how the first NaN or infinity came about: a copy of the model is run once more on the batch.

    Parameters
    ----------
    watcher : Watcher
        Knows the user's lines.
    batch, loss
        Where it was met.
    call : tuple or None
        The model and the arguments of its last call.
    """
    what = "NaN" if math.isnan(loss.value) else "infinity"
    if call is None:
        return NonFinite(watcher.tick(), loss.place, what, None, True, float("nan"))
    module, args = call
    largest = max((float(p.detach().abs().max()) for p in module.parameters() if p.numel()), default=0.0)
    finite = math.isfinite(largest)
    found: Op | None = None
    if finite:
        finder = _Finder(watcher)
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            twin = copy.deepcopy(module)
            with finder:
                output = twin.forward(*args)
        found = finder.found
        if found is None and all(bool(each.isfinite().all()) for each in tensors_in(output)):
            found = next((op for op in batch.ops if op.output and not op.output.finite), None)
    return NonFinite(watcher.tick(), loss.place, what, found, finite, largest)
