"""The load ladder: how much is read while somebody still speaks. Pure bookkeeping, without clocks."""

from __future__ import annotations

from enum import IntEnum


class Rung(IntEnum):
    """What is read, the most first."""

    EVERYTHING = 0
    FEWER_PARTIALS = 1
    """Longer rests between two partials; all that may become finals is read."""

    FINALS_ONLY = 2


class Ladder:
    """Steps down when other programs need the computer, and back when they have not for a while.

    A decode that had to share the processor takes longer than its processor time: 1.0 times with up
    to one busy program on two cores, 1.6 times with two, 2.0 with three, 2.5 with four (tiny.en,
    means of 30), whatever the model and the length of the run. Averaged over about the last ten
    partials, or five where they rest longer. A final that had to wait tells that it is far too busy: two seconds is how late a text
    may be and still help. The gaps between the numbers keep the ladder from swinging.
    """

    CROWDED, FREE = 1.35, 1.15
    CALM_PARTIALS = 5
    """Undisturbed on average, one after the other: with the time that the average takes to sink, ten
    seconds of speech or so."""

    REST, LONG_REST = 0.6, 3.0
    """Times of a partial's reading that the next one waits for. With the first, partials of people
    who speak on and on take five eighths of a core, less what finals take before them; with the second, a
    quarter. So the load is the same on every machine, and a slow one shows text later. With 0.2, 0.6 and 1.0
    Dutch words (base, 118 s of two channels, costs of decodes simulated) were stable after 0.71, 0.87 and 1.02 s for
    0.83, 0.67 and 0.57 of a core."""

    TOO_LATE_S, IN_TIME_S = 2.0, 0.5
    CALM_FINALS = 3

    QUIET_S = 10.0
    """So long nobody spoke and nothing waited: no text is late, and what was learnt of the load is old.
    As long as CALM_PARTIALS take."""

    _NEW, _NEW_AFTER_LONG_REST = 0.1, 0.2
    """What a partial counts in the average: twice as much where they come half as often."""

    def __init__(self) -> None:
        self.rung = Rung.EVERYTHING
        self._slowdown = 1.0
        self._calm = 0

    @property
    def wants_growing(self) -> bool:
        """Whether anything is to be read of a run that goes on."""
        return self.rung is not Rung.FINALS_ONLY

    def rest_s(self, reading_s: float) -> float:
        """How long no partial is to be read after one whose reading took so long: so the steps between
        partials follow the length of the run, the model and what this computer bears now."""
        return reading_s * (self.REST if self.rung is Rung.EVERYTHING else self.LONG_REST)

    def partial_read(self, slowdown: float) -> bool:
        """A growing segment took so many times longer than by itself; True when the rung changes."""
        if self.rung is Rung.FINALS_ONLY:
            return False
        new = self._NEW if self.rung is Rung.EVERYTHING else self._NEW_AFTER_LONG_REST
        self._slowdown += new * (slowdown - self._slowdown)
        if self.rung is Rung.EVERYTHING:
            return self._slowdown > self.CROWDED and self._go(Rung.FEWER_PARTIALS)
        self._calm = self._calm + 1 if self._slowdown < self.FREE else 0
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

    def quiet(self) -> bool:
        """Nothing was there to be read for `QUIET_S`: read everything again; True when the rung changes."""
        self._slowdown = 1.0
        return self.rung is not Rung.EVERYTHING and self._go(Rung.EVERYTHING)

    def _go(self, rung: Rung) -> bool:
        self.rung = rung
        self._calm = 0
        return True
