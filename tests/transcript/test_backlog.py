"""The order of reading, and the steps of the load ladder."""

from __future__ import annotations

import numpy as np

from live_coach.flow.messages import RATE, Samples, SegmentEnd, Span, Speaker, SpeechSegment
from live_coach.transcript.backlog import MOST_PUT_OFF, MOST_WAITING, Backlog, Ladder

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
    assert backlog.dropped_partials == 1


def test_a_run_that_has_ended_is_not_read_as_growing():
    backlog = Backlog()
    backlog.add(growing(1), 0)
    backlog.add(ended(1), 0)
    assert order(backlog) == [1]
    assert backlog.dropped_partials == 1


def test_one_too_many_puts_off_the_oldest_which_is_read_last():
    backlog = Backlog()
    assert [backlog.add(ended(n), 0) for n in range(MOST_WAITING)] == [None] * MOST_WAITING
    late = backlog.add(ended(MOST_WAITING), 0)
    assert late is not None
    assert late.id == 0
    backlog.add(growing(99, COACHEE), 0)
    assert order(backlog) == [*range(1, MOST_WAITING + 1), 99, 0]


def test_no_more_than_five_minutes_of_sound_are_put_off():
    backlog = Backlog()
    long = np.zeros(20 * RATE, np.float32)
    for number in range(MOST_WAITING + 20):
        backlog.add(ended(number, sound=long), 0)
    kept = order(backlog)[MOST_WAITING:]
    assert kept == list(range(5, 20))
    assert len(kept) * len(long) == MOST_PUT_OFF


def test_the_ladder_steps_down_when_a_final_waits_too_long():
    ladder = Ladder()
    assert not ladder.waited(1.9)
    assert ladder.waited(2.1)
    assert ladder.finals_only


def test_the_ladder_comes_back_after_three_finals_in_time():
    ladder = Ladder()
    ladder.waited(3.0)
    steps = [ladder.waited(seconds) for seconds in (0.1, 0.1, 1.0, 0.1, 0.1, 0.1)]
    assert steps == [False, False, False, False, False, True]
    assert not ladder.finals_only


def test_between_the_two_numbers_nothing_changes():
    ladder = Ladder()
    assert not any(ladder.waited(1.0) for _ in range(9))
    ladder.waited(3.0)
    assert not any(ladder.waited(1.0) for _ in range(9))
    assert ladder.finals_only
