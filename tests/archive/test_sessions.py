"""Kept conversations are found, and deleted ones are gone from the disk."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from live_coach.archive import sessions
from live_coach.archive.database import FILE
from live_coach.archive.keeper import Keeper
from live_coach.archive.recovery import recover
from live_coach.errors import ArchiveError
from live_coach.flow.messages import SessionStarted
from tests.archive.conversation import CANARY, DEFAULT, WITH_TEXT, ended, started, talk


def keep(directory: Path, session: SessionStarted, *, with_text: bool = False) -> None:
    keeper = Keeper(directory, WITH_TEXT if with_text else DEFAULT)
    keeper.begin(session)
    for message, emitted in talk(3):
        keeper.receive(message, emitted)
    keeper.close(ended(3))


def bytes_of(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_an_id_is_the_day_and_four_letters() -> None:
    ids = {sessions.new_id("2026-07-01T10:00:00Z") for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch(r"2026-07-01-[a-z2-9]{4}", one) for one in ids)


def test_they_are_listed_the_oldest_first(tmp_path: Path) -> None:
    assert sessions.list_sessions(tmp_path) == []
    keep(tmp_path, started("2026-07-02-abcd", "2026-07-02T10:00:00Z"))
    keep(tmp_path, started("2026-07-01-abcd"))
    lines = sessions.list_sessions(tmp_path)
    assert [line.id for line in lines] == ["2026-07-01-abcd", "2026-07-02-abcd"]
    assert (lines[0].end_reason, lines[0].duration) == ("quit", 480_000)


def test_they_are_found_by_id_beginning_or_last(tmp_path: Path) -> None:
    keep(tmp_path, started("2026-07-01-abcd"))
    keep(tmp_path, started("2026-07-01-abce", "2026-07-01T12:00:00Z"))
    assert sessions.load(tmp_path, "2026-07-01-abcd").id == "2026-07-01-abcd"
    assert sessions.load(tmp_path, "last").id == "2026-07-01-abce"
    assert sessions.resolve(tmp_path, "2026-07-01-abce") == "2026-07-01-abce"
    with pytest.raises(ArchiveError, match="2 conversations begin with"):
        sessions.load(tmp_path, "2026-07")
    with pytest.raises(ArchiveError, match="no conversation “x”"):
        sessions.load(tmp_path, "x")


@pytest.mark.parametrize("act", [sessions.load, sessions.delete, sessions.resolve])
def test_an_empty_archive_has_none(tmp_path: Path, act: object) -> None:
    with pytest.raises(ArchiveError, match="No conversation is kept yet"):
        act(tmp_path, "last")  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == []


def test_a_confirmed_plan_replaces_the_one_before(tmp_path: Path) -> None:
    keep(tmp_path, started())
    assert sessions.load(tmp_path, "last").plan == ()
    sessions.confirm_plan(tmp_path, "last", ["I call three clients", f"the {CANARY}"])
    sessions.confirm_plan(tmp_path, "last", ["  I call three\nclients on Friday ", " "])
    assert sessions.load(tmp_path, "last").plan == ("I call three clients on Friday",)
    assert CANARY.encode() not in bytes_of(tmp_path)


def test_what_is_deleted_is_found_nowhere(tmp_path: Path) -> None:
    keep(tmp_path, started("2026-07-01-abcd"), with_text=True)
    keep(tmp_path, started("2026-07-02-abcd", "2026-07-02T10:00:00Z"))
    (tmp_path / "2026-07-01-abcd.journal.jsonl").write_text(CANARY)
    (tmp_path / "2026-07-01-abcd.taken.journal.jsonl").write_text(CANARY)
    assert CANARY.encode() in (tmp_path / FILE).read_bytes()
    sessions.delete(tmp_path, "2026-07-01")
    left = bytes_of(tmp_path)
    assert CANARY.encode() not in left
    assert b"2026-07-01-abcd" not in left
    assert [line.id for line in sessions.list_sessions(tmp_path)] == ["2026-07-02-abcd"]


def test_all_are_deleted_or_none(tmp_path: Path) -> None:
    assert sessions.delete_all(tmp_path) == 0
    keep(tmp_path, started("2026-07-01-abcd"), with_text=True)
    running = Keeper(tmp_path, DEFAULT)
    running.begin(started("2026-07-02-abcd", "2026-07-02T10:00:00Z"))
    with pytest.raises(ArchiveError, match="being recorded now"):
        sessions.delete_all(tmp_path)
    assert len(sessions.list_sessions(tmp_path)) == 2
    running.close(ended())
    assert sessions.delete_all(tmp_path) == 2
    left = bytes_of(tmp_path)
    assert CANARY.encode() not in left
    assert b"2026-07-0" not in left


def test_deleting_beside_a_running_program_leaves_nothing_either(tmp_path: Path) -> None:
    keep(tmp_path, started("2026-07-01-abcd"), with_text=True)
    running = Keeper(tmp_path, DEFAULT)
    running.begin(started("2026-07-02-abcd", "2026-07-02T10:00:00Z"))
    sessions.delete(tmp_path, "2026-07-01-abcd")
    assert CANARY.encode() not in bytes_of(tmp_path)
    with pytest.raises(ArchiveError, match="being recorded now"):
        sessions.delete(tmp_path, "2026-07-02-abcd")
    running.close(ended())
    assert sessions.load(tmp_path, "last").end_reason == "quit"


def test_old_conversations_expire_after_the_days_that_were_chosen(tmp_path: Path) -> None:
    for day in ("01", "02", "03"):
        keep(
            tmp_path,
            started(f"2026-07-{day}-abcd", f"2026-07-{day}T10:00:00Z"),
            with_text=day == "01",
        )
    running = Keeper(tmp_path, DEFAULT)
    running.begin(started("2020-01-01-abcd", "2020-01-01T10:00:00Z"))
    assert sessions.expire(tmp_path, 0, date(2036, 7, 12)) == 0
    assert sessions.expire(tmp_path, 10, date(2026, 7, 12)) == 1
    assert CANARY.encode() not in bytes_of(tmp_path)
    running.close(ended())
    assert [line.id[:10] for line in sessions.list_sessions(tmp_path)] == [
        "2020-01-01",
        "2026-07-02",
        "2026-07-03",
    ]


def test_a_clock_that_jumped_back_loses_nothing(tmp_path: Path) -> None:
    keep(tmp_path, started("2026-07-09-abcd", "2026-07-09T10:00:00Z"))
    before = sessions.load(tmp_path, "2026-07-09-abcd")
    keep(tmp_path, started("2026-07-01-abcd", "2026-07-01T09:00:00Z"))
    assert sessions.expire(tmp_path, 5, date(2026, 7, 1)) == 0
    earlier, later = sessions.list_sessions(tmp_path)
    assert (earlier.id, later.id) == ("2026-07-01-abcd", "2026-07-09-abcd")
    assert sessions.load(tmp_path, later.id) == before
    kept = sessions.load(tmp_path, earlier.id)
    assert replace(kept, id=before.id, started_at=before.started_at) == before
    assert sessions.expire(tmp_path, 5, date(2026, 7, 10)) == 1
    assert [line.id for line in sessions.list_sessions(tmp_path)] == [later.id]


def test_a_plan_that_the_archive_cannot_take_is_there_at_the_next_start(tmp_path: Path) -> None:
    keep(tmp_path, replace(started(), coachee="Anna"))
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    kept = sessions.as_kept([" I call\nAnna", " ", "Bob too"], "Anna", ["Bob"])
    sessions.leave_plan(tmp_path, "2026-07-01-abcd", kept)
    other.close()
    assert sessions.load(tmp_path, "last").plan == ()
    (sentence,) = recover(tmp_path)
    assert "brought into the archive" in str(sentence)
    assert sessions.load(tmp_path, "last").plan == ("I call A.", "B. too")
    assert recover(tmp_path) == []
    sessions.leave_plan(tmp_path, "2026-07-01-abcd", (CANARY,))
    sessions.delete(tmp_path, "last")
    assert CANARY.encode() not in bytes_of(tmp_path)


def test_the_last_plan_with_each_coachee_is_found_by_nickname(tmp_path: Path) -> None:
    assert sessions.last_plans(tmp_path) == {}
    for day, coachee, plan in (
        ("01", "Anna", ["first"]),
        ("02", " ANNA", ["second", "third"]),
        ("03", "anna", []),
        ("04", "", ["nobody's"]),
        ("05", "B.", ["fourth"]),
    ):
        keep(
            tmp_path,
            replace(started(f"2026-07-{day}-abcd", f"2026-07-{day}T10:00:00Z"), coachee=coachee),
        )
        sessions.confirm_plan(tmp_path, "last", plan)
    found = sessions.last_plans(tmp_path)
    assert set(found) == {"anna", "b."}
    assert (found["anna"].started_at[:10], found["anna"].sentences) == (
        "2026-07-02",
        ("second", "third"),
    )


def test_names_are_initials_in_the_plan(tmp_path: Path) -> None:
    keep(tmp_path, replace(started(), coachee="Anna"))
    sessions.confirm_plan(tmp_path, "last", ["Anna's list goes to Bob"], names=["Bob"])
    assert sessions.load(tmp_path, "last").plan == ("A.'s list goes to B.",)
    sessions.confirm_plan(tmp_path, "last", ["Anna's list goes to Bob"], names=None)
    assert sessions.load(tmp_path, "last").plan == ("Anna's list goes to Bob",)
