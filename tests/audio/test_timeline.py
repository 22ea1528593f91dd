"""Frames follow each other without hole or overlap, whatever order of sound and loss a device brings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from live_coach.audio.stream import stretched
from live_coach.audio.timeline import Timeline, lost_frames
from live_coach.flow.messages import RATE, AudioFrame, Channel

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 4_000)),
        st.tuples(st.just("join"), st.integers(-5_000, 60_000)),
        st.tuples(st.just("lose_until"), st.integers(-5_000, 60_000)),
    )
)


@given(STEPS)
def test_there_is_never_a_hole_or_an_overlap(steps: list[tuple[str, int]]) -> None:
    frames: list[AudioFrame] = []
    line = Timeline(Channel.MANAGER, frames.append)
    for step, number in steps:
        if step == "append":
            line.append(np.ones(number, np.float32))
        else:
            getattr(line, step)(number)
    at = 0
    for frame in frames:
        assert frame.span.start == at
        assert frame.span.length > 0
        assert frame.lost in {0, frame.span.length}
        assert bool(frame.samples.any()) is (frame.lost == 0)
        at = frame.span.end
    assert at == line.position
    assert sum(frame.lost for frame in frames) == line.lost


def test_sound_lands_where_it_was_captured() -> None:
    frames: list[AudioFrame] = []
    line = Timeline(Channel.COACHEE, frames.append)
    line.join(-100)
    line.append(np.arange(300, dtype=np.float32))
    line.join(1_000)
    line.append(np.full(50, 7, np.float32), captured_ns=5)
    line.join(1_020)
    line.append(np.full(100, 9, np.float32))
    sound = np.concatenate([frame.samples for frame in frames])
    assert sound[0] == 100
    assert sound[199] == 299
    assert not sound[200:1_000].any()
    assert (sound[1_000:1_050] == 7).all()
    assert (sound[1_050:] == 9).all()
    assert len(sound) == 1_120
    assert line.lost == 800


def test_a_long_loss_is_told_in_short_frames() -> None:
    frames = list(lost_frames(Channel.ROOM, 5, 5 + 11 * RATE))
    assert max(frame.span.length for frame in frames) <= RATE // 10
    assert sum(frame.lost for frame in frames) == 11 * RATE
    assert list(lost_frames(Channel.ROOM, 5, 5)) == []


@given(st.integers(2, 2_000), st.integers(-1, 1))
def test_stretching_keeps_the_sound(length: int, more: int) -> None:
    ramp = np.linspace(-1, 1, length, dtype=np.float32)
    result = stretched(ramp, length + more)
    assert result.dtype == np.float32
    assert len(result) == length + more
    assert np.allclose(result, np.linspace(-1, 1, length + more), atol=1e-5) or length + more == 1
