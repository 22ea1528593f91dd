"""When speech begins."""

from __future__ import annotations

import pytest

from live_coach.flow.messages import RATE
from live_coach.speech.detector import HOP
from live_coach.speech.onset import Onset


def begins_at(probabilities: list[float], one: Onset, now: int = 0) -> int | None:
    """The number of the hop with which a run begins."""
    for number, probability in enumerate(probabilities, start=1):
        if one.has_begun(probability, now=now + number * HOP):
            return number
    return None


def surely_spoken() -> Onset:
    """Somebody spoke surely until hop 20, and the run is over."""
    one = Onset(0.5, 2)
    assert begins_at([0.95] * 4, one) == 4
    for hop in range(5, 21):
        one.follow(0.95, now=hop * HOP)
    one.ended()
    return one


def test_the_clearer_the_sooner():
    beginnings = [begins_at([p] * 40, Onset(0.5, 2)) for p in (1.0, 0.9, 0.7, 0.6, 0.5)]
    assert beginnings == [3, 4, 8, 15, 30]


def test_a_hop_without_speech_begins_the_proof_anew():
    assert begins_at([0.9, 0.9, 0.9, 0.4] * 5, Onset(0.5, 2)) is None


def test_for_half_a_minute_after_sure_speech_the_least_length_is_enough():
    assert begins_at([0.6] * 5, surely_spoken(), now=25 * RATE) == 2
    assert begins_at([0.6] * 5, surely_spoken(), now=35 * RATE) is None


@pytest.mark.parametrize(("last", "after"), [(16, None), (60, 2)])
def test_a_run_leaves_the_next_to_prove_itself_unless_it_was_long_enough_to_be_surely_speech(
    last: int, after: int | None
):
    one = Onset(0.5, 2)
    assert begins_at([0.8] * 5, one) == 5
    for hop in range(6, last):
        one.follow(0.8, now=hop * HOP)
    one.ended()
    assert begins_at([0.6] * 5, one, now=60 * HOP) == after


def test_sure_hops_of_two_runs_do_not_add_up():
    one = Onset(0.5, 2)
    for start in (0, 100):
        assert begins_at([0.95] * 4, one, now=start * HOP) == 4
        one.ended()
    assert begins_at([0.6] * 5, one, now=200 * HOP) is None


def test_the_least_length_holds_for_clear_speech_too():
    assert begins_at([1.0] * 10, Onset(0.5, 8)) == 8
