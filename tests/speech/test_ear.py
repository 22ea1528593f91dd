"""The ear: lock step over channels, whatever the blocks."""

from __future__ import annotations

import random
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_coach import settings
from live_coach.flow.messages import (
    RATE,
    AudioFrame,
    Channel,
    Samples,
    SegmentEnd,
    Span,
    Speaker,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
    Tick,
    VoiceMessage,
)
from live_coach.speech.detector import HOP, VoiceDetector
from live_coach.speech.detectors import new_detector
from live_coach.speech.ear import Ear
from tests.speech.sounds import frames, noise, silence, turn

SPEAKERS = {Channel.MANAGER: Speaker.MANAGER, Channel.COACHEE: Speaker.COACHEE}


class Loudness:
    """Beside the real detectors (below): as quick as Hypothesis needs it."""

    def probability(self, hop: Samples) -> float:
        return float(np.abs(hop).max() > 0.1)


def ear(
    speakers: dict[Channel, Speaker] = SPEAKERS,
    detector: type[VoiceDetector] | None = Loudness,
    partial_step_s: float = 0.3,
) -> Ear:
    chosen = settings.load().settings.speech
    make = detector or (lambda: new_detector("silero"))
    return Ear(speakers, make, chosen, partial_step_s=partial_step_s, settled=partial_step_s > 0)


def listen(one: Ear, blocks: list[AudioFrame]) -> list[VoiceMessage]:
    return [message for block in blocks for message in one.process(block)] + one.flush()


def comparable(messages: list[VoiceMessage]) -> list[Any]:
    return [
        (one.id, one.span, one.speaker, one.end, one.speech, one.samples.tobytes())
        if isinstance(one, SpeechSegment)
        else one
        for one in messages
    ]


def interleaved(sounds: dict[Channel, Samples], sizes: list[int], seed: int) -> list[AudioFrame]:
    """Blocks of these sizes in turn; the channels in an order by chance, each in its own order."""
    order = random.Random(seed)
    waiting = dict.fromkeys(sounds, 0)
    blocks = []
    while waiting:
        channel = order.choice(list(waiting))
        at = waiting[channel]
        part = sounds[channel][at : at + order.choice(sizes)]
        blocks.append(AudioFrame(channel, Span(at, at + len(part)), part))
        waiting[channel] += len(part)
        if waiting[channel] == len(sounds[channel]):
            del waiting[channel]
    return blocks


def loud_and_quiet(pattern: list[tuple[bool, int]]) -> Samples:
    parts = [np.full(length, 0.5 if loud else 0.0, np.float32) for loud, length in pattern]
    return np.concatenate([*parts, silence(0.1)])


sounds = st.lists(st.tuples(st.booleans(), st.integers(1, 2 * RATE)), max_size=5).map(
    loud_and_quiet
)


@hypothesis.settings(deadline=None)
@given(sounds, sounds, st.lists(st.integers(7, RATE), min_size=1, max_size=3), st.integers(0, 99))
def test_neither_block_size_nor_order_of_channels_changes_anything(
    manager: Samples, coachee: Samples, sizes: list[int], seed: int
):
    both = {Channel.MANAGER: manager, Channel.COACHEE: coachee}
    whole = listen(ear(), interleaved(both, [10 * RATE], 0))
    pieces = listen(ear(), interleaved(both, sizes, seed))
    assert comparable(whole) == comparable(pieces)


@pytest.mark.parametrize("block", [160, 320, 1000, RATE])
def test_real_detectors_give_the_same_for_every_block_size(block: int):
    talk = np.concatenate((silence(0.5), turn("Good morning, Sam.")[: 4 * RATE], silence(0.8)))
    answer = np.concatenate((silence(2.5), turn("Good morning. Fine")[: 3 * RATE], silence(1)))
    both = {Channel.MANAGER: talk, Channel.COACHEE: answer}
    whole = listen(ear(detector=None), interleaved(both, [10 * RATE], 0))
    assert comparable(listen(ear(detector=None), interleaved(both, [block], block))) == comparable(
        whole
    )
    assert {one.speaker for one in whole if isinstance(one, SpeechStarted)} == set(
        SPEAKERS.values()
    )


