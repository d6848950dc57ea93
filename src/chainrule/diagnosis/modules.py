"""Listening to the calls of models."""

from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from chainrule.diagnosis.gradients import Gradients
from chainrule.diagnosis.models import Models
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.recording import Batch, Pass
from chainrule.diagnosis.records import Forward
from chainrule.diagnosis.tensors import fingerprints, summarise, tensors_in
from chainrule.diagnosis.watcher import Watcher

_HOOKS: tuple[Any, ...] = (
    nn.modules.module._global_forward_pre_hooks,
    nn.modules.module._global_forward_hooks,
    nn.modules.module._global_forward_hooks_always_called,
)
PROBED = 1000, 10_000_000  # so many records, or numbers, are kept for that


class Modules(AbstractContextManager[None]):
    """Watches every call of a module.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    gradients : Gradients
        Is told the parameters of each model.
    """

    def __init__(self, watcher: Watcher, gradients: Gradients) -> None:
        self.watcher, self.gradients = watcher, gradients
        self.models = Models(watcher, gradients)
        self.models.caller, self.models.forget = self._caller, self._forget
        self.inputs: dict[int, list[Tensor]] = {}  # records that a model was given, for the probe
        self.loops: Any = None  # the Loaders
        self.last_call: tuple[nn.Module, tuple[Any, ...]] | None = None
        self._stack: list[nn.Module] = []
        self._handles: list[Any] = []
        self._full: set[int] = set()
        self._aside: list[tuple[dict[int, Any], int, Any]] = []
        self.silent = False  # whether torch functions are not listened to until the model's call is over
        self.heard: set[int] = set()  # models within which a loss, a comparison or a backward pass was heard
        self._traced: set[int] = set()  # models whose operations were traced
        self._root: int | None = None
        self._forward: Forward | None = None
        self._manual: dict[tuple[tuple[str, int], ...], tuple[Pass, set[int]]] = {}

    def listen(self, patches: Patches) -> list[Any]:
        """Begin to listen; return what ends it by its ``remove``."""
        self.models.listen(patches)
        self._hear()
        return [self]

    def _hear(self) -> None:
        self._handles = [
            register_module_forward_pre_hook(self._before),
            register_module_forward_hook(self._after, always_call=True),
        ]

    def remove(self) -> None:
        """Stop listening."""
        while self._handles:
            self._handles.pop().remove()

    def __enter__(self) -> None:
        """Don't listen for a while: a dataset's transforms are modules, too, one call for each record."""
        ours = [handle.id for handle in self._handles]
        self._aside = [(hooks, each, hooks.pop(each)) for hooks in _HOOKS for each in ours if each in hooks]

    def __exit__(self, *_: Any) -> None:
        """Listen again."""
        while self._aside:
            hooks, each, hook = self._aside.pop()
            hooks[each] = hook

    def note_heard(self) -> None:
        """Note that a loss, a comparison or a backward pass was heard: within a model, perhaps."""
        if self._root is not None:
            self.heard.add(self._root)

    def _caller(self) -> tuple[int | None, int]:
        return self._root if self._stack else None, self._forward.at if self._forward else 0

    def _forget(self, number: int) -> None:
        self.inputs.pop(number, None)

    def module(self) -> tuple[str | None, str, int | None]:
        """Return the path and class of the module that runs, and its model's number."""
        if not self._stack or self._root is None:
            return None, "", None
        module = self._stack[-1]
        return self.models.paths[self._root].get(module, ""), type(module).__name__, self._root

    # ---- how they are called

    def _before(self, module: nn.Module, args: Any) -> None:
        if self.gradients.in_backward:
            return  # checkpointing runs parts of the model again
        self._stack.append(module)
        if self._root is None:
            if self.watcher.number("no model", module) is None:
                self.watcher.attempt(self._call, module, args)
                if self.silent:  # an operation of a model that calls no loss by itself is of no interest now
                    self.watcher.quiet.__enter__()
        elif self._forward is not None and self.watcher.batch is not None and self.watcher.batch.traced:
            self.watcher.attempt(self._count, module)

    def _count(self, module: nn.Module) -> None:
        assert self._root is not None
        path = self.models.paths[self._root].get(module)
        for part in self.watcher.recording.models[self._root].parts:
            if part.name == path:
                part.calls += 1

    def _call(self, module: nn.Module, args: Any) -> None:
        number = self.models.number(module)
        given = next(tensors_in(args), None)
        if number is None or (given is not None and torch._C._functorch.is_functorch_wrapped_tensor(given)):
            return
        watcher = self.watcher
        size = len(given) if given is not None and given.ndim else 0
        marks = self._open(number, given, size)
        batch = watcher.open_batch()
        forward = Forward(
            model=number,
            at=watcher.tick(),
            place=watcher.place(),
            training=module.training,
            modes={path: part.training for path, ref in self.models.switched[number] if (part := ref()) is not None},
            grad_enabled=torch.is_grad_enabled(),
            input_shape=tuple(given.shape) if given is not None else (),
        )
        if given is not None and batch.traced:
            forward.input = summarise(given)
        known = batch.fingerprints is not None or batch.forwards or not self._fingerprinted(batch)
        if given is not None and given.ndim and not known:
            batch.fingerprints = marks if marks is not None else fingerprints(given)
        batch.forwards.append(forward)
        self._root, self._forward, self.last_call = number, forward, (module, args)
        self._keep(number, args, given)
        self.models.note_weights(number)
        self.silent = number in self._traced and number not in self.heard and not batch.traced
        if batch.traced:
            self._traced.add(number)

    def _fingerprinted(self, batch: Batch) -> bool:
        """Whether a batch's records are fingerprinted: all in the first pass over a loader, then the first batch."""
        current = self.watcher.current
        return batch.traced or current is None or current.loader is None or self.loops.times(current.loader) == 1

    def _open(self, number: int, given: Tensor | None, size: int) -> Any:
        """Open a batch by hand where the call doesn't belong to the one that is open; return known fingerprints."""
        watcher, batch = self.watcher, self.watcher.batch
        current = watcher.current
        if batch is not None and current is not None and current.loader is not None:
            if self.loops.looping or size in {0, batch.size}:
                return None
        elif batch is not None and not batch.backwards and not batch.steps:
            others = {forward.model for forward in batch.forwards}
            if number not in others and (size == batch.size or (given is not None and given.grad_fn is not None)):
                return None
        calls = watcher.calls()
        marks = fingerprints(given) if given is not None and given.ndim else None
        rows = set() if marks is None else set(marks.tolist())
        each, seen = self._manual.get(calls, (None, set()))
        if each is None or 2 * len(rows & seen) > len(rows):
            each, seen = watcher.begin_pass(watcher.place()), set()
            self._manual[calls] = each, seen
        watcher.resume(each)
        seen |= rows
        watcher.begin_batch(size, traced=len(each.batches) < 2 and (each.number < 6 or each.number % 50 == 0))
        return marks

    def _keep(self, number: int, args: Any, given: Tensor | None) -> None:
        kept = self.inputs.setdefault(number, [])
        if number in self._full or given is None or len(args) != 1 or args[0] is not given or not given.ndim:
            return
        records = sum(len(x) for x in kept)
        if records >= PROBED[0] or sum(x.numel() for x in kept) + given.numel() > PROBED[1]:
            self._full.add(number)
        elif torch.is_grad_enabled():
            kept.append(given.detach()[: PROBED[0] - records].clone())

    def _after(self, module: nn.Module, args: Any, output: Any) -> None:
        if self.gradients.in_backward or not self._stack:
            return
        self._stack.pop()
        if self._stack:
            return
        if self.silent:
            self.silent = False
            self.watcher.quiet.__exit__(None, None, None)
        if self._forward is None:
            self._root = None
            return
        self.watcher.attempt(self._returned, output)
        self._root, self._forward = None, None

    def _returned(self, output: Any) -> None:
        forward, batch = self._forward, self.watcher.open_batch()
        assert forward is not None
        result = next(tensors_in(output), None)
        if result is None and hasattr(output, "logits"):
            result = output.logits
        if result is None:
            return
        forward.output_shape = tuple(result.shape)
        if batch.traced:
            forward.output = summarise(result)
        self.watcher.scored(batch, result)
