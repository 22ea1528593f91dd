"""Sounds in which nobody speaks: no talk time above 1 %, and no text, through the real pipeline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from live_coach import settings
from live_coach.flow.messages import (
    RATE,
    Channel,
    Samples,
    Speaker,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
)
from live_coach.speech.detector import VoiceDetector
from live_coach.speech.detectors import new_detector, new_room_detector
from live_coach.speech.ear import Ear
from live_coach.transcript.scribe import Scribe
from tests.speech.noises import MAKERS, at_level, digital_silence, dithered_silence
from tests.speech.sounds import frames
from tests.transcript.engines import segment, transcript_settings, whisper

SECONDS = 30
LEVELS = (-60, -50, -40, -30, -20)
"""dBFS."""

SINGS = "solo"
"""An instrument with vibrato, slides and moving formants is as good as a voice to Silero."""


def made(kind: str, number: int, seconds: float = SECONDS) -> Samples:
    sound = MAKERS[kind](seconds, np.random.default_rng(1000 + number))
    return at_level(sound, LEVELS[number % len(LEVELS)])


def runs(
    sound: Samples, detector: VoiceDetector | None = None
) -> tuple[float, list[SpeechSegment]]:
    """The share of the sound that counts as speech, and the runs that were found."""
    ear = Ear(
        {Channel.MANAGER: Speaker.MANAGER},
        lambda: detector or new_detector("silero"),
        settings.load().settings.speech,
        partial_step_s=0.3,
        settled=True,
    )
    messages = [one for frame in frames(Channel.MANAGER, sound, 320) for one in ear.process(frame)]
    messages += ear.flush()
    began = {one.id: one.at for one in messages if isinstance(one, SpeechStarted)}
    spoken = sum(one.at - began[one.id] for one in messages if isinstance(one, SpeechEnded))
    found = [one for one in messages if isinstance(one, SpeechSegment) and one.end is not None]
    return spoken / len(sound), found


def text(found: list[SpeechSegment], name: str, language: str) -> list[str]:
    scribe = Scribe(whisper(name, language), transcript_settings(), language)
    return [final.text for one in found for final in scribe.process(one) if final.text]


@pytest.mark.models
@pytest.mark.parametrize("kind", sorted(MAKERS.keys() - {SINGS}))
def test_nobody_speaks_in_it_and_nothing_is_said(kind: str):
    heard = [runs(made(kind, number)) for number in range(10)]
    assert np.mean([share for share, _ in heard]) < 0.005
    assert max(share for share, _ in heard) <= 0.02  # a single run in half a minute
    found = [one for _, some in heard for one in some]
    assert text(found, "tiny.en", "en") == []


@pytest.mark.parametrize("kind", sorted(MAKERS.keys() - {SINGS}))
def test_nobody_speaks_in_it_for_a_microphone_between_people_either(kind: str):
    sounds = [made(kind, number, 10) for number in range(5)]
    assert np.mean([runs(sound, new_room_detector("silero"))[0] for sound in sounds]) < 0.01


@pytest.mark.parametrize("silence", [digital_silence, dithered_silence])
def test_ten_minutes_of_silence_are_silence(silence):
    assert runs(silence(600, np.random.default_rng(1))) == (0, [])


@pytest.mark.models
@pytest.mark.parametrize(("name", "language"), [("tiny.en", "en"), ("base", "nl")])
def test_an_instrument_that_sings_has_no_words(name: str, language: str):
    found = [one for number in range(3) for one in runs(made(SINGS, number))[1]]
    assert found
    assert text(found, name, language) == []


@pytest.mark.models
def test_what_is_taken_for_speech_all_the_same_has_no_words():
    """As if the detector had failed: pieces of every sound, straight to the model."""
    pieces = [
        replace(segment(made(kind, number, 3)[: length * RATE // 2]), speech=None)
        for kind in MAKERS
        for number, length in ((0, 1), (3, 5))
    ]
    assert text(pieces, "tiny.en", "en") == []
