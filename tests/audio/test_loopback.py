"""What is pure in hearing an output through SoundCard; tests/device hears one, through PulseAudio.

WASAPI itself exists on Windows only, where nobody has tried this.
"""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from live_coach.audio import capture_worker, devices, loopback, remembered, wire


class _Recorder:
    """Two blocks, then the device is gone, as SoundCard tells it."""

    def __init__(self) -> None:
        self.left = 2

    def __enter__(self) -> _Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def record(self, frames: int) -> np.ndarray:
        if not self.left:
            raise RuntimeError("Error 0x88890004")
        self.left -= 1
        return np.full((frames, 1), 0.5, np.float32)


@pytest.fixture
def soundcard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer with two outputs and a microphone that has the name of one of them."""
    module = ModuleType("soundcard")

    def microphones(include_loopback: bool = False) -> list[SimpleNamespace]:
        def recorder(*_: object, **__: object) -> _Recorder:
            return _Recorder()

        named = [("Headset", False), ("Loudspeakers", True), ("Headset", True)]
        found = [SimpleNamespace(name=n, isloopback=loop, recorder=recorder) for n, loop in named]
        return [one for one in found if include_loopback or not one.isloopback]

    speakers = [SimpleNamespace(name=name, id=name) for name in ("Loudspeakers", "Headset")]
    module.__dict__.update(
        all_speakers=lambda: speakers,
        default_speaker=lambda: speakers[1],
        all_microphones=microphones,
    )
    monkeypatch.setitem(sys.modules, "soundcard", module)


def test_samples_become_16_bits_and_loud_ones_are_cut_off() -> None:
    sound = np.array([0.0, 0.5, 1.0, -1.0, 1.7, -1.7], np.float32)
    heard = np.frombuffer(loopback.as_pcm(sound), "<i2")
    assert heard.tolist() == [0, 16384, 32767, -32767, 32767, -32767]


@pytest.mark.usefixtures("soundcard")
def test_blocks_follow_each_other_until_the_output_is_gone() -> None:
    told: list[wire.Message] = []
    assert loopback.capture(told.append, "Headset", 16_000, 20) == "refused"
    opened, *blocks = told
    assert opened == wire.Opened(16_000, "Headset")
    assert [(block.index, len(block.pcm)) for block in blocks] == [(0, 640), (320, 640)]
    assert blocks[0].captured_ns <= blocks[1].captured_ns


@pytest.mark.usefixtures("soundcard")
def test_an_output_that_is_not_there() -> None:
    assert loopback.capture(lambda _: None, "Television", 16_000, 20) == "no_device"


def test_without_soundcard_no_output_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundcard", None)
    assert loopback.outputs() == []
    assert loopback.capture(lambda _: None, "Headset", 16_000, 20) == "no_device"


@pytest.mark.usefixtures("soundcard")
def test_windows_lists_outputs_as_what_a_call_is_heard_on(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = [{"index": 1, "name": "Headset", "api": "Windows WASAPI", "default": True},
              {"index": 2, "name": "Stereo Mix", "api": "Windows WASAPI", "default": False},
              {"index": 3, "name": "Heads", "api": "MME", "default": False}]  # fmt: skip
    monkeypatch.setattr(capture_worker, "_inputs", lambda: inputs)
    monkeypatch.setattr(capture_worker.platform, "system", lambda: "Windows")
    monkeypatch.setattr(sys, "platform", "win32")
    listed = capture_worker._listed()
    monkeypatch.setattr(devices, "portaudio_inputs", lambda: listed)
    found = [(one.kind, one.name, one.is_default, one.system) for one in devices.list_devices()]
    assert found == [
        ("mic", "Headset", True, "portaudio"),
        ("call", "Headset", True, "loopback"),
        ("call", "Loudspeakers", False, "loopback"),
        ("call", "Stereo Mix", False, "portaudio"),
    ]
    assert devices.choose("call").system == "loopback"
    assert devices.choose("mic", "headset").system == "portaudio"
    assert devices.choose("call", "headset").system == "loopback"
    monkeypatch.setattr(remembered, "_read", lambda: {"mic": "Headset", "call": "Headset"})
    assert remembered.choose_device("mic", "").system == "portaudio"
    assert remembered.choose_device("call", "").system == "loopback"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_where_no_call_is_heard_the_way_to_one_is_told(
    monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    alone = [{"index": 0, "name": "Microphone", "api": "Core Audio", "default": True}]
    monkeypatch.setattr(devices, "portaudio_inputs", lambda: alone)
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(devices.AudioError) as caught:
        devices.choose("call")
    assert "docs/audio-setup.md" in caught.value.hint
    assert "--call none" in caught.value.hint
