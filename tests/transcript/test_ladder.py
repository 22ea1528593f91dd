"""The steps of the load ladder."""

from __future__ import annotations

import pytest

from live_coach.transcript.ladder import Ladder, Rung


def read(ladder: Ladder, slowdown: float, times: int) -> int | None:
    """So many partials, each so many times slower than by itself; which of them changed the rung."""
    changes = [n for n in range(times) if ladder.partial_read(slowdown)]
    assert len(changes) <= 1
    return changes[0] if changes else None


def test_an_undisturbed_computer_changes_nothing_and_a_moment_of_work_does_not_either():
    ladder = Ladder()
    assert read(ladder, 1.05, 99) is None
    assert read(ladder, 4.0, 1) is None
    assert ladder.rung is Rung.EVERYTHING
    assert ladder.wants_growing


def test_when_other_programs_need_the_computer_partials_rest_longer():
    ladder = Ladder()
    rest_s = ladder.rest_s(0.2)
    change = read(ladder, 2.0, 30)
    assert change is not None
    assert 2 <= change <= 15
    assert ladder.rung is Rung.FEWER_PARTIALS
    assert ladder.rest_s(0.2) > 3 * rest_s
    assert ladder.wants_growing


def test_the_rest_follows_what_a_partial_takes():
    assert Ladder().rest_s(0.4) == pytest.approx(4 * Ladder().rest_s(0.1))


def test_it_comes_back_when_nothing_has_disturbed_it_for_a_while():
    ladder = Ladder()
    read(ladder, 2.0, 30)
    assert read(ladder, 1.25, 200) is None
    change = read(ladder, 1.0, 100)
    assert change is not None
    assert Ladder.CALM_PARTIALS - 1 <= change <= 15
    assert ladder.rung is Rung.EVERYTHING
    assert read(ladder, 2.0, 30) is not None


def test_when_a_final_waits_too_long_only_finals_are_read():
    ladder = Ladder()
    assert not ladder.final_waited(1.9)
    assert ladder.final_waited(2.1)
    assert ladder.rung is Rung.FINALS_ONLY
    assert not ladder.wants_growing
    assert not ladder.partial_read(9.0)


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


@pytest.mark.parametrize("finals_only", [True, False])
def test_when_it_was_quiet_everything_is_read_again_and_what_was_learnt_is_forgotten(
    finals_only: bool,
):
    ladder = Ladder()
    read(ladder, 2.0, 30)
    if finals_only:
        ladder.final_waited(2.1)
    assert ladder.quiet()
    assert ladder.rung is Rung.EVERYTHING
    assert not ladder.quiet()
    assert read(ladder, 2.0, 30) == read(Ladder(), 2.0, 30)
