"""From "how likely is speech in this hop" to runs of speech: one state machine per channel.

It knows no clock: hops are its time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from live_coach.flow.messages import (
    RATE,
    Samples,
    SegmentEnd,
    Span,
    Speaker,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
    to_samples,
)
from live_coach.speech.detector import HOP
from live_coach.speech.onset import Onset

if TYPE_CHECKING:
    from live_coach.settings import SpeechSettings

SpeechMessage = SpeechStarted | SpeechEnded | SpeechSegment

_HOP_MS = 1000 * HOP / RATE

_DIP = 3 * HOP
"""A run that is too long is cut in a silence of at least 96 ms."""

_TAIL = 5 * HOP
"""Sound after the end of speech that the recogniser gets: 160 ms. With 96 ms tiny.en made 23 errors in
177 words of meetings and calls, with 160 and 256 ms 20; a run of speech that ends is read the earlier,
the shorter this is."""

_LOST_HOPS = 4
"""A run ends when 128 ms in a row never arrived; a shorter gap is taken for silence."""

_PATIENCE = to_samples(3)
"""A run that is too long and has no dip for so long is cut at its quietest place."""

_LONGEST = to_samples(29)
"""Never longer than this: Whisper hears 30 s at a time."""


@dataclass(slots=True)
class _Run:
    """A run of speech that has begun and not ended; `loudness` is the energy of each of its hops."""

    id: int
    at: int
    sound_from: int
    spoken_to: int
    loudness: list[float]
    lost: int = 0
    spoken_since_sent: int = 0


class Segmenter:
    """Finds the runs of speech of one speaker.

    A run begins when hops of at least the onset probability have lasted `onset_ms` (or longer, see
    `Onset`); it goes on while hops have at least the (lower) offset probability and ends after
    `endpoint_ms` without.
    A run longer than `max_run_s` is cut in its next dip, and goes on at the same sample.
    """

    def __init__(
        self,
        speaker: Speaker,
        next_id: Callable[[], int],
        settings: SpeechSettings,
        *,
        partial_step_s: float,
        settled: bool,
    ) -> None:
        """`partial_step_s` of new speech lie between two growing segments; 0: none are sent.

        `settled` ones are sent when silence begins.
        """
        self._speaker = speaker
        self._next_id = next_id
        self._offset_probability = settings.offset_probability
        self._onset = Onset(
            settings.onset_probability, max(1, math.ceil(settings.onset_ms / _HOP_MS))
        )
        self._endpoint = round(settings.endpoint_ms / _HOP_MS) * HOP
        self._max_run = to_samples(settings.max_run_s)
        self._roll = to_samples(settings.pre_roll_ms / 1000)
        self._settled = settled
        self._step_hops = math.ceil(partial_step_s * 1000 / _HOP_MS)

        self._heard_to = 0
        self._sound: list[Samples] = []
        self._sound_from = 0
        self._sent_to = 0
        self._run: _Run | None = None

    def hear(self, hop: Samples, probability: float, *, lost: bool) -> list[SpeechMessage]:
        """Take the next HOP samples; `lost` ones never arrived and are not speech."""
        self._heard_to += HOP
        self._sound.append(hop)
        if self._run is None:
            return self._wait(0.0 if lost else probability)
        return self._follow(self._run, hop, probability, lost=lost)

    def cut(self, at: int) -> list[SpeechMessage]:
        """End the run that is going on at this hop, within it, and begin the next one there."""
        if self._run is None or not self._run.at < at < self._run.spoken_to:
            return []
        return self._cut(self._run, at, SegmentEnd.SPEAKER)

    def finish(self) -> list[SpeechMessage]:
        """No more sound will come: end the run that is going on."""
        return [] if self._run is None else self._end(self._run, SegmentEnd.END)

    def _wait(self, probability: float) -> list[SpeechMessage]:
        begins = self._onset.has_begun(probability, now=self._heard_to)
        at = self._heard_to - self._onset.hops * HOP
        if not begins:
            self._forget_before(at - self._roll)
            return []
        loudness = [float(np.dot(hop, hop)) for hop in self._sound[-self._onset.hops :]]
        return [self._begin(at, sound_from=max(at - self._roll, self._sent_to), loudness=loudness)]

    def _begin(self, at: int, *, sound_from: int, loudness: list[float]) -> SpeechStarted:
        self._run = _Run(
            self._next_id(),
            at,
            sound_from,
            self._heard_to,
            loudness,
            spoken_since_sent=len(loudness),
        )
        self._forget_before(sound_from)
        return SpeechStarted(self._run.id, at, self._speaker, self._heard_to)

    def _follow(
        self, run: _Run, hop: Samples, probability: float, *, lost: bool
    ) -> list[SpeechMessage]:
        run.loudness.append(float(np.dot(hop, hop)))
        run.lost = run.lost + 1 if lost else 0
        if run.lost >= _LOST_HOPS:
            return self._end(run, SegmentEnd.DEVICE_LOST)
        if lost or probability < self._offset_probability:
            return self._be_silent(run, self._heard_to - run.spoken_to)

        self._onset.follow(probability, now=self._heard_to)
        dip = Span(run.spoken_to, self._heard_to - HOP)
        run.spoken_to = self._heard_to
        if dip.end - run.at >= self._max_run and dip.length >= _DIP:
            return self._cut(run, dip.start + dip.length // HOP // 2 * HOP)
        if run.spoken_to - run.at >= min(self._max_run + _PATIENCE, _LONGEST - self._roll):
            return self._cut(run, self._quietest(run))
        run.spoken_since_sent += 1
        if self._step_hops and run.spoken_since_sent >= self._step_hops:
            run.spoken_since_sent = 0
            return [self._segment(run, run.spoken_to, run.spoken_to, None)]
        return []

    def _be_silent(self, run: _Run, silent: int) -> list[SpeechMessage]:
        """The run ends at the endpoint; before that, its sound is complete if nothing more is said."""
        if silent >= self._endpoint:
            return self._end(run, SegmentEnd.SILENCE)
        if self._settled and silent == _TAIL:
            run.spoken_since_sent = 0
            return [self._segment(run, self._heard_to, run.spoken_to, None, settled=True)]
        return []

    def _quietest(self, run: _Run) -> int:
        """The second of the three quietest hops in a row, among those of the last few seconds."""
        first = max(0, len(run.loudness) - _PATIENCE // HOP)
        places = range(first, len(run.loudness) - 2)
        best = min(places, key=lambda n: sum(run.loudness[n : n + 3]))
        return run.at + (best + 1) * HOP

    def _cut(
        self, run: _Run, at: int, why: SegmentEnd = SegmentEnd.MAX_LENGTH
    ) -> list[SpeechMessage]:
        """End the run at a hop that has passed, and begin the next one there."""
        ended = SpeechEnded(run.id, at, self._speaker, self._heard_to)
        segment = self._segment(run, at, at, why)
        loudness = run.loudness[(at - run.at) // HOP :]
        return [ended, segment, self._begin(at, sound_from=at, loudness=loudness)]

    def _end(self, run: _Run, why: SegmentEnd) -> list[SpeechMessage]:
        self._run = None
        self._onset.ended()
        sound_to = min(run.spoken_to + _TAIL, self._heard_to)
        messages: list[SpeechMessage] = [
            SpeechEnded(run.id, run.spoken_to, self._speaker, self._heard_to),
            self._segment(run, sound_to, run.spoken_to, why),
        ]
        self._forget_before(self._heard_to - self._roll)
        return messages

    def _segment(
        self,
        run: _Run,
        sound_to: int,
        spoken_to: int,
        end: SegmentEnd | None,
        *,
        settled: bool = False,
    ) -> SpeechSegment:
        sound = np.concatenate(self._sound)
        samples = sound[run.sound_from - self._sound_from : sound_to - self._sound_from].copy()
        samples.setflags(write=False)
        if end is not None:
            self._sent_to = sound_to
        return SpeechSegment(
            id=run.id,
            span=Span(run.sound_from, sound_to),
            speaker=self._speaker,
            samples=samples,
            end=end,
            speech=Span(run.at, spoken_to),
            settled=settled,
        )

    def _forget_before(self, position: int) -> None:
        """Drop sound that no segment can need any more."""
        count = min((position - self._sound_from) // HOP, len(self._sound))
        if count > 0:
            del self._sound[:count]
            self._sound_from += count * HOP
