"""Running the workers, and the table of what they measured."""

import datetime
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chainrule.bench.peers import PEERS
from chainrule.bench.tasks import TASKS
from chainrule.registry import unknown

LIBRARIES = {
    "torch": "torch",
    "torch-fused": "torch",
    "torch.compile": "torch",
    "jax": "jax",
    "scikit-learn": "sklearn",
}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
OVERRIDES = ("OPENBLAS_CORETYPE", "OPENBLAS_VERBOSE", "MKL_DEBUG_CPU_TYPE", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR")


def bench(tasks: Sequence[str] = (), repeats: int = 15, console: Console | None = None) -> list[dict[str, Any]]:
    """Time the tasks (all, if none is named) with one thread and with all, and print a table of each.

    Parameters
    ----------
    tasks : sequence of str
        Names of `TASKS`.
    repeats : int
        Interleaved repetitions; medians are reported.
    console : rich Console, optional
        Where to print.

    Returns
    -------
    list of dict
        One row for each task and number of threads: the medians, the ratios to chainrule, the share of the peak.
    """
    console = console or Console()
    names = list(tasks) or list(TASKS)
    for name in names:
        if name not in TASKS:
            raise ValueError(unknown("task", name, list(TASKS)))
    here = [name for name in PEERS if name not in LIBRARIES or importlib.util.find_spec(LIBRARIES[name])]
    cores = _cores()
    console.print(f"{platform.processor() or platform.machine()}, {cores} cores, Python {platform.python_version()}")
    rows = []
    for name in names:
        peers = [peer for peer in TASKS[name].peers if peer in here]
        for threads in dict.fromkeys((1, cores)):
            with console.status(f"{name}, {threads} threads: {', '.join(peers)}"):
                found = _worker(name, threads, str(repeats), peers)
            rows.append(row(name, threads, found))
            console.print(_table(rows[-1]))
    if "wide" in names and "torch-fused" in here:
        peaks = {peer: _worker("wide", 1, "memory", [peer])["memory"] for peer in ("chainrule", "torch-fused")}
        console.print("memory for training, wide: " + ", ".join(f"{p} {b / 2**20:.0f} MiB" for p, b in peaks.items()))
    return rows


def write(rows: Sequence[dict[str, Any]], file: Path) -> None:
    """Write measured rows as JSON, with the date, the machine and the versions; the documentation shows them."""
    versions = {name: _version(name) for name in ("numpy", *dict.fromkeys(LIBRARIES.values()))}
    machine = {
        "processor": _processor(),
        "cores": _cores(),
        "system": f"{platform.system()} on {platform.machine()}",
        "Python": platform.python_version(),
    } | {name: version for name, version in versions.items() if version}
    shown = [row | {"what": str(TASKS[row["task"]])} for row in rows]
    written = {"date": datetime.date.today().isoformat(), "machine": machine, "rows": shown}
    file.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def _version(module: str) -> str:
    """Return the version of a library; empty where it is not installed."""
    try:
        return importlib.metadata.version({"sklearn": "scikit-learn"}.get(module, module))
    except importlib.metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _worker(task: str, threads: int, repeats: str, peers: list[str]) -> dict[str, Any]:
    """Run one worker in an environment with this number of threads and no override of the BLAS's own choice."""
    environment = {key: value for key, value in os.environ.items() if key not in OVERRIDES}
    environment |= dict.fromkeys(THREADS, str(threads))
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    command = [sys.executable, "-m", "chainrule.bench.worker", task, repeats, *peers]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the worker of task {task!r} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def row(task: str, threads: int, found: dict[str, Any]) -> dict[str, Any]:
    """Turn a worker's times into medians, ratios (each repetition's, then their median) and shares of the peak."""
    ours, peak = found["times"]["chainrule"], max(found["peak"].values())
    medians = {name: statistics.median(times) for name, times in found["times"].items()}
    ratios = {
        name: statistics.median(b / a for a, b in zip(ours, times, strict=True))
        for name, times in found["times"].items()
    }
    operations = found["operations"]
    shares = {name: operations / median / peak for name, median in medians.items()} if operations else {}
    return {"task": task, "threads": threads, "medians": medians, "ratios": ratios, "shares": shares} | {
        "peak": found["peak"],
        "blas": found["blas"],
    }


def _table(row: dict[str, Any]) -> Table:
    peak = ", ".join(f"{name} {value / 1e9:.0f}" for name, value in row["peak"].items())
    table = Table(
        title=f"{row['task']}: {TASKS[row['task']]}; {row['threads']} thread{'s' * (row['threads'] > 1)}",
        caption=f"sgemm peak, Gflop/s: {peak}. BLAS: {'; '.join(row['blas'])}",
        title_justify="left",
        caption_justify="left",
    )
    for heading in ("", "µs a step", "times chainrule's", "share of sgemm peak"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, median in row["medians"].items():
        table.add_row(
            name,
            f"{median * 1e6:.1f}",
            f"{row['ratios'][name]:.2f}",
            f"{row['shares'][name]:.1%}" if row["shares"] else "",
        )
    return table
