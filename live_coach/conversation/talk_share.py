"""How the speaking time is divided between manager and coachee."""

from __future__ import annotations

from live_coach.conversation.windows import RecentSpans
from live_coach.flow.messages import Span, Speaker, TalkShare, to_samples

WINDOW = to_samples(300.0)
ENOUGH = to_samples(5.0)
"""Speech of both together from which a share is shown (a display threshold; nudges ask for more)."""

BREATH = to_samples(1.0)
"""A shorter silence of one person between two runs is part of their talk: about a second is the longest that
speakers commonly leave before they or others fill it (Jefferson 1989). Without it those who pause to think
seem to speak less than by their turns."""

_PEOPLE = (Speaker.MANAGER, Speaker.COACHEE)


class TalkTime:
    """Speech per person over the conversation and over the last five minutes.

    Only speech that is attributed to a person counts, with the BREATH between two runs of one person in
    which nobody else spoke; other silence and unknown speakers do not. A run in progress counts up to `now`, so it gives back its endpoint silence when it ends. Two runs of one
    person never overlap (one channel, one person).
    """

    def __init__(self, window: int = WINDOW) -> None:
        self._spoken = dict.fromkeys(_PEOPLE, 0)
        self._recent = {speaker: RecentSpans(window) for speaker in _PEOPLE}
        self._since: dict[Speaker, int] = {}
        self._stopped: tuple[Speaker, int] | None = None

    def start(self, speaker: Speaker, at: int) -> None:
        """`speaker` began to speak."""
        if speaker not in self._spoken:
            return
        before, stopped = self._stopped or (None, at)
        held = before is speaker and not self._since and stopped <= at < stopped + BREATH
        self._since[speaker] = stopped if held else at

    def end(self, speaker: Speaker, at: int) -> Span | None:
        """`speaker` stopped; what counts now as their speech. Without a start nothing does."""
        self._stopped = (speaker, at)
        since = self._since.pop(speaker, None)
        if since is None or at <= since:
            return None
        span = Span(since, at)
        self._spoken[speaker] += span.length
        self._recent[speaker].add(span)
        return span

    def take_back(self, speaker: Speaker, span: Span) -> None:
        """It was no speech of `speaker`; `span` is what `end` gave."""
        self._spoken[speaker] -= span.length
        self._recent[speaker].remove(span)

    def lost(self) -> None:
        """Sound was lost: nobody knows who spoke meanwhile."""
        self._stopped = None

    def spoken(self, speaker: Speaker, now: int) -> int:
        """Samples that this person has spoken up to `now`."""
        return self._spoken.get(speaker, 0) + self._open(speaker, now)

    def recent(self, speaker: Speaker, now: int) -> int:
        """The part of it in the window."""
        recent = self._recent[speaker]
        return recent.total(now) + min(self._open(speaker, now), recent.width)

    def share(self, now: int) -> TalkShare:
        """The manager's part; None until both have spoken and together for ENOUGH."""
        spoken = [self.spoken(speaker, now) for speaker in _PEOPLE]
        if min(spoken) <= 0 or sum(spoken) < ENOUGH:
            return TalkShare()
        recent = [self.recent(speaker, now) for speaker in _PEOPLE]
        window = recent[0] / sum(recent) if sum(recent) >= ENOUGH else None
        return TalkShare(session=spoken[0] / sum(spoken), window=window)

    def _open(self, speaker: Speaker, now: int) -> int:
        since = self._since.get(speaker)
        return 0 if since is None else max(0, now - since)
