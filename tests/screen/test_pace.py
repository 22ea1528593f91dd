"""At most ten repaints a second, whatever arrives, and nothing is forgotten."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.screen.pace import ORDINARY, SHORTEST, Pace

Asks = list[tuple[int, bool]]


class Timers:
    """Milliseconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 0
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._made = 0

    def after(self, seconds: float, callback: Callable[[], None]) -> None:
        self._made += 1
        heapq.heappush(self._due, (self.now + round(seconds * 1000), self._made, callback))

    def pass_until(self, when: int) -> None:
        while self._due and self._due[0][0] <= when:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
        self.now = when


def run(asks: Asks) -> list[int]:
    timers = Timers()
    painted: list[int] = []
    pace = Pace(lambda: painted.append(timers.now), timers.after)
    for when, urgent in sorted(asks):
        timers.pass_until(when)
        pace.ask(urgent=urgent)
    timers.pass_until(timers.now + 5_000)
    return painted


asks = st.lists(st.tuples(st.integers(0, 3_000), st.booleans()), max_size=60)


@given(asks)
@settings(deadline=None)
def test_never_more_than_ten_repaints_a_second(asks: Asks) -> None:
    assert all(later - earlier >= SHORTEST * 1000 for earlier, later in pairwise(run(asks)))


@given(asks)
@settings(deadline=None)
def test_everything_asked_for_is_painted_in_time(asks: Asks) -> None:
    painted = run(asks)
    for when, urgent in asks:
        limit = 1000 * (SHORTEST if urgent else ORDINARY)
        assert any(when <= paint <= when + limit for paint in painted)


@given(st.lists(st.integers(0, 3_000), max_size=60))
@settings(deadline=None)
def test_readings_alone_repaint_four_times_a_second(times: list[int]) -> None:
    painted = run([(when, False) for when in times])
    assert all(later - earlier >= ORDINARY * 1000 for earlier, later in pairwise(painted))


def test_after_a_rest_something_urgent_is_painted_at_once() -> None:
    assert run([(0, False), (120, True)]) == [0, 120]
