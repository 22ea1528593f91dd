"""What dies comes back, and what was recorded is kept."""

from __future__ import annotations

import json
import re
import signal
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
import soxr

from tests.journey.program import (
    excerpt,
    finals,
    kill,
    of_type,
    require_model,
    run,
    so_far,
    start,
    stream,
    until,
)

pytestmark = pytest.mark.models


def test_a_killed_worker_comes_back_and_the_talk_goes_on(tmp_path: Path) -> None:
    require_model("en")
    talk = excerpt("en", 20, 50, tmp_path / "talk.wav")
    lines_file = tmp_path / "lines"
    program = start("replay", talk, "--language", "en", "--speed", "real", "--jsonl", lines_file)
    try:
        until(lambda: len(finals(so_far(lines_file))) >= 2)
        (worker,) = psutil.Process(program.pid).children()
        worker.kill()
        killed_at = so_far(lines_file)[-1]["emitted"]
        _, complaints = program.communicate(timeout=120)
    finally:
        kill(program)
    assert program.returncode == 0, complaints
    lines = stream(lines_file)
    assert [line["state"] for line in of_type(lines, "health")].count("restarted") == 1
    assert [line for line in finals(lines) if line["start"] > killed_at]
    seconds = [line["at"] for line in of_type(lines, "metrics")]
    assert max(later - earlier for earlier, later in pairwise(seconds)) < 2
    read = {line["id"] for line in finals(lines)}
    unread = [line for line in of_type(lines, "utterance") if line["stage"] == "untranscribed"]
    assert lines[-1]["untranscribed"] == len([line for line in unread if line["id"] not in read])


def test_a_killed_program_loses_at_most_two_seconds(tmp_path: Path) -> None:
    require_model("en")
    talk = excerpt("en", 20, 60, tmp_path / "talk.wav")
    lines_file = tmp_path / "lines"
    env = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")}
    options = ("--language", "en", "--speed", "real", "--save")
    program = start("replay", talk, *options, "--keep-audio", "--jsonl", lines_file, env=env)
    try:
        until(lambda: len(finals(so_far(lines_file))) >= 3)
    finally:
        kill(program)
    reached = so_far(lines_file)[-1]["emitted"]

    short = excerpt("en", 20, 22, tmp_path / "short.wav")
    done = run("replay", short, "--language", "en", "--save", env=env)
    assert done.returncode == 0, done.stderr
    recovered = re.search(r"The conversation (\S+) ended without a goodbye", done.stderr)
    assert recovered, done.stderr
    told = run("sessions", "export", recovered[1], "--format", "json", env=env)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["session"]["duration"] >= reached - 2
    (sound,) = (tmp_path / "archive").glob("*.flac")
    kept, rate = soundfile.read(sound)
    assert len(kept) >= (reached - 2) * rate
    said = soxr.resample(*soundfile.read(talk), rate)[: len(kept)]
    for side in (0, 1):
        assert np.corrcoef(kept[:, side], said[:, side])[0, 1] > 0.99


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_conversation_properly(number: int, tmp_path: Path) -> None:
    require_model("en")
    talk = excerpt("en", 20, 60, tmp_path / "talk.wav")
    lines_file = tmp_path / "lines"
    program = start("replay", talk, "--language", "en", "--speed", "real", "--jsonl", lines_file)
    try:
        until(lambda: bool(of_type(so_far(lines_file), "metrics")))
        program.send_signal(number)
        program.communicate(timeout=20)
    finally:
        kill(program)
    assert program.returncode == 0
    assert stream(lines_file)[-1]["reason"] == "interrupted"
