"""A computer that does not fall asleep during a conversation, and does afterwards."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from live_coach.commands import keep_awake
from tests.journey.program import until

unix = pytest.mark.skipif(os.name == "nt", reason="programs in a shell are for Unix")


@pytest.fixture
def holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the systems' own programs: runs what is behind its options, and says so."""
    for name in ("systemd-inhibit", "caffeinate"):
        program = tmp_path / name
        program.write_text(
            '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\n'
            f'echo $$ > "{tmp_path}/{name}.pid"\nexec "$@"\n'
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def _held(folder: Path, name: str) -> psutil.Process:
    pid = folder / f"{name}.pid"
    until(lambda: pid.exists() and pid.read_text().strip())
    return psutil.Process(int(pid.read_text()))


@unix
@pytest.mark.parametrize(
    ("system", "name"), [("Linux", "systemd-inhibit"), ("Darwin", "caffeinate")]
)
def test_it_is_held_awake_exactly_as_long(
    holder: Path, monkeypatch: pytest.MonkeyPatch, system: str, name: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    with keep_awake.kept_awake():
        held = _held(holder, name)
        assert held.is_running()
    assert not held.is_running()


@unix
def test_it_may_sleep_again_when_the_program_was_killed(holder: Path) -> None:
    code = (
        "import platform, time\n"
        "from live_coach.commands.keep_awake import kept_awake\n"
        "platform.system = lambda: 'Linux'\n"
        "with kept_awake():\n    time.sleep(60)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    try:
        held = _held(holder, "systemd-inhibit")
    finally:
        program.kill()
        program.wait()
    psutil.wait_procs([held], timeout=3)
    assert not held.is_running() or held.status() == psutil.STATUS_ZOMBIE


@unix
@pytest.mark.parametrize("content", [None, "#!/bin/sh\nexit 1\n"])
def test_where_it_cannot_be_asked_for_the_conversation_is_held_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    if content:
        program = tmp_path / "systemd-inhibit"
        program.write_text(content)
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    with keep_awake.kept_awake():
        pass
    assert psutil.Process().children() == []


def test_windows_is_told_at_the_beginning_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    kernel = SimpleNamespace(SetThreadExecutionState=lambda state: told.append(state.value))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    with keep_awake.kept_awake():
        assert told == [0x80000003]
    assert told == [0x80000003, 0x80000000]
