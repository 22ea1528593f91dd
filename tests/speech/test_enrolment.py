"""Half a minute of one voice is enrolled; anything else is refused, and says why."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from live_coach import settings
from live_coach.errors import LiveCoachError
from live_coach.flow.messages import RATE, Channel, Samples
from live_coach.speech import enrolled
from live_coach.speech.detectors import new_detector
from live_coach.speech.enrolment import NEEDED, EnrolledVoice, Enrolment, Refusal
from live_coach.speech.voiceprint import likeness
from tests.speech import sounds, voices


def enrol(samples: Samples) -> EnrolledVoice | Refusal:
    enrolment = Enrolment(voices.printer(), new_detector("silero"), settings.load().settings.speech)
    for frame in sounds.frames(Channel.ROOM, samples, 320):
        enrolment.process(frame)
    return enrolment.result()


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_voice_is_known_again_and_the_other_one_is_not_taken_for_it(language: str) -> None:
    enrolled_voice = enrol(voices.speech("manager", 24, language))
    assert isinstance(enrolled_voice, EnrolledVoice)
    assert enrolled_voice.spoken >= NEEDED
    later = voices.printer().embed(voices.speech("manager", 5, language, skip=12))
    other = voices.printer().embed(voices.speech("coachee", 5, language))
    assert likeness(enrolled_voice.embedding, later) > 0.7
    assert likeness(enrolled_voice.embedding, other) < 0.4


@pytest.mark.models
def test_two_voices_in_turns_are_refused() -> None:
    turns = [turn.samples for turn in sounds.demo("en")][:8]
    assert enrol(np.concatenate(turns)[: 30 * RATE]) is Refusal.TWO_VOICES


@pytest.mark.models
def test_too_little_speech_is_refused() -> None:
    few_words = np.pad(voices.speech("manager", 6), 5 * RATE)
    assert enrol(few_words) is Refusal.TOO_LITTLE
    assert enrol(sounds.silence(20)) is Refusal.TOO_LITTLE


@pytest.mark.models
@pytest.mark.parametrize("speech_s", [0, 24])
def test_noise_is_refused_with_and_without_speech_in_it(speech_s: int) -> None:
    speech = voices.speech("manager", speech_s) if speech_s else sounds.silence(24)
    level = 0.3 * np.abs(speech).max() if speech_s else 0.05
    hiss = np.random.default_rng(5).standard_normal(len(speech)).astype(np.float32)
    assert enrol(speech + np.float32(level) * hiss / 2) is Refusal.NOISE


def a_voice() -> EnrolledVoice:
    vector = np.random.default_rng(3).standard_normal(256).astype(np.float32)
    return EnrolledVoice(vector / np.linalg.norm(vector), 21 * RATE)


def test_a_voice_is_kept_as_numbers_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    path = enrolled.save(directory, a_voice())
    kept = enrolled.load(directory)
    assert kept is not None
    assert kept.spoken == 21 * RATE
    assert likeness(kept.embedding, a_voice().embedding) == pytest.approx(1, abs=1e-5)
    assert [each.name for each in directory.iterdir()] == [path.name]
    assert path.stat().st_size < 10_000
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_new_voice_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    enrolled.save(tmp_path, a_voice())
    enrolled.save(tmp_path, EnrolledVoice(-a_voice().embedding, 16 * RATE))
    kept = enrolled.load(tmp_path)
    assert kept is not None
    assert kept.spoken == 16 * RATE
    assert likeness(kept.embedding, a_voice().embedding) < 0


def test_a_deleted_voice_is_gone(tmp_path: Path) -> None:
    assert not enrolled.delete(tmp_path)
    enrolled.save(tmp_path, a_voice())
    assert enrolled.delete(tmp_path)
    assert enrolled.load(tmp_path) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"version":1,"spoken":20.0,"embedding":[1.0]}', b"\xff\xfe", b"[" * 5000],
)
def test_a_damaged_voice_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    enrolled.path_in(tmp_path).write_bytes(content)
    with pytest.raises(LiveCoachError, match="damaged") as told:
        enrolled.load(tmp_path)
    assert "voice enrol" in told.value.hint


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert enrolled.load(tmp_path / "file") is None
    with pytest.raises(LiveCoachError, match="cannot be written"):
        enrolled.save(tmp_path / "file", a_voice())
