"""Nothing leaves the computer, and what was said stays in memory."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.journey.program import (
    excerpt,
    finals,
    kill,
    require_model,
    run,
    so_far,
    start,
    stream,
    until,
)

_REFUSE = """
import os, sys

def refuse(event, arguments):
    if event.startswith("socket.") and event not in {"socket.gethostname", "socket.sethostname"}:
        family = getattr(arguments[0], "family", None) if arguments else None
        if event != "socket.__new__" or arguments[1] != 1:
            with open(os.environ["SOCKETS_TRIED"], "a") as tried:
                tried.write(f"{os.getpid()} {event}\\n")
            raise OSError("no sockets in this test")

sys.addaudithook(refuse)
with open(os.environ["SOCKETS_TRIED"] + ".guarded", "a") as guarded:
    guarded.write(f"{os.getpid()}\\n")
"""


@pytest.fixture
def no_sockets(tmp_path: Path) -> dict[str, str]:
    """An environment in which Python, its children included, writes down and refuses every socket."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(_REFUSE, encoding="utf-8")
    return {
        "PYTHONPATH": f"{tmp_path / 'guard'}{os.pathsep}{Path.cwd()}",
        "SOCKETS_TRIED": str(tmp_path / "tried"),
    }


def test_the_guard_itself_refuses(no_sockets: dict[str, str]) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **no_sockets},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert Path(no_sockets["SOCKETS_TRIED"]).exists()


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_whole_conversation_opens_no_socket_and_leaves_no_words(
    language: str, tmp_path: Path, no_sockets: dict[str, str]
) -> None:
    require_model(language)
    talk = excerpt(language, 20, 36, tmp_path / "talk.wav")
    home = tmp_path / "home"
    home.mkdir()
    env = no_sockets | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "LIVE_COACH_LOG__LEVEL": "debug",
    }
    lines_file = tmp_path / "lines"
    done = run(
        *("replay", talk, "--language", language, "--speed", "real", "--save"),
        *("--jsonl", lines_file),
        env=env,
    )
    assert done.returncode == 0, done.stderr

    assert not Path(no_sockets["SOCKETS_TRIED"]).exists()
    guarded = Path(no_sockets["SOCKETS_TRIED"] + ".guarded").read_text().split()
    assert len(guarded) >= 2, "the worker process was not guarded"

    said = [line["text"] for line in finals(stream(lines_file)) if line["speaker"] == "coachee"]
    canaries = {
        " ".join(words[at : at + 3]).encode()
        for text in said
        for words in [text.split()]
        for at in range(len(words) - 2)
    }
    assert canaries
    written = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in written)
    assert any(path.name.startswith("archive") or path.suffix == ".db" for path in written)
    for path in written:
        data = path.read_bytes()
        assert not [magic for magic in (b"fLaC", b"RIFF", b"OggS") if magic in data], path.name
        assert not [canary for canary in canaries if canary in data], path.name
    assert not [canary for canary in canaries if canary.decode() in done.stderr]


@pytest.fixture
def core_dumps() -> Iterator[None]:
    """What this process starts may write its memory to the disk when it crashes."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.models
@pytest.mark.usefixtures("core_dumps")
def test_a_crash_writes_no_memory_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_model("en")
    talk, lines_file = excerpt("en", 20, 50, tmp_path / "talk.wav"), tmp_path / "lines"
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    program = start("replay", talk, "--language", "en", "--speed", "real", "--jsonl", lines_file)
    try:
        until(lambda: bool(finals(so_far(lines_file))))
        whole = psutil.Process(program.pid)
        processes = [*whole.children(recursive=True), whole]
        assert len(processes) >= 2, "the worker process was not there"
        for process in processes:
            process.send_signal(signal.SIGSEGV)
        until(lambda: program.poll() is not None)
        assert program.returncode == -signal.SIGSEGV
        assert list((tmp_path / "here").iterdir()) == []
    finally:
        kill(program)
