"""One microphone: the enrolled manager, the other one, and where it stays open."""

from __future__ import annotations

import gc
import sys
import weakref
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from live_coach import settings
from live_coach.flow.messages import (
    LOOK_BACK,
    RATE,
    AudioFrame,
    Channel,
    Samples,
    SegmentEnd,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
    Tick,
    VoiceMessage,
)
from live_coach.speech.attribution import RoomEar
from live_coach.speech.detector import HOP
from live_coach.speech.detectors import new_room_detector
from live_coach.speech.ear import Ear
from live_coach.speech.levels import Levels
from live_coach.speech.two_voices import TwoVoices
from live_coach.speech.voiceprint import SIZE
from tests.speech import sounds, voices
from tests.speech.sounds import frames, silence

M, C, U = Speaker.MANAGER, Speaker.COACHEE, Speaker.UNKNOWN


def room_ear(language: str) -> RoomEar:
    ear = Ear(
        {Channel.ROOM: U},
        lambda: new_room_detector("silero"),
        settings.load().settings.speech,
        partial_step_s=1.0,
        settled=False,
    )
    return RoomEar(ear, voices.printer(), voices.enrolled(language))


def listen(blocks: list[AudioFrame], language: str = "en") -> list[VoiceMessage]:
    room = room_ear(language)
    return [message for block in blocks for message in room.process(block)] + room.flush()


def without_pauses(samples: Samples) -> Samples:
    """The same without the hops that are 30 dB below the loudest."""
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    power = np.square(hops).mean(axis=1)
    return hops[power > power.max() / 1000].ravel()


