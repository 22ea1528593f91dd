"""Live conversations without a screen: players, sound servers, and the program as others start it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests import needs
from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, START_SOUND, SoundServer
from tests.journey.program import (
    excerpt,
    kill,
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
"""What the program may hear before and after the players, in seconds."""


@dataclass(frozen=True)
class Talk:
    """A conversation that was held: what the program said of it, and what it kept."""

    language: str
    end_s: float
    lines: list[dict[str, Any]]
    kept: dict[str, Any]
    sound: list[Path]


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Talk]]:
    """The bundled conversation of each language up to the end of its telling, both at once, each on a
    sound server of its own."""
    for language in ("en", "nl"):
        require_model(language)
    for program in ("pulseaudio", "paplay"):
        needs.program(program, "pulseaudio pulseaudio-utils")
    with ThreadPoolExecutor() as pool:
        held = [
            pool.submit(_hold, language, tmp_path_factory.mktemp(language))
            for language in ("en", "nl")
        ]
        yield {talk.language: talk for talk in (one.result() for one in held)}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_live_conversation_is_coached_and_kept(language: str, talks: dict[str, Talk]) -> None:
    talk = talks[language]
    last = talk.lines[-1]
    assert (last["type"], last["reason"], last["dropped"]) == ("end", "time", 0)
    share = of_type(talk.lines, "metrics")[-1]["talk_share"]["session"]
    assert share == pytest.approx(script_share(language, 0, talk.end_s), abs=0.03)
    assert "ask" in {line["kind"] for line in of_type(talk.lines, "nudge")}
    assert talk.kept["session"]["kind"] == "live"
    card = ("coachee", "manager_expects", "coachee_expects")
    assert [talk.kept["session"][name] for name in card] == ["A.", "honesty", "time"]
    assert talk.sound == []
    assert talk.kept["talk_share"] == pytest.approx(share, abs=0.01)


def _hold(language: str, folder: Path) -> Talk:
    end_s = _telling_ends(language) + 5
    manager, coachee = _sides(excerpt(language, 0, end_s, folder / "talk.wav"), folder)
    home = Path(tempfile.mkdtemp(prefix="sound-"))
    env = {
        "LIVE_COACH_ARCHIVE__DIRECTORY": str(folder / "archive"),
        "PULSE_SERVER": f"unix:{home}/socket",
        "PULSE_COOKIE": f"{home}/cookie",
        "PULSE_RUNTIME_PATH": str(home),
    }
    subprocess.run([START_SOUND, str(home)], check=True, stdout=subprocess.DEVNULL)
    program = start(
        *("live", "--headless", "--consent", "given", "--language", language),
        *("--mic", MIC, "--call", CALL, "--jsonl", folder / "lines"),
        *("--coachee", "A.", "--my-expectations", "honesty", "--their-expectations", "time"),
        *("--seconds", str(end_s + LEAD_IN_S)),
        env=env,
    )
    players = []
    try:
        until(lambda: of_type(so_far(folder / "lines"), "metrics"))
        players = [
            subprocess.Popen(["paplay", "-d", sink, str(side)], env=os.environ | env)
            for sink, side in ((MIC_SINK, manager), (CALL_SINK, coachee))
        ]
        _, complaints = program.communicate(timeout=end_s + 60)
    finally:
        for player in players:
            player.kill()
            player.wait()
        kill(program)
        subprocess.run([START_SOUND, str(home), "--stop"], check=True)
        shutil.rmtree(home, ignore_errors=True)
    assert program.returncode == 0, complaints
    told = run("sessions", "export", "last", "--format", "json", env=env)
    assert told.returncode == 0, told.stderr
    return Talk(
        language,
        end_s,
        stream(folder / "lines"),
        json.loads(told.stdout),
        [*folder.rglob("*.flac")],
    )


def _telling_ends(language: str) -> float:
    """When the script expects the first nudge to ask, at the latest."""
    return max(
        float(one["to"])
        for one in script(language)["expect"]
        if one["nudge"] == "ask" and one["shown"]
    )


def _sides(talk: Path, folder: Path) -> tuple[Path, Path]:
    """A stereo recording as one file for each person."""
    sound, rate = soundfile.read(str(talk), dtype="float32")
    manager, coachee = folder / "manager.wav", folder / "coachee.wav"
    soundfile.write(str(manager), sound[:, 0], rate)
    soundfile.write(str(coachee), sound[:, 1], rate)
    return manager, coachee


def test_a_signal_ends_a_live_conversation_within_two_seconds(
    tmp_path: Path, sound_server: SoundServer
) -> None:
    require_model("en")
    lines_file = tmp_path / "lines"
    program = start(
        *("live", "--headless", "--consent", "given", "--language", "en"),
        *("--mic", MIC, "--call", CALL, "--jsonl", lines_file, "--keep-audio"),
        env={"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")},
    )
    until(lambda: of_type(so_far(lines_file), "metrics"))
    program.terminate()
    _, complaints = program.communicate(timeout=10)
    assert program.returncode == 0, complaints
    last = stream(lines_file)[-1]
    assert last["reason"] == "interrupted"
    (sound,) = (tmp_path / "archive").glob("*.sound.flac")
    kept = soundfile.info(sound)
    assert (kept.format, kept.samplerate, kept.channels) == ("FLAC", 16_000, 2)
    assert kept.duration == pytest.approx(last["duration"], abs=0.1)
    assert sound.stat().st_mode & 0o777 == 0o600
    assert "--audio` deletes it" in complaints


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
