"""A real sound server for every test in here: PulseAudio with virtual devices."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live_coach.audio import devices
from live_coach.errors import AudioError
from tests import needs

START_SOUND = Path(__file__).with_name("start_sound.sh")
MIC_SINK, CALL_SINK = "manager_mic", "call_audio"
MIC, CALL = "manager_headset", "call_audio.monitor"


class SoundServer:
    """The server of one test; it can be played to, frozen, killed and started again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._players: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        subprocess.run(
            [str(START_SOUND), str(self._directory)], check=True, stdout=subprocess.DEVNULL
        )

    def stop(self) -> None:
        for player in self._players:
            player.kill()
            player.wait()
        subprocess.run([str(START_SOUND), str(self._directory), "--stop"], check=True)

    def send(self, what: signal.Signals) -> None:
        os.kill(int((self._directory / "pid").read_text()), what)

    def play(self, sink: str, recording: Path) -> subprocess.Popen[bytes]:
        """Play a recording into a sink; it ends with the test at the latest."""
        player = subprocess.Popen(["paplay", "-d", sink, str(recording)], stderr=subprocess.DEVNULL)
        self._players.append(player)
        return player

    def pactl(self, *what: str) -> str:
        done = subprocess.run(["pactl", *what], check=True, capture_output=True, text=True)
        return done.stdout.strip()


@pytest.fixture
def sound_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A running server; the environment of this process and its children points to it."""
    needs.program("pulseaudio", "pulseaudio")
    needs.program("pactl", "pulseaudio-utils")
    needs.program("paplay", "pulseaudio-utils")
    directory = Path(tempfile.mkdtemp(prefix="sound-"))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{directory}/socket")
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(directory))
    monkeypatch.setenv("PULSE_STATE_PATH", str(directory))
    monkeypatch.setenv("PULSE_COOKIE", f"{directory}/cookie")
    server = SoundServer(directory)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def portaudio() -> None:
    """Nothing can be captured without the library."""
    try:
        devices.portaudio_inputs()
    except AudioError:
        needs.missing("PortAudio", "apt-get install libportaudio2")


@pytest.fixture
def beats(tmp_path: Path) -> Path:
    """A minute of noise at a low level, with a loud click at the beginning of every second."""
    sound = np.random.default_rng(1).uniform(-0.01, 0.01, 60 * 48_000)
    for second in range(60):
        sound[second * 48_000 : second * 48_000 + 48] = 0.8
    path = tmp_path / "beats.wav"
    soundfile.write(path, sound, 48_000)
    return path