def given(messages: list[VoiceMessage], truth: list[tuple[int, int, Speaker]]) -> list[Speaker]:
    """To whom each of the turns was given, by the run in which its middle lies."""
    began = {one.id: one.at for one in messages if isinstance(one, SpeechStarted)}
    runs = [(began[one.id], one.at, one.speaker) for one in ended(messages)]
    return [
        next(who for begin, end, who in runs if begin <= (start + stop) // 2 < end)
        for start, stop, _ in truth
    ]


def ended(messages: list[VoiceMessage]) -> list[SpeechEnded]:
    return [one for one in messages if isinstance(one, SpeechEnded)]


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_turns_are_given_to_who_speaks_them(language: str) -> None:
    """Turns of the demo, one after the other, 0.6 s between them."""
    said = [turn for turn in sounds.demo(language) if len(turn.samples) > RATE][:8]
    parts: list[Samples] = [silence(0.5)]
    truth: list[tuple[int, int, str]] = []
    for turn in said:
        start = sum(map(len, parts))
        parts += [turn.samples[: 6 * RATE], silence(0.6)]
        truth.append((start, start + len(parts[-2]), turn.speaker))
    messages = listen(frames(Channel.ROOM, np.concatenate(parts), 320), language)
    began = {one.id: one.at for one in messages if isinstance(one, SpeechStarted)}
    right = wrong = 0
    for run in ended(messages):
        middle = (began[run.id] + run.at) // 2
        (who,) = [who for start, end, who in truth if start <= middle < end]
        right += (run.at - began[run.id]) * (run.speaker == who)
        wrong += (run.at - began[run.id]) * (run.speaker not in {who, U})
    assert {one.speaker for one in ended(messages)} >= {M, C}
    assert right > 0.9 * (right + wrong)
    assert right > 20 * RATE


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_two_voices_that_are_alike_are_told_apart_after_two_turns_of_each(language: str) -> None:
    talk, truth = voices.alike(language, *[M, C] * 4)
    told = given(listen(frames(Channel.ROOM, talk, 320), language), truth)
    assert told[3:] == [who for *_, who in truth[3:]]
    assert told[0] is M


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_once_both_voices_are_known_it_is_said_whose_the_turns_before_were(language: str) -> None:
    talk, truth = voices.alike(language, *[C, M] * 3)
    messages = listen(frames(Channel.ROOM, talk, 320), language)
    at_once = given(messages, truth)
    learnt = [one for one in messages if isinstance(one, SpeakersLearnt)]
    known = {run.id: run for one in learnt for run in one.runs}
    now = [
        replace(one, speaker=known[one.id].speaker) if one.id in known else one
        for one in messages
        if isinstance(one, SpeechStarted | SpeechEnded)
    ]
    assert at_once != [who for *_, who in truth]
    assert given([*now], truth) == [who for *_, who in truth]
    for one in learnt:
        assert min(run.at for run in one.runs) >= one.heard_to - LOOK_BACK
        assert all(run.heard_to == one.heard_to and run.confidence > 0.7 for run in one.runs)


@pytest.mark.models
def test_what_the_manager_said_of_a_turn_is_not_learnt_otherwise() -> None:
    """The key is pressed though the turn was told rightly: the manager is believed."""
    talk, truth = voices.alike("en", M, C, M, C, M, C, M)
    ear, messages = room_ear("en"), list[VoiceMessage]()
    for block in frames(Channel.ROOM, talk, 320):
        if block.span.start <= truth[1][0] < block.span.end:
            ear.correct(SpeakersSwapped(truth[1][0], 0))
        messages += ear.process(block)
    first = next(one.id for one in messages if isinstance(one, SpeechStarted))
    learnt = [run.id for one in messages if isinstance(one, SpeakersLearnt) for run in one.runs]
    assert first not in learnt


@pytest.mark.models
def test_the_key_that_exchanges_the_speakers_teaches_the_ear_the_others_voice() -> None:
    talk, truth = voices.alike("en", C, C, M, C, M)
    assert given(listen(frames(Channel.ROOM, talk, 320)), truth)[:2] == [M, M]
    ear, messages = room_ear("en"), list[VoiceMessage]()
    for block in frames(Channel.ROOM, talk, 320):
        if block.span.start <= truth[1][0] < block.span.end:
            ear.correct(SpeakersSwapped(truth[1][0], 0))
        messages += ear.process(block)
    told = given(messages + ear.flush(), truth)
    assert told[0] is M, "what was said before the key is corrected by whoever was told"
    assert told[1:] == [who for *_, who in truth[1:]]


@pytest.mark.models
def test_what_was_learnt_of_a_voice_is_written_nowhere_and_gone_with_the_ear() -> None:
    opened: list[object] = []
    watching = [True]

    def watch(event: str, told: tuple[object, ...]) -> None:
        if watching and event == "open" and told[1] not in {"r", "rb", None}:
            opened.append(told)

    talk, _ = voices.alike("en", M, C, M, C)
    ear = room_ear("en")
    list(voices.printer().embed(talk[RATE : 2 * RATE]))
    sys.addaudithook(watch)
    messages = [m for block in frames(Channel.ROOM, talk, 320) for m in ear.process(block)]
    watching.clear()
    learnt = [one for one in gc.get_objects() if isinstance(one, TwoVoices)]
    gone = [weakref.ref(one) for one in learnt]
    assert gone
    assert opened == []
    assert not any(
        np.size(getattr(message, name)) == SIZE
        for message in messages
        for name in message.__dataclass_fields__
    )
    del ear, learnt
    gc.collect()
    assert [one() for one in gone] == [None] * len(gone)


@pytest.mark.models
def test_who_speaks_is_known_before_the_end_and_stands_in_all_that_follows() -> None:
    talk = np.concatenate([silence(0.5), voices.speech("manager", 5), silence(1)])
    messages = listen(frames(Channel.ROOM, talk, 320))
    (started,) = [one for one in messages if isinstance(one, SpeechStarted)]
    (known,) = [one for one in messages if isinstance(one, SpeakerKnown)]
    (last,) = ended(messages)
    assert started.speaker is U
    assert (known.id, known.at, known.speaker) == (started.id, started.at, M)
    assert known.confidence > 0.8
    assert known.heard_to - started.at < 2 * RATE
    assert last.speaker is M
    for segment in messages:
        if isinstance(segment, SpeechSegment):
            after = messages.index(segment) > messages.index(known)
            assert segment.speaker is (M if after else U)
            assert segment.confidence == (known.confidence if after else 0.0)


@pytest.mark.models
def test_the_size_of_blocks_changes_nothing() -> None:
    talk = np.concatenate(
        [silence(0.3), voices.speech("manager", 4), voices.speech("coachee", 4), silence(0.7)]
    )

    def seen(block: int) -> list[object]:
        return [
            (one.id, one.span, one.speaker, one.confidence, one.end)
            if isinstance(one, SpeechSegment)
            else one
            for one in listen(frames(Channel.ROOM, talk, block))
        ]

    assert seen(320) == seen(1000) == seen(4 * RATE)


@pytest.mark.models
def test_a_run_is_cut_where_the_other_voice_takes_over() -> None:
    first = without_pauses(voices.speech("manager", 3.5))
    second = without_pauses(voices.speech("coachee", 6))
    talk = np.concatenate([silence(0.5), first, second, silence(1)])
    messages = listen(frames(Channel.ROOM, talk, 320))
    cuts = [
        one for one in messages if isinstance(one, SpeechSegment) and one.end is SegmentEnd.SPEAKER
    ]
    assert len(cuts) == 1
    assert cuts[0].speech is not None
    assert cuts[0].speech.end == pytest.approx(0.5 * RATE + len(first), abs=0.6 * RATE)
    assert cuts[0].speaker is M
    assert ended(messages)[-1].speaker is C
    spans = [one.speech for one in messages if isinstance(one, SpeechSegment) and one.end]
    assert all(a.end <= b.start for a, b in pairwise(spans) if a and b)


@pytest.mark.models
def test_a_run_too_short_to_know_stays_open_and_does_not_count() -> None:
    talk = np.concatenate([silence(0.5), voices.speech("coachee", 0.45), silence(1)])
    messages = listen(frames(Channel.ROOM, talk, 320))
    assert not [one for one in messages if isinstance(one, SpeakerKnown)]
    assert {one.speaker for one in ended(messages)} <= {U}
    assert isinstance(messages[-1], Tick)


def test_level_helps_only_where_the_two_differ_in_it() -> None:
    levels = Levels()
    assert levels.nearest(-20) is None
    for _ in range(2):
        levels.add(M, -20)
        levels.add(C, -30)
    assert levels.nearest(-21) is M
    assert levels.nearest(-29) is C
    assert levels.nearest(-25) is None
    for _ in range(20):
        levels.add(C, -22)
    assert levels.nearest(-30) is None
