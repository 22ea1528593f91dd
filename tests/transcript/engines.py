"""The real engine on real weights, and segments for it."""

from __future__ import annotations

from functools import cache

import numpy as np

from live_coach import settings
from live_coach.errors import ModelError
from live_coach.flow.messages import RATE, Samples, SegmentEnd, Span, Speaker, SpeechSegment
from live_coach.settings import TranscriptSettings
from live_coach.transcript import weights
from live_coach.transcript.weights import Model
from live_coach.transcript.whisper import WhisperEngine, WhisperOptions
from tests import needs

PAD = RATE // 4


def transcript_settings(**changes: object) -> TranscriptSettings:
    return settings.load().settings.transcript.model_copy(update=changes)


@cache
def model(name: str, language: str) -> Model:
    try:
        return weights.find(name, language)
    except ModelError as error:
        needs.missing(f"the model {name}", error.hint)
        raise


@cache
def whisper(name: str = "tiny.en", language: str = "en") -> WhisperEngine:
    return WhisperEngine(model(name, language).directory, WhisperOptions())


def segment(
    samples: Samples,
    *,
    number: int = 1,
    at: int = 0,
    speaker: Speaker = Speaker.MANAGER,
    end: SegmentEnd | None = SegmentEnd.SILENCE,
) -> SpeechSegment:
    """A run of these samples at position `at`, with a quarter of a second of silence around it."""
    run = Span(at + PAD, at + PAD + len(samples))
    padded = np.pad(samples, PAD)
    return SpeechSegment(number, Span(at, at + len(padded)), speaker, padded, end, speech=run)


def words(text: str) -> list[str]:
    return [word.strip(".,!?").lower() for word in text.split()]
