"""The load ladder: how much is read while somebody still speaks. Pure bookkeeping, without clocks."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum

from live_coach.flow.messages import Speaker, SpeechSegment


class Rung(IntEnum):
    """What is read, the most first."""

    EVERYTHING = 0
    FEWER_PARTIALS = 1
    """Every second growing segment, and all that may become finals."""

    FINALS_ONLY = 2


class Ladder:
    """Steps down when text comes late, and back when it has been in time for a while.

    Partials tell early that the computer is busy: what one of them took from the end of its sound to
    its text, averaged over about the last ten (usually a tenth of a second, and a third in a run of
    14 s). A final that had to wait tells that it is far too busy: two seconds is how late a text may
    be and still help. The gaps between the numbers keep the ladder from swinging.
    """

    LATE_S, NOT_LATE_S = 0.5, 0.3
    CALM_PARTIALS = 40
    """In time, one after the other, on the rung where every second one is read: ten seconds of speech or more."""

    TOO_LATE_S, IN_TIME_S = 2.0, 0.5
    CALM_FINALS = 3

    _NEW = 0.1

    def __init__(self) -> None:
        self.rung = Rung.EVERYTHING
        self._took_s = 0.0
        self._calm = 0
        self._grown: Counter[Speaker] = Counter()

    def wants(self, growing: SpeechSegment) -> bool:
        """Whether this one is to be read; asked once for each."""
        if self.rung is not Rung.FEWER_PARTIALS or growing.settled:
            return self.rung is not Rung.FINALS_ONLY
        self._grown[growing.speaker] += 1
        return self._grown[growing.speaker] % 2 == 0

    def partial_took(self, seconds: float) -> bool:
        """A growing segment was told so long after it had come; True when the rung changes."""
        if self.rung is Rung.FINALS_ONLY:
            return False
        self._took_s += self._NEW * (seconds - self._took_s)
        if self.rung is Rung.EVERYTHING:
            return self._took_s > self.LATE_S and self._go(Rung.FEWER_PARTIALS)
        self._calm = self._calm + 1 if self._took_s < self.NOT_LATE_S else 0
        return self._calm >= self.CALM_PARTIALS and self._go(Rung.EVERYTHING)

    def final_waited(self, seconds: float) -> bool:
        """A segment that has ended waited so long to be read; True when the rung changes."""
        if seconds > self.TOO_LATE_S:
            self._calm = 0
            return self.rung is not Rung.FINALS_ONLY and self._go(Rung.FINALS_ONLY)
        if self.rung is not Rung.FINALS_ONLY:
            return False
        self._calm = self._calm + 1 if seconds < self.IN_TIME_S else 0
        return self._calm >= self.CALM_FINALS and self._go(Rung.FEWER_PARTIALS)

    def _go(self, rung: Rung) -> bool:
        self.rung = rung
        self._calm = 0
        self._took_s = self.NOT_LATE_S
        return True
