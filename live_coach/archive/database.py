"""The archive file: opened, brought to this version's shape, and its errors told in sentences."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from live_coach import paths
from live_coach.errors import ArchiveError
from live_coach.sentences import Sentence, because
from live_coach.settings import ArchiveSettings

FILE = "archive.sqlite3"
_TRIES = 20
"""How often a file may get its write-ahead log: each time others may come between."""


class ArchiveBusy(ArchiveError):
    """Another program holds the archive longer than this one could wait."""


def directory_of(settings: ArchiveSettings) -> Path:
    """Where the archive is kept: the person's choice, else the platform's data directory."""
    return Path(settings.directory).expanduser() if settings.directory else paths.data_directory()


def exists(directory: Path) -> bool:
    """Whether an archive has ever been made here. Raises ArchiveError where that may not be known."""
    try:
        return (directory / FILE).exists()
    except OSError as error:
        raise ArchiveError(
            Sentence("archive.unreadable", directory=directory, reason=because(error))
        ) from None


def require_writable(directory: Path) -> None:
    """Raises ArchiveError, without making anything, where an archive can plainly not be kept in `directory`."""
    with sentences(directory):
        there = next(folder for folder in (directory, *directory.parents) if folder.exists())
        file = directory / FILE
        if not there.is_dir():
            code = errno.EEXIST if there == directory else errno.ENOTDIR
            raise OSError(code, os.strerror(code))
        permitted = _permitted(there, os.W_OK | os.X_OK)
        if not permitted or (file.exists() and not _permitted(file, os.W_OK)):
            raise ArchiveError(Sentence("archive.forbidden", directory=directory))


def _permitted(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def open_archive(directory: Path, *, wait_s: float = 5.0) -> sqlite3.Connection:
    """A connection to the archive in `directory`, made and migrated if need be.

    The directory is made for its owner only (0700), the files too (0600). Transactions are begun
    explicitly (`transaction`); another program's are waited for up to `wait_s` seconds. Usable
    from any one thread at a time.
    Raises ArchiveError: not writable, damaged, or made by a newer version.
    """
    with sentences(directory):
        _make_private(directory)
        connection = sqlite3.connect(
            directory / FILE, timeout=wait_s, isolation_level=None, check_same_thread=False
        )
        try:
            prepare(connection)
            migrate(connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def opened(directory: Path) -> Iterator[sqlite3.Connection]:
    """`open_archive` for the length of a block, with its errors told in sentences."""
    with sentences(directory), closing(open_archive(directory)) as connection:
        yield connection


def prepare(connection: sqlite3.Connection) -> None:
    """Set what every connection needs.

    A commit is on the disk when it returns (WAL with synchronous FULL), deleted rows are
    overwritten, and temporary tables stay in memory.
    """
    _use_wal(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the numbered files of `schema/` that this archive has not seen, each in a transaction.

    Raises ArchiveError for an archive that has seen more of them than this version knows.
    """
    migrations = _migrations()
    if _version(connection) > len(migrations):
        raise ArchiveError(Sentence("archive.newer"))
    for number, (name, script) in enumerate(migrations, start=1):
        if _version(connection) < number:
            with transaction(connection):
                _apply(connection, number, name, script)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of a block is written, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def sentences(directory: Path) -> Iterator[None]:
    """Errors of SQLite and of the file system as sentences about the archive in `directory`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise in_words(error, directory) from None


def in_words(error: sqlite3.Error | OSError, directory: Path) -> ArchiveError:
    """What an error of SQLite or of the file system means, and what to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    path = directory / FILE
    if isinstance(error, OSError):
        return ArchiveError(
            Sentence("archive.unwritable", directory=directory, reason=because(error))
        )
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return ArchiveBusy(Sentence("archive.busy", path=path))
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return ArchiveError(Sentence("archive.disk", path=path))
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return ArchiveError(Sentence("archive.locked", path=path))
    return ArchiveError(Sentence("archive.damaged", path=path))


def _make_private(directory: Path) -> None:
    """The directory and an empty database in it, readable by their owner only.

    A directory that was there with other things in it keeps its mode: it is not this program's.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(directory.iterdir()):
        paths.make_owner_only(directory)
    os.close(os.open(directory / FILE, os.O_RDWR | os.O_CREAT, 0o600))


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, once whoever makes the archive at this moment has finished.

    SQLite waits for others where a transaction begins, but not where a file gets its log.
    """
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not left or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        else:
            return


def _migrations() -> list[tuple[str, str]]:
    folder = files("live_coach.archive") / "schema"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return [(entry.name, entry.read_text(encoding="utf-8")) for entry in found]


def _apply(connection: sqlite3.Connection, number: int, name: str, script: str) -> None:
    if _version(connection) >= number:
        return  # another program was faster
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT)"
    )
    for statement in _statements(script):
        connection.execute(statement)
    connection.execute("INSERT INTO migration VALUES (?, ?)", (number, name))


def _version(connection: sqlite3.Connection) -> int:
    known = connection.execute(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'"
    ).fetchone()[0]
    if not known:
        return 0
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM migration").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
