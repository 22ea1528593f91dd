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
    """Runs with the computer's monotonic clock from the moment it is made."""

    def __init__(self) -> None:
        self._started_ns = time.monotonic_ns()

    def now(self) -> int:
        return (time.monotonic_ns() - self._started_ns) * RATE // _NS


class PositionClock:
    """Stands at the audio position that was last told: time in a replay at full speed."""

    def __init__(self) -> None:
        self.position = 0

    def advance(self, to: int) -> None:
        """Move forward; never back."""
        self.position = max(self.position, to)

    def now(self) -> int:
        return self.position


def paced(frames: Iterable[AudioFrame], clock: Clock) -> Iterator[AudioFrame]:
    """The frames of a recording, each given when a live microphone would have given it."""
    for frame in frames:
        early = frame.span.end - clock.now()
        if early > 0:
            time.sleep(early / RATE)
        yield frame
