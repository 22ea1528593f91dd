"""The archive file: private, migrated once, and refused with a sentence where it cannot work."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from live_coach.archive import sessions
from live_coach.archive.database import FILE, open_archive, require_writable, transaction
from live_coach.errors import ArchiveError

SCHEMA = Path(sessions.__file__).with_name("schema")
NEWEST = len(list(SCHEMA.glob("*.sql")))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "archive"
    connection = open_archive(directory)
    with transaction(connection):
        connection.execute("INSERT INTO migration VALUES (100, 'x')")
    assert mode(directory) == 0o700
    assert {mode(path) for path in directory.iterdir()} == {0o600}
    assert len(list(directory.iterdir())) == 3
    connection.close()


def test_a_directory_with_other_things_in_it_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "something").touch()
    open_archive(tmp_path).close()
    assert mode(tmp_path) == 0o755


def test_migrations_are_applied_once_and_recorded(tmp_path: Path) -> None:
    for _ in range(2):
        connection = open_archive(tmp_path)
        rows = connection.execute("SELECT * FROM migration").fetchall()
        connection.close()
        assert rows == [
            *((1, "0001_first.sql"), (2, "0002_looking_back.sql"), (3, "0003_who_found_it.sql")),
        ]


def test_what_an_older_version_kept_is_kept(tmp_path: Path) -> None:
    script = (SCHEMA / "0001_first.sql").read_text(encoding="utf-8")
    older = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    older.executescript(script)
    older.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT)")
    older.execute("INSERT INTO migration VALUES (1, '0001_first.sql')")
    older.execute(
        "INSERT INTO session VALUES ('old', '2026-07-01T10:00:00Z', '0.1.0', 'tiny.en', 'en',"
        " 'live', 'coaching', 'Sell more', NULL, 1, 'f', 0, 'quit', 16000, 0, 0)"
    )
    older.close()
    kept = sessions.load(tmp_path, "old")
    assert (kept.goal, kept.coachee, kept.frames, kept.plan) == ("Sell more", "", (), ())


def test_programs_may_make_it_at_once(tmp_path: Path) -> None:
    directories = [tmp_path / str(n) for n in range(15)]
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.archive.opener", *map(str, directories)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    told = [program.communicate()[1] for program in programs]
    assert told == [""] * len(programs)
    for directory in directories:
        connection = open_archive(directory)
        assert connection.execute("SELECT count(*) FROM migration").fetchone() == (NEWEST,)
        connection.close()


def test_a_program_that_is_making_it_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    leaving = threading.Timer(0.5, other.close)
    leaving.start()
    connection = open_archive(tmp_path, wait_s=30.0)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (30_000,)
    connection.close()
    leaving.join()


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    connection = open_archive(tmp_path)
    with pytest.raises(sqlite3.IntegrityError), transaction(connection):
        connection.executemany("INSERT INTO migration VALUES (?, 'x')", [(100,), (1,)])
    assert connection.execute("SELECT count(*) FROM migration").fetchone() == (NEWEST,)
    connection.close()


def test_an_archive_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    connection = open_archive(tmp_path)
    connection.execute("INSERT INTO migration VALUES (100, '0100_next.sql')")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(ArchiveError, match="newer version") as refused:
        open_archive(tmp_path)
    assert refused.value.exit_code == 1
    assert "Update" in refused.value.hint
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all " * 100, b"SQLite format 3\0" + b"?" * 5000]
)
def test_a_damaged_archive_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ArchiveError, match="damaged"):
        open_archive(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content


def test_a_place_that_is_no_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="cannot be written") as refused:
        open_archive(tmp_path / "file" / "archive")
    assert "archive.directory" in refused.value.hint


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """Nobody here may write it, not even root, who becomes somebody else meanwhile."""
    mode = path.stat().st_mode
    path.chmod(mode & 0o555)
    root = os.geteuid() == 0
    if root:
        os.chown(path, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        path.chmod(mode)


def test_a_directory_without_permission_is_told(tmp_path: Path) -> None:
    with (
        read_only(tmp_path),
        pytest.raises(ArchiveError, match="cannot be written: Permission denied"),
    ):
        open_archive(tmp_path)


def test_before_anything_starts_it_is_told_that_nothing_can_be_kept(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        require_writable(home)
        require_writable(home / "new" / "archive")
        assert not list(home.iterdir())
        with read_only(home):
            for directory in (home, home / "new" / "archive"):
                with pytest.raises(ArchiveError, match=r"cannot be written\. Free") as refused:
                    require_writable(directory)
                assert "archive.directory" in refused.value.hint
    (tmp_path / FILE).touch()
    with pytest.raises(ArchiveError, match="cannot be written"):
        require_writable(tmp_path / FILE / "archive")


def test_an_archive_that_another_program_holds_is_told(tmp_path: Path) -> None:
    open_archive(tmp_path).close()
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("INSERT INTO migration VALUES (1, 'x') ON CONFLICT DO NOTHING")
    with pytest.raises(ArchiveError, match="Another program"):
        open_archive(tmp_path, wait_s=0.05)
    other.close()
