"""Training with several processes, on one machine or many, as torchrun starts them: each has a share of each batch.

What PyTorch's DistributedDataParallel adds to a training step is one operation, the all-reduce: every process has the
gradient of its own records, and gets the mean over all processes. A process with n of the batch's N records multiplies
its mean loss by n·P/N, where P is the number of processes; the mean of P such gradients is the sum over all N records
divided by N: the very gradient that one process has for the whole batch, even where N can't be divided by P.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class World:
    """The processes that train together; this one is number ``rank`` of ``size``, and number 0 writes the files."""

    rank: int = 0
    size: int = 1

    def share(self, rows: Tensor) -> Tensor:
        """Return this process's part of a batch; every row is in exactly one part."""
        return rows[self.rank :: self.size]

    def sum(self, *values: float) -> list[float]:
        """Return the sums of the numbers over all processes, the same bits everywhere."""
        if self.size == 1:
            return list(values)
        total = torch.tensor(values, dtype=torch.float64, device=self._device())
        dist.all_reduce(total)
        return [float(value) for value in total]

    def same(self, value: Any) -> Any:
        """Return what process 0 has."""
        if self.size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, device=self._device())
        return box[0]

    def wrap(self, module: torch.nn.Module, where: torch.device) -> torch.nn.Module:
        """Return the module with its gradients averaged over the processes; its first weights are process 0's."""
        if self.size == 1:
            return module
        return DistributedDataParallel(module, device_ids=[where] if where.type == "cuda" else None)

    def _device(self) -> torch.device:
        """Return where the backend wants what it sends: NCCL on the GPU."""
        cuda = dist.get_backend() == "nccl"
        return torch.device("cuda", torch.cuda.current_device()) if cuda else torch.device("cpu")


@contextmanager
def world(device: str) -> Iterator[World]:
    """Meet the other processes that torchrun started, and part from them at the end; alone if there are none.

    Parameters
    ----------
    device : str
        With ``"cuda"`` every process takes a GPU of its own, and they talk through NCCL; else through gloo.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield World()
        return
    if device == "cuda":
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    dist.init_process_group("nccl" if device == "cuda" else "gloo", timeout=timedelta(minutes=30))
    try:
        yield World(dist.get_rank(), size)
    finally:
        gc.collect()  # a model that still waits for its end would use the group that is gone
        dist.destroy_process_group()
