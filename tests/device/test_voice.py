"""One microphone, from a player through the sound server: the manager reads aloud, then both talk."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from live_coach.flow.messages import RATE
from tests.device.conftest import MIC, MIC_SINK, SoundServer
from tests.journey.program import excerpt, kill, of_type, require_model, run, start, stream, until
from tests.speech import voices

pytestmark = [pytest.mark.device, pytest.mark.models, pytest.mark.usefixtures("portaudio")]


def test_a_voice_is_enrolled_by_reading_into_the_microphone(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    voices.printer()
    reading = tmp_path / "reading.wav"
    soundfile.write(reading, voices.speech("manager", 40), RATE)
    own = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "data")}
    sound_server.play(MIC_SINK, reading)
    done = run("voice", "enrol", "--mic", MIC, "--language", "nl", env=own)
    assert done.returncode == 0, done.stderr
    assert "stoptrein" in done.stderr
    assert "uit 20 s spraak" in done.stdout
    assert (tmp_path / "data" / "voice.json").exists()


def test_both_are_told_apart_live_through_one_microphone(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    voices.printer()
    model = require_model("en")
    own = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "data")}
    alone = tmp_path / "alone.wav"
    soundfile.write(alone, voices.speech("manager", 30, skip=10), RATE)
    assert run("voice", "enrol", "--from", alone, env=own).returncode == 0

    talk, told = excerpt("en", 28, 52, tmp_path / "talk.wav"), tmp_path / "talk.jsonl"
    program = start(
        *("live", "--headless", "--consent", "given", "--mic", MIC, "--call", "none"),
        *("--language", "en", "--model", model, "--jsonl", told, "--seconds", "30"),
        env=own,
    )
    try:
        until(lambda: told.exists() and told.stat().st_size)
        sound_server.play(MIC_SINK, talk)
        assert program.wait(90) == 0
    finally:
        kill(program)
    known = [line for line in of_type(stream(told), "speech") if line["event"] == "known"]
    assert {line["speaker"] for line in known} == {"manager", "coachee"}
    share = of_type(stream(told), "metrics")[-1]["talk_share"]["session"]
    assert 0.25 < share < 0.6
