"""``%load_ext chainrule`` and the cell magic ``%%diagnose``."""

from typing import Any

from chainrule.diagnosis.run import Run, display


def load(shell: Any) -> None:
    """Register the magic ``%%diagnose`` with an IPython shell."""

    def diagnose(line: str, cell: str) -> None:
        """Run the cell and report on it; ``%%diagnose 3`` ends each epoch after three batches."""
        run = Run(int(line) if line.strip() else None)
        run.recording.program.name = "this cell"
        with run.listening():
            result = shell.run_cell(cell, store_history=False)
        shell.user_ns["_run"] = run
        display(run.finish(shell.user_ns, result.error_before_exec or result.error_in_exec))

    shell.register_magic_function(diagnose, "cell", "diagnose")
