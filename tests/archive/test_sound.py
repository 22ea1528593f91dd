"""Sound is kept only when asked for, can be read whatever happens, and goes away for good."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live_coach.archive import sessions
from live_coach.archive import sound as archive_sound
from live_coach.archive.keeper import Keeper
from live_coach.archive.recovery import recover
from live_coach.errors import ArchiveError
from live_coach.flow.messages import RATE, Channel, Health, Samples
from tests.archive.conversation import DEFAULT, ended, started
from tests.archive.killed import Writer
from tests.archive.sounding import BOTH, at_16_bits, blocks
from tests.archive.test_keeper import until

FIRST, SECOND = "2026-07-01-abcd", "2026-07-02-abcd"


def keep(directory: Path, session: str = FIRST, channels: Sequence[Channel] = BOTH) -> Path:
    """Two seconds and a bit; gives where they are."""
    keeper = Keeper(directory, DEFAULT)
    at = f"{session[:10]}T10:00:00Z"
    keeper.begin(replace(started(session, at), keeps_audio=True))
    for frame in blocks(0, 2 * RATE + 100, *channels):
        keeper.hear(frame)
    keeper.close(ended())
    return archive_sound.kept(directory)[session]


@pytest.mark.parametrize("channels", [BOTH, (Channel.ROOM,)])
def test_it_is_all_there_with_the_manager_on_the_left(
    channels: tuple[Channel, ...], tmp_path: Path
) -> None:
    path = keep(tmp_path, channels=channels)
    kept, rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert rate == RATE
    assert soundfile.info(path).format == "FLAC"
    np.testing.assert_array_equal(kept, at_16_bits(2 * RATE + 100, *channels))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_this_person_can_read_it(tmp_path: Path) -> None:
    assert keep(tmp_path).stat().st_mode & 0o777 == 0o600


def test_unless_asked_for_no_sound_is_kept(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, DEFAULT)
    keeper.begin(started())
    for frame in blocks(0, 2 * RATE, *BOTH):
        keeper.hear(frame)
    keeper.close(ended())
    assert not archive_sound.kept(tmp_path)
    assert not [path for path in tmp_path.iterdir() if b"fLaC" in path.read_bytes()]


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_all_but_two_seconds_can_be_read(seed: int, tmp_path: Path) -> None:
    program = Writer(tmp_path, FIRST, program="tests.archive.sounding")
    try:
        program.wait_until(round(RATE * random.Random(seed).uniform(2.2, 3.2)))
    finally:
        program.stop()
    last = program.last
    path = archive_sound.kept(tmp_path)[FIRST]
    kept, _ = soundfile.read(path, dtype="int16")
    assert len(kept) == soundfile.info(path).frames
    assert last - 2 * RATE <= len(kept)
    np.testing.assert_array_equal(kept, at_16_bits(len(kept), *BOTH))
    recover(tmp_path)
    assert sessions.load(tmp_path, FIRST).id == FIRST
    assert sessions.delete_sound(tmp_path, FIRST) == 1


def test_it_can_be_read_from_the_first_piece_on(tmp_path: Path) -> None:
    file = archive_sound._Flac(tmp_path / "sound.flac", 2)
    whole = at_16_bits(5 * RATE, *BOTH)
    for at in range(0, 5 * RATE, archive_sound._PIECE):
        file.write(whole[at : at + archive_sound._PIECE])
        kept, _ = soundfile.read(tmp_path / "sound.flac", dtype="int16")
        assert max(1, at - RATE) <= len(kept) <= at + archive_sound._PIECE
        np.testing.assert_array_equal(kept, whole[: len(kept)])
    file.close()


def test_when_the_disk_fails_only_the_sound_ends(tmp_path: Path) -> None:
    most = 1_000_000
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.sounding", str(tmp_path), FIRST, str(most)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split("\n")[:2] == ["sound failed", "closed"]
    stored = sessions.load(tmp_path, FIRST)
    assert (stored.end_reason, len(stored.readings)) == ("quit", 1)
    kept, _ = soundfile.read(archive_sound.kept(tmp_path)[FIRST], dtype="int16")
    assert len(kept) > RATE
    np.testing.assert_array_equal(kept, at_16_bits(len(kept), *BOTH))


def test_it_leaves_room_on_the_disk_for_the_archive(tmp_path: Path) -> None:
    failed: list[None] = []
    keeper = archive_sound.SoundKeeper(
        tmp_path, FIRST, on_failure=lambda: failed.append(None), left_free=1 << 60
    )
    for frame in blocks(0, 3 * RATE, *BOTH):
        keeper.take(frame)
    keeper.close()
    assert len(failed) == 1
    assert not archive_sound.kept(tmp_path)


def test_a_disk_that_stands_still_ends_it_and_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    write = archive_sound._Flac.write

    def write_late(file: archive_sound._Flac, samples: Samples) -> None:
        goes_on.wait(30)
        write(file, samples)

    monkeypatch.setattr(archive_sound._Flac, "write", write_late)
    monkeypatch.setattr(archive_sound, "_QUEUE", 100)
    monkeypatch.setattr(archive_sound, "_PATIENCE_S", 0.05)
    told_of: list[Health] = []
    keeper = Keeper(tmp_path, DEFAULT, on_health=told_of.append)
    keeper.begin(replace(started(), keeps_audio=True))
    for frame in blocks(0, 4 * RATE, *BOTH):
        keeper.hear(frame)
    assert [(one.stream, one.state) for one in told_of] == [("sound", "failed")]
    goes_on.set()
    keeper.close(ended())
    kept, _ = soundfile.read(archive_sound.kept(tmp_path)[FIRST], dtype="int16")
    assert len(kept) > RATE // 2
    np.testing.assert_array_equal(kept, at_16_bits(len(kept), *BOTH))


def test_deleting_a_conversation_deletes_its_sound(tmp_path: Path) -> None:
    first, second = keep(tmp_path), keep(tmp_path, SECOND)
    sessions.delete(tmp_path, FIRST)
    assert (first.exists(), second.exists()) == (False, True)
    stray = second.with_name("2025-01-01-abcd.sound.flac")
    stray.write_bytes(b"fLaC")
    assert sessions.delete_all(tmp_path) == 1
    assert not archive_sound.kept(tmp_path)


def test_the_sound_alone_can_be_deleted(tmp_path: Path) -> None:
    first, second = keep(tmp_path), keep(tmp_path, SECOND)
    assert sessions.delete_sound(tmp_path, "2026-07-01") == 1
    assert (first.exists(), second.exists()) == (False, True)
    assert sessions.delete_sound(tmp_path, "2026-07-01") == 0
    assert sessions.delete_sound(tmp_path, None) == 1
    assert len(sessions.list_sessions(tmp_path)) == 2


def test_of_a_conversation_that_is_being_recorded_it_stays(tmp_path: Path) -> None:
    running = Keeper(tmp_path, DEFAULT)
    running.begin(replace(started(), keeps_audio=True))
    for frame in blocks(0, RATE, *BOTH):
        running.hear(frame)
    until(lambda: archive_sound.kept(tmp_path))
    with pytest.raises(ArchiveError, match="being recorded now"):
        sessions.delete_sound(tmp_path, FIRST)
    assert archive_sound.expire(tmp_path, 7, date(2036, 1, 1)) == 0
    running.close(ended())
    assert archive_sound.expire(tmp_path, 7, date(2036, 1, 1)) == 1


def test_it_expires_by_itself_after_the_days_that_were_chosen(tmp_path: Path) -> None:
    first, second = keep(tmp_path), keep(tmp_path, SECOND)
    assert archive_sound.expire(tmp_path, 0, date(2036, 1, 1)) == 0
    assert archive_sound.expire(tmp_path, 7, date(2026, 7, 8)) == 0
    assert archive_sound.last_day(FIRST, 7) == date(2026, 7, 8)
    assert archive_sound.last_day(FIRST, 0) is None
    assert archive_sound.expire(tmp_path, 7, date(2026, 7, 9)) == 1
    assert (first.exists(), second.exists()) == (False, True)
    assert len(sessions.list_sessions(tmp_path)) == 2
