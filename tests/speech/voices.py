"""The real speaker network, and stretches of one voice for it."""

from __future__ import annotations

from functools import cache

import numpy as np
import soxr

from live_coach.errors import ModelError
from live_coach.flow.messages import RATE, Samples, Speaker
from live_coach.speech.voiceprint import WEIGHTS, Embedding, Voiceprinter
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


@cache
def enrolled(language: str) -> Embedding:
    """The voice of the manager, from late turns of the demo."""
    late = speech("manager", 15, language, skip=10)
    together = np.sum([printer().embed(part) for part in np.array_split(late, 5)], axis=0)
    return together / np.linalg.norm(together)


def alike(language: str, *people: Speaker) -> tuple[Samples, list[tuple[int, int, Speaker]]]:
    """The manager and somebody whose voice is 7 % higher, in turns of at most 4 s; who spoke when."""
    said = [turn.samples for turn in sounds.demo(language) if turn.speaker == "manager"]
    said = [turn[: 4 * RATE] for turn in said if len(turn) > 2.5 * RATE]
    parts: list[Samples] = [sounds.silence(0.5)]
    truth: list[tuple[int, int, Speaker]] = []
    for who, turn in zip(people, said, strict=False):
        sound = turn if who is Speaker.MANAGER else soxr.resample(turn, 1.07 * RATE, RATE)
        start = sum(map(len, parts))
        truth.append((start, start + len(sound), who))
        parts += [sound.astype(np.float32), sounds.silence(0.6)]
    return np.concatenate(parts), truth
