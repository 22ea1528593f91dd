"""What a conversation's command does beside the conversation: signals, and a word about its folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from live_coach.archive import database, sessions, sound
from live_coach.archive.database import open_archive
from live_coach.archive.recovery import recover
from live_coach.commands import conduct, ready
from live_coach.commands.account import Account
from live_coach.session import Card, Plan, Wording
from live_coach.settings import load
from tests.archive.conversation import ended, started, talk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a signal of Unix stands in for Ctrl-Break")


def test_ctrl_break_ends_a_conversation_as_ctrl_c_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    before = signal.getsignal(signal.SIGUSR1)
    told: list[str] = []
    with conduct._signals(told.append):
        os.kill(os.getpid(), signal.SIGUSR1)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGUSR1)
    assert told == ["interrupted"]
    assert signal.getsignal(signal.SIGUSR1) is before


def test_ctrl_break_stops_any_other_command() -> None:
    code = (
        "import os, signal\n"
        "signal.SIGBREAK = signal.SIGUSR1\n"
        "from live_coach import cli\n"
        "cli.cli.main = lambda **_: os.kill(os.getpid(), signal.SIGUSR1)\n"
        "cli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == "live-coach: Stopped."


def test_a_folder_that_a_cloud_copies_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready._warn_of_cloud(tmp_path, "en")
    assert capsys.readouterr().err == ""
    ready._warn_of_cloud(tmp_path / "Nextcloud" / "talks", "en")
    assert "copied to other computers by Nextcloud" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["Kept as talk in", "For the other person", "The sound of both is kept too"]),
        ("nl", ["Bewaard als talk in", "Voor de ander", "Het geluid van beiden is ook bewaard"]),
    ],
)
def test_what_was_kept_is_told_in_the_language_of_the_screen(
    language: Wording,
    says: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = over(tmp_path)
    account.confirm(CONFIRMED)
    monkeypatch.setattr(sound, "kept", lambda _: {"talk": tmp_path})
    capsys.readouterr()
    conduct._tell(conduct.Outputs(), account, "talk", language)
    told = capsys.readouterr().err
    assert [part for part in says if part in told] == says


def test_what_is_written_only_its_owner_can_read(tmp_path: Path) -> None:
    summary, stream = tmp_path / "talk.md", tmp_path / "talk.jsonl"
    ready.require_writable_file(summary)
    conduct._write(summary, "# Looking back")
    with conduct.json_lines(str(stream)) as lines:
        assert lines is not None
        lines.write("{}\n")
    assert [path.read_text(encoding="utf-8") for path in (summary, stream)] == [
        "# Looking back",
        "{}\n",
    ]
    assert {path.stat().st_mode & 0o777 for path in (summary, stream)} == {0o600}


CONFIRMED = ["I call the heliotrope people", " "]


def over(directory: Path) -> Account:
    """The account of a conversation that was kept and is over."""
    settings = load({"archive.directory": str(directory)}).settings
    plan = Plan(
        kind="live",
        open_source=lambda _health, _levels: None,  # type: ignore[arg-type,return-value]
        model=None,  # type: ignore[arg-type]
        language="en",
        wording="en",
        settings=settings,
        card=Card(),
    )
    account = Account(plan, save=True)
    record = account.open(lambda _: None)
    record.begin(started())
    for message, emitted in talk(2):
        record.receive(message, emitted)
    record.close(ended(2))
    return account


def test_a_confirmed_plan_is_kept_and_told(tmp_path: Path) -> None:
    account = over(tmp_path)
    assert "heliotrope" not in account.summary()
    account.confirm(CONFIRMED)
    assert "“I call the heliotrope people”" in account.summary()
    assert sessions.load(tmp_path, "last").plan == ("I call the heliotrope people",)


def test_a_plan_waits_for_an_archive_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = over(tmp_path)
    with monkeypatch.context() as patched, closing(open_archive(tmp_path)) as other:
        patched.setattr(database, "open_archive", partial(open_archive, wait_s=0.1))
        other.execute("BEGIN IMMEDIATE")
        account.confirm(CONFIRMED)
    assert "heliotrope" in account.summary()
    assert sessions.load(tmp_path, "last").plan == ()
    recover(tmp_path)
    assert sessions.load(tmp_path, "last").plan == ("I call the heliotrope people",)


def test_the_plan_of_a_conversation_that_was_deleted_meanwhile_is_kept_nowhere(
    tmp_path: Path,
) -> None:
    account = over(tmp_path)
    sessions.delete(tmp_path, "last")
    with pytest.raises(sessions.NotKept):
        account.confirm(CONFIRMED)
    assert "heliotrope" in account.summary()
    assert not [path for path in tmp_path.iterdir() if b"heliotrope" in path.read_bytes()]
