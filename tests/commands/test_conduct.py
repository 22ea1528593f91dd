"""What a conversation's command does beside the conversation: signals, and a word about its folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from live_coach.commands import conduct

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
    conduct._warn_of_cloud(tmp_path)
    assert capsys.readouterr().err == ""
    conduct._warn_of_cloud(tmp_path / "Nextcloud" / "talks")
    assert "copied to other computers by Nextcloud" in capsys.readouterr().err


def test_what_is_written_only_its_owner_can_read(tmp_path: Path) -> None:
    summary, stream = tmp_path / "talk.md", tmp_path / "talk.jsonl"
    conduct._require_writable(summary)
    conduct._write(summary, "# Looking back")
    with conduct.json_lines(str(stream)) as lines:
        assert lines is not None
        lines.write("{}\n")
    assert [path.read_text(encoding="utf-8") for path in (summary, stream)] == [
        "# Looking back",
        "{}\n",
    ]
    assert {path.stat().st_mode & 0o777 for path in (summary, stream)} == {0o600}
