"""What is kept lies in a folder for its owner only, on Windows too (its own part was never run there)."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from live_coach import paths


def test_a_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    paths.make_owner_only(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@pytest.mark.parametrize("status", [0, 5], ids=["done", "refused"])
def test_windows_is_asked_for_an_access_list_of_the_owner_and_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        asked.append(command)
        return subprocess.CompletedProcess(command, status)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "run", run)
    paths.make_owner_only(tmp_path)
    [command] = asked
    assert command[:4] == ["icacls", str(tmp_path), "/inheritance:r", "/grant:r"]
    assert command[4:] == ["*S-1-3-4:(OI)(CI)F", "*S-1-5-18:(OI)(CI)F"]
