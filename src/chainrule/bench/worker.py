"""One process of a benchmark: ``python -m chainrule.bench.worker TASK REPEATS PEER…`` prints its figures as JSON.

The number of threads is set by its environment, before any library is loaded: libraries read it only once.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.bench.peers import PEERS
from chainrule.bench.tasks import TASKS


def seconds(run: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def sgemm_peak(repeats: int) -> dict[str, float]:
    """Return the best measured float32 matrix product of each BLAS in this process, in operations a second."""
    n = 1024
    a, b = np.random.default_rng(0).random((2, n, n), dtype=np.float32)  # not a @ a.T: half of that is never computed
    products: dict[str, Callable[[], object]] = {"NumPy": lambda: a @ b}
    if "torch" in sys.modules:
        import torch

        c, d = torch.from_numpy(a), torch.from_numpy(b)
        products["PyTorch"] = lambda: c @ d
    return {name: 2 * n**3 / min(seconds(run) for _ in range(repeats)) for name, run in products.items()}


def blas() -> list[str]:
    """Say which libraries did the arithmetic, and with which kernel."""
    from threadpoolctl import threadpool_info

    return [
        f"{lib['internal_api']} {lib['version']} ({lib.get('architecture', 'no kernel named')})"
        for lib in threadpool_info()
        if lib["user_api"] == "blas"
    ]


def measure(task_name: str, repeats: int, peers: list[str]) -> dict[str, Any]:
    """Time all peers in turn, again and again, so that a slow moment of the machine meets them all."""
    task = TASKS[task_name]
    records = task.records()
    epochs = {name: PEERS[name](task, records) for name in peers}
    for epoch in epochs.values():
        epoch()  # compiles, and fills caches
    times: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(repeats):
        for name, epoch in epochs.items():
            times[name].append(seconds(epoch) / task.steps)
    return {"times": times, "peak": sgemm_peak(10), "blas": blas(), "operations": task.operations()}


def memory(task_name: str, peer: str) -> float:
    """Return by how many bytes training raises this process's peak memory above what the records and libraries take."""
    import resource

    task = TASKS[task_name]
    records = task.records()
    PEERS[peer](TASKS["tiny"], TASKS["tiny"].records())()  # loads the library, and whatever it sets up once
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    epoch = PEERS[peer](task, records)
    for _ in range(3):
        epoch()
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit


if __name__ == "__main__":
    name, repeats, *names = sys.argv[1:]
    found = {"memory": memory(name, names[0])} if repeats == "memory" else measure(name, int(repeats), names)
    print(json.dumps(found))
