"""The features are Kaldi's, and the network tells voices apart."""

from __future__ import annotations

import numpy as np
import pytest

from live_coach.flow.messages import RATE
from live_coach.speech.voiceprint import SHORTEST, features, likeness
from tests.speech import voices

# From the package kaldi-native-fbank 1.23 (80 bins, Hamming window, no dither), less the mean over the frames.
_BINS = (0, 7, 20, 40, 60, 79)
_KALDI = {
    0: (0.061, 9.625, -2.304, -5.593, -3.602, -2.806),
    10: (0.3, -1.159, 0.934, -3.219, -1.993, -1.24),
    50: (0.168, -0.037, -1.543, 7.837, 0.497, 0.915),
    97: (0.226, -2.138, -0.665, -0.142, 3.061, 1.695),
}


def test_features_are_those_of_kaldi() -> None:
    t = np.arange(RATE) / RATE
    sweep = 0.3 * np.sin(2 * np.pi * (200 * t + 1500 * t * t)) + 0.05 * np.sin(2 * np.pi * 50 * t)
    seen = features(sweep.astype(np.float32))
    assert seen.shape == (98, 80)
    assert seen.dtype == np.float32
    for frame, expected in _KALDI.items():
        assert seen[frame, _BINS] == pytest.approx(expected, abs=2e-3)


@pytest.mark.models
def test_too_short_a_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        voices.printer().embed(np.zeros(SHORTEST - 1, np.float32))


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_one_person_is_more_like_oneself_than_like_the_other(language: str) -> None:
    of = {
        (who, skip): voices.printer().embed(voices.speech(who, 4, language, skip=skip))
        for who in ("manager", "coachee")
        for skip in (0, 8)
    }
    same = [likeness(of[who, 0], of[who, 8]) for who in ("manager", "coachee")]
    different = [likeness(of["manager", n], of["coachee", m]) for n in (0, 8) for m in (0, 8)]
    assert min(same) > 0.6
    assert max(different) < 0.4


@pytest.mark.models
def test_loudness_does_not_matter() -> None:
    sound = voices.speech("manager", 3)
    loud, soft = voices.printer().embed(sound), voices.printer().embed(sound * np.float32(0.1))
    assert np.linalg.norm(loud) == pytest.approx(1, abs=1e-5)
    assert likeness(loud, soft) > 0.99
