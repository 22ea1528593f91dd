"""The real detectors on real sound."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from live_coach.errors import ModelError
from live_coach.flow.messages import RATE, Samples
from live_coach.speech import silero
from live_coach.speech.detector import HOP, VoiceDetector
from live_coach.speech.detectors import new_detector, new_room_detector
from live_coach.speech.loudness import Loudness
from live_coach.speech.silero import SileroDetector
from tests.speech.sounds import clicks, demo, noise, silence, turn

TALK = turn("One thing that really")


def probabilities(detector: VoiceDetector, samples: Samples) -> np.ndarray:
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    return np.array([detector.probability(hop) for hop in hops])


@pytest.mark.parametrize("name", ["silero", "webrtc"])
def test_speech_is_heard_and_silence_is_not(name: str):
    sound = np.concatenate((silence(1), TALK, silence(2)))
    found = probabilities(new_detector(name), sound) >= 0.5
    first, last = 31, 31 + len(TALK) // HOP
    assert found[first:last].mean() > 0.7
    assert not found[: first - 2].any()
    assert not found[last + 15 :].any()


@pytest.mark.parametrize("sound", [noise(10), clicks(10), silence(10)], ids=["fan", "keys", "none"])
def test_silero_takes_no_noise_for_speech(sound: Samples):
    assert not (probabilities(new_detector("silero"), sound) >= 0.5).any()


def test_the_gate_loses_no_speech():
    sound = np.concatenate((silence(1.5), TALK, silence(1.5), TALK))
    sound = sound + noise(len(sound) / 16_000 + 1, 0.005)[: len(sound)]
    alone = probabilities(SileroDetector(), sound) >= 0.5
    gated = probabilities(new_detector("silero"), sound) >= 0.5
    assert alone.mean() > 0.4
    assert (alone & ~gated).sum() <= 0.01 * alone.sum()


def test_the_gate_spares_silero_the_silence():
    assert (probabilities(new_detector("silero"), silence(5)) == 0).all()
    assert (probabilities(SileroDetector(), silence(5)) > 0).all()


def test_loud_speech_is_softened_by_at_most_12_db_and_soft_speech_is_not():
    def after(dbfs: float, probability: float) -> float:
        loudness, level = Loudness(), np.full(HOP, 10 ** (dbfs / 20), np.float32)
        for _ in range(100):
            loudness.learn(level, probability)
        return float(20 * np.log10(loudness.softened(np.ones(HOP, np.float32)).mean()))

    assert after(-22, 0.95) == pytest.approx(-8, abs=0.01)
    assert after(-5, 0.95) == pytest.approx(-12, abs=0.01)
    assert after(-40, 0.95) == 0
    assert after(-5, 0.8) == 0


def test_it_is_heard_as_well_where_it_is_much_too_loud():
    """The demo's turns one after the other, and the same so loud that its peaks are cut."""
    talk = np.concatenate([one.samples for one in demo("en")[:10]])
    loud = np.clip(10 * talk, -1, 1)
    as_it_is = probabilities(new_detector("silero"), talk) >= 0.5
    assert (probabilities(new_detector("silero"), loud)[as_it_is] >= 0.5).mean() > 0.97
    assert (probabilities(SileroDetector(), loud)[as_it_is] >= 0.5).mean() < 0.96


@pytest.mark.parametrize("language", ["en", "nl"])
def test_who_sits_far_from_the_microphone_is_heard_after_who_sits_near(language: str):
    """25 dB softer, with noise 20 dB below that."""
    said = demo(language)
    near = np.concatenate([one.samples for one in said if one.speaker == "manager"][:3])
    far = np.concatenate([one.samples for one in said if one.speaker == "coachee"][:4])
    far = far * np.float32(10 ** (-25 / 20) * near.std() / far.std())
    sound = np.concatenate((silence(1), near, silence(0.5), far, silence(1)))
    hiss = np.random.default_rng(4).standard_normal(len(sound)).astype(np.float32)
    sound = sound + hiss * far.std() * np.float32(10 ** (-20 / 20))
    there = slice((RATE + len(near) + RATE // 2) // HOP, (len(sound) - RATE) // HOP)
    one = probabilities(new_detector("silero"), sound)
    room = probabilities(new_room_detector("silero"), sound)
    assert (room >= one).all()
    assert (room[there] >= 0.5).mean() > (one[there] >= 0.5).mean() + 0.015


def test_speech_that_begins_with_the_first_sample_is_heard():
    assert (probabilities(new_detector("silero"), TALK[1600:]) >= 0.5).mean() > 0.75


def test_channels_do_not_share_memory():
    one, other = SileroDetector(), SileroDetector()
    alone = probabilities(SileroDetector(), TALK)
    hops = TALK[: len(TALK) // HOP * HOP].reshape(-1, HOP)
    both = [(one.probability(hop), other.probability(np.zeros_like(hop)))[0] for hop in hops]
    assert np.array_equal(alone, both)


def test_a_missing_network_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(silero, "find_spec", lambda _: None)
    silero._session.cache_clear()
    try:
        with pytest.raises(ModelError, match="not installed"):
            new_detector("silero")
    finally:
        silero._session.cache_clear()


def test_nothing_slow_is_imported_for_the_network():
    code = (
        "import sys; from live_coach.speech.detectors import new_detector; new_detector('silero');"
        "print([m for m in ('faster_whisper', 'ctranslate2', 'huggingface_hub') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
