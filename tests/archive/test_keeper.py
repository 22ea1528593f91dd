"""What was received is in the archive, whatever happens to the database meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from live_coach.archive import keeper as keeper_module
from live_coach.archive import sessions
from live_coach.archive.database import FILE, open_archive
from live_coach.archive.keeper import Keeper
from live_coach.archive.recovery import recover
from live_coach.errors import ArchiveError
from live_coach.flow.messages import RATE, Health, SessionEnded
from tests.archive.conversation import (
    CANARY,
    DEFAULT,
    WITH_TEXT,
    collected,
    ended,
    reading,
    started,
    talk,
)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Another program is writing and does not come to an end."""
    other = open_archive(directory)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def feed(keeper: Keeper, exchanges: int = 10) -> None:
    for message, emitted in talk(exchanges):
        keeper.receive(message, emitted)


@pytest.mark.parametrize("chosen", [DEFAULT, WITH_TEXT])
def test_what_is_kept_is_what_was_collected(tmp_path: Path, chosen: object) -> None:
    keeper = Keeper(tmp_path, WITH_TEXT if chosen is WITH_TEXT else DEFAULT)
    keeper.begin(started())
    feed(keeper)
    keeper.close(ended())
    keeper.close(SessionEnded("again", 0))
    kept = sessions.load(tmp_path, "last")
    assert kept == keeper.stored == collected(keep_transcript=chosen is WITH_TEXT)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_it_is_on_the_disk_within_a_second_or_so(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    keeper.receive(reading(5 * RATE, 1), 5 * RATE)
    until(lambda: sessions.load(tmp_path, "last").readings, seconds=10)
    keeper.close(ended())


def test_while_the_database_is_locked_a_journal_is_kept_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "_RETRY_EVERY", 2)
    told: list[Health] = []
    keeper = Keeper(tmp_path, DEFAULT, on_health=told.append)
    keeper.begin(started())
    with locked(tmp_path):
        feed(keeper, 5)
        until(lambda: told)
        journal = tmp_path / f"{started().id}.journal.jsonl"
        until(journal.exists)
        text = journal.read_text()
        assert CANARY not in text
        assert "Anna" not in text
        assert journal.stat().st_mode & 0o777 == 0o600
    until(lambda: len(told) > 1)
    assert [health.state for health in told] == ["failed", "ok"]
    assert all(health.stream == "archive" for health in told)
    keeper.close(ended(5))
    assert sessions.load(tmp_path, "last") == collected(5)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_locked_to_the_very_end_it_is_brought_in_by_the_next_start(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    with locked(tmp_path):
        feed(keeper)
        keeper.close(ended())
    assert sessions.load(tmp_path, "last").end_reason is None
    assert [str(sentence).split(";")[0] for sentence in recover(tmp_path)] == [
        "The rest of the conversation 2026-07-01-abcd was brought into the archive."
    ]
    assert sessions.load(tmp_path, "last") == collected()
    assert recover(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_closing_does_not_wait_longer_than_it_may(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    with locked(tmp_path):
        feed(keeper)
        before = time.monotonic()
        keeper.close(ended(), deadline_s=0.2)
        assert time.monotonic() - before < 3.0
        assert list(tmp_path.glob("*.journal.jsonl"))
    until(lambda: not keeper._thread.is_alive())
    recover(tmp_path)
    assert sessions.load(tmp_path, "last") == collected()


def test_a_full_queue_goes_to_the_journal_and_makes_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "_QUEUE", 5)
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    slowest = 0.0
    for message, emitted in talk(20):
        before = time.monotonic()
        keeper.receive(message, emitted)
        slowest = max(slowest, time.monotonic() - before)
    assert slowest < 1.0
    assert list(tmp_path.glob("*.journal.jsonl"))
    keeper.close(ended(20))
    assert sessions.load(tmp_path, "last") == collected(20)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_several_threads_may_send(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    threads = [Thread(target=feed, args=(keeper,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keeper.close(ended())
    stored = sessions.load(tmp_path, "last")
    assert (len(stored.speech), len(stored.turns), len(stored.nudges)) == (20, 80, 10)


def test_two_programs_may_record_at_once(tmp_path: Path) -> None:
    keepers = [Keeper(tmp_path, DEFAULT) for _ in range(2)]
    for n, keeper in enumerate(keepers):
        keeper.begin(started(f"2026-07-0{n}-abcd"))
    for message, emitted in talk():
        for keeper in keepers:
            keeper.receive(message, emitted)
    for keeper in keepers:
        keeper.close(ended())
    assert [
        len(sessions.load(tmp_path, line.id).turns) for line in sessions.list_sessions(tmp_path)
    ] == [
        20,
        20,
    ]


def test_the_same_conversation_cannot_be_begun_twice(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    with pytest.raises(ArchiveError, match="being recorded already"):
        Keeper(tmp_path, DEFAULT).begin(started())
    keeper.close(ended())
    with pytest.raises(ArchiveError, match="in the archive already"):
        Keeper(tmp_path, DEFAULT).begin(started())
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_comes_after_the_end_is_not_kept(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.receive(reading(0, 0), 0)
    keeper.begin(started())
    keeper.close(ended())
    keeper.receive(reading(0, 0), 0)
    assert sessions.load(tmp_path, "last").readings == ()


def recorded_with_limited_files(directory: Path, exchanges: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.limited", str(directory), str(exchanges)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()


def test_files_that_may_not_grow_cost_nothing(tmp_path: Path) -> None:
    assert recorded_with_limited_files(tmp_path, 80) == ["failed", "closed"]
    assert len(recover(tmp_path)) == 1
    assert sessions.load(tmp_path, "last") == collected(80)


def test_when_even_the_journal_fails_the_end_says_so(tmp_path: Path) -> None:
    health, error = recorded_with_limited_files(tmp_path, 300)
    assert health == "failed"
    assert "could not be kept" in error
    recover(tmp_path)
    assert sessions.load(tmp_path, "last").goal == "Sell more"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(
            "making a small disk takes root; test_files_that_may_not_grow covers its errors"
        )
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    assert filler.stat().st_size > 1_000_000
    return filler


def test_a_full_disk_costs_nothing(small_disk: Path) -> None:
    told: list[Health] = []
    keeper = Keeper(small_disk, DEFAULT, on_health=told.append)
    keeper.begin(started())
    filler = fill(small_disk)
    feed(keeper, 50)
    keeper.close(ended(50))
    assert told[0].state == "failed"
    assert keeper.stored == collected(50)
    filler.unlink()
    recover(small_disk)
    assert sessions.load(small_disk, "last") == collected(50)


def test_a_disk_that_is_full_from_the_start_is_told(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(ArchiveError, match=r"full or failing|No space left"):
        Keeper(small_disk, DEFAULT).begin(started())
    assert {path.name for path in small_disk.iterdir()} <= {"filler", FILE}


def test_the_database_may_go_away_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "_RETRY_EVERY", 2)
    told: list[Health] = []
    keeper = Keeper(tmp_path, DEFAULT, on_health=told.append)
    keeper.begin(started())
    keeper._connection.close()  # every use of it fails from now on
    feed(keeper)
    until(lambda: len(told) == 2)
    keeper.close(ended())
    assert [health.state for health in told] == ["failed", "ok"]
    assert sessions.load(tmp_path, "last") == collected()


def test_a_conversation_in_the_archive_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    reader = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM session").fetchone()
    feed(keeper)
    keeper.close(ended())
    reader.execute("COMMIT")
    reader.close()
    assert sessions.load(tmp_path, "last") == collected()
