"""The clock of a device, simulated: crystals that run off, blocks that come late, sound that goes missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.audio.anchor import Anchor

BLOCK_S = 0.02


def follow(
    *,
    rate: int = 16_000,
    ppm: float = 0.0,
    seconds: float = 60.0,
    gap_at: float = 0.0,
    gap_s: float = 0.0,
    late_s: float = 0.004,
    stall: tuple[float, float] = (0.0, 0.0),
    seed: int = 1,
) -> tuple[float, int]:
    """How far the sound laid down is from the true time at the end, in seconds, and frames called lost.

    The device gives blocks of 20 ms of its own time, each `late_s` late on average, none early;
    `gap_s` of sound is lost at `gap_at`; during `stall` (begin, length) all blocks wait for its end.
    """
    random = np.random.default_rng(seed)
    block = round(rate * BLOCK_S)
    true_rate = rate * (1 + ppm * 1e-6)
    anchor: Anchor | None = None
    first: list[tuple[float, int]] = []
    laid, lost, frames, gone, now = 0, 0, 0, 0.0, 0.0
    while now < seconds:
        frames += block
        now = frames / true_rate + gone
        if gap_s and not gone and now >= gap_at:
            gone = gap_s
            now += gap_s
        captured = now + random.exponential(late_s)
        if stall[0] <= captured < sum(stall):
            captured = sum(stall) + frames * 1e-7
        laid += block
        if anchor is None:
            first.append((captured, frames))
            if len(first) == 10:
                anchor = Anchor(rate, first)
            continue
        correction = anchor.observe(captured, frames)
        laid += correction.lost + correction.stretch
        lost += correction.lost
    assert anchor is not None
    begun = min(captured - count / rate for captured, count in first)
    return begun + laid / rate - now, lost


@given(
    ppm=st.floats(-200, 200),
    rate=st.sampled_from([16_000, 44_100, 48_000]),
    late_ms=st.floats(0.1, 20),
    seed=st.integers(0, 100),
)
@settings(max_examples=20, deadline=None)
def test_a_crystal_that_runs_off_is_followed(
    ppm: float, rate: int, late_ms: float, seed: int
) -> None:
    error, lost = follow(ppm=ppm, rate=rate, late_s=late_ms / 1000, seed=seed)
    assert lost == 0
    assert abs(error) < 0.02


@given(gap=st.floats(0.15, 20.0), at=st.floats(2, 20), seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_lost_sound_is_counted_to_50_ms(gap: float, at: float, seed: int) -> None:
    error, lost = follow(gap_s=gap, gap_at=at, seed=seed)
    assert lost / 16_000 == pytest.approx(gap, abs=0.05)
    assert abs(error) < 0.02


@given(length=st.floats(0.2, 8.0), at=st.floats(2, 20), seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_late_is_not_lost(length: float, at: float, seed: int) -> None:
    error, lost = follow(stall=(at, length), seed=seed)
    assert lost == 0
    assert abs(error) < 0.02


def test_a_late_beginning_is_made_good() -> None:
    """The first blocks all came 300 ms late; later ones tell when the device really began."""
    anchor = Anchor(16_000, [(n * BLOCK_S + 0.3, n * 320) for n in range(1, 11)])
    before = anchor.origin_s
    stretches = [anchor.observe(n * BLOCK_S, n * 320).stretch for n in range(30, 3_000)]
    assert anchor.origin_s == pytest.approx(before - 0.3, abs=0.002)
    assert all(stretch <= 0 for stretch in stretches)
    assert sum(stretches) == pytest.approx(-0.3 * 16_000, abs=32)
