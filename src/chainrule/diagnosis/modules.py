"""Listening to modules: which models there are, and each of their calls."""

import weakref
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.utils.weak import WeakIdKeyDictionary

from chainrule.diagnosis.gradients import Gradients
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.recording import Batch, Pass, Place
from chainrule.diagnosis.records import Forward, Model, Parameter, Part
from chainrule.diagnosis.tensors import digest, fingerprints, summarise, tensors_in
from chainrule.diagnosis.watcher import Watcher

SWITCHED = (nn.modules.dropout._DropoutNd, nn.modules.batchnorm._NormBase)
_HOOKS: tuple[Any, ...] = (
    nn.modules.module._global_forward_pre_hooks,
    nn.modules.module._global_forward_hooks,
    nn.modules.module._global_forward_hooks_always_called,
)
KEPT = 8  # models are kept alive to be looked at after the run
PROBED = 1000, 10_000_000  # so many records, or numbers, are kept for that


class Modules(AbstractContextManager[None]):
    """Watches every module.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    gradients : Gradients
        Is told the parameters of each model.
    """

    def __init__(self, watcher: Watcher, gradients: Gradients) -> None:
        self.watcher, self.gradients = watcher, gradients
        self.kept: dict[int, nn.Module] = {}
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
        self._made: Any = WeakIdKeyDictionary()
        self._loaded: Any = WeakIdKeyDictionary()
        self._paths: dict[int, Any] = {}
        self._switched: dict[int, list[tuple[str, weakref.ref[nn.Module]]]] = {}
        self._versions: dict[int, tuple[int, ...]] = {}
        self._manual: dict[tuple[tuple[str, int], ...], tuple[Pass, set[int]]] = {}

    def listen(self, patches: Patches) -> list[Any]:
        """Begin to listen; return what ends it by its ``remove``."""
        patches.wrap(nn.Module, "__init__", self._init)
        patches.wrap(nn.Module, "load_state_dict", self._load)
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

    def unused(self, weights: Mapping[str, Tensor]) -> Place | Literal[False] | None:
        """Return the line in which the module was made that has these weights and was not called yet; else False."""
        kinds = {type(model) for model in self.kept.values()}
        for module, (place, _) in list(self._made.items()):
            if type(module) not in kinds:
                continue
            named = dict(module.named_parameters())
            if (
                named
                and set(named) <= set(weights)
                and all(
                    weights[name].data_ptr() == p.data_ptr() and self.watcher.number("parameter", p) is None
                    for name, p in named.items()
                )
            ):
                return place if isinstance(place, Place) else None
        return False

    def module(self) -> tuple[str | None, str, int | None]:
        """Return the path and class of the module that runs, and its model's number."""
        if not self._stack or self._root is None:
            return None, "", None
        module = self._stack[-1]
        return self._paths[self._root].get(module, ""), type(module).__name__, self._root

    # ---- how models are made

    def _init(self, original: Any, module: Any, *args: Any, **kwargs: Any) -> None:
        original(module, *args, **kwargs)
        self.watcher.attempt(self._note, module)

    def _note(self, module: nn.Module) -> None:
        place = None
        for frame in self.watcher.frames():
            if frame.f_code.co_name != "__init__":
                place = Place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
                break
        self._made[module] = place, self.watcher.tick()
        if self._root is not None and self._stack and not self.gradients.in_backward:
            made = self.watcher.recording.models[self._root].made_in_forward.setdefault(type(module).__name__, [])
            made.append((self._forward.at if self._forward else 0, place))

    def _load(self, original: Any, module: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(module, *args, **kwargs)
        for part in module.modules():
            self._loaded.setdefault(part, []).append(self.watcher.tick())
        number = self.watcher.number("model", module)
        if number is not None:
            self.watcher.recording.models[number].loads.append(self.watcher.clock)
        return result

    def _model(self, module: nn.Module) -> int | None:
        number = self.watcher.number("model", module)
        if number is not None:
            return number
        if isinstance(module, nn.modules.loss._Loss) or next(module.parameters(), None) is None:
            self.watcher.enter("no model", module)
            return None
        if any(isinstance(p, nn.parameter.UninitializedParameter) for p in module.parameters()):
            return None  # a lazy layer's weights are made in this call
        watcher = self.watcher
        number = watcher.enter("model", module)
        place, at = self._made.get(module, (None, watcher.tick()))
        model = Model(number, type(module).__name__, watcher.name_of(module, innermost=False), at, place)
        watcher.recording.models.append(model)
        named: dict[str, Tensor] = dict(module.named_parameters())
        self.gradients.parameters[number] = named
        owners = dict(module.named_modules())
        model.loads += self._loaded.get(module, [])
        for name, parameter in named.items():
            model.parameters.append(self._parameter(name, parameter, owners.get(name.rpartition(".")[0])))
        for path, part in module.named_modules():
            own = sum(p.numel() for p in part.parameters(recurse=False))
            model.parts.append(Part(path, type(part).__name__, own))
            for name, unseen in _unregistered(part):
                model.hidden[f"{path}.{name}".lstrip(".")] = len(unseen)
                model.hidden_parameters += tuple(self._number(p) for each in unseen for p in each.parameters())
        self._paths[number] = WeakIdKeyDictionary()
        for path, part in module.named_modules():
            self._paths[number][part] = path
        self._switched[number] = [
            (path, weakref.ref(part)) for path, part in module.named_modules() if isinstance(part, SWITCHED)
        ]
        self.kept[number] = module
        if len(self.kept) > KEPT:
            oldest = min(self.kept)
            del self.kept[oldest]
            self.gradients.parameters.pop(oldest, None)
            self.inputs.pop(oldest, None)
        return number

    def _number(self, p: Tensor) -> int:
        number = self.watcher.number("parameter", p)
        return self.watcher.enter("parameter", p) if number is None else number

    def _parameter(self, name: str, p: Tensor, owner: nn.Module | None) -> Parameter:
        number = self._number(p)
        values = p.detach()
        std, mean = torch.std_mean(values.float(), correction=0) if p.numel() else (torch.zeros(()), torch.zeros(()))
        alike = p.ndim > 1 and len(p) > 1 and bool((values == values[:1]).all())
        largest = float(values.abs().max()) if p.numel() else 0.0
        fresh = owner in self._made and owner not in self._loaded
        return Parameter(
            number=number,
            name=name,
            shape=tuple(p.shape),
            requires_grad=p.requires_grad,
            mean=float(mean),
            std=float(std),
            largest=largest,
            identical_rows=alike,
            module_class=type(owner).__name__ if owner is not None else "",
            fresh=fresh,
        )

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
        path = self._paths[self._root].get(module)
        for part in self.watcher.recording.models[self._root].parts:
            if part.name == path:
                part.calls += 1

    def _call(self, module: nn.Module, args: Any) -> None:
        number = self._model(module)
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
            modes={path: part.training for path, ref in self._switched[number] if (part := ref()) is not None},
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
        self.note_weights(number)
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

    def note_weights(self, number: int) -> None:
        """Note the digest of a model's weights if they may have changed."""
        module = self.kept.get(number)
        if module is None:
            return
        watcher = self.watcher
        digests = watcher.recording.models[number].digests
        current = watcher.current
        if digests and current is not None and digests[-1][0] > current.at and watcher.batch is not None:
            return  # once at the start of a pass; `left` sees to its end
        self._digest(number, module)

    def left(self, each: Pass) -> None:
        """Note the weights of a pass's models when it is left."""
        for number in each.models:
            if number in self.kept:
                self._digest(number, self.kept[number])

    def _digest(self, number: int, module: nn.Module) -> None:
        model = self.watcher.recording.models[number]
        parameters = list(module.parameters())
        versions = tuple(p._version for p in parameters) + tuple(p.data_ptr() for p in parameters)
        if versions == self._versions.get(number) and model.digests:
            model.digests.append((self.watcher.tick(), model.digests[-1][1]))
            return
        self._versions[number] = versions
        model.digests.append((self.watcher.tick(), digest(parameters)))


def _unregistered(module: nn.Module) -> list[tuple[str, list[nn.Module]]]:
    found = []
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        values = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(values, list | tuple):
            continue
        registered = set(map(id, module.modules()))
        unseen = [each for each in values if isinstance(each, nn.Module) and id(each) not in registered]
        unseen = [each for each in unseen if any(p.requires_grad for p in each.parameters())]
        if unseen:
            found.append((name, unseen))
    return found