def test_real_speech_is_found_where_it_is():
    talk = np.concatenate((silence(1), turn("One thing that really"), silence(1)))
    messages = listen(ear({Channel.ROOM: Speaker.UNKNOWN}, None), frames(Channel.ROOM, talk, 320))
    started = [one for one in messages if isinstance(one, SpeechStarted)]
    ended = [one for one in messages if isinstance(one, SpeechEnded)]
    assert started[0].at == pytest.approx(1.1 * RATE, abs=0.1 * RATE)
    assert ended[-1].at == pytest.approx(len(talk) - 1.1 * RATE, abs=0.2 * RATE)
    assert started[0].speaker is Speaker.UNKNOWN


def test_one_id_per_run_in_order_of_onset_over_both_channels():
    manager = loud_and_quiet([(True, RATE), (False, 2 * RATE), (True, RATE), (False, RATE)])
    coachee = loud_and_quiet([(False, 2 * RATE), (True, RATE), (False, 2 * RATE)])
    messages = listen(
        ear(), interleaved({Channel.MANAGER: manager, Channel.COACHEE: coachee}, [320], 1)
    )
    started = [(one.id, one.speaker) for one in messages if isinstance(one, SpeechStarted)]
    assert started == [(1, Speaker.MANAGER), (2, Speaker.COACHEE), (3, Speaker.MANAGER)]


def test_a_tick_every_96_ms_after_everything_heard_until_then():
    messages = listen(
        ear({Channel.ROOM: Speaker.UNKNOWN}),
        frames(Channel.ROOM, loud_and_quiet([(True, RATE), (False, RATE)]), 100),
    )
    ticks = [one.heard_to for one in messages if isinstance(one, Tick)]
    assert ticks[:-1] == [3 * HOP * n for n in range(1, len(ticks))]
    assert ticks[-1] == 2 * RATE + 1600
    reached = 0
    for one in messages:
        if isinstance(one, Tick):
            reached = one.heard_to
        elif isinstance(one, SpeechStarted):
            assert one.heard_to >= reached


def test_one_channel_waits_for_the_other():
    one = ear()
    for block in frames(Channel.MANAGER, loud_and_quiet([(True, RATE)]), 320):
        assert one.process(block) == []
    assert any(
        isinstance(message, SpeechStarted)
        for block in frames(Channel.COACHEE, silence(1), 320)
        for message in one.process(block)
    )


def test_lost_sound_ends_a_run_and_is_told_with_the_tick():
    speech = loud_and_quiet([(True, RATE)])[:RATE]
    lost = AudioFrame(Channel.ROOM, Span(RATE, 2 * RATE), silence(1), lost=RATE)
    one = ear({Channel.ROOM: Speaker.UNKNOWN})
    messages = listen(one, [*frames(Channel.ROOM, speech, 320), lost])
    (segment,) = (one for one in messages if isinstance(one, SpeechSegment) and one.end is not None)
    assert segment.end is SegmentEnd.DEVICE_LOST
    (ended,) = (one for one in messages if isinstance(one, SpeechEnded))
    assert ended.at == pytest.approx(RATE, abs=HOP)
    deaf = [one.heard_to for one in messages if isinstance(one, Tick) and one.lost]
    assert deaf[0] == pytest.approx(RATE, abs=3 * HOP)
    assert deaf[-1] == pytest.approx(2 * RATE, abs=3 * HOP)


def test_blocks_that_never_came_count_as_lost():
    speech = frames(Channel.ROOM, loud_and_quiet([(True, 3 * RATE)]), 320)
    told = [
        AudioFrame(one.channel, one.span, np.zeros_like(one.samples), lost=one.span.length)
        if RATE <= one.span.start < 2 * RATE
        else one
        for one in speech
    ]
    dropped = [one for one in told if not one.lost]
    room = {Channel.ROOM: Speaker.UNKNOWN}
    assert comparable(listen(ear(room), dropped)) == comparable(listen(ear(room), told))


def test_sound_that_was_already_heard_is_refused():
    one = ear({Channel.ROOM: Speaker.UNKNOWN})
    one.process(AudioFrame(Channel.ROOM, Span(0, 320), silence(0.02)))
    with pytest.raises(ValueError, match="heard to 320"):
        one.process(AudioFrame(Channel.ROOM, Span(160, 480), silence(0.02)))


def test_a_fan_gives_no_talk_time():
    fan = noise(20)
    room = {Channel.ROOM: Speaker.UNKNOWN}
    messages = listen(ear(room, None), frames(Channel.ROOM, fan, 320))
    assert not any(isinstance(one, SpeechStarted) for one in messages)
