"""When the manager's share counts as high, and for how long it is the same stretch."""

from __future__ import annotations

from collections.abc import Iterable

from live_coach.coaching import config
from live_coach.coaching.high_share import HighShare
from live_coach.flow.messages import to_samples

RULE = config.load().share
SAMPLE = 1 / 16000


def after(shares: Iterable[tuple[float, float | None]]) -> HighShare:
    state = HighShare()
    for now, share in shares:
        state = state.after(share, to_samples(now), RULE)
    return state


def seconds(*times: float) -> tuple[int, ...]:
    return tuple(map(to_samples, times))


def test_it_is_high_above_the_threshold_only() -> None:
    assert after([(400, 0.55)]) == HighShare()
    assert after([(400, 0.551)]).high == to_samples(400)
    assert after([(400, 0.65)]).firm is None
    assert after([(400, 0.651)]).firm == to_samples(400)
    assert after([(400, 0.9), (401, None)]) == HighShare()


def test_a_stretch_ends_below_where_it_began() -> None:
    state = after([(400, 0.6), (410, 0.54), (420, 0.5), (430, 0.6)])
    assert (state.stretch, state.high) == seconds(400, 430)
    assert after([(400, 0.6), (410, 0.499), (430, 0.6)]).stretch == to_samples(430)
    assert after([(400, 0.54), (430, 0.6)]).stretch == to_samples(430), "it was never high before"


def test_firm_is_without_a_break_and_remembered_once_it_lasted() -> None:
    state = after([(400, 0.7), (410, 0.64), (420, 0.7), (420 + 30 - SAMPLE, 0.7)])
    assert (state.high, state.firm) == seconds(400, 420)
    assert not state.was_firm
    lasted = [(400.0, 0.7), (430.0, 0.7), (431.0, 0.6)]
    assert after(lasted).was_firm
    assert after(lasted).firm is None
    assert not after([*lasted, (440.0, 0.4), (441.0, 0.6)]).was_firm, "that was another stretch"


def test_the_first_minutes_are_no_share_of_five() -> None:
    state = after([(10, 1.0), (270 - SAMPLE, 0.8), (270, 0.6), (300, 0.6)])
    assert state == HighShare(*seconds(270, 270))
