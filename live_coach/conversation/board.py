"""Everything that can be known without understanding a word, kept up to date message by message."""

from __future__ import annotations

from collections.abc import Iterator

from live_coach.conversation.pauses import Silences
from live_coach.conversation.sequence import Voice
from live_coach.conversation.talk_share import TalkTime
from live_coach.conversation.turns import Floor
from live_coach.flow.messages import (
    ConversationEvent,
    Span,
    Speaker,
    SpeakerKnown,
    SpeechEnded,
    SpeechStarted,
    TalkShare,
    Tick,
    to_samples,
)

_MAY_BE_NO_SPEECH = to_samples(2.5)
"""A trade between two errors. Of 30 made instruments that sing (tests/speech/noises.py, seeds 1200 to 1229; the bound was
chosen on six others) the detector takes 11 % for a voice, in runs of up to 4.1 s, nearly all without words; with this bound 3 %
still count. Longer runs without words may be speech that was not understood: in simulated rooms there were seven of 2.6 to
4.7 s, six of them from somebody whom the microphone heard 25 dB softer."""


class Board:
    """Turns, pauses, overlaps, monologue and talk share of a conversation.

    Feed it voice messages in the ear's order; SpeakersLearnt changes nothing here, the past must be fed again. Whoever has text as well tells `said`.
    """

    def __init__(self) -> None:
        self.heard_to = 0
        self.floor = Floor()
        self.silences = Silences()
        self.talk_time = TalkTime()
        self._confidence: dict[Speaker, float] = {}
        self._stopped: dict[Speaker, int] = {}
        self._unread: dict[int, tuple[Speaker, Span]] = {}

    def process(self, item: Voice) -> Iterator[ConversationEvent]:
        """Take one voice message; give the events that it completes."""
        self.heard_to = max(self.heard_to, item.heard_to)
        if isinstance(item, SpeechStarted):
            self._confidence[item.speaker] = item.confidence
            self.talk_time.start(item.speaker, item.at)
            yield from self.silences.start(item.speaker, item.at)
            yield from self.floor.start(item.id, item.speaker, item.at)
        elif isinstance(item, SpeakerKnown):
            self._confidence[item.speaker] = item.confidence
            self.talk_time.start(item.speaker, item.at)
            yield from self.silences.known(item.speaker)
            yield from self.floor.start(item.id, item.speaker, item.at)
        elif isinstance(item, SpeechEnded):
            self._stopped[item.speaker] = item.at
            counted = self.talk_time.end(item.speaker, item.at)
            if counted is not None:
                self._unread[item.id] = (item.speaker, counted)
            yield from self.silences.end(item.speaker, item.at)
            yield from self.floor.end(item.id, item.speaker, item.at)
        elif isinstance(item, Tick):
            if item.lost:
                self.silences.lost(item.heard_to)
                self.talk_time.lost()
            yield from self.floor.tick(item.heard_to)
            yield from self.floor.monologues(item.heard_to)

    def said(self, id: int, *, content: bool) -> Iterator[ConversationEvent]:  # noqa: A002
        """The text of run `id` is there; `content`: it is more than a back-channel."""
        yield from self.floor.said(id, content=content)

    def read(self, id: int, *, words: bool) -> bool:  # noqa: A002
        """The text of run `id`, which has ended, is there. A short run without words was no speech, and does not
        count as talk time any more; whether that is new."""
        counted = self._unread.pop(id, None)
        if words or counted is None or counted[1].length > _MAY_BE_NO_SPEECH:
            return False
        self.talk_time.take_back(*counted)
        return True

    def flush(self) -> Iterator[ConversationEvent]:
        """The conversation is over."""
        yield from self.floor.flush()

    @property
    def speaking(self) -> frozenset[Speaker]:
        """Those speaking now."""
        return self.silences.speaking

    @property
    def talk_share(self) -> TalkShare:
        """The manager's part of all speech so far."""
        return self.talk_time.share(self.heard_to)

    @property
    def monologue(self) -> int:
        """How long the manager has held the floor without giving room, in samples."""
        return self.floor.monologue(Speaker.MANAGER, self.heard_to)

    def spoken(self, speaker: Speaker) -> int:
        """Samples of speech of this person so far."""
        return self.talk_time.spoken(speaker, self.heard_to)

    def quiet_for(self, speaker: Speaker) -> int:
        """How long this person has not spoken; 0 while speaking."""
        if speaker in self.speaking:
            return 0
        return max(0, self.heard_to - self._stopped.get(speaker, 0))

    def confidence(self, speaker: Speaker) -> float:
        """How sure it is that the latest run of this person was theirs."""
        return self._confidence.get(speaker, 0.0)
