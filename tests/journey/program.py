"""The program as a person or another program starts it, and the bundled conversations."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import psutil
import soundfile

from live_coach.errors import ModelError
from live_coach.transcript.weights import find
from tests.needs import missing

MODELS = {"en": "tiny.en", "nl": "base"}
EXTRAS = {"en": "english", "nl": "dutch"}
DEMO = Path(str(files("live_coach") / "demo"))
COMMAND = (sys.executable, "-m", "live_coach")
FINALS_ONLY = {"LIVE_COACH_TRANSCRIPT__PARTIAL_STEP_S": "0"}


def require_model(language: str) -> str:
    """The name of the model that the tests use for a language; ends the test where it is missing."""
    name = MODELS[language]
    try:
        find(name, language)
    except ModelError:
        missing(f"the speech model {name}", f'pip install "live-coach[{EXTRAS[language]}]"')
    return name


def run(
    *arguments: str | Path, env: Mapping[str, str] | None = None, timeout: float = 170
) -> subprocess.CompletedProcess[str]:
    """Run `live-coach` to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


def start(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start `live-coach` in a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def recording(language: str) -> Path:
    """The bundled conversation: manager left, coachee right."""
    return DEMO / f"{language}.opus"


def script(language: str) -> dict[str, Any]:
    """What is said in it, by whom, and when (seconds)."""
    told: dict[str, Any] = json.loads((DEMO / f"{language}.json").read_text(encoding="utf-8"))
    return told


def excerpt(language: str, start_s: float, end_s: float, to: Path) -> Path:
    """A piece of the bundled conversation as a stereo WAV file."""
    with soundfile.SoundFile(str(recording(language))) as file:
        file.seek(round(start_s * file.samplerate))
        sound = file.read(round((end_s - start_s) * file.samplerate), dtype="float32")
        soundfile.write(str(to), sound, file.samplerate)
    return to


def stream(path: Path) -> list[dict[str, Any]]:
    """The lines of a message stream."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def of_type(lines: Iterable[dict[str, Any]], *types: str) -> list[dict[str, Any]]:
    """The lines of these types."""
    return [line for line in lines if line["type"] in types]


def finals(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The final texts."""
    return [line for line in of_type(lines, "utterance") if line["stage"] == "final"]


def script_share(language: str, start_s: float, end_s: float) -> float:
    """The manager's part of the speech that the script times within a piece."""
    spoken = {"manager": 0.0, "coachee": 0.0}
    for turn in script(language)["turns"]:
        within = min(turn["end"], end_s) - max(turn["start"], start_s)
        spoken[turn["speaker"]] += max(0.0, within)
    return spoken["manager"] / sum(spoken.values())


def so_far(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a message stream that have been written."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until it is true; fail when that takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def kill(program: subprocess.Popen[str]) -> None:
    """End the program and whatever it started."""
    try:
        group = psutil.Process(program.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        group = []
    if program.poll() is None:
        os.kill(program.pid, signal.SIGKILL)
        program.wait()
    psutil.wait_procs(group, timeout=10)
    for pipe in (program.stdout, program.stderr):
        if pipe is not None:
            pipe.close()
