"""Clocks count in samples, and pacing gives a recording the rhythm of a microphone."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from live_coach.flow.clock import MonotonicClock, PositionClock, paced
from live_coach.flow.messages import RATE, AudioFrame, Channel, Span


@given(st.lists(st.integers(0, 10_000)))
def test_a_position_never_goes_back(positions: list[int]) -> None:
    clock = PositionClock()
    for position in positions:
        clock.advance(position)
    assert clock.now() == max(positions, default=0)


def test_frames_come_no_earlier_than_a_microphone_would_give_them() -> None:
    length = RATE // 50
    frames = [
        AudioFrame(Channel.ROOM, Span(start, start + length), np.zeros(length, np.float32))
        for start in range(0, 5 * length, length)
    ]
    clock = MonotonicClock()
    began = time.monotonic()
    for frame in paced(frames, clock):
        assert clock.now() >= frame.span.end
    assert time.monotonic() - began >= 5 * 0.02
