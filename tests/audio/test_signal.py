"""What is judged of a stream by its sound alone."""

from __future__ import annotations

import numpy as np
import pytest

from live_coach.audio.signal import Signal
from live_coach.flow.messages import HealthState, Samples

_RATE = 16_000
_BLOCK = 320


def _signal(**changes: float | None) -> Signal:
    limits = {"muted_after_s": 3.0, "unheard_after_s": 30.0} | changes
    return Signal(_RATE, **limits)  # type: ignore[arg-type]


def _noise(seconds: float, dbfs: float) -> Samples:
    sound = np.random.default_rng(2).normal(0, 10 ** (dbfs / 20), round(seconds * _RATE))
    return sound.clip(-1, 1).astype(np.float32)


def _talk(seconds: float, dbfs: float = -25.0) -> Samples:
    """Loud for 0.6 s of every second, and a quiet room else."""
    sound = _noise(seconds, -60.0)
    for second in range(round(seconds)):
        sound[second * _RATE :][: round(0.6 * _RATE)] = _noise(0.6, dbfs)
    return sound


def _told(signal: Signal, sound: Samples) -> list[tuple[HealthState, float]]:
    """Every change of state, and after how many seconds of this sound."""
    changes, state = [], signal.state
    for start in range(0, len(sound), _BLOCK):
        signal.take(sound[start : start + _BLOCK])
        if signal.state is not state:
            state = signal.state
            changes.append((state, (start + _BLOCK) / _RATE))
    return changes


def test_exact_zeros_are_a_muted_microphone_and_the_first_sound_ends_it() -> None:
    signal = _signal()
    assert _told(signal, _talk(5)) == []
    [(state, after)] = _told(signal, np.zeros(5 * _RATE, np.float32))
    assert (state, after) == (HealthState.MUTED, 3.0)
    assert _told(signal, _talk(2)) == [(HealthState.OK, _BLOCK / _RATE)]


def _gated(sound: Samples) -> Samples:
    """The same as a headset sends it that closes its microphone between words."""
    blocks = sound[: len(sound) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    loud = np.sqrt(np.square(blocks).mean(axis=1)) > 10 ** (-45 / 20)
    return (blocks * loud[:, np.newaxis]).astype(np.float32).ravel()


def test_a_headset_that_closes_its_microphone_between_words_is_not_muted() -> None:
    signal = _signal()
    assert _told(signal, _gated(_talk(10))) == []
    for _ in range(3):
        assert _told(signal, np.zeros(30 * _RATE, np.float32)) == []
        assert _told(signal, _gated(_talk(5))) == []
    assert signal.is_gated
    assert not signal.is_dead
    assert [state for state, _ in _told(signal, np.zeros(125 * _RATE, np.float32))] == [
        HealthState.NOT_HEARD
    ]


def test_until_a_gate_has_shown_itself_it_is_told_three_times_at_most() -> None:
    signal = _signal()
    listening, word = np.zeros(5 * _RATE, np.float32), _gated(_talk(1))
    told = [state for _ in range(10) for state, _ in _told(signal, np.append(listening, word))]
    assert told == [HealthState.MUTED, HealthState.OK] * 3


def test_who_mutes_a_microphone_now_and_then_has_no_gate() -> None:
    signal = _signal()
    for _ in range(5):
        assert _told(signal, _talk(25)) == []
        changes = _told(signal, np.append(np.zeros(4 * _RATE, np.float32), _talk(1)))
        assert [state for state, _ in changes] == [HealthState.MUTED, HealthState.OK]
        assert changes[0][1] == 3.0


def test_a_call_may_be_silent() -> None:
    assert _told(_signal(muted_after_s=None), np.zeros(10 * _RATE, np.float32)) == []


@pytest.mark.parametrize(("dbfs", "told"), [(-80.0, True), (-71.0, True), (-65.0, False)])
def test_a_microphone_too_faint_for_anybody_is_told(dbfs: float, told: bool) -> None:
    changes = _told(_signal(), _noise(40, dbfs))
    assert [state for state, _ in changes] == [HealthState.NOT_HEARD] * told
    assert all(after == pytest.approx(30, abs=0.2) for _, after in changes)


def test_who_was_heard_may_listen_for_minutes() -> None:
    signal = _signal()
    assert _told(signal, _talk(10)) == []
    assert _told(signal, _noise(115, -80)) == []
    assert [state for state, _ in _told(signal, _noise(10, -80))] == [HealthState.NOT_HEARD]
    [(state, after)] = _told(signal, _talk(5))
    assert (state, after) == (HealthState.OK, pytest.approx(0.3, abs=0.1))


def test_a_sound_at_the_limit_does_not_flicker() -> None:
    signal = _signal()
    assert len(_told(signal, _noise(40, -80))) == 1
    between = np.concatenate([_noise(1, level) for level in [-70, -64] * 60])
    assert _told(signal, between) == []


def test_a_knock_is_no_voice() -> None:
    signal = _signal()
    sound = _noise(40, -80)
    for second in range(0, 40, 2):
        sound[second * _RATE :][: _RATE // 20] = 0.5
    assert [state for state, _ in _told(signal, sound)] == [HealthState.NOT_HEARD]


def test_clipping_is_told_once_and_so_is_its_end() -> None:
    signal = _signal()
    times = np.arange(12 * _RATE) / _RATE
    hum = np.sin(2 * np.pi * 150 * times).astype(np.float32)
    assert _told(signal, hum) == []  # it reaches full scale and stays whole
    [(state, after)] = _told(signal, (4 * hum).clip(-1, 1))
    assert (state, after) == (HealthState.CLIPPING, pytest.approx(2, abs=0.2))
    [(state, after)] = _told(signal, 0.5 * hum)
    assert (state, after) == (HealthState.OK, pytest.approx(10, abs=0.5))


def test_a_few_loud_blows_are_no_clipping() -> None:
    sound = _talk(30)
    for second in range(30):
        sound[second * _RATE :][:100] = 1.0
    assert _told(_signal(), sound) == []


def test_speech_stands_out_of_the_room_and_hum_does_not() -> None:
    talking, humming = _signal(), _signal()
    _told(talking, _talk(20))
    _told(humming, _noise(20, -30))
    assert talking.spoken_s == pytest.approx(12, abs=1.5)
    assert humming.spoken_s < 0.5


def test_a_call_is_missed_by_how_long_the_other_side_speaks() -> None:
    manager, call = _signal(), _signal(muted_after_s=None, unheard_after_s=15)
    quiet, talk = _noise(60, -60), _talk(60)
    silence = np.zeros(_BLOCK, np.float32)
    told_at = None
    for sound in (quiet, talk):
        for start in range(0, len(sound), _BLOCK):
            manager.take(sound[start : start + _BLOCK])
            call.take(silence, manager.spoken_s)
            if told_at is None and call.state is HealthState.NOT_HEARD:
                told_at = manager.spoken_s
    assert told_at == pytest.approx(15, abs=0.3)
    call.take(_talk(1), manager.spoken_s)
    assert call.state is HealthState.OK
