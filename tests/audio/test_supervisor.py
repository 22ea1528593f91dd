"""The supervisor before a worker that plays devices no sound server can imitate.

The real worker on a real sound server is tried in tests/device.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from live_coach import settings
from live_coach.audio import capture_process
from live_coach.audio.capture import LiveSource
from live_coach.audio.devices import Device
from live_coach.errors import AudioError
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState

_WORKER = """
import sys, time
import numpy as np
from live_coach.audio import wire
def put(message):
    sys.stdout.buffer.write(wire.encode(message)); sys.stdout.buffer.flush()
def play(rate, blocks, index=0, begun=None):
    begun = time.monotonic() if begun is None else begun
    length = rate // 50
    for _ in range(blocks):
        times = (index + np.arange(length)) / rate
        sound = (16000 * np.sin(2 * np.pi * 1000 * times)).astype('<i2').tobytes()
        due = begun + (index + length) / rate
        time.sleep(max(0, due - time.monotonic()))
        put(wire.Block(round(due * 1e9), index, sound))
        index += length
    return index, begun
"""
TELLS = pytest.mark.parametrize(
    ("plot", "words"),
    [
        ("put(wire.Failed('no_portaudio'))", "PortAudio library is missing"),
        ("put(wire.Opened(16000, 'x')); time.sleep(60)", "gives no sound"),
        ("time.sleep(60)", "gives no sound"),
    ],
)


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the worker do what a piece of Python says."""

    def install(plot: str) -> None:
        script = tmp_path / "worker.py"
        script.write_text(f"{_WORKER}\n{plot}\n")
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        monkeypatch.setattr(
            capture_process, "worker_command", lambda: [sys.executable, str(script)]
        )

    return install


class Listener:
    """One microphone of a system without a sound server, read as it comes."""

    def __init__(self, **changes: float) -> None:
        self.health: list[Health] = []
        self.frames: list[AudioFrame] = []
        self.source = LiveSource(
            mic=Device("pretended", "mic", "pretended", is_default=True, system="portaudio"),
            call=None,
            settings=settings.load().settings.audio.model_copy(update=changes),
            on_health=self.health.append,
            on_levels=lambda _levels: None,
            language="nl",
        )

    def listen(self, enough: Callable[[], object]) -> None:
        reader = threading.Thread(target=lambda: self.frames.extend(self._frames()))
        self.source.start()
        reader.start()
        deadline = time.monotonic() + 15
        while not enough() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.source.stop()
        reader.join(5)
        assert enough()

    def _frames(self) -> list[AudioFrame]:
        return list(self.source.frames())


def test_a_device_that_insists_on_its_own_rate_is_resampled(
    worker: Callable[[str], None],
) -> None:
    worker("put(wire.Opened(44100, 'x')); play(44100, 150); time.sleep(60)")
    listener = Listener()
    listener.listen(lambda: any(each.state is HealthState.LOST for each in listener.health))
    sound = np.concatenate([frame.samples for frame in listener.frames if not frame.lost])
    assert len(sound) == pytest.approx(3 * RATE, abs=RATE // 50)
    assert {frame.channel for frame in listener.frames} == {Channel.ROOM}
    middle = sound[RATE // 2 : RATE // 2 + RATE]
    assert int(np.argmax(np.abs(np.fft.rfft(middle)))) == 1000
    assert np.abs(middle).max() == pytest.approx(16000 / 32768, rel=0.02)


def test_blocks_that_a_worker_had_to_drop_are_lost_to_the_sample(
    worker: Callable[[str], None],
) -> None:
    worker(
        "put(wire.Opened(16000, 'x')); index, begun = play(16000, 100)\n"
        "play(16000, 100, index + 8000, begun)\n"
        "time.sleep(60)"
    )
    listener = Listener()
    listener.listen(lambda: any(each.gap for each in listener.health))
    gap = next(each for each in listener.health if each.gap)
    assert (gap.state, gap.stream, gap.gap) == (HealthState.OK, "mic", 8000)
    assert gap.sentence == "De microfoon miste 0,5 s."
    assert sum(frame.lost for frame in listener.frames) == 8000


@TELLS
def test_why_a_device_cannot_be_used(worker: Callable[[str], None], plot: str, words: str) -> None:
    worker(plot)
    listener = Listener(start_deadline_s=1.0)
    with pytest.raises(AudioError) as caught:
        listener.source.start()
    assert words in caught.value.sentence
    assert caught.value.hint
    assert not any(thread.name.startswith("capture-") for thread in threading.enumerate())


@pytest.mark.parametrize("plot", ["put(wire.Failed('refused'))", "raise SystemExit(3)"])
def test_a_device_that_is_gone_or_refuses_is_named(
    worker: Callable[[str], None], plot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from live_coach.audio import devices

    worker(plot)
    there = Listener().source._streams[0].device
    monkeypatch.setattr(devices, "list_devices", lambda: [there])
    with pytest.raises(AudioError, match=r"pretended.*cannot be opened"):
        Listener().source.start()
    monkeypatch.setattr(devices, "list_devices", list)
    with pytest.raises(AudioError, match="no microphone named “pretended”"):
        Listener().source.start()
