"""What `live-coach devices` and the choice of a device say, with and without a sound server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from live_coach.audio import devices
from live_coach.commands import checks
from live_coach.commands.checks import State
from live_coach.errors import AudioError
from tests.device.conftest import CALL, CALL_SINK, MIC, SoundServer

pytestmark = pytest.mark.device


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "live_coach", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_microphones_come_first_and_defaults_before_others(sound_server: SoundServer) -> None:
    found = devices.list_devices()
    assert [(device.name, device.kind, device.is_default) for device in found] == [
        (MIC, "mic", True),
        (CALL, "call", True),
        ("manager_mic.monitor", "call", False),
    ]
    assert {device.system for device in found} == {"pulse"}


def test_the_default_call_follows_the_default_output(sound_server: SoundServer) -> None:
    assert devices.choose("call").name == CALL
    sound_server.pactl("set-default-sink", "manager_mic")
    assert devices.choose("call").name == "manager_mic.monitor"


def test_a_device_is_found_by_name_in_any_case_or_by_description(
    sound_server: SoundServer,
) -> None:
    assert devices.choose("mic", MIC.upper()).name == MIC
    description = devices.choose("call").description
    assert description != CALL
    assert devices.choose("call", description).name == CALL
    assert devices.choose("mic", CALL).name == CALL  # a name is a name, whatever it is for


def test_an_unknown_name_brings_up_the_nearest(sound_server: SoundServer) -> None:
    with pytest.raises(AudioError) as caught:
        devices.choose("mic", "manager-headset")
    assert "manager-headset" in caught.value.sentence
    assert MIC in caught.value.hint
    assert CALL not in caught.value.hint


def test_the_command_prints_names_that_can_be_used(sound_server: SoundServer) -> None:
    done = command("devices")
    assert (done.returncode, done.stderr) == (0, "")
    rows = done.stdout.splitlines()
    assert len(rows) == 4
    assert rows[1].split()[:3] == [MIC, "--mic", "*"]
    assert rows[2].split()[:3] == [CALL, "--call", "*"]


def test_without_pactl_the_package_is_named(sound_server: SoundServer) -> None:
    done = command("devices", PATH="/nonexistent")
    assert (done.returncode, done.stdout) == (1, "")
    assert "pactl is missing" in done.stderr
    assert "pulseaudio-utils" in done.stderr


def test_the_doctor_sees_what_is_muted(sound_server: SoundServer) -> None:
    assert checks.microphone("").state is checks.call("").state is State.OK
    sound_server.pactl("set-sink-mute", CALL_SINK, "1")
    muted = checks.call("")
    assert muted.state is State.NOTE
    assert f"({CALL}) is muted" in muted.sentence
    assert muted.hint
    assert checks.microphone("").state is State.OK
    sound_server.pactl("set-source-mute", MIC, "1")
    assert checks.microphone("").state is State.NOTE


def test_a_frozen_server_is_told_and_not_waited_for(
    sound_server: SoundServer,
) -> None:
    sound_server.send(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(AudioError, match="does not answer"):
        devices.list_devices()
    assert time.monotonic() - began < 4


def test_without_portaudio_the_package_is_named(
    sound_server: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module of that name that fails as sounddevice does stands in for a missing library."""
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with pytest.raises(AudioError, match="PortAudio library is missing") as caught:
        devices.portaudio_inputs()
    assert "libportaudio2" in caught.value.hint
