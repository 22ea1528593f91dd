"""Getting to know one voice: from half a minute of reading aloud to one embedding, or to why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from live_coach.flow.messages import (
    AudioFrame,
    Channel,
    Samples,
    Speaker,
    SpeechSegment,
    SpeechStarted,
    Tick,
    to_samples,
)
from live_coach.speech.detector import VoiceDetector
from live_coach.speech.ear import Ear
from live_coach.speech.levels import SILENCE_DBFS, level
from live_coach.speech.voiceprint import Embedding, Voiceprinter

if TYPE_CHECKING:
    from live_coach.settings import SpeechSettings

WANTED = to_samples(20)
"""Speech after which nobody needs to read on."""

NEEDED = to_samples(15)
"""With less speech no voice is enrolled."""

_PIECE = to_samples(3)
_SHORTEST_PIECE = to_samples(1.5)
_FEWEST_PIECES = 4

_ONE_VOICE = 0.2
"""The two pieces that are least alike are at least so much alike when one person speaks: 0.43 to 0.70 in
six voices, 0.31 for a lively talk on the telephone and less with a room around it; 0.13 and less where
two people took turns."""

_ABOVE_NOISE_DB = 15.0
"""How far loud moments (the 90th percentile of blocks) are above quiet ones (the 10th) when somebody
reads in a room where others could follow: 25 dB and more; a fan alone has 3."""

_QUIET_DBFS = -55.0
"""Below this there is hardly any sound at all, so it is not noise that is in the way."""


class Refusal(StrEnum):
    """Why no voice could be enrolled."""

    TOO_LITTLE = "too_little"
    NOISE = "noise"
    TWO_VOICES = "two_voices"


@dataclass(frozen=True, slots=True)
class EnrolledVoice:
    """The voice of the manager: an embedding, and how much speech (samples) it was made of."""

    embedding: Embedding
    spoken: int


class Enrolment:
    """Listens to one person reading. The sound of what was read stays in memory until `result`."""

    def __init__(
        self,
        printer: Voiceprinter,
        detector: VoiceDetector,
        settings: SpeechSettings,
        channel: Channel = Channel.ROOM,
    ) -> None:
        """`channel` is the one whose frames will come."""
        self._printer = printer
        self._ear = Ear(
            {channel: Speaker.UNKNOWN},
            lambda: detector,
            settings,
            partial_step_s=0,
            settled=False,
        )
        self._runs: list[Samples] = []
        self._ended = 0
        self._running_from: int | None = None
        self._heard_to = 0
        self._levels: list[float] = []

    @property
    def spoken(self) -> int:
        """Samples of speech so far."""
        running = 0 if self._running_from is None else self._heard_to - self._running_from
        return self._ended + running

    def process(self, frame: AudioFrame) -> None:
        """Take the next block of the channel, 10 to 200 ms long."""
        self._levels.append(level(frame.samples))
        for message in self._ear.process(frame):
            self._take(message)

    def result(self) -> EnrolledVoice | Refusal:
        """The reading is over: the voice, or why it cannot be enrolled."""
        for message in self._ear.flush():
            self._take(message)
        quiet, loud = np.percentile(self._levels or [SILENCE_DBFS], (10, 90))
        if loud > _QUIET_DBFS and loud - quiet < _ABOVE_NOISE_DB:
            return Refusal.NOISE
        if self.spoken < NEEDED:
            return Refusal.TOO_LITTLE
        vectors = [self._printer.embed(piece) for run in self._runs for piece in _pieces(run)]
        if len(vectors) < _FEWEST_PIECES:
            return Refusal.TOO_LITTLE
        together = np.stack(vectors)
        if float((together @ together.T).min()) < _ONE_VOICE:
            return Refusal.TWO_VOICES
        mean = together.sum(axis=0)
        return EnrolledVoice(mean / np.linalg.norm(mean), self.spoken)

    def _take(self, message: object) -> None:
        if isinstance(message, SpeechStarted):
            self._running_from = message.at
        elif isinstance(message, Tick):
            self._heard_to = message.heard_to
        elif isinstance(message, SpeechSegment) and message.speech is not None:
            begin = message.speech.start - message.span.start
            self._runs.append(message.samples[begin : begin + message.speech.length])
            self._ended += message.speech.length
            self._running_from = None


def _pieces(run: Samples) -> list[Samples]:
    """A run of speech in about equal pieces of about _PIECE; none of one that is too short."""
    if len(run) < _SHORTEST_PIECE:
        return []
    return np.array_split(run, max(1, round(len(run) / _PIECE)))
