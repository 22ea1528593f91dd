"""An instrument that the voice detector takes for a voice in short runs, through the whole program: talk time of nobody.

Others have longer runs, and those count: `_MAY_BE_NO_SPEECH` in live_coach/conversation/board.py says how many.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from live_coach.flow.messages import RATE
from tests.journey.program import FINALS_ONLY, MODELS, of_type, require_model, run, stream
from tests.speech.noises import MAKERS, at_level

SECONDS = 30


def talk_s(lines: list[dict[str, Any]]) -> tuple[float, float]:
    """Seconds of runs that somebody was said to speak, and those that still count at the end."""
    runs: list[dict[str, Any]] = []
    for line in of_type(lines, "speech"):
        if line["event"] == "start":
            runs.append({**line, "end": None, "counts": True})
        elif line["event"] == "end":
            next(run for run in reversed(runs) if run["end"] is None)["end"] = line["at"]
        else:
            next(run for run in runs if run["at"] == line["at"])["counts"] = (
                line["speaker"] != "unknown"
            )
    lengths = [(run["end"] - run["at"], run["counts"]) for run in runs]
    return sum(s for s, _ in lengths), sum(s for s, counts in lengths if counts)


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_short_runs_of_an_instrument_are_no_talk_time(language: str, tmp_path: Path) -> None:
    require_model(language)
    sound = at_level(MAKERS["solo"](SECONDS, np.random.default_rng(1002)), -40)
    silent = np.zeros_like(sound)
    soundfile.write(tmp_path / "solo.wav", np.stack([sound, silent], 1), RATE)
    done = run(
        *("replay", tmp_path / "solo.wav", "--language", language, "--model", MODELS[language]),
        *("--jsonl", tmp_path / "lines", "--summary", tmp_path / "summary.json"),
        env=FINALS_ONLY,
    )
    assert done.returncode == 0, done.stderr
    heard, counted = talk_s(stream(tmp_path / "lines"))
    assert heard > 0.05 * SECONDS, "the detector takes it for a voice"
    assert counted <= 0.01 * SECONDS
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["talk"]["seconds"]["manager"] <= 0.01 * SECONDS
