"""Input that nobody should give, and what the program must answer: one sentence, the right code, nothing else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile

from tests.journey.program import COMMAND

RATE = 16_000


def talk(
    path: Path, *, rate: int = RATE, seconds: float = 1.0, channels: int = 2, **how: str
) -> Path:
    """A recording without speech: hiss of a quarter of full scale; `how` is the format for soundfile."""
    sound = np.random.default_rng(1).uniform(-0.25, 0.25, (round(rate * seconds), channels))
    soundfile.write(str(path), sound, rate, **how)
    return path


def call(
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    given: bytes = b"",
    before: tuple[str, ...] = (),
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `live-coach`, from the shell command `before` if there is one; `given` is its standard input."""
    done = subprocess.run(
        [*before, *COMMAND, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
        input=given,
        capture_output=True,
        timeout=60,
        cwd=cwd,
        check=False,
    )
    out, err = (text.decode("utf-8") for text in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def refused(done: subprocess.CompletedProcess[str], code: int, says: str) -> None:
    """It ended with this code and with one line on standard error that says so and what to do next."""
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert done.stderr.startswith("live-coach: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.rstrip("\n").isprintable()
    assert "unexpected" not in done.stderr
    assert done.stderr.rstrip().count(". ") >= 1, "it does not say what to do next"
