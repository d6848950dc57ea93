"""Where a sweep's workers meet: a journal file, or a database that several machines reach."""

import json
import os
from pathlib import Path
from typing import Any

import optuna
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

from chainrule.experiments.config import ConfigError

PING = {"pool_pre_ping": True}  # a connection that a server has closed is opened anew


class Journal(JournalFileBackend):
    """Optuna's journal in a file, which takes off a line that a killed worker or a full disk left half-written."""

    def __init__(self, path: Path) -> None:
        # Absolute, and not the default kind of lock: that one is never given up when its holder was killed.
        self._path, self._guard = path.absolute(), JournalFileOpenLock(str(path.absolute()), grace_period=10)
        if self._path.exists() and self._path.read_bytes()[:2] not in (b"", b'{"'):
            raise ValueError("it is no journal of Optuna's")
        super().__init__(str(self._path), lock_obj=self._guard)

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Write the lines at the file's end, whole."""
        lines = "".join(json.dumps(log, separators=(",", ":")) + "\n" for log in logs)
        self._guard.acquire()
        try:
            with self._path.open("r+b") as file:
                content_end = file.seek(0, os.SEEK_END)
                start = max(0, content_end - 2**16)
                file.seek(start)
                file.seek(start + file.read().rfind(b"\n") + 1)
                file.truncate()
                file.write(lines.encode())
                file.flush()
                os.fsync(file.fileno())
        finally:
            self._guard.release()


def open_storage(where: str) -> BaseStorage:
    """Open a journal file, or a database by its URL.

    Raises
    ------
    ConfigError
        If it can't be opened.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        journal = "://" not in where
        storage = JournalStorage(Journal(Path(where))) if journal else RDBStorage(where, engine_kwargs=PING)
        storage.get_all_studies()
        return storage
    except OSError:
        raise
    except Exception as error:  # which errors a database's driver has, depends on the driver
        raise ConfigError(f"the storage {where} can't be read: {str(error).splitlines()[0]}") from error
