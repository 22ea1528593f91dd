"""What waits to be read, and in which order: pure bookkeeping, without threads and clocks."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from live_coach.flow.messages import RATE, Speaker, SpeechSegment

MOST_WAITING = 30
"""Ended segments that wait to be read; one more puts off the oldest."""

MOST_PUT_OFF = 5 * 60 * RATE
"""Samples of sound that are kept to be read when there is time."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A segment and when it came, in seconds of the caller's clock."""

    segment: SpeechSegment
    since: float


class Backlog:
    """Ended segments in order, then the newest growing one of each speaker (settled ones first, for
    they may become finals), then those put off.

    `dropped_partials` counts growing segments that were replaced before anyone read them.
    """

    def __init__(self) -> None:
        self.dropped_partials = 0
        self._ended: deque[Waiting] = deque()
        self._growing: dict[Speaker, Waiting] = {}
        self._put_off: deque[Waiting] = deque()

    def add(self, segment: SpeechSegment, now: float) -> SpeechSegment | None:
        """Take one more; returns an ended segment that is put off for it, if it was one too many."""
        if self._growing.pop(segment.speaker, None) is not None:
            self.dropped_partials += 1
        if segment.end is None:
            self._growing[segment.speaker] = Waiting(segment, now)
            return None
        self._ended.append(Waiting(segment, now))
        if len(self._ended) <= MOST_WAITING:
            return None
        late = self._ended.popleft()
        self._put_off.append(late)
        while sum(one.segment.span.length for one in self._put_off) > MOST_PUT_OFF:
            self._put_off.popleft()
        return late.segment

    def drop_growing(self) -> None:
        """Partials are not wanted now."""
        self.dropped_partials += len(self._growing)
        self._growing.clear()

    def next(self) -> Waiting | None:
        """What to read now; None: nothing waits."""
        if self._ended:
            return self._ended.popleft()
        if self._growing:
            speakers = sorted(self._growing, key=lambda one: not self._growing[one].segment.settled)
            return self._growing.pop(speakers[0])
        return self._put_off.popleft() if self._put_off else None


class Ladder:
    """Steps down to finals only when a final had to wait too long, and back when three did not.

    Two seconds is how late a text may be and still help; the gap between the two numbers keeps the
    ladder from swinging.
    """

    TOO_LATE_S = 2.0
    IN_TIME_S = 0.5
    CALM = 3

    def __init__(self) -> None:
        self.finals_only = False
        self._calm = 0

    def waited(self, seconds: float) -> bool:
        """A final waited so long to be read; True when the step changes."""
        self._calm = self._calm + 1 if seconds < self.IN_TIME_S else 0
        wanted = seconds > self.TOO_LATE_S or (self.finals_only and self._calm < self.CALM)
        changed = wanted != self.finals_only
        self.finals_only = wanted
        return changed
