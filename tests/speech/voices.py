"""The real speaker network, and stretches of one voice for it."""

from __future__ import annotations

from functools import cache

import numpy as np

from live_coach.errors import ModelError
from live_coach.flow.messages import RATE, Samples
from live_coach.speech.voiceprint import WEIGHTS, Voiceprinter
from live_coach.transcript import weights
from tests import needs
from tests.speech import sounds


@cache
def printer() -> Voiceprinter:
    try:
        directory = weights.find("voice", "auto", purpose="voice").directory
    except ModelError:
        needs.missing("the speaker model", "run `.ci/environment voice`")
        raise
    return Voiceprinter(directory / WEIGHTS)


def speech(speaker: str, seconds: float, language: str = "en", skip: int = 0) -> Samples:
    """So much of what somebody says in a demo, turn after turn, without the first `skip` turns."""
    turns = [turn.samples for turn in sounds.demo(language) if turn.speaker == speaker]
    whole: Samples = np.concatenate(turns[skip:])
    return whole[: round(seconds * RATE)]
