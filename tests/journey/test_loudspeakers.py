"""The call on loudspeakers, through the whole program: the coachee is not written down as the manager."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks import room
from live_coach.flow.messages import RATE, Samples, Speaker
from tests.journey.program import FINALS_ONLY, finals, require_model, run, stream

pytestmark = pytest.mark.models

END_S = 20.5
"""Two turns of the manager, and one of the coachee between them."""


def _words(path: Path, speaker: str) -> list[str]:
    return [
        word["text"]
        for line in finals(stream(path))
        if line["speaker"] == speaker
        for word in line["words"]
    ]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_coachee_is_not_written_down_as_the_manager(language: str, tmp_path: Path) -> None:
    require_model(language)
    talk = room.conversation(language, end_s=END_S)

    def replay(microphone: Samples, name: str) -> Path:
        both = np.stack((microphone, talk.sound[Speaker.COACHEE]), axis=1)
        soundfile.write(tmp_path / f"{name}.wav", both.clip(-1, 1), RATE)
        lines = tmp_path / f"{name}.jsonl"
        done = run(
            *("replay", tmp_path / f"{name}.wav", "--language", language, "--jsonl", lines),
            env=FINALS_ONLY,
        )
        assert done.returncode == 0, done.stderr
        return lines

    headset = replay(talk.sound[Speaker.MANAGER], "headset")
    loudspeakers = replay(room.with_call(talk, 6), "loudspeakers")
    again = replay(room.with_call(talk, 6), "again")
    theirs = _words(headset, "coachee")
    assert len(theirs) > 10
    assert _words(loudspeakers, "coachee") == theirs
    # The first echo may become a word, and the manager's own are read a little otherwise.
    extra = len(_words(loudspeakers, "manager")) - len(_words(headset, "manager"))
    assert abs(extra) <= len(theirs) / 4
    first, second = (path.read_bytes().split(b"\n", 1)[1] for path in (loudspeakers, again))
    assert first == second
