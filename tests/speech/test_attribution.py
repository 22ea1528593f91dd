"""One microphone: the enrolled manager, the other one, and where it stays open."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from live_coach import settings
from live_coach.flow.messages import (
    RATE,
    AudioFrame,
    Channel,
    Samples,
    SegmentEnd,
    Speaker,
    SpeakerKnown,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
    Tick,
    VoiceMessage,
)
from live_coach.speech.attribution import RoomEar
from live_coach.speech.detector import HOP, new_room_detector
from live_coach.speech.ear import Ear
from live_coach.speech.levels import Levels
from live_coach.speech.voiceprint import Embedding
from tests.speech import sounds, voices
from tests.speech.sounds import frames, silence

M, C, U = Speaker.MANAGER, Speaker.COACHEE, Speaker.UNKNOWN


@cache
def manager(language: str) -> Embedding:
    """The voice of the manager, from late turns of the demo."""
    late = voices.speech("manager", 15, language, skip=10)
    together = np.sum([voices.printer().embed(part) for part in np.array_split(late, 5)], axis=0)
    return together / np.linalg.norm(together)


def listen(blocks: list[AudioFrame], language: str = "en") -> list[VoiceMessage]:
    ear = Ear(
        {Channel.ROOM: U},
        lambda: new_room_detector("silero"),
        settings.load().settings.speech,
        partial_step_s=1.0,
        settled=False,
    )
    room = RoomEar(ear, voices.printer(), manager(language))
    return [message for block in blocks for message in room.process(block)] + room.flush()


def without_pauses(samples: Samples) -> Samples:
    """The same without the hops that are 30 dB below the loudest."""
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    power = np.square(hops).mean(axis=1)
    return hops[power > power.max() / 1000].ravel()


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
