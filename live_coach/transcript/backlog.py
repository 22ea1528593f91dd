"""What waits to be read, and in which order: pure bookkeeping, without threads and clocks."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from enum import Enum, auto

from live_coach.flow.messages import RATE, Speaker, SpeechSegment

MOST_WAITING = 30
"""Ended segments that wait to be read; one more puts off the oldest."""

MOST_PUT_OFF = 5 * 60 * RATE
"""Samples of sound that are kept to be read when there is time."""


class Share(Enum):
    """Which part of the work a reader takes: the greedy decodes, those with a beam, or both."""

    ALL = auto()
    CAREFUL = auto()
    QUICK = auto()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A segment and when it came, in seconds of the caller's clock."""

    segment: SpeechSegment
    since: float


class Backlog:
    """Ended segments in order, then the newest growing one of each speaker (settled ones first, for
    they may become finals; else the speakers take turns), then those put off.
    """

    def __init__(self) -> None:
        self._ended: deque[Waiting] = deque()
        self._growing: dict[Speaker, Waiting] = {}
        self._put_off: deque[Waiting] = deque()
        self._turns: Counter[Speaker] = Counter()

    def add(self, segment: SpeechSegment, now: float) -> SpeechSegment | None:
        """Take one more; returns an ended segment that is put off for it, if it was one too many."""
        for speaker in (segment.speaker, Speaker.UNKNOWN):  # it may not have been known before
            self._growing.pop(speaker, None)
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
        """Partials are not wanted any more."""
        self._growing.clear()

    def next(self, share: Share = Share.ALL, *, growing: bool = True) -> Waiting | None:
        """What to read now, of this share of the work; None: nothing waits.

        Without `growing`, nothing of a run that goes on, unless it is settled.
        """
        if self._ended and share is not Share.QUICK:
            return self._ended.popleft()
        settled = [one for one in self._growing if self._growing[one].segment.settled]
        others = [one for one in self._growing if one not in settled]
        speakers = settled if share is not Share.QUICK else []
        if growing and share is not Share.CAREFUL:
            speakers = speakers + sorted(others, key=self._turns.__getitem__)
        if speakers:
            self._turns[speakers[0]] = max(self._turns.values(), default=0) + 1
            return self._growing.pop(speakers[0])
        return self._put_off.popleft() if self._put_off and share is not Share.QUICK else None
