"""Where rows wait while the database cannot take them: JSON lines beside it, replayed later.

It holds the very rows that were meant for the archive, so nothing that the archive may not hold.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from live_coach.archive.database import transaction
from live_coach.archive.statements import STATEMENTS, Row, write

_SUFFIX = ".journal.jsonl"
_RESERVE_SUFFIX = ".reserve"
_RESERVE_BYTES = 4 << 20
"""Room on the disk set aside for the journal, enough for an hour: two rows a second, 500 bytes each."""


class Journal:
    """The journal of one conversation. Any thread may append."""

    def __init__(self, directory: Path, opening: Row) -> None:
        session = opening.values["id"]
        self._path = directory / f"{session}{_SUFFIX}"
        self._taken = directory / f"{session}.taken{_SUFFIX}"
        self._reserve = directory / f"{session}{_RESERVE_SUFFIX}"
        self._opening = opening
        self._lock = threading.Lock()

    def set_room_aside(self) -> None:
        """Occupy the disk space that a journal will need if the disk fills up. Raises OSError."""
        descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            left = _RESERVE_BYTES
            while left:
                left -= os.write(descriptor, bytes(left))
        except OSError:
            self._reserve.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows; they outlive the process from then on.

        Raises OSError when there is no room even with what was set aside: none of them counts then.
        """
        with self._lock:
            try:
                self._append(rows)
            except OSError:
                self._reserve.unlink(missing_ok=True)
                self._append(rows)

    def replay(self, connection: sqlite3.Connection) -> None:
        """Write everything into the database and forget it; others may append meanwhile.

        Raises sqlite3.Error or OSError, and keeps everything then.
        """
        while self._take():
            replay(connection, self._taken)
            self._taken.unlink()

    def give_room_back(self) -> None:
        """The conversation is over: free the space that was set aside."""
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _take(self) -> bool:
        if self._taken.exists():
            return True
        with self._lock:
            if not self._path.exists():
                return False
            self._path.rename(self._taken)
        return True

    def _append(self, rows: Sequence[Row]) -> None:
        _append(self._path, rows, self._opening)


def leave(directory: Path, session: str, rows: Sequence[Row]) -> None:
    """Add rows about a conversation that is over and in the archive, for the next start. Raises OSError."""
    _append(directory / f"{session}{_SUFFIX}", rows)


def _append(path: Path, rows: Sequence[Row], *opening: Row) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if file.tell() == 0:
            rows = [*opening, *rows]
        # A line that was cut short before must not swallow the next one.
        text = "\n" + "\n".join(json.dumps(row) for row in rows) + "\n"
        file.write(text.encode())


def replay(connection: sqlite3.Connection, path: Path) -> int:
    """Write a journal's rows in one transaction; give the number of lines that made no sense.

    Rows that are in the archive already change nothing. Raises sqlite3.Error, OSError.
    """
    senseless = 0
    with transaction(connection):
        for row in _read(path):
            try:
                if row is None:
                    senseless += 1
                else:
                    write(connection, [row])
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                senseless += 1
    return senseless


def left_behind(directory: Path, session: str = "*") -> list[Path]:
    """The journals of a conversation, or of all, in a directory."""
    return sorted(
        {*directory.glob(f"{session}{_SUFFIX}"), *directory.glob(f"{session}.taken{_SUFFIX}")}
    )


def session_of(journal: Path) -> str:
    """The id of the conversation that a journal belongs to."""
    return journal.name.removesuffix(_SUFFIX).removesuffix(".taken")


def remove(directory: Path, session: str) -> None:
    """Remove what the journal of a conversation left in the directory. Raises OSError."""
    for path in (*left_behind(directory, session), directory / f"{session}{_RESERVE_SUFFIX}"):
        path.unlink(missing_ok=True)


def _read(path: Path) -> Iterator[Row | None]:
    """The rows of a journal; None for a line that was cut short or is not a row."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line:
            continue
        try:
            name, values = json.loads(line)
        except ValueError:
            yield None
            continue
        fits = isinstance(name, str) and name in STATEMENTS and isinstance(values, dict)
        yield Row(name, values) if fits else None
