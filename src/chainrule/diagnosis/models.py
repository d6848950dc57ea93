"""The models of a run: how they are made, their parameters, and what becomes of their weights."""

import weakref
from collections.abc import Callable, Mapping
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.utils.weak import WeakIdKeyDictionary

from chainrule.diagnosis.gradients import Gradients
from chainrule.diagnosis.made import Model, Parameter, Part
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.recording import Pass, Place
from chainrule.diagnosis.tensors import digest
from chainrule.diagnosis.watcher import Watcher

SWITCHED = (nn.modules.dropout._DropoutNd, nn.modules.batchnorm._NormBase)
KEPT = 8  # models are kept alive to be looked at after the run


class Models:
    """Knows every module that was made, and every model that was called.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    gradients : Gradients
        Is told the parameters of each model.

    Attributes
    ----------
    kept : dict of int to nn.Module
        The last models that were called, by number.
    paths : dict of int to mapping
        For each model, the dotted path of each of its modules.
    switched : dict of int to list
        For each model, path and weak reference of the modules that work differently in training.
    """

    def __init__(self, watcher: Watcher, gradients: Gradients) -> None:
        self.watcher, self.gradients = watcher, gradients
        self.caller: Callable[[], tuple[int | None, int]] = lambda: (None, 0)  # the model that runs, since when
        self.forget: Callable[[int], None] = lambda number: None  # is told of a model that is kept no longer
        self.kept: dict[int, nn.Module] = {}
        self.paths: dict[int, Any] = {}
        self.switched: dict[int, list[tuple[str, weakref.ref[nn.Module]]]] = {}
        self._made: Any = WeakIdKeyDictionary()
        self._loaded: Any = WeakIdKeyDictionary()
        self._versions: dict[int, tuple[int, ...]] = {}

    def listen(self, patches: Patches) -> None:
        """Begin to listen."""
        patches.wrap(nn.Module, "__init__", self._init)
        patches.wrap(nn.Module, "load_state_dict", self._load)

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
        caller, at = self.caller()
        if caller is not None and not self.gradients.in_backward:
            made = self.watcher.recording.models[caller].made_in_forward.setdefault(type(module).__name__, [])
            made.append((at, place))

    def _load(self, original: Any, module: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(module, *args, **kwargs)
        for part in module.modules():
            self._loaded.setdefault(part, []).append(self.watcher.tick())
        number = self.watcher.number("model", module)
        if number is not None:
            self.watcher.recording.models[number].loads.append(self.watcher.clock)
        return result

    def number(self, module: nn.Module) -> int | None:
        """Return a model's number, and enter it if it is new; None for a module that is no model."""
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
        self.paths[number] = WeakIdKeyDictionary()
        for path, part in module.named_modules():
            self.paths[number][part] = path
        self.switched[number] = [
            (path, weakref.ref(part)) for path, part in module.named_modules() if isinstance(part, SWITCHED)
        ]
        self.kept[number] = module
        if len(self.kept) > KEPT:
            oldest = min(self.kept)
            del self.kept[oldest]
            self.gradients.parameters.pop(oldest, None)
            self.forget(oldest)
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
