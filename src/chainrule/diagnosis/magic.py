"""``%load_ext chainrule`` and the cell magic ``%%diagnose``."""

from typing import Any

from chainrule.diagnosis.run import Run


def load(shell: Any) -> None:
    """Register the magic ``%%diagnose`` with an IPython shell."""

    def diagnose(line: str, cell: str) -> None:
        """Run the cell and report on it; ``%%diagnose 3`` ends each epoch after three batches."""
        run = Run(int(line) if line.strip() else None)
        number = shell.execution_count
        with run:
            name = shell.compile.cache(cell, number)
            run.recording.program.add(name, cell)
            run.recording.program.shown[name] = f"cell [{number}]"
            result = shell.run_cell(cell, store_history=False)
            namespace = shell.user_ns
        if not result.success and run.report is not None:
            run.recording.failure = type(result.error_in_exec or result.error_before_exec).__name__
        shell.user_ns["_run"] = run
        del namespace

    shell.register_magic_function(diagnose, "cell", "diagnose")
