"""Who speaks, with one microphone in the room: the manager, whose voice is enrolled, or the other one."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from live_coach.flow.messages import (
    LOOK_BACK,
    AudioFrame,
    Channel,
    Samples,
    Span,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
    Tick,
    VoiceMessage,
    to_samples,
)
from live_coach.speech.detector import HOP
from live_coach.speech.ear import TICK, Ear
from live_coach.speech.levels import Levels, level
from live_coach.speech.two_voices import TwoVoices
from live_coach.speech.voiceprint import Embedding, Voiceprinter

WINDOW = to_samples(1.5)
"""The sound that is looked at at once; with less, a voice is often not like itself."""
_STEP = to_samples(0.75)
_SHORTEST = to_samples(0.6)
"""Shorter runs are known by their level or not at all."""

_SURE, _ENOUGH = 0.10, 0.05
"""How far from the border it must be while the run goes on, and when it has ended."""
_ANOTHER = 0.12
"""How far beyond it a window must be in a run of the other one, for the run to be cut there; and a whole run
that was told of one person, to be given to the other once both voices are known."""
_STEEPNESS = 20.0
"""Of confidence over the distance from the border: 0.73 at 0.05, 0.88 at 0.10."""
_BY_LEVEL = 0.6
"""The confidence of an attribution by level alone: too little for a nudge."""

_OTHER = {Speaker.MANAGER: Speaker.COACHEE, Speaker.COACHEE: Speaker.MANAGER}

_KEPT = to_samples(4)
"""Sound that is kept while nobody speaks: an onset is told later than it was."""


@dataclass(slots=True)
class _Run:
    """A run of speech, whose `end` is None while it goes on: whose it is, as far as that is known, whose the manager said that it was, and what
    its windows were like."""

    id: int
    at: int
    end: int | None = None
    speaker: Speaker = Speaker.UNKNOWN
    confidence: float = 0.0
    seen_to: int = 0
    said: Speaker | None = None
    windows: list[Embedding] = field(default_factory=list)


class RoomEar:
    """An ear for Channel.ROOM that says who speaks: a stage from AudioFrame to VoiceMessage.

    Runs of speech begin as UNKNOWN. `SpeakerKnown` follows when the voice has been heard for long
    enough, at the latest just before the run's end; after it every message about the run has its
    speaker. It is said once: where another voice takes over within a run, the run is cut. A run of
    which it stays uncertain stays UNKNOWN, until both voices are known: `SpeakersLearnt` then says
    whose the runs of the last LOOK_BACK were, where that was open or wrong.
    """

    def __init__(self, ear: Ear, printer: Voiceprinter, manager: Embedding) -> None:
        """`ear` listens to ROOM only; `manager` is the enrolled voice."""
        self._ear = ear
        self._printer = printer
        self._voices = TwoVoices(manager)
        self._levels = Levels()
        self._pieces: list[Samples] = []
        self._from = 0
        self._to = 0
        self._run: _Run | None = None
        self._last: _Run | None = None
        self._lately: deque[_Run] = deque()
        self._ended_at = -1

    def process(self, frame: AudioFrame) -> list[VoiceMessage]:
        """Take the next block of ROOM, of any length. Raises ValueError as the ear does."""
        messages: list[VoiceMessage] = []
        for piece in _between_ticks(frame):
            self._pieces.append(piece.samples)
            self._to = piece.span.end
            messages += self._hear(self._ear.process(piece))
        return messages

    def correct(self, wish: SpeakersSwapped) -> None:
        """Learn that the runs since then were the other's, as far as they had been given to anybody."""
        for run in self._lately:
            if run.at >= wish.since and run.speaker in _OTHER:
                run.said = run.speaker = _OTHER[run.speaker]
        self._voices.correct({run.id: run.said for run in self._lately if run.said})

    def flush(self) -> list[VoiceMessage]:
        """The sound has ended."""
        return self._hear(self._ear.flush())

    def _hear(self, heard: list[VoiceMessage]) -> list[VoiceMessage]:
        return [message for one in heard for message in self._take(one)]

    def _take(self, message: VoiceMessage) -> Iterator[VoiceMessage]:
        match message:
            case SpeechStarted():
                yield from self._begin(message)
            case SpeechEnded():
                yield from self._end(message)
            case SpeechSegment():
                run = self._run if message.end is None else self._last
                assert run is not None
                yield replace(message, speaker=run.speaker, confidence=_told(run))
            case Tick():
                if self._run is not None:
                    yield from self._look(self._run, message.heard_to)
                self._forget(message.heard_to)
                yield message

    def _begin(self, message: SpeechStarted) -> Iterator[VoiceMessage]:
        yield message
        self._run = _Run(message.id, message.at, seen_to=message.at)
        self._lately.append(self._run)
        before = self._last
        if (
            before is not None
            and message.at == self._ended_at
            and before.speaker != Speaker.UNKNOWN
        ):
            yield self._known(self._run, before.speaker, before.confidence, message.heard_to)

    def _end(self, message: SpeechEnded) -> Iterator[VoiceMessage]:
        run = self._run
        assert run is not None
        length = message.at - run.at
        if run.speaker is Speaker.UNKNOWN and length >= _SHORTEST:
            if message.at - run.seen_to >= _SHORTEST or not run.windows:
                begin = max(run.at, message.at - WINDOW)
                run.windows.append(self._printer.embed(self._sound(begin, message.at)))
            yield from self._decide(run, length, _ENOUGH, message.heard_to)
        loudness = level(self._sound(run.at, message.at))
        if run.speaker is Speaker.UNKNOWN:
            guess = self._levels.nearest(loudness)
            if guess is not None:
                yield self._known(run, guess, _BY_LEVEL, message.heard_to)
        elif run.windows:
            self._levels.add(run.speaker, loudness)
        self._voices.add(run.id, run.windows, run.said)
        yield from self._learn(message.heard_to)
        run.end = message.at
        self._run, self._last, self._ended_at = None, run, message.at
        yield replace(message, speaker=run.speaker)

    def _learn(self, heard_to: int) -> Iterator[SpeakersLearnt]:
        """Say whose earlier runs were, now that both voices are known."""
        if not self._voices.both:
            return
        found: list[SpeakerKnown] = []
        for run in self._lately:
            if run.end is None or run.said or not run.windows or run.at < heard_to - LOOK_BACK:
                continue
            above = self._voices.above(run.windows, run.end - run.at)
            speaker = Speaker.MANAGER if above > 0 else Speaker.COACHEE
            enough = _ENOUGH if run.speaker is Speaker.UNKNOWN else _ANOTHER
            if speaker is not run.speaker and abs(above) >= enough:
                found.append(self._known(run, speaker, _confidence(above), heard_to))
        if found:
            yield SpeakersLearnt(heard_to, tuple(found))

    def _look(self, run: _Run, heard_to: int) -> Iterator[VoiceMessage]:
        """See what the latest window is like, if one is due."""
        if heard_to - run.at < WINDOW or heard_to - run.seen_to < _STEP:
            return
        vector = self._printer.embed(self._sound(heard_to - WINDOW, heard_to))
        run.seen_to = heard_to
        above = self._voices.above([vector], WINDOW)
        beyond = above if run.speaker is Speaker.COACHEE else -above
        if run.speaker is not Speaker.UNKNOWN and beyond >= _ANOTHER:
            yield from self._cut(run, heard_to)
            return
        run.windows.append(vector)
        if run.speaker is Speaker.UNKNOWN:
            yield from self._decide(run, heard_to - run.at, _SURE, heard_to)

    def _cut(self, run: _Run, heard_to: int) -> Iterator[VoiceMessage]:
        """Another voice: end the run in the quietest place at which it can have begun."""
        first = max(run.at + HOP, heard_to - WINDOW - _STEP)
        first += -(first - run.at) % HOP
        sound = self._sound(first, heard_to - WINDOW // 2)
        hops = np.square(sound[: len(sound) // HOP * HOP]).reshape(-1, HOP).sum(axis=1)
        if len(hops) < 3:
            return
        quietest = int(np.convolve(hops, np.ones(3), "valid").argmin()) + 1
        messages = self._ear.cut(Channel.ROOM, first + quietest * HOP)
        for message in messages:
            yield from self._take(message)
            if isinstance(message, SpeechEnded):
                self._ended_at = -1  # what follows is another voice's, not the same one going on

    def _decide(
        self, run: _Run, length: int, distance: float, heard_to: int
    ) -> Iterator[VoiceMessage]:
        above = self._voices.above(run.windows, length)
        if abs(above) >= distance:
            speaker = Speaker.MANAGER if above > 0 else Speaker.COACHEE
            yield self._known(run, speaker, _confidence(above), heard_to)

    def _known(self, run: _Run, speaker: Speaker, confidence: float, heard_to: int) -> SpeakerKnown:
        run.speaker, run.confidence = speaker, confidence
        return SpeakerKnown(run.id, run.at, speaker, heard_to, confidence)

    def _sound(self, start: int, end: int) -> Samples:
        whole = np.concatenate(self._pieces)
        return whole[start - self._from : end - self._from]

    def _forget(self, heard_to: int) -> None:
        """Drop sound that nothing will ask for any more."""
        while self._lately and self._lately[0].at < heard_to - LOOK_BACK - to_samples(2):
            self._lately.popleft()
        needed = heard_to - _KEPT if self._run is None else min(self._run.at, heard_to - _KEPT)
        while self._from + len(self._pieces[0]) <= needed:
            self._from += len(self._pieces.pop(0))


def _confidence(above: float) -> float:
    """How sure it is whose a run is, by its distance from the border: 0.5 to 1."""
    return round(1 / (1 + math.exp(-_STEEPNESS * abs(above))), 3)


def _told(run: _Run) -> float:
    """UNKNOWN speech is so for certain only in that nobody knows."""
    return 0.0 if run.speaker is Speaker.UNKNOWN else run.confidence


def _between_ticks(frame: AudioFrame) -> Iterator[AudioFrame]:
    """The block in pieces that end where the ear ticks, so that its length changes nothing."""
    start = frame.span.start
    while start < frame.span.end:
        end = min(frame.span.end, (start // TICK + 1) * TICK)
        offset = start - frame.span.start
        samples = frame.samples[offset : offset + end - start]
        lost = min(max(0, frame.lost - offset), end - start)
        yield replace(frame, span=Span(start, end), samples=samples, lost=lost)
        start = end
