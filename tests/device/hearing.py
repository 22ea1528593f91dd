"""A live source before the virtual sound server, and what can be told from what it heard.

`python -m tests.device.hearing` is a program that listens until its input ends, for tests that freeze it.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby

import numpy as np
import numpy.typing as npt
import psutil

from live_coach import settings
from live_coach.audio import devices
from live_coach.audio.capture import LiveSource
from live_coach.audio.capture_process import worker_command
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState, Levels, Samples
from tests.device.conftest import CALL, MIC

BEAT = RATE
"""Recordings of beats have one every second, so that a place in time can be told from any of them."""


class Heard:
    """A live source whose frames are read as they come; `changes` are audio settings of its own."""

    def __init__(self, mic: str | None, call: str | None, **changes: float) -> None:
        self.health: list[Health] = []
        self.levels: list[Levels] = []
        self.frames: list[AudioFrame] = []
        self.source = LiveSource(
            mic=device(mic),
            call=device(call),
            settings=settings.load().settings.audio.model_copy(update=changes),
            on_health=self.health.append,
            on_levels=self.levels.append,
        )
        self.reader = threading.Thread(target=self._read)

    def _read(self) -> None:
        for frame in self.source.frames():
            self.frames.append(frame)

    def of(self, channel: Channel) -> list[AudioFrame]:
        """All frames of a channel so far, after checking that there is no hole between them."""
        frames = [frame for frame in list(self.frames) if frame.channel is channel]
        at = 0
        for frame in frames:
            assert frame.span.start == at
            at = frame.span.end
        return frames

    def sound(self, channel: Channel) -> Samples:
        """All sound of a channel so far."""
        return np.concatenate(
            [np.zeros(0, np.float32), *(frame.samples for frame in self.of(channel))]
        )

    def lost(self, channel: Channel) -> int:
        return sum(frame.lost for frame in list(self.frames) if frame.channel is channel)

    def told(self, state: HealthState, stream: str = "mic") -> list[Health]:
        return [each for each in list(self.health) if (each.state, each.stream) == (state, stream)]

    def wait_for_sound(self, seconds: float, channel: Channel = Channel.MANAGER) -> None:
        wanted = len(self.sound(channel)) + seconds * RATE
        until(lambda: len(self.sound(channel)) >= wanted, seconds + 5)

    def off_clock_s(self, channel: Channel) -> float:
        """How far any stretch of sound lies from where the capture times of its blocks put it.

        Blocks come late, never early: what the earliest of a stretch says counts. The first stretch
        says when sample 0 was.
        """
        stretches = [
            [frame.captured_ns / 1e9 - frame.span.end / RATE for frame in frames]
            for lost, frames in groupby(self.of(channel), lambda frame: bool(frame.lost))
            if not lost
        ]
        begins = [min(stretch) for stretch in stretches if len(stretch) > 5]
        return max(abs(begin - begins[0]) for begin in begins)


@contextmanager
def listening(mic: str | None = MIC, call: str | None = CALL, **changes: float) -> Iterator[Heard]:
    """A source that is being read; its end is checked: soon, and no worker is left."""
    heard = Heard(mic, call, **changes)
    heard.source.start()
    heard.reader.start()
    try:
        yield heard
    finally:
        before = time.monotonic()
        heard.source.stop()
        took = time.monotonic() - before
        heard.reader.join(5)
    assert took < 1.0
    assert not heard.reader.is_alive()
    assert not workers()


def device(name: str | None) -> devices.Device | None:
    if name is None:
        return None
    return devices.Device(name, "mic", name, is_default=False, system="pulse")


def workers() -> list[psutil.Process]:
    """Capture workers of this process, dead but unburied ones too."""
    found = []
    for child in psutil.Process().children():
        dead = child.status() == psutil.STATUS_ZOMBIE
        if dead or worker_command()[-1] in child.cmdline():
            found.append(child)
    return found


def worker(heard: Heard, stream: str = "mic") -> int:
    """The process that listens for a stream now."""
    pid = heard.source.pids()[stream]
    assert pid is not None
    return pid


def until(condition: Callable[[], object], seconds: float) -> float:
    """Wait for a condition; how long it took."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - begin


def clicks(sound: Samples) -> list[int]:
    """Where each click begins."""
    loud = np.flatnonzero(np.abs(sound) > 0.3)
    return [int(at) for i, at in enumerate(loud) if i == 0 or at - loud[i - 1] > RATE // 10]


def off_beat(sound: Samples) -> npt.NDArray[np.int64]:
    """How far each click is from the beat of the first ones, in samples."""
    places = np.array(clicks(sound), np.int64)
    assert len(places) >= 3
    return np.asarray((places - places[0] + BEAT // 2) % BEAT - BEAT // 2)


def _main() -> None:
    with listening() as heard:
        heard.wait_for_sound(2.5)
        print("listening", flush=True)
        sys.stdin.read()
    told = {
        "health": [(each.stream, each.state, each.gap) for each in heard.health],
        "lost": {channel: heard.lost(channel) for channel in heard.source.channels},
        "off_clock_s": max(heard.off_clock_s(channel) for channel in heard.source.channels),
        "off_beat_s": float(np.abs(off_beat(heard.sound(Channel.MANAGER))).max() / RATE),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    _main()
