"""A program that dies costs at most two seconds, and nothing is there twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live_coach.archive import claim, sessions
from live_coach.archive.database import FILE, open_archive, transaction
from live_coach.archive.journal import Journal
from live_coach.archive.keeper import Keeper
from live_coach.archive.record import Recorder
from live_coach.archive.recovery import recover
from live_coach.flow.messages import RATE
from tests.archive.conversation import DEFAULT, collected, ended, reading, started, talk
from tests.archive.killed import MAY_BE_LOST, Writer, lost, opens


@pytest.fixture
def new_writer(tmp_path: Path) -> Iterator[Callable[[str], Writer]]:
    writers: list[Writer] = []

    def start(session: str) -> Writer:
        writers.append(Writer(tmp_path, session))
        return writers[-1]

    yield start
    for writer in writers:
        writer.stop()


def test_killed_at_any_moment_at_most_two_seconds_are_lost(
    tmp_path: Path, new_writer: Callable[[str], Writer]
) -> None:
    writers = [new_writer(f"2026-07-01-aaa{n}") for n in range(4)]
    for writer in writers:
        writer.wait_for_it_to_begin()
    got_to = {}
    for writer in writers:
        time.sleep(random.uniform(0.1, 1.5))
        got_to[writer.session] = writer.kill()
    assert opens(tmp_path)
    sentences = recover(tmp_path)
    assert len(sentences) == len(writers)
    assert all("ended without a goodbye" in str(sentence) for sentence in sentences)
    for session, last in got_to.items():
        assert lost(tmp_path, session, last) <= MAY_BE_LOST
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert recover(tmp_path) == []


def test_killed_while_only_the_journal_can_be_written(
    tmp_path: Path, new_writer: Callable[[str], Writer]
) -> None:
    other = open_archive(tmp_path)
    writer = new_writer("2026-07-01-aaaa")
    writer.wait_for_it_to_begin()
    other.execute("BEGIN IMMEDIATE")
    deadline = time.monotonic() + 30
    while "failed" not in writer.told:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(random.uniform(0.1, 1.0))
    last = writer.kill()
    other.execute("ROLLBACK")
    other.close()
    assert len(recover(tmp_path)) == 1
    assert lost(tmp_path, writer.session, last) <= MAY_BE_LOST
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_conversation_that_is_being_recorded_is_left_alone(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    assert recover(tmp_path) == []
    keeper.close(ended())
    assert sessions.load(tmp_path, "last").end_reason == "quit"


def test_nothing_is_made_where_there_is_nothing(tmp_path: Path) -> None:
    assert recover(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()


def test_a_journal_is_enough_even_without_its_archive(tmp_path: Path) -> None:
    recorder = Recorder(started(), keep_transcript=False)
    journal = Journal(tmp_path, recorder.opening)
    for message, emitted in talk():
        if rows := recorder.rows(message, emitted):
            journal.append(rows)
    journal.append(recorder.finish(ended()))
    journal.append(recorder.finish(ended()))
    assert len(recover(tmp_path)) == 1
    assert sessions.load(tmp_path, "last") == collected()


def test_a_line_that_was_cut_short_costs_itself_only(tmp_path: Path) -> None:
    recorder = Recorder(started(), keep_transcript=False)
    journal = Journal(tmp_path, recorder.opening)
    journal.append(recorder.rows(reading(5 * RATE, 1), 0))
    path = next(tmp_path.glob("*.journal.jsonl"))
    path.write_bytes(path.read_bytes()[:-40])
    journal.append(recorder.rows(reading(10 * RATE, 2), 0))
    with path.open("a") as file:
        file.write('["unknown", {}]\n["turn", {"session": "2026-07-01-abcd"}]\n["turn"')
    sentences = recover(tmp_path)
    assert str(sentences[-1]).startswith("4 lines")
    assert [one.counts.tips for one in sessions.load(tmp_path, "last").readings] == [2]


def test_traces_of_a_kill_after_the_end_are_cleared_without_a_word(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    keeper.close(ended())
    for suffix in ("running", "reserve"):
        (tmp_path / f"{started().id}.{suffix}").touch()
    assert recover(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_two_programs_that_recover_at_once_do_not_meet(tmp_path: Path) -> None:
    connection = open_archive(tmp_path)
    recorder = Recorder(started(), keep_transcript=False)
    with transaction(connection):
        from live_coach.archive.statements import write

        write(connection, [recorder.opening])
    connection.close()
    other = claim.take(tmp_path, started().id)
    assert other is not None
    assert recover(tmp_path) == []
    other.release()
    assert len(recover(tmp_path)) == 1
