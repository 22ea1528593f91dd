"""The call on loudspeakers: the coachee's voice in the microphone is not the manager."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from benchmarks import room
from benchmarks.room import Conversation
from live_coach import settings
from live_coach.flow.messages import (
    RATE,
    Channel,
    Samples,
    Speaker,
    SpeechSegment,
    VoiceMessage,
)
from live_coach.speech.detector import VoiceDetector
from live_coach.speech.detectors import new_detector
from live_coach.speech.ear import Ear
from live_coach.speech.echo import EchoGate, has_echo, new_echo_gate

LANGUAGES = ("en", "nl")
END_S = {"en": 87.1, "nl": 85.0}
"""The first turns of each demo, nine of the manager and nine of the coachee, with two back-channels."""


def detector() -> VoiceDetector:
    return new_detector("silero")


def hear(
    talk: Conversation, microphone: Samples, gate: EchoGate | None, block_s: float = 1.0
) -> list[VoiceMessage]:
    ear = Ear(
        {Channel.MANAGER: Speaker.MANAGER, Channel.COACHEE: Speaker.COACHEE},
        detector,
        settings.load().settings.speech,
        partial_step_s=0,
        settled=False,
        echo_gate=gate,
    )
    call = talk.sound[Speaker.COACHEE]
    return room.hear(ear, {Channel.MANAGER: microphone, Channel.COACHEE: call}, block_s)


def gate() -> EchoGate:
    return EchoGate(detector())


def comparable(messages: list[VoiceMessage]) -> list[Any]:
    return [
        (one.id, one.span, one.speaker, one.end, one.speech, one.samples.tobytes())
        if isinstance(one, SpeechSegment)
        else one
        for one in messages
    ]


def begun_earlier(talk: Conversation, seconds: float) -> Conversation:
    """The coachee speaks so much earlier: into the manager's turns."""
    cut = round(seconds * RATE)
    return Conversation(
        {
            Speaker.MANAGER: talk.sound[Speaker.MANAGER][:-cut],
            Speaker.COACHEE: talk.sound[Speaker.COACHEE][cut:],
        },
        {
            Speaker.MANAGER: talk.said[Speaker.MANAGER][:-cut].copy(),
            Speaker.COACHEE: talk.said[Speaker.COACHEE][cut:].copy(),
        },
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("below_db", [6, 15])
def test_the_call_on_loudspeakers_is_not_the_manager(language: str, below_db: float):
    talk = room.conversation(language, end_s=END_S[language])
    microphone = room.with_call(talk, below_db)
    without = room.score(talk, room.runs(hear(talk, microphone, None)))
    told = room.score(talk, room.runs(hear(talk, microphone, gate())))
    assert without.error > 30  # else this shows nothing
    assert told.error <= 5
    assert abs(told.talk_share_error) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("below_db", [6, 15])
def test_what_the_manager_says_into_the_coachees_words_is_kept(language: str, below_db: float):
    """Once the canceller has heard four seconds of the call: until then it takes away too much."""
    talk = begun_earlier(room.conversation(language, end_s=END_S[language]), 6)
    for flags in talk.said.values():
        flags[: 5 * RATE] = False
    clean = room.score(talk, room.runs(hear(talk, talk.sound[Speaker.MANAGER], None)))
    told = room.score(talk, room.runs(hear(talk, room.with_call(talk, below_db), gate())))
    assert clean.both_kept > 95
    assert told.both_kept > 0.92 * clean.both_kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seconds_earlier", [0.1, 6])
def test_with_a_headset_nothing_changes(language: str, seconds_earlier: float):
    """In turns, and with both speaking from the first second on."""
    talk = begun_earlier(room.conversation(language, end_s=END_S[language]), seconds_earlier)
    microphone = talk.sound[Speaker.MANAGER]
    with_gate = hear(talk, microphone, gate())
    assert comparable(with_gate) == comparable(hear(talk, microphone, None))


@pytest.mark.parametrize(
    ("delay_s", "rt60_s"), [(0.02, 0.3), (0.25, 0.3), (0.08, 0.6)], ids=["near", "late", "hall"]
)
def test_other_rooms_and_other_ways_to_the_loudspeaker(delay_s: float, rt60_s: float):
    talk = room.conversation("en", end_s=46.5)
    microphone = room.with_call(talk, 6, delay_s=delay_s, rt60_s=rt60_s)
    assert room.score(talk, room.runs(hear(talk, microphone, gate()))).error <= 5


def test_a_reference_that_is_a_little_late():
    talk = room.conversation("en", end_s=46.5)
    early = room.with_call(talk, 6, delay_s=0.01)
    lead = round(0.04 * RATE)
    echo = np.roll(early - talk.sound[Speaker.MANAGER], -lead)
    microphone = talk.sound[Speaker.MANAGER] + echo
    assert room.score(talk, room.runs(hear(talk, microphone, gate()))).error <= 5


def test_the_same_for_every_block_size_and_every_time():
    talk = room.conversation("en", end_s=20.5)
    microphone = room.with_call(talk, 6)
    whole = comparable(hear(talk, microphone, gate(), 30))
    for block_s in (0.01, 0.0313, 30):
        assert comparable(hear(talk, microphone, gate(), block_s)) == whole


def test_only_the_beginning_of_the_first_echo_is_taken_for_the_manager():
    """Until it has proved itself: a few syllables, once."""
    talk = room.conversation("en", end_s=10.6)
    heard = room.runs(hear(talk, room.with_call(talk, 6), gate()))
    coachee_from = next(span.start for speaker, span in heard if speaker is Speaker.COACHEE)
    wrong = [span for who, span in heard if who is Speaker.MANAGER and span.end > coachee_from]
    assert sum(span.end - max(span.start, coachee_from) for span in wrong) < 0.3 * RATE


def test_recognition_gets_the_microphone_as_it_is():
    talk = room.conversation("en", end_s=20.5)
    microphone = room.with_call(talk, 15)
    for one in hear(talk, microphone, gate()):
        if isinstance(one, SpeechSegment) and one.speaker is Speaker.MANAGER:
            assert np.array_equal(one.samples, microphone[one.span.start : one.span.end])


def test_an_echo_is_told_from_two_people_and_from_silence():
    sound = np.random.default_rng(3).standard_normal(2 * RATE).astype(np.float32)
    call, other = sound[:RATE], sound[RATE:]
    late = room.in_room(call, room.room(0.3, 0.1, seed=1))
    assert has_echo(late, call)
    assert has_echo(0.3 * late + other * late.std(), call)
    assert not has_echo(other, call)
    assert not has_echo(np.zeros_like(call), call)
    assert not has_echo(other, np.zeros_like(call))


def test_without_the_canceller_there_is_no_gate(monkeypatch: pytest.MonkeyPatch):
    assert new_echo_gate(detector)
    monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    assert new_echo_gate(detector) is None
