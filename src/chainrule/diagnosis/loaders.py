"""Listening to DataLoaders: which records come, in which order, and when a pass is over."""

import weakref
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from torch.utils.data import ConcatDataset, DataLoader, RandomSampler, SequentialSampler, Subset
from torch.utils.data.dataloader import (
    _BaseDataLoaderIter,
    _MultiProcessingDataLoaderIter,
    _SingleProcessDataLoaderIter,
)

from chainrule.diagnosis.made import Dataset, Loader
from chainrule.diagnosis.modes import Quiet
from chainrule.diagnosis.patching import Patches
from chainrule.diagnosis.recording import Batch, Pass, Place
from chainrule.diagnosis.tensors import digest, summarise, tensors_in
from chainrule.diagnosis.watcher import Watcher


class Loaders:
    """Watches every iterator of a DataLoader.

    Parameters
    ----------
    watcher : Watcher
        What it tells.
    quiet : Quiet
        Stops the listening to torch functions while a batch is being fetched.
    deaf : context manager
        Stops the listening to modules.
    cut : int or None
        After so many batches a pass is ended.
    """

    def __init__(self, watcher: Watcher, quiet: Quiet, deaf: AbstractContextManager[None], cut: int | None) -> None:
        self.watcher, self.quiet, self.deaf, self.cut = watcher, quiet, deaf, cut
        self._loaders: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._places: weakref.WeakKeyDictionary[Any, Place | None] = weakref.WeakKeyDictionary()
        self._passes: weakref.WeakKeyDictionary[Any, Pass] = weakref.WeakKeyDictionary()
        self._indices: weakref.WeakKeyDictionary[Any, list[Any]] = weakref.WeakKeyDictionary()
        self._source: weakref.ref[Any] | None = None
        self._seen: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._all_names: dict[int, tuple[str, ...]] = {}
        self._contents: dict[tuple[str, int | None, str], int] = {}

    def listen(self, patches: Patches) -> None:
        """Begin to listen."""
        for kind in (_SingleProcessDataLoaderIter, _MultiProcessingDataLoaderIter):
            patches.wrap(kind, "_next_data", self._next_data)
        patches.wrap(_BaseDataLoaderIter, "__next__", self._next)
        patches.wrap(_BaseDataLoaderIter, "_next_index", self._next_index)
        patches.wrap(_BaseDataLoaderIter, "__init__", self._init)
        patches.wrap(DataLoader, "__init__", self._made)
        patches.wrap(_BaseDataLoaderIter, "_reset", self._reset)

    @property
    def looping(self) -> bool:
        """Whether the loop over the open pass's loader may still be running (its iterator is alive)."""
        return self._source is not None and self._source() is not None

    def times(self, loader: int) -> int:
        """Return how many passes over a loader have begun."""
        return self._seen.get(loader, 0)

    def _init(self, original: Any, iterator: Any, loader: Any, *args: Any, **kwargs: Any) -> None:
        self.watcher.attempt(self._begun, iterator, loader)
        original(iterator, loader, *args, **kwargs)

    def _begun(self, iterator: Any, loader: Any) -> None:
        number = self._loaders[iterator] = self._loader(loader)
        self._names[number] = self.watcher.name_of(loader) or self.watcher.recording.loaders[number].name
        self._all_names[number] = self.watcher.names_of(loader)

    def _made(self, original: Any, loader: Any, *args: Any, **kwargs: Any) -> None:
        place = self._places[loader] = self.watcher.place()
        original(loader, *args, **kwargs)
        self.watcher.attempt(self._note_lengths, loader, place)

    def _note_lengths(self, loader: Any, place: Place | None) -> None:
        lengths = _length(loader), _length(loader.dataset)
        self.watcher.recording.loader_lengths.append((place, *lengths))

    def _reset(self, original: Any, iterator: Any, *args: Any, **kwargs: Any) -> None:
        self._passes.pop(iterator, None)
        self._indices.pop(iterator, None)
        original(iterator, *args, **kwargs)

    def _next_index(self, original: Any, iterator: Any) -> Any:
        index = original(iterator)
        self._indices.setdefault(iterator, []).append(index)
        return index

    def _next_data(self, original: Any, iterator: Any) -> Any:
        begun = self._passes.get(iterator)
        if self.cut and begun and len(begun.batches) >= self.cut:
            self.watcher.attempt(self._over, iterator, complete=False)
            raise StopIteration
        try:
            data = original(iterator)
        except StopIteration:
            self.watcher.guard(self._over, iterator, complete=True)
            raise
        self.watcher.guard(self._fetched, iterator, data)
        return data

    def _next(self, original: Any, iterator: Any) -> Any:
        with self.quiet, self.deaf:
            return original(iterator)

    def _over(self, iterator: Any, complete: bool) -> None:
        each = self._passes.get(iterator)
        if each:
            self.watcher.resume(each)
            self.watcher.end_pass(each, complete)
            self._passes.pop(iterator)

    def _fetched(self, iterator: Any, data: Any) -> None:
        each = self._passes.get(iterator)
        if each is None:
            number = self._loaders[iterator]
            each = self.watcher.begin_pass(self.watcher.place(), number)
            each.loader_name, each.names = self._names.get(number, ""), self._all_names.get(number, ())
            self._passes[iterator] = each
            self._seen[number] = self._seen.get(number, 0) + 1
        self._source = weakref.ref(iterator)
        self.watcher.resume(each)
        parts = list(tensors_in(data))
        size = next((part.shape[0] for part in parts if part.ndim), 0)
        batch = self.watcher.begin_batch(size, traces(len(each.batches), self._seen[each.loader or 0]))
        if batch.traced:
            batch.data = [summarise(part) for part in parts[:8]]
        self._labels(batch, parts)
        pending = self._indices.get(iterator)
        self._note_indices(each, batch, pending.pop(0) if pending else None)

    def _labels(self, batch: Batch, parts: list[Any]) -> None:
        for part in reversed(parts[1:]):
            whole = part.long() if part.is_floating_point() and part.numel() == batch.size else part
            if part.is_floating_point() and not bool((whole == part).all()):
                continue
            self.watcher.compare_with(batch, whole, sure=False)
            if batch.labels is not None:
                return

    def _note_indices(self, each: Pass, batch: Batch, index: Any) -> None:
        dataset = self.watcher.recording.dataset_of(each)
        if index is None or dataset is None or not isinstance(index, list | tuple | np.ndarray):
            return
        indices = np.asarray(index)
        if indices.dtype.kind not in "iu" or indices.ndim != 1:
            return
        batch.indices = indices.astype(np.int64) if dataset.rows is None else dataset.rows[indices]

    def _loader(self, loader: DataLoader[Any]) -> int:
        number = self.watcher.number("loader", loader)
        if number is not None:
            return number
        watcher, sampler = self.watcher, loader.sampler
        number = watcher.enter("loader", loader)
        name = watcher.name_of(loader, innermost=False)
        dataset = self._dataset(loader.dataset, watcher.name_of(loader.dataset, innermost=False))
        fixed = isinstance(sampler, SequentialSampler) and type(loader.batch_sampler).__name__ in {
            "BatchSampler",
            "NoneType",
        }
        watcher.recording.loaders.append(
            Loader(
                number=number,
                name=name,
                at=watcher.tick(),
                place=self._places.get(loader),
                dataset=dataset,
                batch_size=loader.batch_size,
                length=_length(loader),
                shuffled=not fixed,
                sampler=type(sampler).__name__ if not isinstance(sampler, RandomSampler) else "RandomSampler",
                drop_last=loader.drop_last,
            )
        )
        return number

    def _dataset(self, dataset: Any, name: str = "") -> int:
        number = self.watcher.number("dataset", dataset)
        if number is not None:
            return number
        number = self.watcher.enter("dataset", dataset)
        entry = Dataset(number, type(dataset).__name__, name, _length(dataset), number)
        self.watcher.recording.datasets.append(entry)
        entry.train = dataset.train if isinstance(getattr(dataset, "train", None), bool) else None
        if isinstance(dataset, Subset) and not isinstance(dataset.dataset, ConcatDataset):
            below = self.watcher.recording.datasets[
                self._dataset(dataset.dataset, self.watcher.name_of(dataset.dataset, innermost=False))
            ]
            rows = np.asarray(dataset.indices, dtype=np.int64)
            entry.base, entry.train = below.base, below.train
            entry.rows = rows if below.rows is None else below.rows[rows]
            entry.transform = below.transform
            return number
        entry.transform = repr(dataset.transform) if getattr(dataset, "transform", None) is not None else ""
        if held := _held(dataset):
            entry.base = self._contents.setdefault((entry.class_name, entry.length, held), number)
        return number


def _held(dataset: Any) -> str:
    """Return a digest of the records that a dataset holds in arrays; empty where it holds none."""
    values = getattr(dataset, "__dict__", {}).values()
    values = [value for value in values if isinstance(value, torch.Tensor | np.ndarray | tuple)]
    tensors = list(tensors_in([torch.from_numpy(v) if _numeric(v) else v for v in values]))
    return digest(tensors) if tensors else ""


def _numeric(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiub" and value.dtype.itemsize <= 8


def _length(thing: Any) -> int | None:
    try:
        return len(thing)
    except TypeError:  # an iterable dataset has no length
        return None


def traces(index: int, times: int) -> bool:
    """Whether the batch with this index is traced, in the pass that runs for the ``times``-th time."""
    if times == 1:
        return index < 2 or index % 100 == 50
    return index == 0 and (times == 2 or times % 5 == 0)
