"""``%load_ext chainrule`` and the cell magic ``%%diagnose``."""

from typing import Any

from chainrule.diagnosis.run import Run, display


def load(shell: Any) -> None:
    """Register the magic ``%%diagnose`` with an IPython shell."""

    def diagnose(line: str, cell: str) -> None:
        """Run the cell and report on it; ``%%diagnose 3`` ends each epoch after three batches."""
        run = Run(int(line) if line.strip() else None)
        run.recording.program.name = "this cell"
        names: dict[str, int] = getattr(shell.compile, "_filename_map", {})
        before = set(names)
        with run.listening():
            result = shell.run_cell(f"# %%diagnose\n{cell}", store_history=False)  # lines count as the user sees them
        for name in set(names) - before:
            names[name] = len(shell.user_ns["In"]) - 1  # the number of the cell that the user sees
        shell.user_ns["_run"] = run
        display(run.finish(shell.user_ns, result.error_before_exec or result.error_in_exec))

    shell.register_magic_function(diagnose, "cell", "diagnose")
