"""The real detectors on real sound."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from live_coach.errors import ModelError
from live_coach.flow.messages import Samples
from live_coach.speech import silero
from live_coach.speech.detector import HOP, VoiceDetector, new_detector
from live_coach.speech.silero import SileroDetector
from tests.speech.sounds import clicks, noise, silence, turn

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
        "import sys; from live_coach.speech.detector import new_detector; new_detector('silero');"
        "print([m for m in ('faster_whisper', 'ctranslate2', 'huggingface_hub') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
