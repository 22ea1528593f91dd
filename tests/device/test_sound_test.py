"""`live-coach devices --test` as a person runs it, in a pipe and in a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.device.conftest import CALL_SINK, MIC, MIC_SINK, SoundServer

pytestmark = [pytest.mark.device, pytest.mark.usefixtures("portaudio")]

_RATE = 16_000
_COMMAND = (sys.executable, "-m", "live_coach", "devices", "--test")


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A minute with something like speech in it: loud for six tenths of every second."""
    noise = np.random.default_rng(3).normal(0, 1, 60 * _RATE)
    loud = np.arange(len(noise)) % _RATE < 0.6 * _RATE
    path = tmp_path / "talk.wav"
    soundfile.write(path, noise * np.where(loud, 0.05, 0.001), _RATE)
    return path


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_COMMAND, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_both_sides_are_heard_in_a_pipe(sound_server: SoundServer, talk: Path) -> None:
    sound_server.play(MIC_SINK, talk)
    sound_server.play(CALL_SINK, talk)
    done = _run()
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert MIC in lines[0]
    assert lines[-2:] == ["Microphone: heard.", "Call: heard."]
    meters = lines[3:-2]
    assert len(meters) == 10
    assert all(line.count("#") > 15 for line in meters)
    assert "\r" not in done.stdout


def test_a_silent_call_and_a_muted_microphone_are_told_in_dutch(sound_server: SoundServer) -> None:
    sound_server.pactl("set-source-mute", MIC, "1")
    done = _run(LIVE_COACH_SCREEN__LANGUAGE="nl")
    assert (done.returncode, done.stderr) == (1, "")
    microphone, call = done.stdout.splitlines()[-2:]
    assert microphone.startswith("Microfoon: helemaal geen geluid.")
    assert "--mic" in microphone
    assert call.startswith("Gesprek op afstand: er was niets te horen.")
    assert "--call" in call


def test_in_a_terminal_the_meters_stay_in_their_line(sound_server: SoundServer, talk: Path) -> None:
    import pty  # not there on Windows

    sound_server.play(MIC_SINK, talk)
    leader, follower = pty.openpty()
    program = subprocess.Popen([*_COMMAND, "--call", "none"], stdout=follower, stderr=follower)
    os.close(follower)
    shown = b""
    while chunk := _read(leader):
        shown += chunk
    os.close(leader)
    assert program.wait(30) == 0
    assert shown.count(b"\r ") > 80
    assert shown.decode().splitlines()[-1] == "Microphone: heard."


def _read(terminal: int) -> bytes:
    """What is shown next; nothing when the program has gone, which Linux tells as an error."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_devices_are_named_with_the_test_only() -> None:
    done = subprocess.run(
        [*_COMMAND[:-1], "--mic", MIC], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--test" in done.stderr
