"""`live-coach sessions`: data on standard output, sentences on standard error, honest exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from live_coach.archive import sessions
from live_coach.archive.database import FILE, open_archive
from live_coach.archive.keeper import Keeper
from tests.archive.conversation import DEFAULT, QUOTE, ended, started, talk


class Archive:
    """An archive with two conversations, and the command that works on it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def keep(self, *ids: str) -> None:
        for session in ids:
            keeper = Keeper(self.directory, DEFAULT)
            keeper.begin(started(session, f"{session[:10]}T10:00:00Z"))
            for message, emitted in talk(3):
                keeper.receive(message, emitted)
            keeper.close(ended(3))

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "live_coach", "sessions", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
            env=self.environment(**environment),
        )

    def environment(self, **more: str) -> dict[str, str]:
        own = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(self.directory), "TZ": "UTC"}
        return {**os.environ, **own, **more}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def test_an_empty_archive_is_a_sentence_and_no_failure(archive: Archive) -> None:
    done = archive.run("list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "No conversation is kept yet" in done.stderr
    assert not archive.directory.exists()


def test_list_shows_one_line_each(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd", "2026-07-02-abcd")
    done = archive.run("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split() for line in done.stdout.splitlines()] == [
        [f"2026-07-0{n}-abcd", f"2026-07-0{n}", "10:00", "0:30", "en", "live", "quit", "A."]
        for n in (1, 2)
    ]


def test_show_tells_the_last_one_in_the_language_of_the_screen(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd", "2026-07-02-abcd")
    done = archive.run("show")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# Looking back at 2026-07-02 10:00\n")
    dutch = archive.run("show", "2026-07-01", LIVE_COACH_SCREEN__LANGUAGE="nl")
    assert dutch.stdout.startswith("# Terugblik op 2026-07-01 10:00\n")


def test_show_is_laid_out_on_a_terminal(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd")
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "live_coach", "sessions", "show"],
        stdout=terminal,
        stdin=terminal,
        env=archive.environment(TERM="xterm-256color", COLUMNS="80"),
    )
    os.close(terminal)
    text = b""
    try:
        while part := os.read(main, 4096):
            text += part
    except OSError:  # the other end is closed
        pass
    os.close(main)
    assert process.wait() == 0
    assert "Looking back" in text.decode()
    assert "# Looking back" not in text.decode()


def test_a_plan_is_shown_corrected_and_removed(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd")
    assert archive.run("plan", "last").stdout == ""
    done = archive.run("plan", "last", "we call\n Anna", " ", LIVE_COACH_ARCHIVE__NAMES="Bob,Anna")
    assert (done.returncode, done.stdout, done.stderr) == (0, "we call A.\n", "")
    corrected = archive.run("plan", "2026-07", "I write", "I wait")
    assert corrected.stdout == archive.run("plan", "last").stdout == "I write\nI wait\n"
    assert b"we call" not in (archive.directory / FILE).read_bytes()
    assert archive.run("plan", "last", "x", "--none").returncode == 2
    assert archive.run("plan", "last", "--none").stdout == ""
    assert b"I write" not in (archive.directory / FILE).read_bytes()


def test_export_writes_json_to_standard_output(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd")
    done = archive.run("export", "last", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["session"]["id"] == "2026-07-01-abcd"


def test_export_of_numbers_has_no_words_in_it(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd")
    done = archive.run("export", "last", "--format", "json", "--numbers")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["session"]["goal"] == ""
    assert QUOTE not in done.stdout


def test_export_writes_a_file_that_only_its_owner_can_read(
    archive: Archive, tmp_path: Path
) -> None:
    archive.keep("2026-07-01-abcd")
    output = tmp_path / "talk.md"
    done = archive.run("export", "last", "--output", str(output))
    assert (done.returncode, done.stdout) == (0, "")
    assert output.read_text(encoding="utf-8").startswith("# Looking back")
    assert output.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["show", "2025"], 1, "There is no conversation “2025”"),
        (["show", "2026"], 1, "2 conversations begin with"),
        (["export", "last", "--format", "doc"], 2, "“doc” is not a format"),
        (["export"], 2, "Missing argument"),
        (["export", "last", "--output", "/dev/null/x"], 1, "/dev/null/x cannot be written"),
        (["delete", "2026-07-01"], 2, "Say --yes"),
        (["delete", "nothing"], 1, "There is no conversation"),
        (["forget"], 2, "No such command"),
    ],
)
def test_mistakes_are_one_sentence(
    archive: Archive, arguments: list[str], code: int, sentence: str
) -> None:
    archive.keep("2026-07-01-abcd", "2026-07-02-abcd")
    done = archive.run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(sessions.list_sessions(archive.directory)) == 2


def test_delete_removes_it(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd", "2026-07-02-abcd")
    done = archive.run("delete", "2026-07-01", "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert "2026-07-01-abcd is deleted for good" in done.stderr
    assert [line.id for line in sessions.list_sessions(archive.directory)] == ["2026-07-02-abcd"]


@pytest.mark.parametrize(("answer", "left"), [(b"y\n", 0), (b"n\n", 1)])
def test_delete_asks_first(archive: Archive, answer: bytes, left: int) -> None:
    archive.keep("2026-07-01-abcd")
    main, terminal = pty.openpty()
    os.write(main, answer)
    done = subprocess.run(
        [sys.executable, "-m", "live_coach", "sessions", "delete", "last"],
        stdin=terminal,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=archive.environment(),
    )
    os.close(terminal)
    os.close(main)
    assert done.returncode == left
    assert "Delete 2026-07-01-abcd for good?" in done.stderr
    assert len(sessions.list_sessions(archive.directory)) == left


def test_what_a_crash_left_is_brought_in_first(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd")
    connection = open_archive(archive.directory)
    connection.execute("UPDATE session SET end_reason = NULL, duration = NULL")
    connection.close()
    done = archive.run("list")
    assert "ended without a goodbye; 0:30 of it is kept" in done.stderr
    assert "recovered" in done.stdout


@pytest.mark.parametrize("command", ["list", "show"])
def test_a_damaged_archive_is_one_sentence(archive: Archive, command: str) -> None:
    archive.directory.mkdir()
    (archive.directory / FILE).write_bytes(b"no database " * 1000)
    done = archive.run(command)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is damaged or not an archive" in done.stderr


def test_help_shows_an_example(archive: Archive) -> None:
    for command in ([], ["list"], ["show"], ["export"], ["delete"]):
        done = archive.run(*command, "--help")
        assert done.returncode == 0
        assert "Example: live-coach sessions" in done.stdout


def test_sound_that_is_kept_is_told_and_can_be_deleted_alone(archive: Archive) -> None:
    old, new = "2020-01-01-abcd", f"{datetime.now(UTC).date()}-abcd"
    archive.keep(old, new)
    for session in (old, new):
        (archive.directory / f"{session}.sound.flac").write_bytes(bytes(1_500_000))
    done = archive.run("list")
    assert [line.endswith("sound kept") for line in done.stdout.splitlines()] == [False, True]
    done = archive.run("show", "last")
    last = datetime.now(UTC).date() + timedelta(days=7)
    assert f"The sound of both is kept too until {last}, 1.5 MB" in done.stderr
    assert archive.run("delete", new, "--audio").returncode == 2
    done = archive.run("delete", "last", "--audio", "--yes")
    assert (done.returncode, "of 1 conversation is deleted" in done.stderr) == (0, True)
    assert not list(archive.directory.glob("*.flac"))
    assert len(archive.run("list").stdout.splitlines()) == 2
