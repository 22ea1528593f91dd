"""Runs of speech from probabilities. The sound is a ramp, so that every sample shows where it was."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from live_coach.flow.messages import (
    SegmentEnd,
    Span,
    Speaker,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
)
from live_coach.settings import SpeechSettings
from live_coach.speech.detector import HOP
from live_coach.speech.segmenter import Segmenter, SpeechMessage

SETTINGS = SpeechSettings(
    detector="silero",
    onset_probability=0.5,
    offset_probability=0.35,
    onset_ms=64,
    endpoint_ms=384,
    max_run_s=2.0,
    pre_roll_ms=256,
)
ENDPOINT = 12
ROLL = 8 * HOP
TAIL = 5 * HOP
LOST = -1.0


def segmenter(
    partial_step_s: float = 0.0,
    settings: SpeechSettings = SETTINGS,
    *,
    settled: bool | None = None,
) -> Segmenter:
    ids = count(1)
    return Segmenter(
        Speaker.MANAGER,
        lambda: next(ids),
        settings,
        partial_step_s=partial_step_s,
        settled=partial_step_s > 0 if settled is None else settled,
    )


def ramp(start: int, end: int) -> np.ndarray:
    return (np.arange(start, end) / 2**24).astype(np.float32)


def hear(
    probabilities: Iterable[float], one: Segmenter | None = None, *, finish: bool = True
) -> list[SpeechMessage]:
    one = one or segmenter()
    messages: list[SpeechMessage] = []
    for number, probability in enumerate(probabilities):
        hop = ramp(number * HOP, (number + 1) * HOP)
        messages += one.hear(hop, max(probability, 0.0), lost=probability == LOST)
    return messages + (one.finish() if finish else [])


def finals(messages: list[SpeechMessage]) -> list[SpeechSegment]:
    return [one for one in messages if isinstance(one, SpeechSegment) and one.end is not None]


def test_a_click_is_no_speech():
    assert hear([0.0] * 5 + [0.9] + [0.0] * 20 + [0.9, 0.2, 0.9] + [0.0] * 20) == []


def test_the_first_speech_is_announced_after_four_clear_hops_and_dated_to_the_first():
    messages = hear([0.0] * 10 + [0.9] * 4, finish=False)
    assert messages == [SpeechStarted(1, 10 * HOP, Speaker.MANAGER, heard_to=14 * HOP)]


def test_after_sure_speech_two_hops_are_enough():
    messages = hear([*([0.9] * 5), *([0.0] * 100), 0.6, 0.6], finish=False)
    assert messages[-1] == SpeechStarted(2, 105 * HOP, Speaker.MANAGER, heard_to=107 * HOP)


def test_what_sounds_a_little_like_speech_begins_a_run_only_when_it_lasts():
    assert hear([0.6] * 14 + [0.0] * 40 + [0.6] * 14, finish=False) == []
    (started,) = hear([0.0] * 10 + [0.6] * 15, finish=False)
    assert isinstance(started, SpeechStarted)
    assert (started.at, started.heard_to) == (10 * HOP, 25 * HOP)


def test_of_a_run_that_proves_itself_late_no_sound_is_missing():
    (segment,) = finals(hear([0.0] * 40 + [0.51] * 30 + [0.0] * 20))
    assert segment.speech == Span(40 * HOP, 70 * HOP)
    assert segment.span.start == 40 * HOP - ROLL
    assert np.array_equal(segment.samples, ramp(segment.span.start, segment.span.end))


def test_a_run_ends_where_speech_ended_and_says_so_after_the_endpoint_silence():
    messages = hear([0.0] * 10 + [0.9] * 20 + [0.0] * 30)
    _, ended, segment = messages
    assert ended == SpeechEnded(1, 30 * HOP, Speaker.MANAGER, heard_to=(30 + ENDPOINT) * HOP)
    assert isinstance(segment, SpeechSegment)
    assert (segment.id, segment.end) == (1, SegmentEnd.SILENCE)
    assert segment.speech == Span(10 * HOP, 30 * HOP)
    assert segment.span == Span(10 * HOP - ROLL, 30 * HOP + TAIL)


def test_a_shorter_silence_does_not_end_a_run():
    messages = hear([0.9] * 5 + [0.0] * (ENDPOINT - 1) + [0.9] * 5 + [0.0] * ENDPOINT)
    assert [type(one) for one in messages] == [SpeechStarted, SpeechEnded, SpeechSegment]


def test_between_the_two_thresholds_speech_goes_on_but_does_not_begin():
    assert hear([0.4] * 20) == []
    (segment,) = finals(hear([0.9] * 4 + [0.4] * 20 + [0.0] * 20))
    assert segment.speech == Span(0, 24 * HOP)


def test_the_sound_before_a_run_is_not_that_of_the_run_before():
    first, second = finals(hear([0.9] * 5 + [0.0] * ENDPOINT + [0.9] * 5 + [0.0] * ENDPOINT))
    assert first.span.end <= second.span.start <= (5 + ENDPOINT) * HOP


def test_a_long_run_is_cut_in_the_middle_of_the_next_dip_and_goes_on_there():
    long = [0.9] * 70
    messages = hear([*long, 0.0, 0.0, 0.0, 0.0, *([0.9] * 10), *([0.0] * ENDPOINT)])
    started, ended, cut, again, _, rest = messages
    assert isinstance(started, SpeechStarted)
    assert isinstance(ended, SpeechEnded)
    assert isinstance(cut, SpeechSegment)
    assert isinstance(again, SpeechStarted)
    assert isinstance(rest, SpeechSegment)
    assert ended.at == again.at == cut.span.end == rest.span.start == 72 * HOP
    assert (cut.id, again.id) == (1, 2)
    assert (cut.end, rest.end) == (SegmentEnd.MAX_LENGTH, SegmentEnd.SILENCE)


def test_a_dip_before_the_run_is_too_long_does_not_cut_it():
    assert len(finals(hear([0.9] * 30 + [0.0] * 4 + [0.9] * 20 + [0.0] * ENDPOINT))) == 1


def test_a_run_without_any_dip_is_cut_at_its_quietest_place_within_three_seconds():
    one = segmenter()
    quiet = range(120, 123)
    messages: list[SpeechMessage] = []
    for number in range(160):
        hop = np.full(HOP, 0.001 if number in quiet else 0.5, np.float32)
        messages += one.hear(hop, 0.9, lost=False)
    (cut,) = finals(messages)
    assert cut.span == Span(0, 121 * HOP)
    assert cut.end is SegmentEnd.MAX_LENGTH


def test_sound_that_is_missing_ends_a_run_but_a_crackle_does_not():
    (segment,) = finals(hear([0.9] * 10 + [LOST] * 3 + [0.9] * 5 + [LOST] * 4, finish=False))
    assert segment.end is SegmentEnd.DEVICE_LOST
    assert segment.speech == Span(0, 18 * HOP)


def test_the_end_of_the_conversation_ends_a_run():
    (segment,) = finals(hear([0.9] * 10 + [0.0] * 2))
    assert segment.end is SegmentEnd.END
    assert segment.span == Span(0, 12 * HOP)


def test_a_growing_run_is_sent_after_each_step_of_new_speech():
    messages = hear(
        [0.9] * 12 + [0.0] * 4 + [0.9] * 10, segmenter(partial_step_s=0.16), finish=False
    )
    growing = [one for one in messages if isinstance(one, SpeechSegment)]
    assert [one.end for one in growing] == [None] * 4
    assert [one.span.end // HOP for one in growing] == [5, 10, 19, 24]


def test_without_partials_the_beginning_of_silence_is_sent_all_the_same():
    messages = hear([0.9] * 40 + [0.0] * ENDPOINT, segmenter(settled=True))
    sent = [one for one in messages if isinstance(one, SpeechSegment)]
    assert [(one.settled, one.end) for one in sent] == [(True, None), (False, SegmentEnd.SILENCE)]
    assert sent[0].span == sent[1].span


def test_what_is_sent_when_silence_begins_has_the_sound_of_the_final():
    quiet = [0.9] * 12 + [0.0] * 6
    messages = hear([*quiet, *([0.9] * 6), *([0.0] * ENDPOINT)], segmenter(partial_step_s=10))
    resumed, last = [one for one in messages if isinstance(one, SpeechSegment) and one.settled]
    (final,) = finals(messages)
    assert resumed.span.end == 12 * HOP + TAIL
    assert (last.id, last.span, last.speech) == (final.id, final.span, final.speech)
    assert np.array_equal(last.samples, final.samples)


def test_no_growing_runs_when_no_partials_are_wanted():
    assert [type(one) for one in hear([0.9] * 60, finish=False)] == [SpeechStarted]


probabilities = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.9, LOST]), st.integers(1, 60)), max_size=12
).map(lambda runs: [probability for probability, length in runs for _ in range(length)])


@given(probabilities, st.sampled_from([0.0, 0.1, 0.3]))
def test_every_run_begins_once_ends_once_and_is_sent_once(hops: list[float], partial_step_s: float):
    messages = hear(hops, segmenter(partial_step_s))
    begun = [one.id for one in messages if isinstance(one, SpeechStarted)]
    assert begun == list(range(1, len(begun) + 1))
    assert begun == [one.id for one in messages if isinstance(one, SpeechEnded)]
    assert begun == [one.id for one in finals(messages)]
    for now, after in pairwise(messages):
        if isinstance(now, SpeechEnded):
            assert isinstance(after, SpeechSegment)
            assert (after.id, after.speech and after.speech.end) == (now.id, now.at)


@given(probabilities)
def test_segments_are_ordered_disjoint_and_hold_the_sound_of_their_span(hops: list[float]):
    messages = hear(hops, segmenter(0.1))
    for before, after in pairwise(finals(messages)):
        assert before.span.end <= after.span.start
    for one in messages:
        if isinstance(one, SpeechSegment):
            assert one.speech is not None
            assert one.span.start <= one.speech.start < one.speech.end <= one.span.end
            assert one.span.end <= len(hops) * HOP
            assert np.array_equal(one.samples, ramp(one.span.start, one.span.end))
            assert not one.samples.flags.writeable


@given(probabilities)
def test_a_cut_run_goes_on_at_the_same_sample_and_none_is_longer_than_whisper_hears(
    hops: list[float],
):
    messages = hear(hops)
    for ended, segment, after in zip(messages, messages[1:], [*messages[2:], None], strict=False):
        if isinstance(segment, SpeechSegment) and segment.end is SegmentEnd.MAX_LENGTH:
            assert isinstance(ended, SpeechEnded)
            assert isinstance(after, SpeechStarted)
            assert after.at == ended.at
        if isinstance(segment, SpeechSegment):
            assert segment.span.length <= 5.7 * 16_000
