"""What the live screen shows follows from the messages and their times alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.flow.messages import (
    Channel,
    Health,
    HealthState,
    Nudge,
    Speaker,
    to_samples,
)
from live_coach.screen.bridge import News
from live_coach.screen.state import SHOWN_AT_LEAST, LiveState, advance, latest_nudge
from tests.screen import feed


def at(seconds: float, state: LiveState | None = None, *nudges: Nudge, **news: object) -> LiveState:
    changes = News(now=to_samples(seconds), nudges=nudges)
    return advance(state or LiveState(), replace(changes, **news))  # type: ignore[arg-type]


def test_a_nudge_stands_until_it_expires_then_becomes_the_last_one() -> None:
    nudge = feed.nudge(10, lives=6)
    state = at(10, None, nudge)
    assert state.nudge == nudge
    assert at(15.9, state).nudge == nudge
    gone = at(16.0, state)
    assert (gone.nudge, gone.last) == (None, nudge)
    assert latest_nudge(gone) == latest_nudge(state) == nudge


def test_a_nudge_that_comes_late_still_stands_four_seconds() -> None:
    state = at(15, None, feed.nudge(10, lives=6))
    assert at(18.9, state).nudge is not None
    assert at(19.0, state).nudge is None


def test_one_nudge_at_a_time_the_next_after_four_seconds() -> None:
    first, second = feed.nudge(10, identity=1), feed.nudge(11, identity=2, lives=20)
    state = at(11, at(10, None, first), second)
    assert state.nudge == first
    state = at(14, state)
    assert (state.nudge, state.last) == (second, first)


def test_a_nudge_that_expired_while_it_waited_never_stands() -> None:
    first, second = feed.nudge(10, identity=1), feed.nudge(10, identity=2, lives=3)
    state = at(14, at(10, None, first, second))
    assert (state.nudge, state.last) == (None, second)


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(1, 12)), min_size=1, max_size=12))
@settings(max_examples=30, deadline=None)
def test_every_nudge_that_stands_stands_long_enough(arrivals: list[tuple[float, float]]) -> None:
    pending, moment = [], 0.0
    for number, (gap, lives) in enumerate(arrivals):
        moment += gap
        pending.append((moment, feed.nudge(moment, identity=number, lives=lives)))
    state, shown = LiveState(), {}
    for tenth in range(int(moment * 10) + 800):
        now = tenth / 10
        due = [nudge for when, nudge in pending if when <= now]
        pending = [(when, nudge) for when, nudge in pending if when > now]
        state = at(now, state, *due)
        if state.nudge is not None:
            shown[state.nudge.id] = shown.get(state.nudge.id, 0) + to_samples(0.1)
    assert state.nudge is None
    assert not state.waiting
    assert all(time >= SHOWN_AT_LEAST for time in shown.values())


def test_a_trouble_stays_until_its_stream_is_well_again() -> None:
    late = Health(to_samples(2), HealthState.OVERLOADED, "text", "Text is late.")
    state = at(2, at(1, health=(feed.mic_lost(1),)), health=(late,))
    assert [trouble.stream for trouble in state.troubles] == ["mic", "text"]
    well = Health(to_samples(90), HealthState.OK, "mic", "")
    assert at(90, at(60, state), health=(well,)).troubles == (late,)


def test_that_sound_was_lost_goes_by_itself_once_no_more_is_lost() -> None:
    lost = Health(to_samples(20), HealthState.OVERLOADED, "mic", "Lost.", gap=to_samples(2))
    again = replace(lost, at=to_samples(30))
    state = at(30, at(20, health=(lost,)), health=(again,))
    assert at(44.9, state).troubles == (again,)
    assert at(45.0, state).troubles == ()


def test_what_is_shown_late_is_told_until_it_is_so_no_more() -> None:
    state = at(20, at(10, sound_lag=to_samples(3.9)), sound_lag=to_samples(4))
    [late] = state.troubles
    assert (late.stream, late.state) == ("all", HealthState.OVERLOADED)
    state = at(29, at(28, state), sound_lag=to_samples(0.1))
    assert state.troubles == (late,), "a number that stands still"
    assert at(31, state, sound_lag=to_samples(0.1)).troubles == ()


def test_good_news_goes_by_itself() -> None:
    back = Health(to_samples(5), HealthState.RESTARTED, "mic", "Back.", gap=to_samples(1))
    state = at(5, at(1, health=(feed.mic_lost(1),)), health=(back,))
    assert state.troubles == (back,)
    assert at(14.9, state).troubles == (back,)
    assert at(15.0, state).troubles == ()


def test_who_begins_to_speak_is_shown_before_the_next_reading_says_so() -> None:
    state = at(3, metrics=feed.metrics(3, speaking=(Speaker.MANAGER,)))
    state = at(3.1, state, began=frozenset({Speaker.COACHEE}))
    assert state.speaking == {Speaker.MANAGER, Speaker.COACHEE}
    state = at(3.2, state, metrics=feed.metrics(3.2, speaking=(Speaker.COACHEE,)))
    assert state.speaking == {Speaker.COACHEE}


def test_meters_rise_at_once_and_fall_slowly() -> None:
    state = at(0, levels=feed.levels(0, mic=-60))
    state = at(0.1, state, levels=feed.levels(0.1, mic=-12))
    assert state.levels[Channel.MANAGER] == -12
    state = at(0.6, state, levels=feed.levels(0.6, mic=-60))
    assert -24 < state.levels[Channel.MANAGER] < -12
    state = at(60, state, levels=feed.levels(60, mic=-60))
    assert state.levels[Channel.MANAGER] == -60


def test_the_clock_never_runs_back() -> None:
    assert at(4, at(5)).now == to_samples(5)


def test_once_somebody_was_told_apart_it_is_no_longer_one_voice() -> None:
    state = at(1, None, began=frozenset({Speaker.UNKNOWN}))
    assert state.one_voice
    state = at(2, state, began=frozenset({Speaker.MANAGER}))
    assert not state.one_voice
    assert not at(3, state, metrics=feed.metrics(3.0, speaking=(Speaker.UNKNOWN,))).one_voice


def test_a_longer_delay_of_sound_is_told_at_once_and_a_shorter_one_later() -> None:
    state = at(0, sound_lag=to_samples(0.1))
    state = at(1, state, sound_lag=to_samples(0.4))
    assert state.sound_lag == to_samples(0.4)
    state = at(10.9, state, sound_lag=to_samples(0.1))
    assert state.sound_lag == to_samples(0.4)
    assert at(11, state).sound_lag == to_samples(0.4)
    assert at(11, state, sound_lag=to_samples(0.1)).sound_lag == to_samples(0.1)
