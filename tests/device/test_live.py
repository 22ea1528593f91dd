"""A live conversation without a screen: two players, a sound server, and the program as others start it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, SoundServer
from tests.journey.program import (
    excerpt,
    of_type,
    require_model,
    run,
    script,
    script_share,
    so_far,
    start,
    stream,
    until,
)

pytestmark = [pytest.mark.device, pytest.mark.models, pytest.mark.timeout(400)]

LEAD_IN_S = 3.0
"""From the start of the players to the end of the program's own start."""


def _sides(talk: Path, folder: Path) -> tuple[Path, Path]:
    """A stereo recording as one file for each person."""
    sound, rate = soundfile.read(str(talk), dtype="float32")
    manager, coachee = folder / "manager.wav", folder / "coachee.wav"
    soundfile.write(str(manager), sound[:, 0], rate)
    soundfile.write(str(coachee), sound[:, 1], rate)
    return manager, coachee


def _ask_expected_by(language: str) -> float:
    """When the script expects the first nudge to ask, at the latest."""
    return max(
        float(one["to"])
        for one in script(language)["expect"]
        if one["nudge"] == "ask" and one["shown"]
    )


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_live_conversation_is_coached_and_kept(
    language: str, tmp_path: Path, sound_server: SoundServer
) -> None:
    require_model(language)
    end = _ask_expected_by(language) + 5
    manager, coachee = _sides(excerpt(language, 0, end, tmp_path / "talk.wav"), tmp_path)
    env = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")}
    lines_file = tmp_path / "lines"
    program = start(
        *("live", "--headless", "--consent", "given", "--language", language),
        *("--mic", MIC, "--call", CALL, "--jsonl", lines_file, "--seconds", str(end + LEAD_IN_S)),
        env=env,
    )
    until(lambda: of_type(so_far(lines_file), "metrics"))
    for sink, side in ((MIC_SINK, manager), (CALL_SINK, coachee)):
        sound_server.play(sink, side)
    _, complaints = program.communicate(timeout=end + 60)
    assert program.returncode == 0, complaints

    lines = stream(lines_file)
    assert lines[-1]["type"] == "end"
    assert lines[-1]["reason"] == "time"
    assert lines[-1]["dropped"] == 0
    share = of_type(lines, "metrics")[-1]["talk_share"]["session"]
    assert share == pytest.approx(script_share(language, 0, end), abs=0.03)
    assert "ask" in {line["kind"] for line in of_type(lines, "nudge")}

    told = run("sessions", "export", "last", "--format", "json", env=env)
    assert told.returncode == 0, told.stderr
    kept = json.loads(told.stdout)
    assert kept["session"]["kind"] == "live"
    assert kept["talk_share"] == pytest.approx(share, abs=0.01)


def test_a_signal_ends_a_live_conversation_within_two_seconds(
    tmp_path: Path, sound_server: SoundServer
) -> None:
    require_model("en")
    lines_file = tmp_path / "lines"
    program = start(
        *("live", "--headless", "--consent", "given", "--language", "en"),
        *("--mic", MIC, "--call", CALL, "--jsonl", lines_file),
        env={"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")},
    )
    until(lambda: of_type(so_far(lines_file), "metrics"))
    program.terminate()
    _, complaints = program.communicate(timeout=10)
    assert program.returncode == 0, complaints
    assert stream(lines_file)[-1]["reason"] == "interrupted"


def test_without_consent_nothing_starts(tmp_path: Path, sound_server: SoundServer) -> None:
    done = run("live", "--headless", "--jsonl", tmp_path / "lines")
    assert done.returncode == 2
    assert "--consent given" in done.stderr
    assert not (tmp_path / "lines").exists()


def test_an_unknown_microphone_is_named(tmp_path: Path, sound_server: SoundServer) -> None:
    require_model("en")
    done = run(
        *(
            "live",
            "--headless",
            "--consent",
            "given",
            "--language",
            "en",
            "--mic",
            "manager_hedset",
        ),
        env={"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")},
    )
    assert done.returncode == 1
    assert MIC in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("archive/*.db"))
