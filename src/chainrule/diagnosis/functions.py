"""Listening to torch functions: losses, backward passes, comparisons; in a traced batch every operation."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakIdKeyDictionary

from chainrule.diagnosis.gradients import Gradients
from chainrule.diagnosis.recording import Batch
from chainrule.diagnosis.records import LossCall, Op, Reshape
from chainrule.diagnosis.tensors import mean_of, summarise, tensors_in
from chainrule.diagnosis.watcher import Watcher

LOSSES = {name for name in dir(F) if name.endswith("_loss") or "cross_entropy" in name} | {"kl_div"}
EQUAL = {"eq", "__eq__"}
SILENT = {
    "__get__", "__set__", "size", "dim", "item", "numel", "tolist", "numpy", "__len__", "is_floating_point", "stride",
    "is_contiguous", "get_device", "ndimension",
    "requires_grad_", "register_hook", "backward", "__repr__", "__format__",
    "data_ptr", "element_size", "retain_grad", "__hash__", "is_complex", "storage_offset", "__deepcopy__", "__bool__",
}  # fmt: skip
POSITIONS = {
    "softmax": ("dim",), "log_softmax": ("dim",), "argmax": ("dim", "keepdim"), "max": ("dim", "keepdim"),
    "sum": ("dim",),
    "mean": ("dim",),
    "topk": ("k", "dim"), "flatten": ("start_dim", "end_dim"), "norm": ("p", "dim"), "cat": ("dim",),
    "dropout": ("p", "train"), "leaky_relu": ("negative_slope",), "squeeze": ("dim",),
    "unsqueeze": ("dim",), "stack": ("dim",),
}  # fmt: skip
VIEWS = {Tensor.view, Tensor.reshape, torch.reshape}
SHAPES = {"view", "reshape", "permute", "transpose", "expand", "repeat"}
LONGEST_TRACE = 2000


class Functions(TorchFunctionMode):
    """The mode that hears each torch function.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    gradients : Gradients
        Who looks at the gradients around a backward pass.
    """

    def __init__(self, watcher: Watcher, gradients: Gradients) -> None:
        super().__init__()
        self.watcher, self.gradients = watcher, gradients
        self.module: Callable[[], tuple[str | None, str, int | None]] = lambda: (None, "", None)
        self.heard: Callable[[], None] = lambda: None  # is told of losses, comparisons and backward passes
        self.met_nonfinite: Callable[[Batch, LossCall], None] = lambda batch, loss: None
        self._heard: dict[Any, Callable[..., None] | None] = {}
        self._made: Any = WeakIdKeyDictionary()
        self._traced: Batch | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is Tensor.backward:
            self.heard()
            return self.gradients.backward(func, args, kwargs)
        result = func(*args, **kwargs)
        try:
            hear = self._heard[func]
        except KeyError:
            name = getattr(func, "__name__", "")
            hear = self._heard[func] = self._loss if name in LOSSES else self._equal if name in EQUAL else None
        batch = self.watcher.batch
        if batch is not None and batch.traced:
            self.watcher.guard(self._operation, batch, func, args, kwargs, result)
        if hear is None and func in VIEWS and isinstance(result, Tensor):
            before, after = args[0].shape, result.shape
            if before != after and sorted(before) == sorted(after):
                self.watcher.attempt(self._reordered, func, before, after)
        if hear is not None:
            self.heard()
            self.watcher.guard(hear, func, args, kwargs, result)
        return result

    def _reordered(self, func: Any, before: torch.Size, after: torch.Size) -> None:
        place = self.watcher.place()
        known = self.watcher.recording.reshapes
        longer = tuple(size for size in before if size > 1), tuple(size for size in after if size > 1)
        if longer[0] != longer[1] and all(each.place != place for each in known):
            known.append(Reshape(self.watcher.tick(), place, func.__name__, tuple(before), tuple(after)))

    def _operation(self, batch: Batch, func: Any, args: Any, kwargs: Any, result: Any) -> None:
        name = getattr(func, "__name__", "")
        outputs = list(tensors_in(result))
        if name in SILENT or not outputs or len(batch.ops) >= LONGEST_TRACE or (batch.backwards and batch.steps):
            return
        if batch is not self._traced:
            self._traced, self._made = batch, WeakIdKeyDictionary()
        inputs = tuple(self._made.get(tensor, -1) for tensor in tensors_in((args, kwargs)))
        path, class_name, model = self.module()
        plain, arguments = name.strip("_"), _arguments(name.strip("_"), args, kwargs)
        op = Op(plain, self.watcher.tick(), self.watcher.place(), path, class_name, inputs, arguments)
        op.model, op.output = model, summarise(outputs[0])
        for tensor in outputs:
            self._made[tensor] = len(batch.ops)
        batch.ops.append(op)

    def _loss(self, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
        bound = kwargs if len(args) == 2 else _signature(func).bind(*args, **kwargs).arguments
        given = [*args] if len(args) == 2 else [*bound.values()][:2]
        scores, target = given if len(given) == 2 else (None, None)
        if not isinstance(scores, Tensor) or not isinstance(target, Tensor):
            return
        watcher, batch = self.watcher, self.watcher.open_batch()
        plain = {name: value for name, value in bound.items() if isinstance(value, int | float | str | bool)}
        loss = LossCall(
            name=func.__name__,
            at=watcher.tick(),
            place=watcher.place(),
            value=mean_of(result),
            reduction=str(bound.get("reduction", "mean")),
            input_shape=tuple(scores.shape),
            target_shape=tuple(target.shape),
            target_dtype=str(target.dtype).removeprefix("torch."),
            weighted=any(isinstance(bound.get(name), Tensor) for name in ("weight", "pos_weight")),
            arguments=plain,
            of_model=batch.forwards[-1].model if batch.forwards else None,
        )
        if batch.traced:
            loss.input, loss.target = summarise(scores), summarise(target)
            loss.op = len(batch.ops) - 1 if batch.ops and batch.ops[-1].name == loss.name else None
        batch.losses.append(loss)
        self.gradients.penalties.loss = result
        self._labels(batch, loss, scores, target)
        if loss.value - loss.value != 0 and watcher.recording.nonfinite is None:
            self.met_nonfinite(batch, loss)

    def _labels(self, batch: Batch, loss: LossCall, scores: Tensor, target: Tensor) -> None:
        watcher = self.watcher
        if loss.name.startswith("binary_cross_entropy"):
            watcher.threshold = 0.0 if loss.name.endswith("logits") else 0.5
        if loss.name in {"cross_entropy", "nll_loss"} and not target.is_floating_point():
            watcher.compare_with(batch, target)
        elif target.shape == scores.shape and target.ndim == 2 and target.shape[1] > 1 and batch.labels is None:
            if batch.traced and loss.target and loss.target.whole and loss.target.row_sums == (1, 1):
                watcher.compare_with(batch, target.argmax(1))
        elif loss.name.startswith("binary_cross_entropy") and bool((target == target.round()).all()):
            watcher.compare_with(batch, target.long(), sure=False)

    def _equal(self, func: Any, args: Any, kwargs: Any, result: Any) -> None:
        batch = self.watcher.batch
        tensors = [each for each in args if isinstance(each, Tensor) and each.ndim and not each.is_complex()]
        if batch is None or not batch.forwards or len(tensors) != 2 or not isinstance(result, Tensor):
            return None
        batch.matches, batch.compared = int(torch.count_nonzero(result)), tuple(result.shape)
        batch.sides = tuple(tuple(each.shape) for each in tensors)
        scores = self.watcher.scores
        if batch.labels is None and scores is not None and scores.ndim > 1:
            guess = scores.argmax(1).flatten()
            for one, other in (tensors, tensors[::-1]):
                if one.numel() == guess.numel() and bool((one.flatten() == guess).all()):
                    return self.watcher.compare_with(batch, other.reshape(batch.size, -1).squeeze(1).long())
        return None


@cache
def _signature(func: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(func)


def _arguments(name: str, args: Any, kwargs: Any) -> dict[str, Any]:
    plain = {key: value for key, value in kwargs.items() if isinstance(value, int | float | str | bool | tuple)}
    rest = [value for value in args[1:] if not isinstance(value, Tensor)]
    if name in SHAPES:
        sizes = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple | list | torch.Size) else rest
        plain["size"] = tuple(size for size in sizes if isinstance(size, int))
    elif name in POSITIONS:
        plain |= dict(zip(POSITIONS[name], rest, strict=False))
    elif rest and isinstance(rest[0], int | float):
        plain["value"] = rest[0]
    return plain
