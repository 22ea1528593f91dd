"""Clocks of a conversation: how long it has lasted, in samples."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Protocol

from live_coach.flow.messages import RATE, AudioFrame

_NS = 1_000_000_000


class Clock(Protocol):
    """Says where the conversation is, in samples since it began."""

    def now(self) -> int: ...


class MonotonicClock:
    """Runs with the computer's monotonic clock; sample 0 is when it was made, until frames tell."""

    def __init__(self) -> None:
        self._zero_ns = time.monotonic_ns()
        self._told = False

    def observe(self, frame: AudioFrame) -> None:
        """Put sample 0 where the capture times say: as early as any frame of a device puts it, since
        a block can only be late; and for a recording, which has no such times, at its first frame."""
        if frame.captured_ns:
            zero_ns = frame.captured_ns - frame.span.end * _NS // RATE
            self._zero_ns = min(self._zero_ns, zero_ns) if self._told else zero_ns
        elif not self._told:
            self._zero_ns = time.monotonic_ns() - frame.span.start * _NS // RATE
        self._told = True

    def now(self) -> int:
        return max(0, time.monotonic_ns() - self._zero_ns) * RATE // _NS


class PositionClock:
    """Stands at the audio position that was last told: time in a replay at full speed."""

    def __init__(self) -> None:
        self._position = 0

    def advance(self, to: int) -> None:
        """Move forward; never back."""
        self._position = max(self._position, to)

    def now(self) -> int:
        return self._position


def paced(frames: Iterable[AudioFrame], clock: Clock) -> Iterator[AudioFrame]:
    """The frames of a recording, each given when a live microphone would have given it."""
    for frame in frames:
        early = frame.span.end - clock.now()
        if early > 0:
            time.sleep(early / RATE)
        yield frame
