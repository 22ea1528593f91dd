"""Silence between runs of speech, and speech of both at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from live_coach.flow.messages import Overlap, Pause, Span, Speaker, to_samples

SHORTEST_PAUSE = to_samples(0.5)
"""Shorter gaps are the rhythm of turn taking (about 0.2 s in most languages; Stivers 2009)."""
SHORTEST_OVERLAP = to_samples(0.2)


class Silences:
    """Watches when nobody, and when more than one person, is speaking.

    Sound that was lost is not silence: a silence begins anew after it.
    """

    def __init__(self) -> None:
        self._running: dict[Speaker, int] = {}
        self._last: Speaker | None = None
        self._silent_since = 0
        self._second: tuple[Speaker, int] | None = None
        self._untold: Pause | None = None

    @property
    def speaking(self) -> frozenset[Speaker]:
        """Those speaking now."""
        return frozenset(self._running)

    @property
    def last_speaker(self) -> Speaker | None:
        """Who spoke last, or first began to of those who still speak."""
        return self._last

    def silent_for(self, now: int) -> int:
        """How long nobody has spoken; 0 while somebody does and before anybody did."""
        if self._running or self._last is None:
            return 0
        return max(0, now - self._silent_since)

    def start(self, speaker: Speaker, at: int) -> Iterator[Pause]:
        """Somebody began: the pause that this ends, if it was one; later, when it is known who."""
        if not self._running:
            if self._last is not None and at - self._silent_since >= SHORTEST_PAUSE:
                self._untold = Pause(Span(self._silent_since, at), after=self._last, before=speaker)
                if speaker is not Speaker.UNKNOWN:
                    yield from self._tell(speaker)
            self._last = speaker
        elif speaker not in self._running:
            self._second = (speaker, at)
        self._running[speaker] = at

    def known(self, speaker: Speaker) -> Iterator[Pause]:
        """Whoever speaks as UNKNOWN is this person: the pause that they ended."""
        at = self._running.pop(Speaker.UNKNOWN, None)
        if at is None:
            return
        self._running[speaker] = at
        self._last = speaker
        yield from self._tell(speaker)

    def end(self, speaker: Speaker, at: int) -> Iterator[Pause | Overlap]:
        """Somebody stopped: the overlap that this ends, if it was one."""
        if self._running.pop(speaker, None) is None:
            return
        if speaker is Speaker.UNKNOWN:
            yield from self._tell(speaker)
        if self._second is not None and len(self._running) == 1:
            by, begin = self._second
            self._second = None
            if at - begin >= SHORTEST_OVERLAP:
                yield Overlap(Span(begin, at), by=by)
        self._last = next(iter(self._running), speaker)
        if not self._running:
            self._silent_since = max(self._silent_since, at)

    def _tell(self, before: Speaker) -> Iterator[Pause]:
        untold, self._untold = self._untold, None
        if untold is not None:
            yield replace(untold, before=before)

    def lost(self, now: int) -> None:
        """Sound was missing up to `now`."""
        self._silent_since = max(self._silent_since, now)
