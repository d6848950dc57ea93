"""Executing one notebook, headless, in a kernel of this very Python."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import IO, Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

STARTUP_SECONDS = 120
WIDGET = "application/vnd.jupyter.widget-view+json"


class CellError(Exception):
    """A cell raised, or the kernel died in it; the message names the cell and the error."""


class _ThisPython(AsyncKernelManager):
    """Kernels of the Python that runs us, whatever kernels are installed under whatever names."""

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


async def execute(notebook: Any, environment: Mapping[str, str], on_cell: Callable[[int], None]) -> None:
    """Execute the notebook's code cells from first to last; the outputs are put into ``notebook``.

    Parameters
    ----------
    notebook : NotebookNode
        Outputs it already has are removed first, so what it holds afterwards is from this run.
    environment : mapping of str to str
        Environment variables that the kernel gets on top of ours.
    on_cell : callable
        Called with the number of code cells done, after each.

    Raises
    ------
    CellError
        If a cell raises. The outputs up to and with that cell are kept.
    """
    cells = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for _, cell in cells:
        cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory(prefix="chainrule-") as folder:
        log = Path(folder, "kernel.log")
        with log.open("wb") as stream:
            async with _client(notebook, Path(folder), environment, stream) as client:
                for number, (index, cell) in enumerate(cells, 1):
                    await _execute_cell(client, cell, index, number, log)
                    on_cell(number)


async def _execute_cell(client: NotebookClient, cell: Any, index: int, number: int, log: Path) -> None:
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    try:
        await client.async_execute_cell(cell, index, execution_count=number)
    except CellExecutionError as error:
        what = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
        raise CellError(f"code cell {number} ({first}) raised {what}") from error
    except DeadKernelError as error:
        # nbclient also says so when it was us who cancelled it
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError from error
        last_words = log.read_text(errors="replace").strip()[-500:]
        raise CellError(f"the kernel died in code cell {number} ({first}). {last_words}".rstrip()) from error
    finally:
        _settle_widgets(client, cell)


@asynccontextmanager
async def _client(
    notebook: Any, folder: Path, environment: Mapping[str, str], stream: IO[bytes]
) -> AsyncIterator[NotebookClient]:
    """Start a kernel in ``folder``, and leave none behind, however the block ends."""
    manager = _manager(folder)
    client = NotebookClient(
        notebook, km=manager, timeout=None, coalesce_streams=True, record_timing=False, startup_timeout=STARTUP_SECONDS
    )
    client.reset_execution_trackers()
    env = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    env.update(environment, IPYTHONDIR=str(folder / "ipython"), CHAINRULE_JOURNAL=str(folder / "journal.json"))
    try:
        await manager.start_kernel(cwd=str(folder), env=env, stdout=stream, stderr=stream)
        await client.async_start_new_kernel_client()
        yield client
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)


def _manager(folder: Path) -> AsyncKernelManager:
    """Return a manager whose kernel is reached through files in ``folder``, or through ports on Windows."""
    connection = str(folder / "kernel.json")
    if os.name == "posix":
        return _ThisPython(transport="ipc", ip=str(folder / "k"), connection_file=connection)
    return _ThisPython(connection_file=connection)


def _settle_widgets(client: NotebookClient, cell: Any) -> None:
    """Replace each widget in a cell's outputs by the text it showed last: a file has no kernel to draw it."""
    for output in cell.outputs:
        view = output.get("data", {}).pop(WIDGET, None)
        if view is not None:
            output.data["text/plain"] = _widget_text(client.widget_state, view["model_id"])


def _widget_text(states: Mapping[str, Any], model: str) -> str:
    state = states.get(model, {})
    parts = [_widget_text(states, child.removeprefix("IPY_MODEL_")) for child in state.get("children", ())]
    if state.get("_model_name") == "HTMLModel":
        parts.append(" ".join(unescape(str(state.get("value", ""))).split()))
    return " ".join(part for part in parts if part)
