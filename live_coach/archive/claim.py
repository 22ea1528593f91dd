"""Which conversations are being recorded at this moment: a lock that dies with its process."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

_SUFFIX = ".running"


class Claim:
    """The right to write one conversation, held until it is released or the process dies.

    SQLite's own lock on an empty file: it works alike on every platform, and unlike a process
    number it cannot be mistaken for another process's.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def release(self) -> None:
        """Give the right back. Doing it twice does no harm."""
        self._connection.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def take(directory: Path, session: str) -> Claim | None:
    """Claim a conversation; None when a living process has it. Raises OSError, sqlite3.Error."""
    path = directory / f"{session}{_SUFFIX}"
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return None
        raise
    return Claim(connection, path)


def left_behind(directory: Path) -> set[str]:
    """The conversations that are claimed, by a living process or a dead one."""
    return {path.name.removesuffix(_SUFFIX) for path in directory.glob(f"*{_SUFFIX}")}
