"""The steps of the load ladder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from live_coach.flow.messages import Span, Speaker, SpeechSegment
from live_coach.transcript.ladder import Ladder, Rung


def growing(speaker: Speaker = Speaker.MANAGER) -> SpeechSegment:
    return SpeechSegment(1, Span(0, 10), speaker, np.zeros(10, np.float32), None)


def late(ladder: Ladder, seconds: float, times: int) -> int | None:
    """So many partials, each so late; which of them changed the rung."""
    changes = [n for n in range(times) if ladder.partial_took(seconds)]
    assert len(changes) <= 1
    return changes[0] if changes else None


def test_partials_in_time_change_nothing_and_a_late_one_does_not_either():
    ladder = Ladder()
    assert late(ladder, 0.3, 99) is None
    assert late(ladder, 1.4, 1) is None
    assert ladder.rung is Rung.EVERYTHING
    assert all(ladder.wants(growing()) for _ in range(4))


def test_when_partials_are_late_for_long_every_second_one_of_each_speaker_is_read():
    ladder = Ladder()
    change = late(ladder, 1.0, 30)
    assert change is not None
    assert 5 <= change <= 15
    assert ladder.rung is Rung.FEWER_PARTIALS
    wanted = [
        (ladder.wants(growing(Speaker.MANAGER)), ladder.wants(growing(Speaker.COACHEE)))
        for _ in range(4)
    ]
    assert wanted == [(False, False), (True, True)] * 2
    assert all(ladder.wants(replace(growing(), settled=True)) for _ in range(3))


def test_it_comes_back_when_partials_have_been_in_time_for_long():
    ladder = Ladder()
    late(ladder, 1.0, 30)
    assert late(ladder, 0.4, 200) is None
    change = late(ladder, 0.1, 100)
    assert change is not None
    assert change >= Ladder.CALM_PARTIALS - 1
    assert ladder.rung is Rung.EVERYTHING


def test_when_a_final_waits_too_long_only_finals_are_read():
    ladder = Ladder()
    assert not ladder.final_waited(1.9)
    assert ladder.final_waited(2.1)
    assert ladder.rung is Rung.FINALS_ONLY
    assert not ladder.wants(growing())
    assert not ladder.wants(replace(growing(), settled=True))
    assert not ladder.partial_took(9.0)


def test_three_finals_in_time_lead_back_one_rung():
    ladder = Ladder()
    ladder.final_waited(3.0)
    steps = [ladder.final_waited(seconds) for seconds in (0.1, 0.1, 1.0, 0.1, 0.1, 0.1)]
    assert steps == [False, False, False, False, False, True]
    assert ladder.rung is Rung.FEWER_PARTIALS


def test_between_the_two_numbers_nothing_changes():
    ladder = Ladder()
    assert not any(ladder.final_waited(1.0) for _ in range(9))
    ladder.final_waited(3.0)
    assert not any(ladder.final_waited(1.0) for _ in range(9))
    assert ladder.rung is Rung.FINALS_ONLY
