"""The order of reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from live_coach.flow.messages import RATE, Samples, SegmentEnd, Span, Speaker, SpeechSegment
from live_coach.transcript.backlog import MOST_PUT_OFF, MOST_WAITING, Backlog, Share

SOUND = np.zeros(RATE, np.float32)
MANAGER, COACHEE = Speaker.MANAGER, Speaker.COACHEE


def ended(number: int, speaker: Speaker = MANAGER, sound: Samples = SOUND) -> SpeechSegment:
    return SpeechSegment(number, Span(0, len(sound)), speaker, sound, SegmentEnd.SILENCE)


def growing(number: int, speaker: Speaker = MANAGER, length: int = RATE) -> SpeechSegment:
    return SpeechSegment(number, Span(0, length), speaker, np.zeros(length, np.float32), None)


def order(backlog: Backlog) -> list[int]:
    numbers = []
    while (waiting := backlog.next()) is not None:
        numbers.append(waiting.segment.id)
    return numbers


def test_what_has_ended_comes_first_in_its_order():
    backlog = Backlog()
    backlog.add(growing(1, COACHEE), 0)
    backlog.add(ended(2), 0)
    backlog.add(ended(3), 0)
    assert order(backlog) == [2, 3, 1]


def test_only_the_newest_of_a_growing_run_is_read_and_speakers_take_turns():
    backlog = Backlog()
    backlog.add(growing(1, MANAGER, RATE), 0)
    backlog.add(growing(2, COACHEE), 0)
    backlog.add(growing(1, MANAGER, 2 * RATE), 0)
    first, second = backlog.next(), backlog.next()
    assert first is not None
    assert second is not None
    assert (first.segment.id, second.segment.id) == (2, 1)
    assert second.segment.span.end == 2 * RATE
    assert backlog.next() is None


def test_speakers_take_turns_also_when_both_say_more_all_the_time():
    backlog = Backlog()
    read = []
    for length in range(1, 5):
        backlog.add(growing(1, MANAGER, length), 0)
        backlog.add(growing(2, COACHEE, length), 0)
        waiting = backlog.next()
        assert waiting is not None
        read.append(waiting.segment.id)
    assert read == [1, 2, 1, 2]


def test_while_partials_rest_what_may_become_a_final_is_read():
    backlog = Backlog()
    backlog.add(growing(1, MANAGER), 0)
    backlog.add(replace(growing(2, COACHEE), settled=True), 0)
    settled = backlog.next(growing=False)
    assert settled is not None
    assert settled.segment.id == 2
    assert backlog.next(growing=False) is None
    assert backlog.next() is not None


def test_a_run_that_has_ended_is_not_read_as_growing():
    backlog = Backlog()
    backlog.add(growing(1), 0)
    backlog.add(ended(1), 0)
    assert order(backlog) == [1]


def test_one_too_many_puts_off_the_oldest_which_is_read_last():
    backlog = Backlog()
    assert [backlog.add(ended(n), 0) for n in range(MOST_WAITING)] == [None] * MOST_WAITING
    late = backlog.add(ended(MOST_WAITING), 0)
    assert late is not None
    assert late.id == 0
    backlog.add(growing(99, COACHEE), 0)
    assert order(backlog) == [*range(1, MOST_WAITING + 1), 99, 0]


def test_two_readers_share_the_work_by_its_kind():
    backlog = Backlog()
    backlog.add(growing(1, MANAGER), 0)
    backlog.add(replace(growing(2, COACHEE), settled=True), 0)
    assert backlog.next(Share.QUICK).segment.id == 1
    assert backlog.next(Share.QUICK) is None
    assert backlog.next(Share.CAREFUL).segment.id == 2
    backlog.add(growing(3, MANAGER), 0)
    backlog.add(ended(4, COACHEE), 0)
    assert backlog.next(Share.CAREFUL).segment.id == 4
    assert backlog.next(Share.CAREFUL) is None
    assert backlog.next(Share.QUICK).segment.id == 3


def test_no_more_than_five_minutes_of_sound_are_put_off():
    backlog = Backlog()
    long = np.zeros(20 * RATE, np.float32)
    for number in range(MOST_WAITING + 20):
        backlog.add(ended(number, sound=long), 0)
    kept = order(backlog)[MOST_WAITING:]
    assert kept == list(range(5, 20))
    assert len(kept) * len(long) == MOST_PUT_OFF


def test_a_run_of_which_it_is_now_known_who_speaks_waits_once():
    backlog = Backlog()
    backlog.add(growing(1, Speaker.UNKNOWN), 0)
    backlog.add(growing(1, MANAGER, 2 * RATE), 0)
    assert order(backlog) == [1]
    backlog.add(growing(2, Speaker.UNKNOWN), 0)
    backlog.add(ended(2, COACHEE), 0)
    assert order(backlog) == [2]
