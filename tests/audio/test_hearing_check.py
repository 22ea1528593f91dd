"""How a side comes out of ten seconds of its sound."""

from __future__ import annotations

import numpy as np
import pytest

from live_coach.audio.hearing_check import HearingCheck, Verdict
from live_coach.audio.timeline import lost_frames
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState, Samples, Span

_LENGTH = 10 * RATE


def _checked(sound: Samples, stream: str = "mic") -> HearingCheck:
    check = HearingCheck(stream)
    for start in range(0, len(sound), 320):
        block = sound[start : start + 320].astype(np.float32)
        check.take(AudioFrame(Channel.MANAGER, Span(start, start + len(block)), block))
    return check


def _noise(dbfs: float) -> Samples:
    noise = np.random.default_rng(5).normal(0, 10 ** (dbfs / 20), _LENGTH)
    return noise.astype(np.float32)


def _talk(gain: float = 0.1) -> Samples:
    loud = np.arange(_LENGTH) % RATE < 0.6 * RATE
    return np.where(loud, gain * np.clip(_noise(0), -1, 1), _noise(-60)).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "microphone", "call"),
    [
        (np.zeros(_LENGTH, np.float32), Verdict.MUTED, Verdict.MUTED),
        (_noise(-80), Verdict.FAINT, Verdict.FAINT),
        (_noise(-50), Verdict.NO_VOICE, Verdict.HEARD),
        (_talk(), Verdict.HEARD, Verdict.HEARD),
        (np.clip(20 * _talk(), -1, 1), Verdict.CLIPPING, Verdict.CLIPPING),
    ],
)
def test_what_a_sound_comes_to(sound: Samples, microphone: Verdict, call: Verdict) -> None:
    assert _checked(sound, "mic").verdict is microphone
    assert _checked(sound, "call").verdict is call


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (HealthState.LOST, Verdict.LOST),
        (HealthState.MUTED, Verdict.MUTED),
        (HealthState.OTHER_OUTPUT, Verdict.OTHER_OUTPUT),
        (HealthState.CLIPPING, Verdict.HEARD),
    ],
)
def test_what_the_capture_tells_decides_while_it_stands(
    state: HealthState, verdict: Verdict
) -> None:
    check = _checked(_talk(), "call")
    check.note(Health(0, HealthState.FAILED, "mic", "Another side."))
    check.note(Health(0, state, "call", "Something is wrong."))
    assert check.verdict is verdict
    check.note(Health(0, HealthState.OK, "call", "It is well."))
    assert check.verdict is Verdict.HEARD


def test_lost_time_is_no_sound() -> None:
    check = HearingCheck("mic")
    for frame in lost_frames(Channel.MANAGER, 0, _LENGTH):
        check.take(frame)
    assert check.verdict is Verdict.MUTED
    assert not check.verdict.is_heard
